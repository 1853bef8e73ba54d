"""Serving: the bot in Slack put together, run until it is told to stop, and taken apart in order."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from bot.slack.buttons import Buttons
from bot.slack.calling import new_client
from bot.slack.connection import Connection, Http, Socket
from bot.slack.desk import Desk
from bot.slack.handling import Handler
from bot.slack.home import Home
from bot.slack.library import Knowing
from bot.slack.listening import (
    listen_for_presses,
    listen_for_questions,
    listen_for_the_home,
    listen_for_the_rest,
    new_app,
)
from bot.slack.logs import log
from bot.slack.monitoring import Measures, MonitoringServer
from bot.slack.pacing import Pace
from bot.slack.parts import Ending, Parts
from bot.slack.people import People
from bot.slack.poster import Poster, word_of
from bot.slack.progress import Progress
from bot.slack.refreshing import Refresh
from bot.slack.workers import Workers
from bot.state import LEASE, State
from ingest.errors import TrustbotError

_A_CALL = aiohttp.ClientTimeout(total=15)
_TO_FINISH = 25.0  # seconds for what is under way when the bot is told to stop; Docker and systemd are told 30
_REPEATS = 3
_OFF = "off"


@dataclass(frozen=True, kw_only=True)
class Bot:
    """A running bot; `monitoring` is the URL of its health page, `http_port` where Slack reaches it in HTTP mode."""

    ending: Ending
    measures: Measures
    monitoring: str | None
    http_port: int | None


def serve(
    settings: Settings,
    knowing: Knowing,
    *,
    http: str | None = None,
    lease: float = LEASE,
    refresh: Refresh | None = None,
) -> None:
    """Run the bot until SIGTERM or SIGINT, which finish what is under way.

    `http` is HOST:PORT for HTTP mode; without it the bot uses Socket Mode. `lease` and `refresh` are as in `running`.
    Raises TrustbotError when Slack refuses the tokens, at the start or later.
    """
    asyncio.run(_serve(settings, knowing, http, lease, refresh))


async def _serve(settings: Settings, knowing: Knowing, http: str | None, lease: float, refresh: Refresh | None) -> None:
    async with running(settings, knowing, http=http, lease=lease, refresh=refresh) as bot:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, bot.ending.wished.set)
        await bot.ending.wished.wait()
    if bot.ending.revoked:
        raise TrustbotError(
            f"Slack no longer accepts the bot's token ({bot.ending.revoked}): install the app again, set the new token"
        )


@asynccontextmanager
async def running(
    settings: Settings,
    knowing: Knowing,
    *,
    http: str | None = None,
    lease: float = LEASE,
    refresh: Refresh | None = None,
) -> AsyncIterator[Bot]:
    """A bot that is connected for as long as the block lasts; leaving it finishes what is under way.

    `lease` is for how many seconds a question belongs to this process before another one may take it over. `refresh`
    brings the pages up to date when one of `settings.refreshers` asks for it in the Home tab.
    Raises TrustbotError when a token is missing or refused.
    """
    require_secrets(settings, http=http)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=_A_CALL))
        state = State(settings.state, lease=lease)
        stack.callback(state.close)
        workers = Workers(waiting=0 if settings.llm_provider == "none" else settings.llm_at_once)
        stack.callback(workers.close)
        us = await _who_we_are(settings, session)
        parts = _parts(settings, knowing, state, workers, session, us, refresh)
        progress = Progress(new_client(us.bot_token, settings, session))
        desk = Desk(parts, Handler(parts, progress))
        buttons = Buttons(parts)
        app = _app(parts, desk, buttons, progress, new_client(None, settings, session), us)
        connection = _connection(app, parts, http)
        monitoring = await _monitored(stack, parts, connection)
        tending = asyncio.create_task(desk.tend(lease))
        stack.push_async_callback(_ended, tending)
        stack.push_async_callback(_drained, desk, buttons)
        await connection.open()
        stack.push_async_callback(connection.close)
        log("serving", http=bool(http))
        port = connection.port if isinstance(connection, Http) else None
        yield Bot(ending=parts.ending, measures=parts.measures, monitoring=monitoring, http_port=port)
        log("stopping", under_way=desk.under_way)


# -- putting together


def require_secrets(settings: Settings, *, http: str | None) -> None:
    """Raise TrustbotError, before anything takes time, when a token is not set that will be needed."""
    _secret(settings.slack_bot_token, "TRUSTBOT_SLACK_BOT_TOKEN")
    if http:
        _secret(settings.slack_signing_secret, "TRUSTBOT_SLACK_SIGNING_SECRET")
    else:
        _secret(settings.slack_app_token, "TRUSTBOT_SLACK_APP_TOKEN")


def _secret(value: SecretStr | None, name: str) -> str:
    if value is None:
        raise TrustbotError(f"{name} is not set: see docs/slack-setup.md, or run `trustbot doctor`")
    return value.get_secret_value()


def _repeating_client(token: str | None, settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client for calls that may be done twice."""
    client = new_client(token, settings, session)
    client.retry_handlers = [
        AsyncRateLimitErrorRetryHandler(max_retry_count=_REPEATS),
        AsyncConnectionErrorRetryHandler(max_retry_count=_REPEATS),
        AsyncServerErrorRetryHandler(max_retry_count=_REPEATS),
    ]
    return client


