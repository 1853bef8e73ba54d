"""The real bot, connected to the local Slack that is built from the manifest the project ships."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.slack.manifest import shipped_manifest
from bot.slack.refreshing import Refresh
from bot.slack.serving import running
from sandbox.standin import SlackStandin
from tests.slack.slack_world import SOON, Pages, World, settings_for

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's clients take a proxy from the environment, even for loopback."""
    for name in _PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The manifest the project ships."""
    return shipped_manifest()


InSlack = Callable[..., Any]


@pytest.fixture
def in_slack(manifest: dict[str, Any], tmp_path: Path) -> InSlack:
    """Starts a local Slack with the bot in it: `async with in_slack(channels=("C1",)) as world`.

    `slack` are options of the stand-in, `over_http` reaches the bot by HTTP, `refresh`
    is what its Home tab has; all else are settings.
    """

    @asynccontextmanager
    async def start(
        *,
        slack: dict[str, Any] | None = None,
        pages: Pages | None = None,
        over_http: bool = False,
        lease: float = 10.0,
        refresh: Refresh | None = None,
        **changes: Any,
    ) -> AsyncIterator[World]:
        options = {"rate_limits": False, "limits": SOON} | (slack or {})
        async with SlackStandin(manifest, **options) as standin:
            world = World(standin, pages or Pages(), settings_for(standin, tmp_path, **changes))
            http = "127.0.0.1:0" if over_http else None
            async with running(world.settings, world.pages, http=http, lease=lease, refresh=refresh) as bot:
                world.bot = bot
                if over_http:
                    standin.events_api.request_url = f"http://127.0.0.1:{bot.http_port}/slack/events"
                else:
                    await standin.connected()
                yield world
                await world.quiet()
            world.broke_no_rule()

    return start
