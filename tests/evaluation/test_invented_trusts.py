"""The invented trusts: their questions agree with their pages, and are asked as the fixed ones are."""

from pathlib import Path

import pytest

from evaluation.checking import check_questions
from evaluation.invented import invented_trusts, main
from evaluation.questions import load_questions
from ingest.reading import read_corpus
from tests.pages import write_trust

QUESTIONS = """
- id: one
  question: how many volunteers has the garden club got now
  kind: temporal
  answerable: true
  expect: [['\\b52\\b']]
  superseded: ['\\b31\\b']
  sources: [garden-club-grows, garden-club]
  gold: [{document: garden-club-grows, quote: The Garden Club now has 52 volunteers.}]
- id: two
  question: what does the garden club cost
  kind: unanswerable
  answerable: false
  expect_status: [not_found]
"""


def test_there_are_six_of_them() -> None:
    assert len(invented_trusts()) == 6


@pytest.mark.parametrize(
    "path",
    [trust / name for name in ("questions.yaml", "lookups.yaml", "newest.yaml") for trust in invented_trusts(name)],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_what_its_questions_say_is_right_stands_on_its_pages(path: Path) -> None:
    reading = read_corpus(path.parent / "corpus")
    questions = load_questions(path)
    assert not reading.failed
    assert check_questions(questions, {document.id: document for document in reading.documents}) == []
    assert all(question.gold for question in questions if question.answerable)
    assert all(question.expect_status == ("not_found",) for question in questions if not question.answerable)


def test_a_trust_is_ingested_asked_and_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_trust(tmp_path / "larkhill" / "corpus")
    (tmp_path / "larkhill" / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    main([str(tmp_path / "larkhill"), "--index", str(tmp_path), "--today", "2026-01-01"])
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if "larkhill" in line]
    assert len(rows) == 1
    assert rows[0][-8:][:6] == ["1.000"] * 6
