"""The bot in Slack with the real answerer behind it: a question goes in, a quote of a page comes out."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.state import State
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import read_stored
from ingest.pipeline import ingest
from tests.pages import GARDEN, NIGHT_BUS, TIDEWATER, write_page
from tests.slack.slack_world import GENERAL, MENTION


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    pages = tmp_path / "corpus"
    write_page(pages, "programmes/garden-club.md", "The Garden Club has 31 volunteers.", published="2024-06-02")
    write_page(pages, "news/night-bus.md", "The night bus to Larkhill costs 3 pounds.", published="2024-05-04")
    return pages


@pytest.fixture
def answerer(tmp_path: Path, corpus: Path, model: EmbeddingModel) -> Iterator[Answerer]:
    ingest(corpus, tmp_path / "index", model)
    with closing(Answerer(tmp_path / "index", model)) as answerer:
        yield answerer


async def test_a_question_in_slack_is_answered_with_words_of_a_page(in_slack, answerer):
    async with in_slack(pages=answerer) as world:
        reply = await world.reply(await world.alice.says(f"{MENTION} {GARDEN}", GENERAL))
        assert "The Garden Club has 31 volunteers." in reply["text"]
        await world.alice.clicks(reply["ts"], "passages", channel=GENERAL)
        assert "31 volunteers" in str(await world.window("Passages"))
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        assert "1 programme pages" in str(home) and answerer.current_index().build.id in str(home)


async def test_personal_data_in_a_question_is_refused_and_kept_nowhere(in_slack, answerer, tmp_path):
    async with in_slack(pages=answerer) as world:
        text = "How is patient 943 476 5919 doing?"
        await world.reply(await world.alice.says(f"{MENTION} {text}", GENERAL))
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("state.db*"))
    assert b"943" not in kept and b"[removed]" in kept


async def test_personal_data_and_a_crisis_are_dealt_with_where_the_index_cannot_be_read(in_slack, answerer, tmp_path):
    async with in_slack(pages=answerer) as world:
        pointer = tmp_path / "index" / "current"
        pointer.unlink()
        pointer.mkdir()
        said = [
            (await world.reply(await world.alice.says(f"{MENTION} {text}", GENERAL)))["text"]
            for text in (GARDEN, "How is patient 943 476 5919 doing?", "I want to kill myself")
        ]
    assert "went wrong" in said[0] and "personal data" in said[1] and "999" in said[2]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("state.db*"))
    assert b"476 5919" not in kept and b"kill myself" not in kept and GARDEN.encode() in kept


async def test_a_question_may_be_as_long_as_the_setting_says(in_slack, tmp_path, corpus, model):
    ingest(corpus, tmp_path / "index", model)
    padding = " please" * 170
    with closing(Answerer(tmp_path / "index", model, most=2000)) as answerer:
        async with in_slack(pages=answerer, question_length=2000) as world:
            reply = await world.reply(await world.alice.says(f"{MENTION} {GARDEN}{padding}", GENERAL))
            assert "31 volunteers" in reply["text"]
            await world.alice.commands("/ask", f"patient 943 476 5919{padding}")
            assert "476 5919" not in (await world.whisper())["text"]
    assert b"476 5919" not in b"".join(path.read_bytes() for path in tmp_path.glob("state.db*"))


async def test_answers_are_right_while_the_index_is_replaced_under_them(in_slack, answerer, tmp_path, corpus, model):
    async with in_slack(pages=answerer, questions_a_minute=1000) as world:

        async def ask_on(text: str) -> None:
            for _ in range(6):
                asked = await world.alice.says(f"{MENTION} {text}", GENERAL)
                await world.slack.wait_for(lambda asked=asked: world.replies(asked["ts"]), 15)

        asking = asyncio.gather(*(ask_on(text) for text in (GARDEN, NIGHT_BUS)))
        write_page(corpus, "programmes/garden-club.md", "The Garden Club has 52 volunteers.", published="2024-06-03")
        (corpus / "news/night-bus.md").unlink()
        write_page(corpus, "news/tidewater.md", "Tidewater House opened on 9 November 2022.", published="2022-11-14")
        await asyncio.to_thread(ingest, corpus, tmp_path / "index", model)
        await asking

        said = [
            await world.reply(await world.alice.says(f"{MENTION} {t}", GENERAL)) for t in (GARDEN, NIGHT_BUS, TIDEWATER)
        ]
        assert "52 volunteers" in said[0]["text"] and "31 volunteers" not in said[0]["text"]
        assert "3 pounds" not in said[1]["text"]
        assert "9 November 2022" in said[2]["text"]

    builds = Builds(tmp_path / "index")
    with closing(State(world.settings.state)) as state:
        answers = [exchange.answer for exchange in state.kept_about("U0ALICE")]
    for answer in answers:
        for citation in answer.citations:
            document, _ = read_stored(builds, builds.get(answer.build), citation.document)
            assert document.text[citation.start : citation.end] == citation.quote
    assert len({answer.build for answer in answers}) == 2
