"""Progress: what people see while the bot works, a status line and a stop button."""

import asyncio
import logging
from collections.abc import Awaitable

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.prompts import reply
from bot.slack.logs import log
from bot.slack.poster import word_of

_AT_MOST = 3.0  # seconds; an answer never waits longer for its status line
_RENEWED = 50.0  # seconds after which a status line is shown again; Slack takes it away after two minutes


class Progress:
    """Shows and ends the status of a thread. It is a courtesy: what fails here is logged and no more."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def show(self, channel: str, thread: str, *, until: asyncio.Event) -> None:
        """Show that the bot is at work, with a button that stops it, and keep showing it until that is set."""
        await asyncio.gather(self._status(channel, thread), _tried(self._session(channel, thread, "processing")))
        while not until.is_set():
            try:
                await asyncio.wait_for(until.wait(), _RENEWED)
            except TimeoutError:
                await self._status(channel, thread)

    async def end(self, channel: str, thread: str, *, answered: bool) -> None:
        """Take the button away, and the status line too where no message has ended it."""
        ending = [_tried(self._session(channel, thread, "active"))]
        if not answered:
            cleared = self._client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status="")
            ending.append(_tried(cleared))
        await asyncio.gather(*ending)

    async def _status(self, channel: str, thread: str) -> None:
        status = reply("slack_looking")
        await _tried(self._client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=status))

    async def _session(self, channel: str, thread: str, status: str) -> None:
        await self._client.agents_sessions_setStatus(channel_id=channel, thread_ts=thread, status=status)


async def _tried(call: Awaitable[object]) -> None:
    try:
        await asyncio.wait_for(call, _AT_MOST)
    except SlackApiError as error:
        log("status not shown", level=logging.WARNING, error=word_of(error))
    except Exception as error:  # whatever it is, the answer does not suffer from it
        log("status not shown", level=logging.WARNING, error=type(error).__name__)
