"""Promise 1: every quote stands, to the letter, at its place in the stored document of the build that was asked."""

from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import read_stored
from tests.commands import Command
from tests.pages import GARDEN, QUESTIONS, write_page

ASKED = (
    "How many staff have been trained in HOPE(S)?",
    "What progress on end of life care?",
    "Who funds M-RIC?",
    "what does the Life Rooms offer",
    "Which partners built the new hospital at Mossley Hill?",
    "When did the Aspen Wood building open?",
    "what was the CQC rating in 2019",
    "Who is the chief executive?",
    "list the operational transformation priorities",
    "wat is zero suicide aliance",
    "Is there a cafe on the moon?",
)


def check_quotes(answer: Answer, index: Path) -> None:
    builds = Builds(index)
    for citation in answer.citations:
        document, passages = read_stored(builds, builds.get(str(answer.build)), citation.document)
        assert citation.quote == document.text[citation.start : citation.end] != ""
        assert citation.quote in answer.answer
        assert citation.title == document.title
        assert any(passage.start <= citation.start < passage.end for passage in passages)


@pytest.mark.parametrize("question", QUESTIONS)
def test_quotes_from_the_made_up_trust_are_verbatim(trust_index: Path, model: EmbeddingModel, question: str) -> None:
    check_quotes(Answerer(trust_index, model).answer(Question(text=question)), trust_index)


@pytest.mark.parametrize("question", ASKED)
def test_quotes_from_the_corpus_are_verbatim(corpus_index: Path, model: EmbeddingModel, question: str) -> None:
    check_quotes(Answerer(corpus_index, model).answer(Question(text=question)), corpus_index)


def test_a_quote_is_verbatim_where_the_page_has_emoji_accents_and_odd_spaces(command: Command, tmp_path: Path) -> None:
    write_page(
        tmp_path / "corpus",
        "news/cafe.md",
        "Hello 🐝👩‍⚕️. The cafe\u0301 serves\u00a0*forty* [teas](https://t.example).",
    )
    command("ingest")
    (citation,) = command("ask", "How many teas does the café serve?", "--json").json["citations"]
    text = command("show", "cafe", "--json").json["text"]
    assert citation["quote"] == text[citation["start"] : citation["end"]] == "The café serves forty teas."


def test_the_offsets_are_those_of_the_build_named_also_after_the_page_has_changed(
    command: Command, tmp_path: Path
) -> None:
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 31 volunteers.")
    command("ingest")
    answer = command("ask", GARDEN, "--json").json
    write_page(tmp_path / "corpus", "news/garden.md", "It was raining. The Garden Club has 52 volunteers.")
    command("ingest")
    (citation,) = answer["citations"]
    then = command("show", "garden", "--build", answer["build"], "--json").json["text"]
    assert then[citation["start"] : citation["end"]] == citation["quote"] == "The Garden Club has 31 volunteers."
