"""The poster: puts messages in front of people exactly once, whatever the network and Slack's limits do."""

import asyncio
import contextlib
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.logs import log
from bot.slack.messages import Message, without_blocks
from bot.slack.monitoring import Measures

REVOKED = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "org_login_required", "token_expired", "token_revoked"}
)
_TOO_MUCH = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "invalid_arguments"}
)
_UNREADABLE = "unreadable"
_WORD = re.compile(r'(?:"error"\s*:\s*"|\A\s*)(\w+)(?:"|\s*\Z)')  # of a response_url, in JSON or bare
_EVENT = "trustbot_answer"
_PAGE = 200
_AT_ONCE = 1.0  # seconds before the first look after a lost reply, for Slack may still be at work
_LONGEST_PAUSE = 15.0  # between two looks


class Revoked(Exception):
    """Slack no longer knows the bot's token: nothing more can be done."""


class Refused(Exception):
    """Slack will never take this: its word for why. `shown` messages for one person only were taken before it."""

    shown = 0


class Lost(Exception):
    """The call may or may not have been done."""


class NotTaken(Lost):
    """The call was hardly done: nobody could be reached, or Slack was too busy for it."""


class MaybeDelivered(Exception):
    """A message may or may not be there, and the bot cannot look."""


@dataclass(frozen=True, kw_only=True)
class InThread:
    """For all to see, under the thread's first message; `thread` None starts a new one."""

    channel: str
    thread: str | None


@dataclass(frozen=True, kw_only=True)
class OnlyFor:
    """Shown to one person in a channel, and to nobody else."""

    channel: str
    person: str
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyUrl:
    """The answer to a command or a button, shown to its person only; five uses, thirty minutes."""

    url: str
    thread: str | None = None


Place = InThread | OnlyFor | ReplyUrl


