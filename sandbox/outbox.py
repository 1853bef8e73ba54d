"""Telling the app: each thing once, and again until it is acknowledged or given up."""

import asyncio
import time
from typing import Protocol

from sandbox.changes import Changes
from sandbox.events_api import EventsApi
from sandbox.limits import Limits
from sandbox.record import Attempt, Delivery, DeliveryKind, Record
from sandbox.socket_mode import SocketMode
from sandbox.wire import Json


class Wire(Protocol):
    """A way to reach the app: one attempt, answered with why to try again, or ""."""

    async def deliver(self, delivery: Delivery, attempt: Attempt) -> str: ...


class Outbox:
    """Sends over HTTP when the app has a request URL, else over Socket Mode."""

    def __init__(
        self, limits: Limits, record: Record, changes: Changes, socket_mode: SocketMode, events_api: EventsApi
    ) -> None:
        self._retry_delays, self._record, self._changes = limits.retry_delays, record, changes
        self._socket_mode, self._events_api = socket_mode, events_api
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, kind: DeliveryKind, payload: Json) -> Delivery:
        """Start a delivery; ``await delivery.done()`` waits for its end."""
        delivery = Delivery(kind, payload)
        self._record.deliveries.append(delivery)
        task = asyncio.create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    async def _deliver(self, delivery: Delivery) -> None:
        retry_delays = self._retry_delays if delivery.kind == "events_api" else ()
        reason = ""
        try:
            for number, delay in enumerate((0.0, *retry_delays)):
                await asyncio.sleep(delay)
                attempt = Attempt(time.time(), number, reason)
                delivery.attempts.append(attempt)
                reason = attempt.failed = await self._wire().deliver(delivery, attempt)
                self._changes.note()
                if not reason:
                    return
        finally:
            delivery.finished.set()

    def _wire(self) -> Wire:
        return self._events_api if self._events_api.request_url else self._socket_mode
