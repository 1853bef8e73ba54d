"""The workspace: its people, its channels, what was said in them and what the app shows there."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.ids import BOT, BOT_USER, TEAM
from sandbox.limits import Limits
from sandbox.scopes import ConversationKind
from sandbox.wire import Json

KEPT_OF_A_ROOT = ("type", "ts", "thread_ts", "reply_count", "latest_reply")
TOMBSTONE: Json = {
    "subtype": "tombstone",
    "user": "USLACKBOT",
    "text": "This message was deleted.",
    "hidden": True,
}


@dataclass(kw_only=True)
class User:
    """A person or a bot; ``team_id`` of another team makes a Slack Connect guest."""

    id: str
    name: str
    real_name: str = ""
    team_id: str = TEAM
    locale: str = "en-US"
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False

    def as_json(self) -> Json:
        """The ``user`` of users.info, asked with ``include_locale``."""
        real_name = self.real_name or self.name
        return {
            **vars(self),
            "real_name": real_name,
            "tz": "Europe/London",
            "profile": {"display_name": self.name, "real_name": real_name},
        }


@dataclass(kw_only=True)
class Channel:
    """A conversation of any kind; ``user`` is the person of a direct message."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    kind: ConversationKind = "channel"
    is_archived: bool = False
    is_ext_shared: bool = False
    user: str | None = None
    topic: str = ""


@dataclass
class Status:
    """The "is thinking" line in a thread."""

    text: str
    at: float
    loading_messages: list[str]


@dataclass
class Session:
    """An agent session; while it is processing, and the app listens for it, people see a stop button."""

    title: str | None = None
    status: str = ""
    hears_stop: bool = False

    @property
    def stoppable(self) -> bool:
        return self.status == "processing" and self.hears_stop


class Workspace:
    """The state of the one workspace. Messages are Slack's own JSON objects."""

    def __init__(self, limits: Limits, bot_name: str) -> None:
        self._limits = limits
        self._last_ts = 0.0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Json]] = {}  # by channel, then by ts, oldest first
        self.ephemerals: list[Json] = []
        self.statuses: dict[tuple[str, str], Status] = {}  # by (channel, thread)
        self.sessions: dict[tuple[str, str], Session] = {}  # by (channel, thread)
        self.prompts: dict[str, Json] = {}  # by channel
        self.views: dict[str, Json] = {}  # open modals and Homes, by view id
        self.homes: dict[str, Json] = {}  # by user

        self.add_user(User(id=BOT_USER, name=bot_name, is_bot=True))
        self.add_user(User(id="U0ALICE", name="alice", real_name="Alice Example", locale="en-GB"))
        self.add_user(User(id="U0BOB", name="bob", real_name="Bob Example", locale="de-DE"))
        self.add_channel(Channel(id="C0GENERAL", name="general", members=list(self.users)))

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        self.messages.setdefault(channel.id, {})
        return channel

    def dm(self, user: str) -> Channel:
        """The direct message between that person and the app."""
        channel = f"D{user[1:]}"
        return self.channels.get(channel) or self.add_channel(
            Channel(id=channel, name=user, members=[user, BOT_USER], kind="im", user=user)
        )

    def new_ts(self) -> str:
        """A timestamp that serves as a message's id: later than every other."""
        self._last_ts = max(time.time(), self._last_ts + 0.000001)
        return f"{self._last_ts:.6f}"

    def store(self, channel: str, message: Json) -> None:
        """Keep a new message; a reply is counted at its root."""
        log, root = self.messages[channel], message.get("thread_ts")
        log[message["ts"]] = message
        if root and root != message["ts"] and root in log:
            parent = log[root]
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            parent["thread_ts"] = root
            parent["latest_reply"] = message["ts"]

    def find(self, channel: str, ts: str) -> Json | None:
        """A message on somebody's screen, ephemeral ones included."""
        ephemeral = (e for e in self.ephemerals if e["ts"] == ts)
        return self.messages[channel].get(ts) or next(ephemeral, None)

    def take_back(self, channel: str, ts: str) -> tuple[Json, Json | None]:
        """Delete a message; returns it, and the stone that one with replies leaves in its place. [seen]"""
        log = self.messages[channel]
        message = log[ts]
        if message.get("reply_count"):
            log[ts] = {name: message[name] for name in KEPT_OF_A_ROOT if name in message} | TOMBSTONE
            return message, log[ts]
        del log[ts]
        root = log.get(message.get("thread_ts", ""))
        if root is not None:
            root["reply_count"] = max(0, root.get("reply_count", 0) - 1)
        return message, None

    def forget(self, channel: str, ts: str) -> None:
        """Take a message off every screen."""
        if ts in self.messages[channel]:
            self.take_back(channel, ts)
        self.ephemerals[:] = [e for e in self.ephemerals if e["ts"] != ts]

    def thread(self, channel: str, root: str) -> list[Json]:
        return [m for m in self.messages[channel].values() if m["ts"] == root or m.get("thread_ts") == root]

    def modals(self, user: str) -> list[Json]:
        """The modals open for that person, the lowest first."""
        return [view for view in self.views.values() if view["type"] == "modal" and view["opened_by"] == user]

    def bot_messages(self, channel: str | None = None) -> list[Json]:
        """What the app posted for all to see, in one channel or anywhere."""
        logs = [self.messages.get(channel, {})] if channel else list(self.messages.values())
        return [m for log in logs for m in log.values() if m.get("bot_id") == BOT]

    def status(self, channel: str, thread_ts: str) -> str | None:
        """The status shown in a thread, unless it has faded."""
        status = self.statuses.get((channel, thread_ts))
        return status.text if status and self._is_shown(status) else None

    def shown_statuses(self, channel: str) -> Iterator[tuple[str, str]]:
        """Each thread of the channel in which one is shown, with its text."""
        for (where, thread), status in self.statuses.items():
            if where == channel and self._is_shown(status):
                yield thread, status.text

    def drop_faded(self) -> bool:
        """Forget each status that is shown no more; True when there was one."""
        faded = [thread for thread, status in self.statuses.items() if not self._is_shown(status)]
        for thread in faded:
            del self.statuses[thread]
        return bool(faded)

    def _is_shown(self, status: Status) -> bool:
        return time.time() - status.at <= self._limits.status_ttl
