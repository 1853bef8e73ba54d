"""chat.*: the app posts, changes and takes back messages."""

from sandbox.ids import BOT, BOT_USER
from sandbox.message_content import message_content
from sandbox.slack import Slack
from sandbox.web_api.arguments import channel_to_read, channel_to_write, require, thread_root
from sandbox.wire import Json, Refusal
from sandbox.workspace import Channel


def post_message(slack: Slack, args: Json) -> Json:
    require(args, "channel")
    channel = channel_to_write(slack, args["channel"])
    message = slack.bot_message(message_content(args, slack.limits, slack.record.problems))
    root = thread_root(slack, channel, args.get("thread_ts"))
    if root:
        message["thread_ts"] = root
        message["parent_user_id"] = slack.workspace.messages[channel.id][root].get("user")
        if args.get("reply_broadcast"):
            message["subtype"] = "thread_broadcast"
    slack.post(channel, message)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def post_ephemeral(slack: Slack, args: Json) -> Json:
    require(args, "channel", "user")
    channel = channel_to_write(slack, args["channel"])
    if args["user"] not in channel.members:
        raise Refusal("user_not_in_channel")
    content = message_content(args, slack.limits, slack.record.problems)
    message = slack.bot_message(content | {"ephemeral_to": args["user"], "channel": channel.id})
    root = thread_root(slack, channel, args.get("thread_ts"))
    if root:
        message["thread_ts"] = root
        if not slack.workspace.messages[channel.id][root].get("reply_count"):
            slack.record.problems.append("an ephemeral reply in a thread nobody has replied in is not shown")
    slack.workspace.ephemerals.append(message)
    return {"message_ts": message["ts"]}


def update(slack: Slack, args: Json) -> Json:
    require(args, "channel", "ts")
    channel = channel_to_write(slack, args["channel"])
    old = _own_message(slack, channel, args["ts"], otherwise="cant_update_message")
    new = old | message_content(args, slack.limits, slack.record.problems, update=True)
    if args.get("text") and not args.get("blocks"):
        new.pop("blocks", None)  # [docs] text alone removes the blocks and says "(edited)"
        new["edited"] = {"user": BOT_USER, "ts": slack.workspace.new_ts()}
    slack.change(channel, new)
    return {"channel": channel.id, "ts": new["ts"], "text": new["text"], "message": new}


def delete(slack: Slack, args: Json) -> Json:
    require(args, "channel", "ts")
    channel = channel_to_read(slack, args["channel"])
    _own_message(slack, channel, args["ts"], otherwise="cant_delete_message")
    slack.delete(channel, args["ts"])
    return {"channel": channel.id, "ts": args["ts"]}


def get_permalink(slack: Slack, args: Json) -> Json:
    require(args, "channel", "message_ts")
    channel = channel_to_read(slack, args["channel"])
    ts: str = args["message_ts"]
    if ts not in slack.workspace.messages[channel.id]:
        raise Refusal("message_not_found")
    permalink = f"https://standin.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": permalink}


def _own_message(slack: Slack, channel: Channel, ts: str, *, otherwise: str) -> Json:
    message = slack.workspace.messages[channel.id].get(ts)
    if message is None:
        raise Refusal("message_not_found")
    if message.get("bot_id") != BOT:
        raise Refusal(otherwise)
    return message


METHODS = {
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
}
