"""Deciding: whether an event is a question for the bot. Nothing here asks or remembers anything."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.slack.words import mentions, mentions_others, plain
from bot.state import ThreadState

Surface = Literal["mention", "direct", "thread", "command", "shortcut"]
_SAID_BY_A_PERSON = (None, "file_share", "thread_broadcast")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as somebody put it. `thread` is the ts of its thread's first message, its own if it begins one.

    `surface` "thread" is a message without a mention: it counts only in a thread of the bot's own, and not when
    `to_others`. `turned_away` names the canned reply when the event itself says that it must not be answered.
    """

    channel: str
    ts: str
    thread: str
    asker: str
    text: str
    surface: Surface
    to_others: bool = False
    turned_away: str | None = None
    reply_url: str | None = None


def asked_in(
    body: Mapping[str, Any],
    *,
    bot_user: str,
    team: str,
    channels: Collection[str] = (),
    allow_shared: bool = False,
) -> Asked | None:
    """The question in an event of Slack's, or None where there is none for the bot.

    `team` is the bot's own; `channels` are those it may answer in, all if empty; `allow_shared` allows channels
    that are shared with other organisations, and their people.
    """
    event = body.get("event") or {}
    if event.get("type") not in ("app_mention", "message") or event.get("subtype") not in _SAID_BY_A_PERSON:
        return None
    asker, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    if event.get("bot_id") or not asker or not channel or not ts or asker == bot_user:
        return None
    text = str(event.get("text") or "")
    surface: Surface
    if event.get("channel_type") == "im":
        surface = "direct"
    elif event["type"] == "app_mention" or mentions(text, bot_user):
        surface = "mention"
    elif event.get("thread_ts") not in (None, ts):
        surface = "thread"
    else:
        return None
    return Asked(
        channel=channel,
        ts=ts,
        thread=event.get("thread_ts") or ts,
        asker=asker,
        text=plain(text, bot_user=bot_user),
        surface=surface,
        to_others=mentions_others(text, bot_user),
        turned_away=_turned_away(body, team, channels, allow_shared),
    )


def is_for_the_bot(asked: Asked, thread: ThreadState | None) -> bool:
    """Whether a message without a mention goes on a conversation with the bot; unsure means no.

    It does when it comes from the person who asked last, speaks to nobody else, and no one has cut in since.
    """
    if asked.surface != "thread":
        return True
    return thread is not None and asked.asker == thread.last_asker and not thread.interrupted and not asked.to_others


def _turned_away(body: Mapping[str, Any], team: str, channels: Collection[str], allow_shared: bool) -> str | None:
    event = body["event"]
    teams = {event.get(name) for name in ("user_team", "source_team", "team")} - {None}
    if not allow_shared and teams - {team}:
        return "slack_outside"
    if not allow_shared and body.get("is_ext_shared_channel"):
        return "slack_shared_channel"
    if channels and event.get("channel_type") != "im" and event["channel"] not in channels:
        return "slack_not_here"
    return None
