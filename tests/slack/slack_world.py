"""A world for the tests: the local Slack, the pages, what people write and what they see."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pydantic import SecretStr

from bot.answers import Answer, Citation, ClosestPage, Question
from bot.settings import Settings
from bot.slack.serving import Bot
from ingest.documents import Document
from ingest.glossary import Glossary, Name
from sandbox.ids import BOT_USER
from sandbox.limits import Limits
from sandbox.people import Person
from sandbox.standin import SlackStandin
from sandbox.workspace import Channel, User

GENERAL = "C0GENERAL"
MENTION = f"<@{BOT_USER}>"
PAGE = "HOPE(S) began in 2019. More than 2,400 clinical staff were trained. It won an award in 2023."
QUOTE = "More than 2,400 clinical staff were trained."
SOON = Limits(ack_timeout=1.0, retry_delays=(0.2, 0.4, 0.8))


def citation(**changes: Any) -> Citation:
    """A citation of the one page there is."""
    whole: dict[str, Any] = {
        "number": 1,
        "document": "hopes-2024",
        "title": "HOPE(S) conference",
        "kind": "news",
        "url": "https://trust.example/hopes",
        "published": "2024-05-17",
        "as_of": "2024-05-17",
        "headings": ("Training",),
        "quote": QUOTE,
        "start": PAGE.index(QUOTE),
        "end": PAGE.index(QUOTE) + len(QUOTE),
    }
    return Citation(**whole | changes)


def answered(question: str, **changes: Any) -> Answer:
    """An answer with one citation."""
    whole: dict[str, Any] = {
        "id": None,
        "question": question,
        "status": "answered",
        "answer": f"17 May 2024: “{QUOTE}” [1]",
        "citations": (citation(),),
        "as_of": "2024-05-17",
        "build": "build-1",
    }
    return Answer(**whole | changes)


def not_found(question: str) -> Answer:
    """An answer that is none, with the closest page."""
    page = ClosestPage(document="hopes-2024", title="HOPE(S) conference", url="https://trust.example/hopes")
    return Answer(
        id=None,
        question=question,
        status="not_found",
        answer="I could not find this in the trust's pages.",
        closest=(page,),
        build="build-1",
    )


def _document() -> Document:
    return Document(
        id="hopes-2024",
        kind="news",
        title="HOPE(S) conference",
        author=None,
        publisher=None,
        published="2024-05-17",
        published_basis=None,
        summary=False,
        url="https://trust.example/hopes",
        programmes=("HOPE(S)",),
        partners=(),
        embargo_until=None,
        review_by=None,
        path="news/hopes-2024.md",
        text=PAGE,
        blocks=(),
        digest="d",
    )


@dataclass
class Pages:
    """Answers like the Answerer, from what a test has written down; `gate` holds every answer back until it is set."""

    answers: dict[str, Answer | Exception] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    documents: dict[str, Document] = field(default_factory=lambda: {"hopes-2024": _document()})
    programmes: list[str] = field(default_factory=lambda: ["HOPE(S)"])

    def __post_init__(self) -> None:
        self.gate.set()

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        assert self.gate.wait(30), "nobody opened the gate"
        found = self.answers.get(question.text) or answered(question.text)
        if isinstance(found, Exception):
            raise found
        return replace(found, id=question.id)

    def current_index(self) -> Any:
        return SimpleNamespace(
            documents=self.documents,
            build=SimpleNamespace(id="build-1", created="2024-06-01T06:00:00Z"),
            glossary=Glossary(names=tuple(Name(section="programmes", name=name) for name in self.programmes)),
        )


@dataclass
class World:
    """The local Slack, the bot in it and the pages it answers from."""

    slack: SlackStandin
    pages: Pages
    settings: Settings
    bot: Bot | None = None
    windows: set[str] = field(default_factory=set)

    def person(self, user: str) -> Person:
        return self.slack.person(user)

    @property
    def alice(self) -> Person:
        return self.person("U0ALICE")

    @property
    def bob(self) -> Person:
        return self.person("U0BOB")

    def add_person(self, user: str, **about: Any) -> Person:
        """Another person, in the general channel too."""
        self.slack.workspace.add_user(User(id=user, name=user.lower(), **about))
        self.slack.workspace.channels[GENERAL].members.append(user)
        return self.person(user)

    def add_channel(self, channel: str, **about: Any) -> Channel:
        """Another channel that everybody is in, the bot too."""
        members = list(self.slack.workspace.users)
        return self.slack.workspace.add_channel(Channel(id=channel, name=channel.lower(), members=members, **about))

    def replies(self, thread: str, channel: str = GENERAL) -> list[dict[str, Any]]:
        """What the bot has posted in a thread."""
        return [m for m in self.slack.workspace.bot_messages(channel) if m.get("thread_ts") == thread]

    async def reply(self, asked: Mapping[str, Any], channel: str = GENERAL, *, count: int = 1) -> dict[str, Any]:
        """Wait for the bot's reply to a message, the newest of `count`."""
        thread = asked.get("thread_ts") or asked["ts"]
        await self.slack.wait_for(lambda: len(self.replies(thread, channel)) >= count, 15, "a reply")
        await self.quiet()
        return self.replies(thread, channel)[-1]

    async def whisper(self, count: int = 1, *, quiet: bool = True) -> dict[str, Any]:
        """Wait for what only one person sees, the newest of `count`; `quiet` until nothing more is under way."""
        ephemerals = self.slack.workspace.ephemerals
        await self.slack.wait_for(lambda: len(ephemerals) >= count, 15, "an ephemeral message")
        if quiet:
            await self.quiet()
        return ephemerals[-1]

    async def window(self, title: str) -> dict[str, Any]:
        """Wait for a modal with that title that was not there before."""

        def new() -> list[dict[str, Any]]:
            views = self.slack.workspace.views.values()
            modals = [view for view in views if view["type"] == "modal" and view["title"]["text"] == title]
            return [view for view in modals if view["id"] not in self.windows]

        view = (await self.slack.wait_for(new, 10, f"a window {title}"))[-1]
        self.windows.add(view["id"])
        return view

    async def quiet(self, seconds: float = 0.06) -> None:
        """Wait until Slack has told everything, and the bot does nothing and has not for that long."""
        async with asyncio.timeout(30):
            while True:
                await self.slack.quiet(seconds, 30)
                assert self.bot is not None
                if not self.bot.measures.registry.get_sample_value("trustbot_under_way"):
                    return
                await asyncio.sleep(0.02)

    def broke_no_rule(self) -> None:
        """Slack was not offended, everything was acknowledged, and nobody was notified.

        The bot mentions nobody: not even the asker, who follows their own thread.
        """
        record = self.slack.record
        assert record.problems == []
        assert record.user_errors == []
        assert [d.payload for d in record.deliveries if not d.acked and not _is_the_bots_own(d.payload)] == []
        assert record.notified == []


def _is_the_bots_own(payload: Mapping[str, Any]) -> bool:
    """Slack tells the bot of its own posts, too, after it has gone."""
    return payload.get("event", {}).get("user") == BOT_USER


def settings_for(slack: SlackStandin, folder: Path, **changes: Any) -> Settings:
    """Settings of a bot in that Slack."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        **{
            "slack_bot_token": SecretStr(slack.app.bot_token),
            "slack_app_token": SecretStr(slack.app.app_token),
            "slack_signing_secret": SecretStr(slack.app.signing_secret),
            "slack_api_url": slack.api_url,
            "state": f"sqlite:///{folder}/state.db",
            "health": "127.0.0.1:0",
            "today": date(2024, 6, 30),
            **changes,
        },
    )
