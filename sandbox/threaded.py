"""The stand-in on a thread of its own, for synchronous apps and tests."""

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from typing import Any, Self, TypeVar

from aiohttp import web

from sandbox.standin import SlackStandin

T = TypeVar("T")


class StandinThread:
    """Runs a stand-in beside the caller.

    with StandinThread(SlackStandin(manifest)) as thread:
        client = WebClient(token=thread.slack.app.bot_token, base_url=thread.slack.api_url)
        thread.run(thread.slack.person("U0ALICE").says("hello"))

    ``port``, ``host`` and ``routes`` are as in ``SlackStandin.start``; entering raises OSError when it cannot listen.
    """

    def __init__(
        self,
        slack: SlackStandin,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        routes: Iterable[web.AbstractRouteDef] = (),
    ) -> None:
        self.slack = slack
        self._where, self._routes = (host, port), routes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 15.0) -> T:
        """Let the stand-in's loop do this, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def begin(self, work: Coroutine[Any, Any, object]) -> None:
        """Let the stand-in's loop do this meanwhile."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def __enter__(self) -> Self:
        self._thread.start()
        host, port = self._where
        try:
            self.run(self.slack.start(port, host=host, routes=self._routes))
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.run(self.slack.stop())
        finally:
            self._end()

    def _end(self) -> None:
        self.run(_cancel_the_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
