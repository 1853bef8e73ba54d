"""The bot in Slack with a language model behind it, good, hostile or slow: people see verified words, and soon."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.writing import Writer
from ingest.embedding import EmbeddingModel
from tests.language_model import HOSTILE, STALL, ScriptedModel, citing
from tests.pages import GARDEN, QUIET_ROOM, TIDEWATER
from tests.slack.slack_world import GENERAL, MENTION, Pages


@pytest.fixture
def script() -> Iterator[ScriptedModel]:
    with ScriptedModel() as script:
        yield script


@pytest.fixture
def answerer(script: ScriptedModel, trust_index: Path, model: EmbeddingModel) -> Iterator[Answerer]:
    """The made-up trust, with the scripted model writing; two requests to it may be under way at once."""
    with ExitStack() as stack:
        writer = Writer(script.served(at_once=2), model, seconds=60)
        yield stack.enter_context(closing(Answerer(trust_index, model, today=lambda: date(2024, 6, 30), writer=writer)))


async def test_a_written_answer_is_shown_above_its_sources_and_says_who_wrote_it(in_slack, script, answerer):
    script.part = citing(("The Garden Club now has 52 volunteers.", "52 volunteers"))
    async with in_slack(pages=answerer, **_with_a_model(script)) as world:
        reply = await world.reply(await world.alice.says(f"{MENTION} {GARDEN}", GENERAL))
        assert reply["text"].startswith("The Garden Club now has 52 volunteers [1].")
        assert "Written by a language model (scripted); every sentence was checked" in reply["text"]
        await world.alice.clicks(reply["ts"], "passages", channel=GENERAL)
        assert "52 volunteers" in str(await world.window("Passages"))
        served = world.bot.measures.registry
        assert served.get_sample_value("trustbot_answered_by_total", {"by": "model"}) == 1


async def test_nothing_that_a_hostile_model_made_up_is_ever_sent_to_slack(in_slack, script, answerer):
    async with in_slack(pages=answerer, questions_a_minute=1000, **_with_a_model(script)) as world:
        for script.part in HOSTILE.values():
            await world.reply(await world.alice.says(f"{MENTION} {TIDEWATER}", GENERAL))
        sent = str([(call.method, call.args) for call in world.slack.record.calls])
        assert "Tidewater House opened on 9 November 2022" in sent
        assert "evil.example" not in sent and "@here" not in sent and "<!channel>" not in sent
        assert not [line.text for line in script.untrue if line.text in sent and not line.verbatim]


async def test_the_stop_button_ends_the_request_to_the_model(in_slack, script, answerer):
    script.part = lambda _: STALL
    async with in_slack(pages=answerer, **_with_a_model(script)) as world:
        asked = await world.alice.says(f"{MENTION} {GARDEN}", GENERAL)
        assert await asyncio.to_thread(script.under_way.acquire, timeout=15)
        await world.slack.wait_for(lambda: "[Stop]" in world.alice.sees(GENERAL))
        await world.alice.stops(asked["ts"], GENERAL)
        reply = await world.reply(asked)
        assert reply["text"].startswith("Stopped.")
        assert await asyncio.to_thread(script.hung_up.wait, 15)


async def test_while_the_model_stalls_for_some_the_others_are_answered_from_the_passages(in_slack, script, answerer):
    script.part = lambda _: STALL
    async with in_slack(pages=answerer, questions_a_minute=1000, **_with_a_model(script)) as world:
        stalled = [await world.alice.says(f"{MENTION} {text}", GENERAL) for text in (GARDEN, TIDEWATER)]
        for _ in stalled:
            assert await asyncio.to_thread(script.under_way.acquire, timeout=15)
        others = [await world.bob.says(f"{MENTION} {QUIET_ROOM}", GENERAL) for _ in range(6)]
        for asked in others:
            await world.slack.wait_for(lambda ts=asked["ts"]: world.replies(ts), 20, "an answer")
            [reply] = world.replies(asked["ts"])
            assert "140 visitors" in reply["text"]
            assert "because the language model was busy with other questions" in reply["text"]
        assert not any(world.replies(asked["ts"]) for asked in stalled)
        for asked in stalled:
            await world.alice.stops(asked["ts"], GENERAL)
        for asked in stalled:
            assert (await world.reply(asked))["text"].startswith("Stopped.")


async def test_the_status_line_is_kept_alive_while_an_answer_takes_long(in_slack, monkeypatch):
    monkeypatch.setattr("bot.slack.progress._RENEWED", 0.05)
    async with in_slack(pages=Pages()) as world:
        world.pages.gate.clear()
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        shown = world.slack.record
        await world.slack.wait_for(lambda: len(shown.calls_to("assistant.threads.setStatus")) >= 4, 15, "four statuses")
        world.pages.gate.set()
        await world.reply(asked)
        assert "is reading" not in world.alice.sees(GENERAL)


def _with_a_model(script):
    return {"llm_provider": "openai-like", "llm_model": "scripted", "llm_url": script.url, "llm_at_once": 2}