async def _who_we_are(settings: Settings, session: aiohttp.ClientSession) -> AuthorizeResult:
    token = _secret(settings.slack_bot_token, "TRUSTBOT_SLACK_BOT_TOKEN")
    try:
        found = await new_client(token, settings, session).auth_test()
    except SlackApiError as error:
        raise TrustbotError(
            f"Slack refuses the bot's token ({word_of(error)}): check TRUSTBOT_SLACK_BOT_TOKEN"
        ) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise TrustbotError(
            f"Slack cannot be reached at {settings.slack_api_url} ({type(error).__name__}): check the network"
        ) from error
    return AuthorizeResult(
        enterprise_id=found.get("enterprise_id"),
        team_id=found.get("team_id"),
        bot_token=token,
        bot_id=found.get("bot_id"),
        bot_user_id=found.get("user_id"),
    )


def _parts(
    settings: Settings,
    knowing: Knowing,
    state: State,
    workers: Workers,
    session: aiohttp.ClientSession,
    us: AuthorizeResult,
    refresh: Refresh | None,
) -> Parts:
    measures, ending = Measures(), Ending()
    client = _repeating_client(us.bot_token, settings, session)
    return Parts(
        bot_user=us.bot_user_id or "",
        team=us.team_id or "",
        settings=settings,
        knowing=knowing,
        state=state,
        workers=workers,
        client=client,
        poster=Poster(new_client(us.bot_token, settings, session), measures, on_revoked=ending.revoke),
        people=People(
            client,
            team=us.team_id or "",
            allow_guests=settings.allow_guests,
            allow_outside=settings.allow_shared_channels,
        ),
        pace=Pace(settings.questions_a_minute),
        measures=measures,
        ending=ending,
        refresh=refresh,
    )


def _app(
    parts: Parts, desk: Desk, buttons: Buttons, progress: Progress, client: AsyncWebClient, us: AuthorizeResult
) -> AsyncApp:
    signing_secret = parts.settings.slack_signing_secret
    app = new_app(client, us, signing_secret=signing_secret.get_secret_value() if signing_secret else "")
    listen_for_questions(app, parts, desk, progress)
    listen_for_presses(app, buttons)
    listen_for_the_home(app, Home(parts))
    listen_for_the_rest(app, parts)
    return app


def _connection(app: AsyncApp, parts: Parts, http: str | None) -> Connection:
    if http:
        return Http(app, http)
    token = _secret(parts.settings.slack_app_token, "TRUSTBOT_SLACK_APP_TOKEN")
    return Socket(app, token, parts.measures, on_revoked=parts.ending.revoke)


async def _monitored(stack: AsyncExitStack, parts: Parts, connection: Connection) -> str | None:
    """Serve the health page for as long as the stack lasts; returns its URL."""

    async def health() -> Mapping[str, str]:
        return {
            "slack": await connection.state(),
            "state": await _state_of(parts),
            **await _index_of(parts),
        }

    if parts.settings.health == _OFF:
        return None
    server = MonitoringServer(parts.measures, health)
    url = await server.start(parts.settings.health)
    stack.push_async_callback(server.stop)
    return url


async def _state_of(parts: Parts) -> str:
    try:
        await parts.workers.remember(parts.state.is_private, "")
    except SQLAlchemyError as error:
        return f"cannot be read ({type(error).__name__})"
    return "ok"


async def _index_of(parts: Parts) -> Mapping[str, str]:
    try:  # not with the workers: a queue of questions is no illness
        index = await asyncio.to_thread(parts.knowing.current_index)
    except TrustbotError as error:
        return {"index": str(error)}
    return {"index": "ok", "build": index.build.id}


async def _drained(desk: Desk, buttons: Buttons) -> None:
    await asyncio.gather(desk.drain(_TO_FINISH), buttons.drain(_TO_FINISH))


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
