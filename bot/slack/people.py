"""People: who may be answered. Guests, people of other organisations and strangers are not, unless allowed."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.logs import log

_REMEMBERED = 600.0  # seconds for which what Slack said of a person holds
_AT_MOST = 3.0  # seconds that Slack has to say it
_MOST_PEOPLE = 10_000


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is known of somebody: the name to show, and why they are turned away, if they are."""

    name: str
    turned_away: str | None


class People:
    """Looks people up, and remembers them for ten minutes. Fails closed: who cannot be read is not answered."""

    def __init__(
        self, client: AsyncWebClient, *, team: str, allow_guests: bool = False, allow_outside: bool = False
    ) -> None:
        self._client, self._team = client, team
        self._allow_guests, self._allow_outside = allow_guests, allow_outside
        self._known: dict[str, tuple[float, Person]] = {}

    async def who(self, user: str) -> Person:
        """Who somebody is, and the name of the canned reply that turns them away, if one does."""
        at, person = self._known.get(user, (0.0, None))
        if person is not None and time.monotonic() - at < _REMEMBERED:
            return person
        try:
            found = await asyncio.wait_for(self._client.users_info(user=user), _AT_MOST)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log("person not read", level=logging.WARNING, error=type(error).__name__)
            return Person(name="Somebody", turned_away="slack_unknown_person")
        person = self._judged(found.get("user") or {})
        if len(self._known) >= _MOST_PEOPLE:
            self._known.clear()
        self._known[user] = (time.monotonic(), person)
        return person

    def _judged(self, user: Mapping[str, Any]) -> Person:
        profile = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or user.get("name") or "Somebody"
        return Person(name=str(name), turned_away=self._turned_away(user))

    def _turned_away(self, user: Mapping[str, Any]) -> str | None:
        if not user.get("id") or user.get("deleted") or user.get("is_bot"):
            return "slack_unknown_person"
        outside = user.get("is_stranger") or user.get("team_id") != self._team
        if outside and not self._allow_outside:
            return "slack_outside"
        guest = user.get("is_restricted") or user.get("is_ultra_restricted")
        return "slack_guest" if guest and not self._allow_guests else None
