"""Buttons: what happens when somebody presses one under an answer, or sends the window behind it."""

import asyncio
import logging
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.answers import REMOVED
from bot.prompts import reply
from bot.screening import screened
from bot.slack import modals
from bot.slack.blocks import Block
from bot.slack.library import in_context, still_stands
from bot.slack.logs import log
from bot.slack.messages import Message, answer_messages, note
from bot.slack.parts import Parts
from bot.slack.poster import InThread, Lost, MaybeDelivered, Place, Refused, ReplyUrl
from bot.state import Exchange, Once

T = TypeVar("T")
_IN_TIME = 2.0  # seconds, of the three that Slack waits for a window
_POSTING = 300.0  # seconds after which a post is no longer waited for
_HELD = 330.0  # seconds for which nobody else may try the same post
_TO_SAY_SO = 2.0  # seconds, when the bot ends, to tell people what was not posted
_NOT_DONE = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)
_SHARED = {
    "posted": "slack_shared",
    "refused": "slack_share_refused",
    "unsure": "slack_maybe_posted",
    "held": "slack_sharing",
    "done": "slack_shared_already",
}
_SENT_ON = {
    "posted": "slack_sent_on",
    "refused": "slack_not_sent_on",
    "unsure": "slack_maybe_posted",
    "held": "slack_sending_on",
    "done": "slack_sent_on_already",
}


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button that was pressed under an answer: by whom, for which question, and where a remark to them goes."""

    person: str
    number: int
    side: str
    channel: str
    trigger: str
    place: Place


def press_in(body: Mapping[str, Any]) -> Press:
    """The press in a body of Slack's; the button's value is the question's number, and a side for feedback."""
    number, _, side = str(body["actions"][0].get("value") or "0").partition(":")
    thread = (body.get("container") or {}).get("thread_ts")
    return Press(
        person=body["user"]["id"],
        number=int(number),
        side=side,
        channel=(body.get("channel") or {}).get("id") or "",
        trigger=body["trigger_id"],
        place=ReplyUrl(url=body["response_url"], thread=thread),
    )


