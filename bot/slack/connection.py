"""The connection to Slack: Socket Mode with a watch over it, or HTTP."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from websockets.exceptions import WebSocketException

from bot.slack.logs import QUIET, log
from bot.slack.monitoring import Measures, host_and_port
from bot.slack.poster import REVOKED, word_of
from ingest.errors import TrustbotError

_LOOK = 1.0  # seconds between two looks at the socket
_PING = 2.0  # seconds without a sign of life after which the other side is asked for one
_SILENCE = 3.0  # seconds it has to give one
_TO_CONNECT = 5.0  # seconds one try may take
_LONGEST_PAUSE = 4.0  # between two tries; Slack does not want to be asked for sockets too often
_NEVER = REVOKED | {"missing_scope", "no_permission", "not_allowed_token_type", "socket_mode_not_enabled"}
_NOT_NOW = (SlackApiError, WebSocketException, aiohttp.ClientError, TimeoutError, OSError)


class Connection(Protocol):
    """A way for Slack to reach the bot."""

    async def open(self) -> None:
        """Be reachable. Raises TrustbotError when that can never be."""
        ...

    async def state(self) -> str:
        """ "ok", or what is wrong, for the health page."""
        ...

    async def close(self) -> None:
        """Take nothing more in."""
        ...


class Socket:
    """Socket Mode, with a watch of its own in place of the SDK's.

    Within ten seconds it mends a socket that was closed, refused or is silent without being closed, always with a
    new address, for an old one may have died meanwhile. `on_revoked` is told when Slack no longer knows the
    app-level token.
    """

    def __init__(self, app: AsyncApp, app_token: str, measures: Measures, *, on_revoked: Callable[[str], None]) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token=app_token, logger=QUIET, ping_interval=_PING)
        self._handler.client.default_auto_reconnect_enabled = False
        self._measures, self._on_revoked = measures, on_revoked
        self._heard = 0.0  # when the other side was last known to be there
        self._watch: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, or go on trying while Slack is away. Raises TrustbotError when it refuses the token."""
        client = self._handler.client
        try:
            await client.connect()  # type: ignore[no-untyped-call]
            self._heard = time.monotonic()
        except _NOT_NOW as error:
            code = _code(error)
            log("not connected", level=logging.WARNING, error=code)
            if code in _NEVER:
                await self.close()
                raise TrustbotError(
                    f"Slack refuses Socket Mode ({code}): check TRUSTBOT_SLACK_APP_TOKEN, an xapp- token with "
                    "connections:write, and that Socket Mode is on"
                ) from error
        self._watch = asyncio.create_task(self._watching())

    async def state(self) -> str:
        """ "ok" while the other side answers pings."""
        if not self._heard:
            return "not connected"
        silent = time.monotonic() - self._heard
        return "ok" if silent < _PING + _SILENCE + _LOOK else f"silent for {silent:.0f} s"

    async def close(self) -> None:
        """Close the socket; Slack keeps for later what it cannot deliver."""
        client = self._handler.client
        for task in (self._watch, client.message_receiver):  # else it would complain of the socket's end
            if task:
                task.cancel()
        await client.close()  # type: ignore[no-untyped-call]

    async def _watching(self) -> None:
        client: Any = self._handler.client
        pause = _LOOK
        while True:
            await asyncio.sleep(pause)
            if await self._is_alive(client):
                pause = _LOOK
            else:
                await self._connect_anew(client)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _is_alive(self, client: Any) -> bool:
        if not await client.is_connected():
            return False
        if time.monotonic() - self._heard > _PING:
            if not await _answers_a_ping(client.current_session):
                return False
            self._heard = time.monotonic()
        return True

    async def _connect_anew(self, client: Any) -> None:
        self._measures.reconnects.inc()
        log("connecting anew", level=logging.WARNING)
        try:
            await asyncio.wait_for(client.connect_to_new_endpoint(force=True), _TO_CONNECT)
            self._heard = time.monotonic()
        except Exception as error:  # the client fails in many ways over a reply it cannot read; the watch goes on
            code = _code(error)
            log("not connected", level=logging.WARNING, error=code)
            if code in REVOKED:
                self._on_revoked(code)


class Http:
    """HTTP mode: Slack posts to `/slack/events` on HOST:PORT, behind whatever ends TLS there."""

    def __init__(self, app: AsyncApp, address: str) -> None:
        self._host, self._port = host_and_port(address, setting="--http")
        self._runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None, shutdown_timeout=5)
        self._address = address
        self._is_open = False

    async def open(self) -> None:
        """Listen. Raises TrustbotError when the address cannot be listened on."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise TrustbotError(f"{self._address} cannot be listened on ({error.strerror or error})") from error
        self._is_open = True
        log("listening", port=self.port)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._runner.addresses[0][1])

    async def state(self) -> str:
        """ "ok" while it listens."""
        return "ok" if self._is_open else "not listening"

    async def close(self) -> None:
        """Stop listening."""
        self._is_open = False
        await self._runner.cleanup()


async def _answers_a_ping(session: Any) -> bool:
    try:
        pong = await session.ping()
        await asyncio.wait_for(pong, _SILENCE)
    except _NOT_NOW:
        return False
    return True


def _code(error: Exception) -> str:
    return word_of(error) if isinstance(error, SlackApiError) else type(error).__name__
