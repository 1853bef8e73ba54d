"""The Home tab: what the bot knows, how to ask it, and what it keeps about the person who looks."""

import asyncio
import logging
import time
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.answers import Question
from bot.prompts import reply
from bot.slack import modals
from bot.slack.blocks import (
    Block,
    actions,
    bullets,
    button,
    confirm,
    divider,
    header,
    line,
    plain_text,
    rich,
    run,
    words,
)
from bot.slack.library import Holdings, holdings
from bot.slack.logs import log, log_failure
from bot.slack.parts import Parts
from bot.slack.words import shortened
from ingest.dates import in_words
from ingest.errors import TrustbotError

_A_ROW = 25  # buttons, which is what Slack takes
_MOST_PROGRAMMES = 20 * _A_ROW  # a Home tab is 100 blocks and 250 kB at most
_PRIVATE = {"text": plain_text("Answer only me, where others could read along"), "value": "private"}
_NOT_DONE = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)


class Home:
    """Draws the Home tab and does what its buttons say."""

    def __init__(self, parts: Parts) -> None:
        self._knowing, self._client, self._state = parts.knowing, parts.client, parts.state
        self._workers, self._people, self._settings = parts.workers, parts.people, parts.settings
        self._pace, self._refresh, self._refreshing = parts.pace, parts.refresh, False

    async def show(self, person: str) -> None:
        """Draw somebody's Home tab anew."""
        turned_away = (await self._people.who(person)).turned_away
        if turned_away:
            blocks = [words(reply(turned_away, ask=self._settings.ask))]
        else:
            # not with the workers: the tab does not wait for other people's questions
            holds = await asyncio.to_thread(holdings, self._knowing, today=self._settings.day)
            kept = await self._workers.remember(self._state.kept_about, person)
            private = await self._workers.remember(self._state.is_private, person)
            blocks = [
                *self._how_to_ask(holds),
                *_what_it_knows(holds),
                *(_for_refreshers() if self._may_refresh(person) else ()),
                *self._about_you(len(kept), private=private),
            ]
        try:
            await self._client.views_publish(user_id=person, view={"type": "home", "blocks": blocks})
        except _NOT_DONE as error:
            log("home not shown", level=logging.WARNING, error=type(error).__name__)

    async def suggest(self, channel: str) -> None:
        """Put questions to begin with on top of the Messages tab; with a thread Slack would ignore them."""
        prompts = [{"title": text, "message": text} for text in suggestions()]
        try:
            await self._client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
        except _NOT_DONE as error:
            log("prompts not shown", level=logging.WARNING, error=type(error).__name__)

    async def programme(self, person: str, trigger: str, name: str) -> None:
        """Somebody tapped a programme: a window opens at once, and the answer comes into it."""
        question = reply("slack_programme", programme=name)
        opened = await self._open(trigger, modals.says("Answer", reply("slack_still_looking")))
        if not opened:
            return
        turned_away = (await self._people.who(person)).turned_away
        if not turned_away and not self._pace.allows(person, time.time()):
            turned_away = "slack_slow_down"
        if turned_away:
            most = str(self._settings.questions_a_minute)
            view = modals.says("Answer", reply(turned_away, ask=self._settings.ask, most=most))
        else:
            try:
                answer = await self._workers.answer(self._knowing.answer, Question(text=question))
                view = modals.shows("Answer", question, answer)
            except Exception as error:
                log_failure("programme failed", error)
                view = modals.says("Answer", reply("error", ask=self._settings.ask))
        await self._update(opened, view)

    async def kept(self, person: str, trigger: str) -> None:
        """Show somebody the newest of their questions that are stored."""
        exchanges = await self._workers.remember(self._state.kept_about, person)
        await self._open(trigger, modals.kept(exchanges, days=self._settings.retention_days))

    async def forget(self, person: str) -> None:
        """Delete somebody's history, and show that it is gone."""
        count = await self._workers.remember(self._state.forget, person)
        log("history deleted", questions=count)
        await self.show(person)

    async def set_private(self, person: str, private: bool) -> None:
        """Keep whether somebody wants their answers for themselves."""
        await self._workers.remember(self._state.set_private, person, private)
        await self.show(person)

    async def refresh(self, person: str, trigger: str) -> None:
        """One of comms wants the pages brought up to date: a window opens at once, what came of it comes into it."""
        if self._refresh is None or not self._may_refresh(person):
            return
        first = not self._refreshing
        text = reply("slack_refreshing" if first else "slack_refresh_under_way")
        opened = await self._open(trigger, modals.says("Pages", text))
        if not first or self._refreshing:
            return
        self._refreshing = True
        try:
            said = await self._refresh()
        except TrustbotError as error:
            said = reply("slack_refresh_failed", error=str(error))
        except Exception as error:
            log_failure("refresh failed", error)
            said = reply("error", ask=self._settings.ask)
        finally:
            self._refreshing = False
        await self._update(opened, modals.says("Pages", said))
        await self.show(person)

    # -- its parts

    def _may_refresh(self, person: str) -> bool:
        return self._refresh is not None and person in self._settings.refreshers

    def _how_to_ask(self, holds: Holdings) -> list[Block]:
        blocks = [header("Ask the trust's pages"), words(reply("slack_help", ask=self._settings.ask))]
        if holds.programmes:
            taps = [
                button(
                    shortened(name, 75),
                    f"programme:{i}",
                    shortened(name, 300),
                    says=shortened(f"Ask about {name}", 75),
                )
                for i, name in enumerate(holds.programmes[:_MOST_PROGRAMMES])
            ]
            blocks.append(words("Programmes: tap one to read about it", bold=True))
            blocks += [actions(taps[first : first + _A_ROW]) for first in range(0, len(taps), _A_ROW)]
        return [*blocks, divider()]

    def _about_you(self, count: int, *, private: bool) -> list[Block]:
        switch: Block = {"type": "checkboxes", "action_id": "private", "options": [_PRIVATE]}
        if private:
            switch["initial_options"] = [_PRIVATE]
        days = str(self._settings.retention_days)
        sure = confirm("Delete your history?", reply("slack_forget"), "Delete", "Keep")
        return [
            header("You"),
            words(reply("slack_about_you", count=str(count), days=days)),
            actions(
                [
                    switch,
                    button("See what is stored", "kept"),
                    button("Delete my history", "forget", danger=True, confirm=sure),
                ]
            ),
        ]

    async def _open(self, trigger: str, view: Block) -> str | None:
        try:
            opened: Any = await self._client.views_open(trigger_id=trigger, view=view)
        except _NOT_DONE as error:
            log("window not opened", level=logging.WARNING, error=type(error).__name__)
            return None
        return str(opened["view"]["id"])

    async def _update(self, opened: str | None, view: Block) -> None:
        try:
            if opened:
                await self._client.views_update(view_id=opened, view=view)
        except _NOT_DONE as error:
            log("window not updated", level=logging.WARNING, error=type(error).__name__)


def suggestions() -> list[str]:
    """The questions to begin with: the list items of their prompt, four at most."""
    lines = reply("slack_suggestions").splitlines()
    return [line.removeprefix("- ").strip() for line in lines if line.startswith("- ")][:4]


def _for_refreshers() -> list[Block]:
    sure = confirm("Fetch the pages?", reply("slack_refresh_sure"), "Fetch them", "Not now")
    return [
        header("The pages"),
        words(reply("slack_refresh")),
        actions([button("Bring the pages up to date", "refresh", confirm=sure)]),
        divider(),
    ]


def _what_it_knows(holds: Holdings) -> list[Block]:
    counted = [line(run(f"{count} {kind}")) for kind, count in holds.kinds.items()]
    newest = in_words(holds.newest) if holds.newest else "not known"
    return [
        header("What I know"),
        rich(
            bullets(
                *counted,
                line(run(f"The newest page is of {newest}.")),
                line(run(f"I read the pages last on {in_words(holds.built[:10])} (build {holds.build}).")),
            )
        ),
        divider(),
    ]
