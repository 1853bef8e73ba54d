"""conversations.* and users.*: the app looks around the workspace."""

from sandbox.ids import BOT_USER
from sandbox.scopes import HISTORY_SCOPE, READ_SCOPE
from sandbox.slack import Slack
from sandbox.web_api.arguments import channel_to_read, is_true, require
from sandbox.wire import Json, Refusal
from sandbox.workspace import Channel

LAST_PAGE: Json = {"next_cursor": ""}


def info(slack: Slack, args: Json) -> Json:
    channel = _described(slack, args)
    about = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.is_archived,
        "is_member": BOT_USER in channel.members,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "num_members": len(channel.members),
    }
    return {"channel": about | ({"user": channel.user} if channel.user else {})}


def members(slack: Slack, args: Json) -> Json:
    return {"members": _described(slack, args).members, "response_metadata": LAST_PAGE}


def open_dm(slack: Slack, args: Json) -> Json:
    users = [user for user in str(args.get("users") or "").split(",") if user]
    if not users:
        raise Refusal("users_list_not_supplied")
    if any(user not in slack.workspace.users for user in users):
        raise Refusal("user_not_found")
    return {"channel": {"id": slack.workspace.dm(users[0]).id}}


def replies(slack: Slack, args: Json) -> Json:
    require(args, "channel", "ts")
    channel = _readable(slack, args)
    asked = slack.workspace.messages[channel.id].get(str(args["ts"]))
    if asked is None:
        raise Refusal("thread_not_found")
    thread = slack.workspace.thread(channel.id, asked.get("thread_ts") or asked["ts"])
    return _page(thread, args, most=1000)


def history(slack: Slack, args: Json) -> Json:
    require(args, "channel")
    channel = _readable(slack, args)
    if BOT_USER not in channel.members:
        raise Refusal("not_in_channel")
    roots = [
        message
        for message in slack.workspace.messages[channel.id].values()
        if message.get("thread_ts") in (None, message["ts"])
    ]
    return _page(roots[::-1], args, most=999)


def user_info(slack: Slack, args: Json) -> Json:
    require(args, "user")
    user = slack.workspace.users.get(args["user"])
    if user is None:
        raise Refusal("user_not_found")
    about = user.as_json()
    if not is_true(args, "include_locale"):
        del about["locale"]
    return {"user": about}


def user_list(slack: Slack, args: Json) -> Json:
    users = [user.as_json() for user in slack.workspace.users.values()]
    return {"members": users, "response_metadata": LAST_PAGE}


def _described(slack: Slack, args: Json) -> Channel:
    require(args, "channel")
    channel = channel_to_read(slack, args["channel"])
    slack.app.need(READ_SCOPE[channel.kind])
    return channel


def _readable(slack: Slack, args: Json) -> Channel:
    channel = channel_to_read(slack, args["channel"])
    slack.app.need(HISTORY_SCOPE[channel.kind])
    return channel


def _page(messages: list[Json], args: Json, *, most: int) -> Json:
    limit = min(int(args.get("limit") or 100), most)
    start = int(args.get("cursor") or 0)
    page, has_more = messages[start : start + limit], start + limit < len(messages)
    if not is_true(args, "include_all_metadata"):
        page = [{k: v for k, v in message.items() if k != "metadata"} for message in page]
    cursor = str(start + limit) if has_more else ""
    return {"messages": page, "has_more": has_more, "response_metadata": {"next_cursor": cursor}}


METHODS = {
    "conversations.history": history,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.open": open_dm,
    "conversations.replies": replies,
    "users.info": user_info,
    "users.list": user_list,
}
