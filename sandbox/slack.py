"""The parts of Slack that an app meets, put together around one workspace."""

import random
from collections.abc import Iterable

from sandbox import events
from sandbox.block_kit.text import pings
from sandbox.changes import Changes
from sandbox.events_api import EventsApi
from sandbox.faults import Faults
from sandbox.ids import APP, BOT, BOT_USER, TEAM
from sandbox.installed_app import InstalledApp
from sandbox.limits import Limits
from sandbox.outbox import Outbox
from sandbox.rate_limits import RateLimits
from sandbox.record import Delivery, Record
from sandbox.response_urls import ResponseUrls
from sandbox.scopes import MESSAGE_EVENT
from sandbox.socket_mode import SocketMode
from sandbox.triggers import Triggers
from sandbox.wire import Json
from sandbox.workspace import Channel, Workspace


class Slack:
    """One workspace with one app in it. What is said here is stored, notifies people and reaches the app."""

    def __init__(
        self,
        manifest: Json,
        *,
        limits: Limits | None = None,
        rate_limits: bool = True,
        request_url: str | None = None,
        declined_scopes: Iterable[str] = (),
        seed: int = 0,
    ) -> None:
        self.url = ""  # where it is reached, known once it is served
        self.limits = limits or Limits()
        self.random = random.Random(seed)
        self.changes = Changes()
        self.app = InstalledApp(manifest, declined_scopes=declined_scopes)
        self.workspace = Workspace(self.limits, self.app.name)
        self.record = Record()
        self.faults = Faults()
        self.rate_limits = RateLimits(self.limits) if rate_limits else None
        self.triggers = Triggers(self.limits)
        self.response_urls = ResponseUrls(self.limits)
        self.socket_mode = SocketMode(self.limits, self.random, self.changes)
        self.events_api = EventsApi(self.limits, signing_secret=self.app.signing_secret, request_url=request_url)
        self.outbox = Outbox(self.limits, self.record, self.changes, self.socket_mode, self.events_api)

    def tell_app(self, event: Json, name: str, *, shared_channel: bool = False, copies: int = 1) -> list[Delivery]:
        """Send an event, if the app subscribed to it; ``copies`` of it are Slack repeating itself."""
        if name not in self.app.events:
            return []
        event.setdefault("event_ts", event.get("ts") or self.workspace.new_ts())
        body = events.event_callback(event, shared_channel=shared_channel)
        return [self.outbox.send("events_api", body) for _ in range(copies)]

    def tell_of_message(self, channel: Channel, event: Json) -> None:
        """Send a message event of that channel, if the bot is in it."""
        if BOT_USER in channel.members:
            self.tell_app(event, MESSAGE_EVENT[channel.kind], shared_channel=channel.is_ext_shared)

    def bot_message(self, content: Json) -> Json:
        """A new message of the app's own."""
        profile = {"id": BOT, "app_id": APP, "name": self.app.name, "team_id": TEAM, "deleted": False}
        return {
            "type": "message",
            "user": BOT_USER,
            "bot_id": BOT,
            "app_id": APP,
            "team": TEAM,
            "bot_profile": profile,
            "ts": self.workspace.new_ts(),
            **content,
        }

    def show(self, channel: Channel, message: Json) -> None:
        """A message of anybody's appears."""
        self.workspace.store(channel.id, message)
        self.changes.note()

    def post(self, channel: Channel, message: Json) -> None:
        """A message of the app's appears."""
        self.show(channel, message)
        self.record.notified += [(who, channel.id, message["ts"]) for who in pings(message)]
        thread = message.get("thread_ts") or message["ts"]
        self.workspace.statuses.pop((channel.id, thread), None)  # [docs] a message ends the status
        self.tell_of_message(channel, events.message_posted(channel, message))

    def change(self, channel: Channel, new: Json) -> None:
        """A message is edited, by its author or by the app."""
        log = self.workspace.messages[channel.id]
        old, log[new["ts"]] = log[new["ts"]], new
        self.changes.note()
        self.tell_of_message(channel, events.message_changed(channel, new, old, self.workspace.new_ts()))

    def delete(self, channel: Channel, ts: str) -> None:
        """A message is deleted, by its author or by the app."""
        old, left, at = *self.workspace.take_back(channel.id, ts), self.workspace.new_ts()
        self.changes.note()
        if left:  # [seen] what has replies is said to have changed
            self.tell_of_message(channel, events.message_changed(channel, left, old, at))
        else:
            self.tell_of_message(channel, events.message_deleted(channel, old, at))
