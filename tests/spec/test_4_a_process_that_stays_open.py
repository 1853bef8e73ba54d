"""Promises 4 and 9 of a real process that stays open, with questions and answers going through its pipes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from bot.answering import Answerer
from bot.answers import Question
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import GARDEN, QUESTIONS, TIDEWATER, write_page, write_trust

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A `trustbot ask --json` that waits for questions."""

    process: subprocess.Popen[str]
    corpus: Path
    index: Path

    def write(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def read(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def ask(self, question: str) -> Any:
        self.write(question)
        return self.read()


@pytest.fixture(scope="module")
def asking(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    folder = tmp_path_factory.mktemp("asking")
    ingest(write_trust(folder / "corpus"), folder / "index", model)
    with subprocess.Popen(
        [sys.executable, str(ROOT / "trustbot.py"), "ask", "--json", "--index", str(folder / "index")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=os.environ | {"PYTHONHASHSEED": "7", "LC_ALL": "C"},
    ) as process:
        yield Asking(process=process, corpus=folder / "corpus", index=folder / "index")
        process.kill()


def test_each_answer_comes_before_the_next_question_is_written(asking: Asking) -> None:
    for question in (GARDEN, TIDEWATER):
        assert asking.ask(question)["question"] == question


def test_answers_come_in_the_order_of_the_questions(asking: Asking) -> None:
    asking.write(*(json.dumps({"id": number, "question": question}) for number, question in enumerate(QUESTIONS)))
    assert [asking.read()["id"] for _ in QUESTIONS] == [str(number) for number, _ in enumerate(QUESTIONS)]


def test_another_process_gives_the_same_answers(asking: Asking, model: EmbeddingModel) -> None:
    answerer = Answerer(asking.index, model)
    for question in QUESTIONS:
        expected = json.loads(json.dumps(answerer.answer(Question(text=question)).as_json()))
        assert asking.ask(question) | {"seconds": 0} == expected | {"seconds": 0}


def test_a_new_build_answers_soon_after_it_was_made_current(asking: Asking, model: EmbeddingModel) -> None:
    before = asking.ask(GARDEN)
    write_page(asking.corpus, "news/garden-count.md", "The Garden Club has 77 volunteers.", published="2025-02-01")
    report = ingest(asking.corpus, asking.index, model)
    assert report.build != before["build"]
    patience = time.monotonic() + 30
    while (answer := asking.ask(GARDEN))["build"] != report.build and time.monotonic() < patience:
        assert answer | {"seconds": 0} == before | {"seconds": 0}
    assert answer["build"] == report.build
    assert answer["citations"][0]["quote"] == "The Garden Club has 77 volunteers."
    assert answer["as_of"] == "2025-02-01"


def test_bytes_that_are_not_utf_8_are_answered_like_any_question(asking: Asking) -> None:
    assert isinstance(asking.process.stdin, TextIOWrapper)
    asking.process.stdin.buffer.write(b"caf\xe9 \xff?\n")
    assert asking.ask(GARDEN)["status"] != "error"
    assert asking.read()["question"] == GARDEN


def test_it_ends_with_its_input_and_says_nothing_else(asking: Asking) -> None:
    out, err = asking.process.communicate(timeout=60)
    assert (out, err) == ("", "")
    assert asking.process.returncode == 0
