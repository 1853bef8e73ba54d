"""Real Bolt apps, connected to the stand-in."""

import asyncio
import contextlib
import inspect
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.standin import SlackStandin
from sandbox.wire import Json

MANIFEST = Path(__file__).with_name("manifest.json")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
A_TEST_AT_MOST = 60.0


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run ``async def`` tests, each on a loop of its own."""
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters}
    asyncio.run(asyncio.wait_for(test(**arguments), A_TEST_AT_MOST))
    return True


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's Socket Mode clients take a proxy from the environment, even for loopback."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def manifest() -> Json:
    """The echo app's manifest, free to be changed."""
    manifest: Json = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest


@pytest.fixture
def manifest_path() -> Path:
    return MANIFEST


def _client_of(slack: SlackStandin) -> AsyncWebClient:
    return AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)


@pytest.fixture
def client_of() -> Callable[[SlackStandin], AsyncWebClient]:
    """Slack's own client, logged in as the bot."""
    return _client_of


@pytest.fixture
def bolt_app() -> Callable[[SlackStandin], AsyncApp]:
    """A Bolt app that listens to nothing yet."""

    def build(slack: SlackStandin) -> AsyncApp:
        secret = slack.app.signing_secret
        return AsyncApp(client=_client_of(slack), token=slack.app.bot_token, signing_secret=secret)

    return build


@pytest.fixture
def echo_app(bolt_app: Callable[[SlackStandin], AsyncApp]) -> Callable[[SlackStandin], AsyncApp]:
    """Repeats mentions and direct messages in their thread, and /ask in private."""

    def build(slack: SlackStandin) -> AsyncApp:
        app = bolt_app(slack)

        @app.event("app_mention")
        async def mention(event, client):
            await echo(event, client)

        @app.event("message")
        async def message(event, client):
            if not event.get("subtype") and not event.get("bot_id") and event["channel_type"] == "im":
                await echo(event, client)

        async def echo(event, client):
            text = re.sub(r"<@\w+>\s*", "", event["text"])
            thread = event.get("thread_ts") or event["ts"]
            await client.chat_postMessage(channel=event["channel"], thread_ts=thread, text=f"echo: {text}")

        @app.command("/ask")
        async def ask(ack, respond, command):
            await ack()
            await respond(f"echo: {command['text']}")

        return app

    return build


Connecting = Callable[[SlackStandin, AsyncApp], AbstractAsyncContextManager[AsyncSocketModeHandler]]


@pytest.fixture
def in_socket_mode() -> Connecting:
    """Connects an app over Socket Mode for as long as the block lasts."""

    @contextlib.asynccontextmanager
    async def connect(slack: SlackStandin, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
        handler = AsyncSocketModeHandler(app, app_token=slack.app.app_token, ping_interval=0.3)
        await handler.connect_async()
        await slack.connected()
        try:
            yield handler
        finally:
            await handler.close_async()

    return connect