class Poster:
    """Sends messages. `patience` is for how many seconds one message is tried, while Slack is away or says wait;
    `pause` how many pass before the first look after a lost reply; `on_revoked` is told when the token is no good.

    Posts to one channel go one at a time, so that a busy channel's 429 is waited for once, in order.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        measures: Measures,
        *,
        on_revoked: Callable[[str], None],
        patience: float = 300.0,
        pause: float = _AT_ONCE,
    ) -> None:
        self._client, self._measures, self._on_revoked = client, measures, on_revoked
        self._patience, self._pause = patience, pause
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def post(
        self, place: Place, messages: Sequence[Message], *, key: str, look_first: bool = False
    ) -> str | None:
        """Post messages in order, each once; `key`, the question's ts for an answer, is what they are known again by.

        `look_first` is for messages that may be there already. Returns the ts of the thread's first message, or None
        where only one person sees them. Raises Refused, Revoked, Lost (Slack stayed away) or MaybeDelivered.
        """
        if not isinstance(place, InThread):
            for shown, message in enumerate(messages):
                try:
                    await self._show_once(place, message)
                except Refused as error:
                    error.shown = shown
                    raise
            return None
        async with self._turn(place.channel):
            for part, message in enumerate(messages):
                ts = await self._find(place, key, part) if look_first else None
                ts = ts or await self._post_once(place, message, key, part)
                if place.thread is None:  # a new thread: the rest goes under its first message
                    place = replace(place, thread=ts)
            return place.thread

    async def tell(self, place: Place, message: Message) -> None:
        """Show a remark of the bot's own; one that cannot be shown is only logged. Raises Revoked."""
        try:
            await self.post(place, [message], key=secrets.token_hex(8))
        except (Refused, Lost, MaybeDelivered) as error:
            log("remark not shown", level=logging.WARNING, kind=type(place).__name__, error=str(error))

    @contextlib.asynccontextmanager
    async def _turn(self, channel: str) -> AsyncIterator[None]:
        lock = self._turns.setdefault(channel, asyncio.Lock())
        async with lock:
            yield

    async def _post_once(self, place: InThread, message: Message, key: str, part: int) -> str:
        call = {
            "channel": place.channel,
            **({"thread_ts": place.thread} if place.thread else {}),
            "unfurl_links": False,
            "unfurl_media": False,
            "mrkdwn": False,
            "metadata": {"event_type": _EVENT, "event_payload": {"question": key, "part": part}},
        }
        end, pause = time.monotonic() + self._patience, self._pause
        while True:
            try:
                posted = await self._send("chat.postMessage", call | _content(message), until=end)
                return str(posted["ts"])
            except Refused as error:
                first = ""
                for plain in _as_words(message, error):
                    posted = await self._send("chat.postMessage", call | _content(plain), until=end)
                    first = first or str(posted["ts"])
                return first
            except Lost:
                log("reply lost", level=logging.WARNING, part=part)
            while True:  # no second try before a look has shown that the first was not done
                if time.monotonic() + pause > end:
                    raise Lost("Slack stayed away")
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                with contextlib.suppress(Lost):
                    if ts := await self._find(place, key, part):
                        return ts
                    break

    async def _show_once(self, place: OnlyFor | ReplyUrl, message: Message) -> None:
        end = time.monotonic() + self._patience
        try:
            try:
                await self._show(place, message, end)
            except Refused as error:
                for plain in _as_words(message, error):
                    await self._show(place, plain, end)
        except Lost as error:  # nobody can look at what only one person sees
            raise MaybeDelivered(str(error)) from error

    async def _show(self, place: OnlyFor | ReplyUrl, message: Message, end: float) -> None:
        content = _content(message) | ({"thread_ts": place.thread} if place.thread else {})
        pause = self._pause
        while True:
            try:
                if isinstance(place, OnlyFor):
                    call = {"channel": place.channel, "user": place.person} | content
                    await self._send("chat.postEphemeral", call, until=end)
                else:
                    private = {"response_type": "ephemeral", "replace_original": False} | content
                    await self._send("response_url", private, until=end, url=place.url)
                return
            except NotTaken:  # should it be there after all, twice for one person is better than silence
                if time.monotonic() + pause > end:
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _find(self, place: InThread, key: str, part: int) -> str | None:
        """The ts of a message of ours, if it is there. Raises MaybeDelivered where looking is not allowed."""
        method = "conversations.replies" if place.thread else "conversations.history"
        query: dict[str, Any] = {"channel": place.channel, "limit": _PAGE, "include_all_metadata": True}
        if place.thread:
            query["ts"] = place.thread
        until = time.monotonic() + self._patience
        while True:
            try:
                found = await self._send(method, query, until=until, reads=True)
            except Refused as error:
                raise MaybeDelivered(str(error)) from error
            for message in found["messages"]:
                if _is_ours(message, key, part):
                    return str(message["ts"])
            cursor = (found.get("response_metadata") or {}).get("next_cursor")
            if not cursor or not place.thread:  # the newest page of a channel is enough
                return None
            query["cursor"] = cursor

    async def _send(
        self, method: str, call: Mapping[str, Any], *, until: float, reads: bool = False, url: str | None = None
    ) -> Mapping[str, Any]:
        """One call, repeated only while Slack says it was not done: 429. Raises Refused, Revoked or Lost."""
        while True:
            try:
                done = await (self._answer_url(url, call) if url else self._call(method, call, reads=reads))
            except _Failed as error:
                wait = self._wait_or_raise(method, error)
                if time.monotonic() + wait > until:
                    raise Lost("ratelimited for too long") from error
                await asyncio.sleep(wait)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self._count(method, "lost")
                kind = NotTaken if isinstance(error, aiohttp.ClientConnectorError) else Lost
                raise kind(type(error).__name__) from error
            else:
                self._count(method, "ok")
                return done

    async def _call(self, method: str, call: Mapping[str, Any], *, reads: bool) -> Mapping[str, Any]:
        try:
            if reads:
                answered = await self._client.api_call(method, http_verb="GET", params=dict(call))
            else:
                answered = await self._client.api_call(method, json=dict(call))
        except SlackApiError as error:
            raise _failed(error) from error
        except (AttributeError, UnicodeDecodeError) as error:  # the client's, over a reply that is no JSON object
            raise _Failed(_UNREADABLE) from error
        return answered.data if isinstance(answered.data, dict) else {}

    async def _answer_url(self, url: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        assert self._client.session is not None
        async with self._client.session.post(url, json=content, proxy=self._client.proxy) as answered:
            if answered.status >= 300:
                said = _WORD.search(await answered.text(errors="replace"))
                raise _Failed(said[1] if said else f"http_{answered.status}", answered.status, answered.headers)
        return {}

    def _wait_or_raise(self, method: str, failed: "_Failed") -> float:
        code, status = str(failed), failed.status
        if status == 429 or code in ("ratelimited", "rate_limited"):
            self._count(method, "ratelimited")
            return failed.wait
        if status >= 500 or code in ("internal_error", "fatal_error", "service_unavailable", _UNREADABLE):
            self._count(method, "lost")
            raise (NotTaken if status == 503 or code == "service_unavailable" else Lost)(code) from failed
        self._count(method, "refused")
        log("slack refused", level=logging.WARNING, method=method, error=code)
        if code in REVOKED:
            self._on_revoked(code)
            raise Revoked(code) from failed
        raise Refused(code) from failed

    def _count(self, method: str, outcome: str) -> None:
        self._measures.calls.labels(method, outcome).inc()


class _Failed(Exception):
    """Slack answered a call with an error: its word for it; `wait` is for how many seconds, where it says wait."""

    def __init__(self, code: str, status: int = 0, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.wait = float({k.lower(): v for k, v in (headers or {}).items()}.get("retry-after") or 1)


def word_of(error: SlackApiError) -> str:
    """Slack's word for an error; "unreadable" where its reply could not be read."""
    response = error.response
    readable = isinstance(response, AsyncSlackResponse) and isinstance(response.data, dict)
    return str((response.data.get("error") if readable else None) or _UNREADABLE)


def _failed(error: SlackApiError) -> _Failed:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):  # the client's own exception for a reply that is cut short
        return _Failed(word_of(error))
    return _Failed(word_of(error), response.status_code, response.headers)


def _as_words(message: Message, error: Refused) -> list[Message]:
    """The same words as plain text, where it was the blocks that Slack refused; else raises the refusal again."""
    if str(error) not in _TOO_MUCH or not message.blocks:
        raise error
    log("blocks refused", level=logging.ERROR, length=len(message.text), blocks=len(message.blocks))
    return without_blocks(message)


def _content(message: Message) -> dict[str, Any]:
    return {"text": message.text} | ({"blocks": message.blocks} if message.blocks else {})


def _is_ours(message: Mapping[str, Any], key: str, part: int) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == _EVENT and payload == {"question": key, "part": part}
