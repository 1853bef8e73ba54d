"""Calling: a client of Slack's Web API that keeps to the settings and to this machine's proxies."""

from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack.logs import QUIET


def new_client(token: str | None, settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client that repeats nothing: a post is not done once if it may be done twice."""
    client = AsyncWebClient(
        token=token, base_url=settings.slack_api_url, session=session, retry_handlers=[], logger=QUIET
    )
    if proxy_bypass(urlsplit(settings.slack_api_url).hostname or ""):  # NO_PROXY, which the client does not know
        client.proxy = None
    return client
