"""A served language model: requests to a provider, bounded in time, in number at once and in tokens a day."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from datetime import date
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, Protocol

import httpx
from pybreaker import CircuitBreaker, CircuitBreakerError

from bot.language_model import Patience, Prompt, Reply, Unwritten, Why, estimated_tokens
from bot.providers import Provider

_TURN = 1.0  # seconds that a question waits for another one's request to end, before the passages answer it
_AGAIN = 0.5  # seconds before the second and last attempt
_LONGEST_PAUSE = 5.0  # seconds; a provider that asks for a longer one is not tried again
_FAILURES = 3  # questions in a row without a reply, after which the provider is left alone
_ALONE = 60.0  # seconds for which
_TRANSIENT = (408, 409, 425, 429)
_NOT_UNDERSTOOD = (400, 404, 422)  # what servers say to a request for structured output that they do not know
_log = logging.getLogger(__name__)


class Ledger(Protocol):
    """How many tokens were used on a day. Blocking; safe to call from several threads."""

    def tokens_on(self, day: date) -> int:
        """The tokens used on that day."""
        ...

    def add_tokens(self, day: date, tokens: int) -> None:
        """Count more tokens."""
        ...


class Tally:
    """A ledger that lasts as long as the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tokens: dict[date, int] = {}

    def tokens_on(self, day: date) -> int:
        """The tokens used on that day."""
        return self._tokens.get(day, 0)

    def add_tokens(self, day: date, tokens: int) -> None:
        """Count more tokens; other days are forgotten."""
        with self._lock:
            self._tokens = {day: self._tokens.get(day, 0) + tokens}


class ServedModel:
    """A provider's model. A request that fails is tried once more where that may help.

    `at_once` bounds the requests under way; `tokens_a_day` what they may cost (0: no bound), by `ledger`, and
    `answer_tokens` what one reply may. After failures in a row the provider is not asked for `alone` seconds.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        at_once: int = 4,
        tokens_a_day: int = 0,
        answer_tokens: int = 1000,
        ledger: Ledger | None = None,
        today: Callable[[], date] = date.today,
        alone: float = _ALONE,
    ) -> None:
        self._provider = provider
        self._places = BoundedSemaphore(at_once)
        self._tokens_a_day, self._answer_tokens = tokens_a_day, answer_tokens
        self._ledger, self._today = ledger or Tally(), today
        self._breaker = CircuitBreaker(
            fail_max=_FAILURES,
            reset_timeout=alone,
            exclude=[asyncio.CancelledError],
            throw_new_error_on_trip=False,
        )
        self._structured = provider.structured
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="language-model", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._provider.name

    def reply(self, prompt: Prompt, patience: Patience) -> Reply:
        """The model's reply. Raises Unwritten when there is none in time; a wish to stop ends the request."""
        if patience.stop.wished:
            raise Unwritten("stopped")
        if not self._places.acquire(timeout=min(_TURN, patience.left)):
            raise Unwritten("busy")
        try:
            return self._counted(prompt, patience)
        except Unwritten:
            raise
        except Exception as error:  # providers raise what they like; its message is not kept: it may quote a key
            if not isinstance(error, CircuitBreakerError):
                _log.warning("the language model did not reply: %s, %s", type(error).__name__, status_of(error))
            raise Unwritten(_why(error)) from None
        finally:
            self._places.release()

    def close(self) -> None:
        """End what is under way, and the thread it runs in."""
        if self._loop.is_running():
            asyncio.run_coroutine_threadsafe(_end_all(), self._loop).result(timeout=5)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=5)
        if not self._loop.is_running():
            self._loop.close()

    def _counted(self, prompt: Prompt, patience: Patience) -> Reply:
        """A reply that is in the day's budget, and counted; one that never came is counted as it may have cost."""
        day = self._today()
        least = estimated_tokens(prompt.system + prompt.user)
        if self._tokens_a_day and self._ledger.tokens_on(day) + least + self._answer_tokens > self._tokens_a_day:
            raise Unwritten("spent")
        cost = least + self._answer_tokens  # what it may have cost where nobody waited for its end
        try:
            reply = self._waited_for(prompt, patience)
            cost = reply.tokens
            return reply
        except Exception as error:
            if not is_too_late(error) and not isinstance(error, Unwritten):
                cost = 0
            raise
        finally:
            if cost:
                self._ledger.add_tokens(day, cost)

    def _waited_for(self, prompt: Prompt, patience: Patience) -> Reply:
        asked = asyncio.run_coroutine_threadsafe(self._ask(prompt, patience.left), self._loop)
        patience.stop.then(asked.cancel)
        try:
            return asked.result()
        except CancelledError:
            raise Unwritten("stopped") from None

    async def _ask(self, prompt: Prompt, seconds: float) -> Reply:
        with self._breaker.calling():
            async with asyncio.timeout(seconds):
                try:
                    return await self._chat(prompt)
                except Exception as error:
                    pause = _pause(error)
                    if pause is None:
                        raise
                await asyncio.sleep(pause)
                return await self._chat(prompt)

    async def _chat(self, prompt: Prompt) -> Reply:
        """One request; a server that does not understand structured output is asked without it from then on."""
        structured = self._structured
        if structured is None:
            return await self._send(prompt, {})
        try:
            return await self._send(prompt, structured(prompt.name, prompt.schema))
        except Exception as error:
            if status_of(error) not in _NOT_UNDERSTOOD:
                raise
        reply = await self._send(prompt, {})
        self._structured = None
        return reply

    async def _send(self, prompt: Prompt, options: dict[str, Any]) -> Reply:
        from llama_index.core.llms import ChatMessage, MessageRole

        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=prompt.system),
            ChatMessage(role=MessageRole.USER, content=prompt.user),
        ]
        response = await self._provider.llm.achat(messages, **options)
        text = response.message.content or ""
        return Reply(text=text, tokens=_tokens(response) or estimated_tokens(prompt.system + prompt.user + text))


