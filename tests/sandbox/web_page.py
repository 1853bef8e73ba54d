"""A browser without a screen, for tests of the sandbox's page: it reads the state, acts and listens."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox.standin import SlackStandin
from sandbox.web_page.cast import fill
from sandbox.web_page.serving import WebPage

SOON = 10.0


class Visitor:
    """Somebody with the page open. They may be several people in turn."""

    def __init__(self, slack: SlackStandin, http: aiohttp.ClientSession) -> None:
        self.slack, self.http = slack, http

    async def sees(self, user: str = "U0ALICE") -> dict[str, Any]:
        async with self.http.get(f"{self.slack.url}/web/state", params={"user": user}) as answer:
            assert answer.status == 200
            return await answer.json()

    async def channel(self, channel: str, user: str = "U0ALICE") -> dict[str, Any]:
        (found,) = [c for c in (await self.sees(user))["channels"] if c["id"] == channel]
        return found

    async def texts(self, channel: str, user: str = "U0ALICE") -> list[str]:
        return [message["text"] for message in (await self.channel(channel, user))["messages"]]

    async def tries(self, user: object, verb: object, **args: Any) -> dict[str, Any]:
        """Do something that may be refused."""
        body = {"user": user, "verb": verb, "args": args}
        async with self.http.post(f"{self.slack.url}/web/act", json=body) as answer:
            told = await answer.json()
            assert answer.status == (200 if told["ok"] else 422)
            return told

    async def does(self, user: str, verb: str, **args: Any) -> dict[str, Any]:
        """Do something that works; what came of it."""
        told = await self.tries(user, verb, **args)
        assert told["ok"], told
        return told["result"]

    async def record(self, after: int = 0) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.slack.url}/web/record", params={"after": after}) as answer:
            return (await answer.json())["entries"]

    async def when(self, test: Any, what: str = "") -> Any:
        """Wait until an awaited test is true, and return what it gave."""
        async with asyncio.timeout(SOON):
            while not (found := await test()):
                await asyncio.sleep(0.02)
        return found

    @asynccontextmanager
    async def listening(self, user: str = "U0ALICE") -> AsyncIterator[AsyncIterator[int]]:
        """The revisions that the page is told of, as they come."""
        async with self.http.get(f"{self.slack.url}/web/updates", params={"user": user}) as answer:
            assert answer.content_type == "text/event-stream"
            yield _revisions(answer)


async def _revisions(answer: aiohttp.ClientResponse) -> AsyncIterator[int]:
    async for line in answer.content:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))["revision"]


@asynccontextmanager
async def sandbox_page(manifest: dict[str, Any], **options: Any) -> AsyncIterator[Visitor]:
    """A stand-in with the cast in it, its page, and somebody who has it open."""
    slack = SlackStandin(manifest, **options)
    fill(slack)
    await slack.start(routes=WebPage(slack).routes())
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            yield Visitor(slack, http)
    finally:
        await slack.stop()
