"""Reading a method's arguments: what is required, which channel, which thread."""

import json
from typing import Any

from sandbox.ids import BOT_USER
from sandbox.slack import Slack
from sandbox.wire import Json, Refusal
from sandbox.workspace import Channel

# Arguments that come as JSON proper, or as a JSON string in a form post
STRUCTURED = ("blocks", "attachments", "metadata", "view", "prompts", "loading_messages")


def decoded(args: Json) -> Json:
    out = dict(args)
    for name in STRUCTURED:
        if isinstance(out.get(name), str) and out[name]:
            try:
                out[name] = json.loads(out[name])
            except ValueError as not_json:
                error = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
                raise Refusal(error) from not_json
    return out


def require(args: Json, *names: str) -> None:
    missing = [name for name in names if args.get(name) in (None, "")]
    if missing:
        raise Refusal("invalid_arguments", [f"missing required field: {name}" for name in missing])


def is_true(args: Json, name: str) -> bool:
    return str(args.get(name)).lower() in ("1", "true")


def channel_to_read(slack: Slack, name: str) -> Channel:
    """The channel of that id or name, or the direct message with that user, if the bot may know of it."""
    workspace = slack.workspace
    if name in workspace.users and name != BOT_USER:
        return workspace.dm(name)
    public = {c.name: c for c in workspace.channels.values() if c.kind == "channel"}
    channel = workspace.channels.get(name) or public.get(name.lstrip("#"))
    if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
        raise Refusal("channel_not_found")
    return channel


def channel_to_write(slack: Slack, name: str) -> Channel:
    """The same, if the bot may post there."""
    channel = channel_to_read(slack, name)
    if channel.is_archived:
        raise Refusal("is_archived")
    if BOT_USER not in channel.members and "chat:write.public" not in slack.app.scopes:
        raise Refusal("not_in_channel")
    if channel.kind == "im" and not slack.app.messages_tab:
        raise Refusal("messages_tab_disabled")
    return channel


def thread_root(slack: Slack, channel: Channel, thread_ts: Any) -> str | None:
    """The ts of the thread's first message; None when the argument was left out."""
    if thread_ts in (None, ""):
        return None
    parent = slack.workspace.messages[channel.id].get(str(thread_ts))
    if parent is None:
        raise Refusal("invalid_thread_ts")
    root: str = parent.get("thread_ts") or str(thread_ts)
    if root != thread_ts:
        slack.record.problems.append(f"thread_ts {thread_ts} is a reply; Slack asks for its parent {root}")
    return root
