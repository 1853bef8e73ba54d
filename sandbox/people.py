"""What a person does: talks, presses, fills in, commands, stops."""

import re
import secrets

from sandbox import events
from sandbox.block_kit.text import unescaped
from sandbox.block_kit.views import view_errors
from sandbox.ids import BOT_USER, TEAM
from sandbox.installed_app import ManifestError
from sandbox.interactions import in_channel, in_message, in_view, interaction, on_message, pressed, view_closed
from sandbox.record import Delivery
from sandbox.scopes import MESSAGE_EVENT
from sandbox.screen import screen
from sandbox.slack import Slack
from sandbox.web_api.response_url import show_response
from sandbox.web_api.views import new_view, replaced
from sandbox.wire import Json
from sandbox.workspace import Channel

MENTION_OF_APP = f"<@{BOT_USER}>"


class Person:
    """One person at the keyboard. Without a channel they are in their direct message with the app."""

    def __init__(self, slack: Slack, user: str) -> None:
        self._slack, self._workspace = slack, slack.workspace
        self.user = self._workspace.users[user]

    @property
    def dm(self) -> Channel:
        return self._workspace.dm(self.user.id)

    def sees(self, channel: str | None = None) -> str:
        """The channel on their screen, as plain text."""
        return screen(self._workspace, self.user.id, channel or self.dm.id)

    # -- talking

    async def says(
        self,
        text: str,
        channel: str | None = None,
        thread_ts: str | None = None,
        *,
        copies: int = 1,
        files: list[Json] | None = None,
        broadcast: bool = False,
        context: list[Json] | None = None,
    ) -> Json:
        """Posts a message; ``copies`` is how often Slack delivers it, ``context`` what they look at."""
        where = self._channel(channel)
        if where.kind == "im" and not self._slack.app.takes_messages:
            raise ManifestError("app_home: the Messages tab is off or read-only, nobody can type there")
        message = self._message(where, text, thread_ts)
        if files:
            message |= {"subtype": "file_share", "files": files}
        elif broadcast:
            message["subtype"] = "thread_broadcast"
        self._slack.show(where, message)
        if BOT_USER not in where.members:
            return message
        event = events.message_posted(where, message)
        if context is not None and self._slack.app.is_agent and where.kind == "im":
            event["app_context"] = {"entities": context}
        sends = [(event, MESSAGE_EVENT[where.kind])]
        if MENTION_OF_APP in text and where.kind != "im":  # [docs] never an app_mention in a DM
            sends.append((events.app_mention(where, message), "app_mention"))
        self._slack.random.shuffle(sends)  # both come, in no fixed order [seen]
        for sent, name in sends:
            self._slack.tell_app(sent, name, shared_channel=where.is_ext_shared, copies=copies)
        return message

    def has_said(self, text: str, channel: str | None = None) -> Json:
        """Posted a message before the app was there: it is in the channel, and the app is not told."""
        where = self._channel(channel)
        message = self._message(where, text, None)
        self._slack.show(where, message)
        return message

    async def edits(self, ts: str, text: str, channel: str | None = None) -> None:
        where = self._channel(channel)
        edited = {"user": self.user.id, "ts": self._workspace.new_ts()}
        new = {"text": text, "blocks": [_typed(text)], "edited": edited}
        self._slack.change(where, self._workspace.messages[where.id][ts] | new)

    async def deletes(self, ts: str, channel: str | None = None) -> None:
        self._slack.delete(self._channel(channel), ts)

    async def opens(self, tab: str = "messages", context: list[Json] | None = None) -> None:
        """Opens the app's Messages or Home tab."""
        event: Json = {"type": "app_home_opened", "user": self.user.id, "channel": self.dm.id, "tab": tab}
        if tab == "home" and self.user.id in self._workspace.homes:
            event["view"] = self._workspace.homes[self.user.id]
        if context is not None and self._slack.app.is_agent:
            event["context"] = {"entities": context}
        self._slack.tell_app(event, "app_home_opened")

    async def stops(self, thread_ts: str, channel: str | None = None) -> list[Delivery]:
        """Presses the stop button of an agent session."""
        where = self._channel(channel)
        session = self._workspace.sessions.get((where.id, thread_ts))
        if session is None or not session.stoppable:
            raise AssertionError("no stop button: the session is not processing, or the app does not listen")
        event = {
            "type": "agent_session_stopped",
            "channel": where.id,
            "thread_ts": thread_ts,
            "user": self.user.id,
            "streaming_message_ts": [],
        }
        return self._slack.tell_app(event, "agent_session_stopped")

    # -- pressing, filling in, commanding

    async def clicks(
        self,
        ts: str,
        action_id: str,
        value: str | list[str] | None = None,
        channel: str | None = None,
        *,
        block_id: str | None = None,
    ) -> Delivery:
        """Presses the element with that action_id in a message.

        ``value`` picks an option or a side, a list of them what is ticked then; ``block_id`` says in which block."""
        where = self._channel(channel)
        message = self._workspace.find(where.id, ts)
        assert message is not None, f"no message {ts} in {where.id}"
        action = pressed(message.get("blocks") or [], action_id, value, self._workspace.new_ts(), block_id)
        place = in_message(where, message, self._response_url(where, ts))
        return await self._interacts("block_actions", {"actions": [action], **place})

    async def clicks_in_view(
        self, view_id: str, action_id: str, value: str | list[str] | None = None, *, block_id: str | None = None
    ) -> Delivery:
        """The same in a modal or in the Home."""
        view = self._workspace.views[view_id]
        action = pressed(view["blocks"], action_id, value, self._workspace.new_ts(), block_id)
        return await self._interacts("block_actions", {"actions": [action], **in_view(view)})

    async def submits(self, view_id: str, values: Json) -> Delivery:
        """Submits a modal; it closes unless the app answers with errors or another view."""
        view = self._workspace.views[view_id] | {"state": {"values": values}}
        delivery = await self._interacts("view_submission", {"view": view, "response_urls": []})
        answer = delivery.ack_payload if isinstance(delivery.ack_payload, dict) else {}
        if delivery.acked:
            self._follows(view_id, answer.get("response_action"), answer)
            self._slack.changes.note()
        return delivery

    def _follows(self, view_id: str, kind: str | None, answer: Json) -> None:
        """What the app wants to happen to a modal that was submitted."""
        views = self._workspace.views
        if kind in ("update", "push"):
            errors = view_errors(answer.get("view"), self._slack.limits)
            if errors:
                self._slack.record.problems.append(f"view response_action {kind}: {errors[0]}")
            elif kind == "push":
                new_view(self._slack, answer["view"], self.user.id)
            elif view_id in views:  # else the person has closed it meanwhile
                replaced(self._slack, views[view_id], answer["view"])
        elif kind == "clear":
            for modal in self._workspace.modals(self.user.id):
                views.pop(modal["id"])
        elif kind != "errors":
            views.pop(view_id, None)

    async def closes(self, view_id: str) -> list[Delivery]:
        """Closes a modal, and those that were pushed on top of it; an app that asked to be told is told."""
        stack = self._workspace.modals(self.user.id)
        closed = stack[[view["id"] for view in stack].index(view_id) :]
        for view in closed:
            self._workspace.views.pop(view["id"])
        self._slack.changes.note()
        return [
            self._slack.outbox.send("interactive", view_closed(self.user, view, is_cleared=len(closed) > 1))
            for view in reversed(closed)
            if view.get("notify_on_close")
        ]

    async def commands(self, command: str, text: str = "", channel: str = "C0GENERAL") -> Delivery:
        """Types a slash command."""
        if command not in self._slack.app.commands:
            raise ManifestError(f"{command} is not in the manifest")
        where = self._channel(channel)
        url = self._slack.response_urls.new(self.user.id, where.id)
        typed_there = in_channel(where, self.user, self._trigger(), self._slack.url + url.path)
        payload = {"command": command, "text": text, **typed_there}
        delivery = self._slack.outbox.send("slash_commands", payload)
        await delivery.done(self._slack.limits.ack_timeout + 5)
        answer = delivery.ack_payload
        if not delivery.acked:
            self._saw_fail(f'{command} failed with the error "operation_timeout"')
        elif isinstance(answer, dict) and (answer.get("text") or answer.get("blocks")):
            show_response(self._slack, url, answer)
            self._slack.changes.note()
        return delivery

    async def uses_shortcut(self, callback_id: str, ts: str, channel: str | None = None) -> Delivery:
        """Picks a message shortcut, such as "Ask about this message"."""
        if callback_id not in self._slack.app.shortcuts:
            raise ManifestError(f"shortcut {callback_id} is not in the manifest")
        where = self._channel(channel)
        message, response_url = self._workspace.messages[where.id][ts], self._response_url(where, ts)
        picked = on_message(where, message, response_url, callback_id, self._workspace.new_ts())
        return await self._interacts("message_action", picked)

    # -- behind it

    def _channel(self, channel: str | None) -> Channel:
        return self._workspace.channels[channel] if channel else self.dm

    def _message(self, where: Channel, text: str, thread_ts: str | None) -> Json:
        message: Json = {
            "type": "message",
            "client_msg_id": secrets.token_hex(16),
            "user": self.user.id,
            "team": self.user.team_id,
            "text": text,
            "ts": self._workspace.new_ts(),
            "blocks": [_typed(text)],
        }
        if thread_ts:
            root = self._workspace.messages[where.id].get(thread_ts, {})
            message |= {"thread_ts": thread_ts, "parent_user_id": root.get("user")}
        if self.user.team_id != TEAM:
            message |= {"user_team": self.user.team_id, "source_team": self.user.team_id}
        return message

    def _trigger(self) -> str:
        return self._slack.triggers.new(self.user.id)

    def _response_url(self, where: Channel, message_ts: str) -> str:
        return self._slack.url + self._slack.response_urls.new(self.user.id, where.id, message_ts).path

    async def _interacts(self, kind: str, what: Json) -> Delivery:
        if not self._slack.app.is_interactive:
            raise ManifestError("settings.interactivity is off: Slack shows the person an error")
        timeout = self._slack.limits.ack_timeout
        payload = interaction(kind, self.user, self._trigger()) | what
        delivery = await self._slack.outbox.send("interactive", payload).done(timeout + 5)
        if not delivery.acked:
            self._saw_fail(f"{kind} was not acknowledged within {timeout} s")
        return delivery

    def _saw_fail(self, what: str) -> None:
        self._slack.record.user_errors.append((self.user.id, what))
        self._slack.changes.note()


def _typed(text: str) -> Json:
    """The rich_text block that Slack's composer makes of typed text."""
    pieces = [piece for piece in re.split(r"(<@[A-Z0-9]+>)", text) if piece]
    section = {"type": "rich_text_section", "elements": [_typed_piece(piece) for piece in pieces]}
    return {"type": "rich_text", "block_id": secrets.token_hex(3), "elements": [section]}


def _typed_piece(piece: str) -> Json:
    if piece.startswith("<@"):
        return {"type": "user", "user_id": piece[2:-1]}
    return {"type": "text", "text": unescaped(piece)}
