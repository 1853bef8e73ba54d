"""Promise 9: the same question on the same build and day has the same answer, from every entrance."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.commands import Command
from tests.pages import PARTNERS, QUESTIONS, write_trust


def said(answer: Any) -> Any:
    """All of an answer but what names the asking: its id and how long it took."""
    fields = dict(answer.as_json()) if isinstance(answer, Answer) else dict(answer)
    return json.loads(json.dumps({name: fields[name] for name in fields if name not in ("id", "seconds")}))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_argument_plain_input_and_json_input_give_what_the_answerer_gives(
    trust_index: Path, model: EmbeddingModel, command: Command, question: str
) -> None:
    answer = said(Answerer(trust_index, model).answer(Question(text=question)))
    ask = ("ask", "--json", "--index", trust_index)
    assert said(command(*ask, question).json) == answer
    assert said(command(*ask, stdin=f"{question}\n").json) == answer
    in_json = command(*ask, stdin=json.dumps({"id": "q1", "question": question})).json
    assert said(in_json) == answer
    assert in_json["id"] == "q1"


def test_an_answer_does_not_depend_on_what_was_asked_before(trust_index: Path, model: EmbeddingModel) -> None:
    answerer = Answerer(trust_index, model)
    first = [said(answerer.answer(Question(text=question))) for question in QUESTIONS]
    again = [said(answerer.answer(Question(text=question))) for question in reversed(QUESTIONS)]
    assert again[::-1] == first


def test_the_same_pages_ingested_elsewhere_give_the_same_answers(
    trust_index: Path, model: EmbeddingModel, tmp_path: Path
) -> None:
    ingest(write_trust(tmp_path / "corpus"), tmp_path / "index", model)
    here, there = Answerer(trust_index, model), Answerer(tmp_path / "index", model)
    for question in QUESTIONS:
        answers = [said(answerer.answer(Question(text=question))) for answerer in (here, there)]
        assert answers[0] | {"build": None} == answers[1] | {"build": None}


def test_a_person_reads_the_same_words(trust_index: Path, command: Command) -> None:
    answer = command("ask", PARTNERS, "--index", trust_index, "--json").json
    shown = command("ask", PARTNERS, "--index", trust_index).out
    assert answer["answer"] in shown
    assert "Steady Steps, undated" in shown
