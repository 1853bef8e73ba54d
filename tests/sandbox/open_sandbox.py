"""A sandbox for the browser tests: the local Slack with its page, and the real bot in it, on a loop of their own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.answering import Answerer
from bot.answers import Answer, Question
from bot.slack.manifest import shipped_manifest
from bot.slack.serving import running
from ingest.index import Index
from sandbox.limits import Limits
from sandbox.standin import SlackStandin
from sandbox.web_page.cast import COMMS_CHANNEL, fill
from sandbox.web_page.serving import WebPage
from tests.slack.slack_world import settings_for

T = TypeVar("T")
_PATIENCE = 30
_LIMITS = Limits(ack_timeout=10.0)  # on a machine that does much else; what is slow is not what is tested


@dataclass
class Held:
    """An Answerer that answers when `gate` is set."""

    answerer: Answerer
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def answer(self, question: Question) -> Answer:
        assert self.gate.wait(_PATIENCE), "nobody opened the gate"
        return self.answerer.answer(question)

    def current_index(self) -> Index:
        return self.answerer.current_index()


@dataclass(frozen=True, kw_only=True)
class OpenSandbox:
    """A sandbox that runs; `held` is what the bot answers from."""

    slack: SlackStandin
    held: Held
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the sandbox's loop do this, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(_PATIENCE)

    def says(self, user: str, text: str, channel: str) -> dict[str, Any]:
        """Somebody who sits elsewhere writes in a channel."""
        return self.run(self.slack.person(user).says(text, channel))

    def close_windows(self) -> None:
        """Close every modal that somebody has left open, and let every answer through."""
        self.held.gate.set()
        self.run(self._close_windows())

    async def _close_windows(self) -> None:
        for user in self.slack.workspace.users:
            for view in self.slack.workspace.modals(user)[:1]:
                await self.slack.person(user).closes(view["id"])

    def bot_calls(self, method: str, **arguments: object) -> dict[str, Any]:
        """The bot's token is used for a call of its own making, blocks the bot never sends among them."""
        return self.run(self._call(method, arguments))

    async def _call(self, method: str, arguments: dict[str, object]) -> dict[str, Any]:
        from slack_sdk.web.async_client import AsyncWebClient

        client = AsyncWebClient(token=self.slack.app.bot_token, base_url=self.slack.api_url)
        return dict((await client.api_call(method, json=arguments)).data)  # type: ignore[arg-type]


@contextmanager
def open_sandbox(answerer: Answerer, folder: Path, *, port: int = 0, **changes: Any) -> Iterator[OpenSandbox]:
    """A sandbox for as long as the block lasts; `folder` keeps the bot's state, `changes` are settings of it."""
    ready: list[OpenSandbox] = []
    started, wished = threading.Event(), asyncio.Event()
    failed: list[BaseException] = []

    async def live() -> None:
        slack = SlackStandin(shipped_manifest(), limits=_LIMITS, rate_limits=False)
        fill(slack)
        await slack.start(port, routes=WebPage(slack).routes())
        held = Held(answerer)
        settings = settings_for(slack, folder, health="off", comms_channel=COMMS_CHANNEL, **changes)
        try:
            async with running(settings, held):
                await slack.connected()
                ready.append(OpenSandbox(slack=slack, held=held, loop=asyncio.get_running_loop()))
                started.set()
                await wished.wait()
                held.gate.set()
        finally:
            await slack.stop()

    def main() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:
            failed.append(error)
            started.set()

    thread = threading.Thread(target=main, daemon=True)
    thread.start()
    assert started.wait(60), "the sandbox did not start"
    if failed:
        raise failed[0]
    try:
        yield ready[0]
    finally:
        ready[0].loop.call_soon_threadsafe(wished.set)
        thread.join(_PATIENCE)
        if failed:
            raise failed[0]