class Buttons:
    """Does what the buttons say. Every method is given the press, and tells its person how it went."""

    def __init__(self, parts: Parts) -> None:
        self._knowing, self._client, self._state = parts.knowing, parts.client, parts.state
        self._workers, self._poster, self._people = parts.workers, parts.poster, parts.people
        self._measures, self._settings = parts.measures, parts.settings
        self._under_way: set[asyncio.Task[Any]] = set()

    async def feedback(self, press: Press) -> None:
        """Helpful or not: it is kept, acknowledged, and the reason asked for when it was not."""
        helpful = press.side == "yes"
        if await self._exchange(press) is None:
            return
        await self._workers.remember(self._state.remark, press.number, press.person, helpful=helpful)
        self._measures.feedback.labels("yes" if helpful else "no").inc()
        log("feedback", question=press.number, helpful=helpful)
        if helpful:
            await self._tell(press, "slack_thanks")
        else:
            await self._open(press, modals.reason(press.number))

    async def reason(self, person: str, view: dict[str, Any]) -> Block:
        """The reason came: it is kept, screened. Returns the window that says so."""
        chosen, typed = modals.value(view, "kind"), modals.value(view, "words").strip()
        said = [modals.REASONS[int(chosen)]] if chosen.isdecimal() else []
        said += [screened(typed)] if typed else []
        await self._workers.remember(
            self._state.remark, modals.number_of(view), person, helpful=False, reason=". ".join(said) or None
        )
        return modals.says("Thank you", reply("slack_thanks_for_reason"))

    async def passages(self, press: Press) -> None:
        """Show the quotes of an answer among the words around them."""
        exchange = await self._exchange(press)
        if exchange and exchange.answer:
            # not with the workers: a window opens within three seconds or never
            found = await asyncio.to_thread(in_context, self._knowing, exchange.answer.citations)
            await self._open(press, modals.passages(exchange.answer, found))

    async def share(self, press: Press) -> None:
        """Post a private answer in the channel, for the one who asked, once."""
        exchange = await self._exchange(press)
        if exchange is None or exchange.answer is None:
            return
        if press.person != exchange.asker:
            await self._tell(press, "slack_only_asker")
        elif not await self._may_post_in(press.channel):
            await self._tell(press, "slack_share_refused")
        elif not await asyncio.to_thread(still_stands, self._knowing, exchange.answer):
            await self._tell(press, "slack_share_outdated")
        else:
            await self._start(self._share(press, exchange))

    async def _share(self, press: Press, exchange: Exchange) -> None:
        assert exchange.answer is not None
        person = await self._people.who(press.person)
        heading = reply("slack_asked", who=person.name, question=exchange.question)
        messages = answer_messages(exchange.answer, number=exchange.id, heading=heading)
        went = await self._post_once(exchange.id, "shared", press.channel, messages, key=f"share:{exchange.id}")
        await self._tell(press, _SHARED[went])

    async def ask_comms(self, press: Press) -> None:
        """Ask the asker whether their question may go to the communications team."""
        exchange = await self._exchange(press)
        if exchange is None:
            return
        if press.person != exchange.asker:
            await self._tell(press, "slack_only_asker")
            return
        person = await self._people.who(press.person)
        view = modals.ask_comms(exchange, name=person.name, length=self._settings.question_length)
        await self._open(press, view)

    def objection(self, view: dict[str, Any]) -> str | None:
        """Why a question must not be sent on as it was written, or None."""
        text = modals.value(view, "question")
        return reply("slack_no_patients") if screened(text) == REMOVED or not text.strip() else None

    async def send_on(self, person: str, view: dict[str, Any]) -> Block:
        """The asker agreed: the question goes to the communications channel. Returns the window that says how it went.

        Slack waits three seconds; where sending takes longer, the window says so and is changed later.
        """
        sending = self._start(self._send_on(person, view))
        done, _ = await asyncio.wait({sending}, timeout=_IN_TIME)
        if done:
            return self._says(sending.result())
        self._start(self._update_later(view, sending))
        return self._says("slack_sending_on")

    async def _send_on(self, person: str, view: dict[str, Any]) -> str:
        """Send a question on, once; returns the name of the reply that says how it went."""
        number, channel = modals.number_of(view), self._settings.comms_channel
        if not channel:
            return "slack_not_sent_on"
        if await self._workers.remember(self._state.exchange, number) is None:
            return "slack_forgotten"
        name = (await self._people.who(person)).name
        text = reply("slack_for_comms", who=name, question=screened(modals.value(view, "question")))
        went = await self._post_once(number, "sent_on", channel, [note(text)], key=f"comms:{number}")
        log("sent on" if went == "posted" else "not sent on", question=number, outcome=went)
        return _SENT_ON[went]

    async def _update_later(self, view: dict[str, Any], sending: asyncio.Task[str]) -> None:
        try:
            await self._client.views_update(view_id=view["id"], view=self._says(await sending))
        except _NOT_DONE as error:
            log("window not updated", level=logging.WARNING, error=type(error).__name__)

    async def drain(self, seconds: float) -> None:
        """Wait for what is being posted; what cannot be posted by then is looked for when it is tried again."""
        end = time.monotonic() + seconds
        while self._under_way and time.monotonic() < end:
            await asyncio.wait(self._under_way, timeout=end - time.monotonic())
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_TO_SAY_SO)

    # -- behind it

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin what the bot must not end in the middle of."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _post_once(self, number: int, what: Once, channel: str, messages: Sequence[Message], *, key: str) -> str:
        """Post what is posted once, whatever happens in between; returns how it went: a key of _SHARED and _SENT_ON."""
        begun = await self._workers.remember(self._state.begin, number, what, _HELD)
        if begun in ("held", "done"):
            return begun
        place, look_first = InThread(channel=channel, thread=None), begun == "again"
        posted: bool | None = None
        try:
            await asyncio.wait_for(self._poster.post(place, messages, key=key, look_first=look_first), _POSTING)
            posted = True
        except Refused as error:
            log("not posted", level=logging.ERROR, question=number, error=str(error))
            posted = False
        except (MaybeDelivered, Lost, TimeoutError, asyncio.CancelledError) as error:  # cancelled: the bot ends
            log("maybe posted", level=logging.WARNING, question=number, error=type(error).__name__)
        finally:
            await self._workers.remember(self._state.end, number, what, posted)
        return {True: "posted", False: "refused", None: "unsure"}[posted]

    async def _exchange(self, press: Press) -> Exchange | None:
        """What a button is about; None, and its person told why, where they may not have it or it is gone."""
        turned_away = (await self._people.who(press.person)).turned_away
        if turned_away:
            await self._tell(press, turned_away)
            return None
        exchange = await self._workers.remember(self._state.exchange, press.number)
        if exchange is None:
            await self._tell(press, "slack_forgotten")
        return exchange

    async def _may_post_in(self, channel: str) -> bool:
        """Whether an answer may be posted there; a channel that cannot be read is taken for a shared one."""
        if self._settings.channels and channel not in self._settings.channels:
            return False
        if self._settings.allow_shared_channels:
            return True
        try:
            found = (await self._client.conversations_info(channel=channel)).get("channel") or {}
        except _NOT_DONE as error:
            log("channel not read", level=logging.WARNING, error=type(error).__name__)
            return False
        return not any(found.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))

    async def _tell(self, press: Press, name: str) -> None:
        await self._poster.tell(press.place, note(reply(name, ask=self._settings.ask)))

    async def _open(self, press: Press, view: Block) -> None:
        try:
            await self._client.views_open(trigger_id=press.trigger, view=view)
        except _NOT_DONE as error:
            log("window not opened", level=logging.WARNING, error=type(error).__name__)
            await self._tell(press, "slack_press_again")

    def _says(self, name: str) -> Block:
        return modals.says("Ask comms", reply(name, ask=self._settings.ask))
