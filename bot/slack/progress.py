"""Progress: what people see while the bot works, a status line and a stop button."""

import asyncio
import logging
from collections.abc import Awaitable

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.prompts import reply
from bot.slack.logs import log

_AT_MOST = 3.0  # seconds; an answer never waits longer for its status line


class Progress:
    """Shows and ends the status of a thread. It is a courtesy: what fails here is logged and no more."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def begin(self, channel: str, thread: str) -> None:
        """Show that the bot is at work, with a button that stops it."""
        status = self._client.assistant_threads_setStatus(
            channel_id=channel, thread_ts=thread, status=reply("slack_looking")
        )
        await asyncio.gather(_tried(status), _tried(self._session(channel, thread, "processing")))

    async def end(self, channel: str, thread: str, *, answered: bool) -> None:
        """Take the button away, and the status line too where no message has ended it."""
        ending = [_tried(self._session(channel, thread, "active"))]
        if not answered:
            cleared = self._client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status="")
            ending.append(_tried(cleared))
        await asyncio.gather(*ending)

    async def _session(self, channel: str, thread: str, status: str) -> None:
        await self._client.agents_sessions_setStatus(channel_id=channel, thread_ts=thread, status=status)


async def _tried(call: Awaitable[object]) -> None:
    try:
        await asyncio.wait_for(call, _AT_MOST)
    except SlackApiError as error:
        log("status not shown", level=logging.WARNING, error=str(error.response.get("error")))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log("status not shown", level=logging.WARNING, error=type(error).__name__)
