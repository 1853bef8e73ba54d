"""The pages brought up to date from the Home tab: by those who are named, one at a time, and told in a window."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field

import pytest

from bot.slack.refreshing import RefreshCommand, in_words
from ingest.errors import TrustbotError

ALICE = "U0ALICE"
DONE = {"outcome": "promoted", "build": "b2", "held_because": [], "added": [{}], "changed": [{}, {}]} | dict.fromkeys(
    ("moved", "withdrawn", "returned", "edited", "failed"), ()
)


@dataclass
class Pages:
    """Pages that are fetched when they are told to be; counts how often that was asked for."""

    fetched: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def __call__(self) -> str:
        self.asked += 1
        await self.fetched.wait()
        return in_words(DONE)


async def home_of(world, person=ALICE):
    await (world.alice if person == ALICE else world.bob).opens("home")
    return await world.slack.wait_for(lambda: world.slack.workspace.homes.get(person))


async def test_one_of_comms_has_the_pages_fetched_and_reads_what_changed(in_slack):
    pages = Pages()
    async with in_slack(refresh=pages, refreshers=(ALICE,)) as world:
        home = await home_of(world)
        await world.alice.clicks_in_view(home["id"], "refresh")
        assert "I am fetching the pages" in str(await world.window("Pages"))
        pages.fetched.set()
        await world.slack.wait_for(lambda: "(1 added, 2 changed)" in str(world.slack.workspace.views))


async def test_a_second_press_meanwhile_starts_nothing(in_slack):
    pages = Pages()
    async with in_slack(refresh=pages, refreshers=(ALICE,)) as world:
        home = await home_of(world)
        await world.alice.clicks_in_view(home["id"], "refresh")
        await world.window("Pages")
        await world.alice.clicks_in_view(home["id"], "refresh")
        await world.slack.wait_for(lambda: "fetched already" in str(world.slack.workspace.views))
        pages.fetched.set()
        await world.slack.wait_for(lambda: "up to date" in str(world.slack.workspace.views))
        assert pages.asked == 1


async def test_why_it_could_not_be_done_is_said(in_slack):
    async def refresh() -> str:
        raise TrustbotError("sources.yaml does not exist")

    async with in_slack(refresh=refresh, refreshers=(ALICE,)) as world:
        home = await home_of(world)
        await world.alice.clicks_in_view(home["id"], "refresh")
        await world.slack.wait_for(lambda: "could not be done: sources.yaml" in str(world.slack.workspace.views))


@pytest.mark.parametrize("named", [(), ("U0BOB",)])
async def test_nobody_else_sees_the_button(in_slack, named):
    async with in_slack(refresh=Pages(), refreshers=named) as world:
        assert "Bring the pages up to date" not in str(await home_of(world))


async def test_where_the_bot_cannot_refresh_nobody_sees_the_button(in_slack):
    async with in_slack(refreshers=(ALICE,)) as world:
        assert "Bring the pages up to date" not in str(await home_of(world))


def test_a_held_refresh_says_what_lets_it_in():
    said = in_words(DONE | {"outcome": "held", "held_because": ["11 of 20 pages would be withdrawn"]})
    assert "I answer as before: 11 of 20 pages would be withdrawn" in said
    assert "`trustbot builds promote b2`" in said


async def test_the_command_is_run_and_its_report_told():
    assert (
        "(1 added, 2 changed)"
        in await RefreshCommand([sys.executable, "-c", f"print({json.dumps(json.dumps(DONE))})"])()
    )


async def test_the_line_a_command_fails_with_is_told():
    code = "import sys; sys.exit('trustbot: another refresh is under way')"
    with pytest.raises(TrustbotError, match=r"^another refresh is under way$"):
        await RefreshCommand([sys.executable, "-c", code])()


async def test_a_bot_that_ends_ends_the_command_too(tmp_path):
    started = tmp_path / "started"
    code = f"import os, pathlib, time; pathlib.Path({str(started)!r}).write_text(str(os.getpid())); time.sleep(60)"
    running = asyncio.create_task(RefreshCommand([sys.executable, "-c", code])())
    async with asyncio.timeout(20):
        while not (started.is_file() and started.read_text()):
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