async def _end_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _tokens(response: Any) -> int:
    """What the provider says that prompt and reply came to; 0 where it says nothing."""
    usage = response.raw.get("usage") if isinstance(response.raw, dict) else getattr(response.raw, "usage", None)
    counts = (usage if isinstance(usage, dict) else vars(usage)) if usage else response.additional_kwargs
    total = counts.get("total_tokens") or counts.get("totalTokens")
    return int(total or (counts.get("input_tokens") or 0) + (counts.get("output_tokens") or 0))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it, the nearest first."""
    cause: BaseException | None = error
    for _ in range(10):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def is_cut_off(error: BaseException) -> bool:
    """True when the connection could not be made, or broke."""
    return any(isinstance(cause, ConnectionError | httpx.TransportError) for cause in _causes(error))


def is_too_late(error: BaseException) -> bool:
    """True when a time limit ended it."""
    return any(isinstance(cause, TimeoutError | httpx.TimeoutException) for cause in _causes(error))


def status_of(error: BaseException) -> int | None:
    """The HTTP status an error stands for, if any of its causes says one."""
    for cause in _causes(error):
        status = getattr(cause, "status_code", None)
        if isinstance(status, int) and status > 0:
            return status
    return None


def _pause(error: Exception) -> float | None:
    """Seconds after which to try again; None where that would not help."""
    status = status_of(error)
    if status is None:
        return _AGAIN if is_cut_off(error) and not is_too_late(error) else None
    if status not in _TRANSIENT and status < 500:
        return None
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        wished = float(headers.get("retry-after", _AGAIN))
    except ValueError:
        wished = _AGAIN
    return wished if wished <= _LONGEST_PAUSE else None


def _why(error: Exception) -> Why:
    if is_too_late(error):
        return "slow"
    away = isinstance(error, CircuitBreakerError) or status_of(error) is not None or is_cut_off(error)
    return "away" if away else "failed"
