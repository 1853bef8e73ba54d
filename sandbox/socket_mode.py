"""Socket Mode: the WebSockets the app opens, the envelopes on them and their acknowledgements."""

import asyncio
import json
import random
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.changes import Changes
from sandbox.ids import APP
from sandbox.limits import Limits
from sandbox.record import Attempt, Delivery
from sandbox.wire import Json


@dataclass(eq=False)
class Connection:
    """One open WebSocket."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport | None


class SocketMode:
    """All the app's connections; each event goes to any one of them. [docs]"""

    def __init__(self, limits: Limits, chance: random.Random, changes: Changes) -> None:
        self._limits, self._random, self._changes = limits, chance, changes
        self._tickets: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Future[Any]] = {}  # for the acknowledgement of an envelope
        self._closing: set[asyncio.Task[None]] = set()
        self.connections: list[Connection] = []
        self.accept_connections = True  # False plays an outage: the app's sockets are refused

    def new_ticket(self) -> str:
        """What apps.connections.open puts in the URL: good once, and not for long."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = time.time()
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The app connects, and stays until either side goes."""
        if not self.accept_connections:
            return web.Response(status=503)
        made = self._tickets.pop(request.query.get("ticket", ""), None)
        if made is None or time.time() - made > self._limits.ticket_ttl:
            return web.Response(status=403)
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        if len(self.connections) >= self._limits.connections:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        connection = Connection(ws, request.transport)
        self.connections.append(connection)
        self._changes.note()
        try:
            await ws.send_json(self._hello())
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(message.data))
        finally:
            self._drop(connection)
        return ws

    async def deliver(self, delivery: Delivery, attempt: Attempt) -> str:
        """Try once; the answer is why to try again, or "" when it was acknowledged."""
        connection = await self._any_connection()
        if connection is None:
            return "timeout"
        envelope_id = secrets.token_hex(16)
        is_event = delivery.kind == "events_api"
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": not is_event,
        }
        if is_event:
            envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
        acknowledged = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        try:
            await connection.ws.send_json(envelope)
            delivery.ack_payload = await asyncio.wait_for(acknowledged, self._limits.ack_timeout)
        except TimeoutError:
            return "timeout"
        except OSError as lost:
            return f"gone ({type(lost).__name__})"
        finally:
            del self._waiting[envelope_id]
        attempt.answered, attempt.status = time.time(), 200
        return ""

    async def disconnect(self, reason: str = "refresh_requested", grace: float = 0.2) -> None:
        """Ask every connection to go (warning, refresh_requested, link_disabled), then close it."""
        for connection in list(self.connections):
            self._drop(connection)  # no new envelopes go to it
            goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}
            await connection.ws.send_json(goodbye)
            closing = asyncio.create_task(_close_later(connection, grace))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    def cut(self) -> None:
        """The network goes: every socket is reset without a word."""
        for connection in list(self.connections):
            self._drop(connection)
            if connection.transport:
                connection.transport.abort()

    async def close(self) -> None:
        for closing in list(self._closing):
            closing.cancel()
        for connection in list(self.connections):
            await connection.ws.close()

    async def _any_connection(self) -> Connection | None:
        end = time.monotonic() + self._limits.ack_timeout
        while not self.connections:
            if time.monotonic() > end:
                return None
            await asyncio.sleep(0.01)
        return self._random.choice(self.connections)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "stand-in", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }

    def _acknowledge(self, answer: Json) -> None:
        """Over whichever connection it comes. [assumed]"""
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload"))

    def _drop(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
            self._changes.note()


async def _close_later(connection: Connection, grace: float) -> None:
    await asyncio.sleep(grace)
    await connection.ws.close()
