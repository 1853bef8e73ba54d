"""What happened, for a test to look at and to wait for."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from sandbox.wire import Json

T = TypeVar("T")
DeliveryKind = Literal["events_api", "interactive", "slash_commands"]


@dataclass
class Call:
    """One request the app made: a Web API method, or ``response_url``."""

    method: str
    args: Json
    at: float
    status: int = 0
    response: Json = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.response.get("ok"))

    @property
    def error(self) -> str | None:
        return self.response.get("error")


@dataclass
class Attempt:
    """One try at telling the app something."""

    at: float
    number: int
    reason: str  # why it is tried again, "" the first time
    answered: float | None = None
    status: int | None = None
    failed: str = ""  # why it will be tried again, known once it has failed


@dataclass
class Delivery:
    """One thing the app is told: an event, an interaction or a slash command."""

    kind: DeliveryKind
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    ack_payload: Any = None
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acked(self) -> bool:
        return any(a.answered is not None and (a.status or 200) < 300 for a in self.attempts)

    @property
    def ack_seconds(self) -> float | None:
        return next((a.answered - a.at for a in self.attempts if a.answered is not None), None)

    async def done(self, timeout: float = 10.0) -> "Delivery":
        """Wait until it was acknowledged or given up."""
        await asyncio.wait_for(self.finished.wait(), timeout)
        return self


@dataclass
class Record:
    """Everything the app did and was told, and what people noticed of it."""

    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # what Slack swallows although nobody can want it
    notified: list[tuple[str, str, str]] = field(default_factory=list)  # (who, channel, ts)
    user_errors: list[tuple[str, str]] = field(default_factory=list)  # (user, what they saw fail)

    def calls_to(self, method: str) -> list[Call]:
        return [c for c in self.calls if c.method == method]

    async def wait_for(self, test: Callable[[], T], timeout: float = 5.0, what: str = "") -> T:
        """Wait until ``test()`` is true and return what it gave."""
        end = time.monotonic() + timeout
        while not (value := test()):
            if time.monotonic() > end:
                raise AssertionError(f"not within {timeout} s: {what or test}")
            await asyncio.sleep(0.01)
        return value

    async def quiet(self, seconds: float = 0.3, timeout: float = 10.0) -> None:
        """Wait until every delivery is done and the app has made no call for that long."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            last = self.calls[-1].at if self.calls else 0.0
            if time.time() - last >= seconds and all(d.finished.is_set() for d in self.deliveries):
                return
            await asyncio.sleep(0.02)
