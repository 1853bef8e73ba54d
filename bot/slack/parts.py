"""Parts: what everything in a running bot works with, made once when it starts."""

import asyncio
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack.library import Knowing
from bot.slack.logs import log
from bot.slack.monitoring import Measures
from bot.slack.pacing import Pace
from bot.slack.people import People
from bot.slack.poster import Poster
from bot.slack.refreshing import Refresh
from bot.slack.workers import Workers
from bot.state import State


@dataclass
class Ending:
    """The wish that the bot ends; `revoked` is Slack's word for why its token is no longer good, if that is why."""

    wished: asyncio.Event = field(default_factory=asyncio.Event)
    revoked: str | None = None

    def revoke(self, code: str) -> None:
        """Slack has taken the token away: nothing more can be done."""
        if not self.revoked:
            log("revoked", error=code)
        self.revoked = code
        self.wished.set()


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the desk, the handler, the buttons and the Home tab share. `client` repeats what may be repeated.

    `refresh` brings the pages up to date, where that can be asked for from Slack.
    """

    bot_user: str
    team: str
    settings: Settings
    knowing: Knowing
    state: State
    workers: Workers
    client: AsyncWebClient
    poster: Poster
    people: People
    pace: Pace
    measures: Measures
    ending: Ending
    refresh: Refresh | None = None
