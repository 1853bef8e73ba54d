"""The check of a refresh: what a new build answers better or worse, and when that speaks against it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from evaluation.refresh_check import RefreshCheck
from ingest.builds import Build, Builds
from ingest.pipeline import ingest
from ingest.sources.report import QuestionsChange
from tests.evaluation.examples import WordModel
from tests.pages import write_page

PAGES = {
    "harbour": "Harbour House has 80 single bedrooms and a walled garden.",
    "choir": "The staff choir rehearses on Tuesdays in the old chapel.",
    "award": "The pharmacy robot won a national prize for safety.",
    "chair": "Rosalind Marsh became chair of the board in June 2023.",
    "library": "Twelve reading groups were started by the library team.",
}
QUESTIONS = {
    "beds": ("how many bedrooms does Harbour House have?", "harbour", "80 single bedrooms"),
    "choir": ("when does the staff choir rehearse?", "choir", "rehearses on Tuesdays"),
    "robot": ("which national prize for safety was won by the pharmacy robot?", "award", "won a national prize"),
    "chair": ("who became chair of the board?", "chair", "Rosalind Marsh"),
}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    rows = [
        {"id": id_, "question": text, "kind": "progress", "answerable": True, "expect": [[quote]], "sources": [page]}
        for id_, (text, page, quote) in QUESTIONS.items()
    ]
    path = tmp_path / "questions.yaml"
    path.write_text(yaml.safe_dump(rows))
    return path


def build_of(place: Path, pages: Mapping[str, str]) -> Build:
    """A build of these pages; the first one that is made stays current."""
    corpus, builds = place / "corpus", Builds(place / "index")
    current = builds.current_id()
    for name in PAGES:
        (corpus / f"news/{name}.md").unlink(missing_ok=True)
    for name, text in pages.items():
        write_page(corpus, f"news/{name}.md", text, published="2024-05")
    build = str(ingest(corpus, place / "index", WordModel()).build)
    if current:
        builds.promote(current)
    return builds.get(build)


def compared(place: Path, questions: Path, before: Mapping[str, str], after: Mapping[str, str]) -> QuestionsChange:
    current, candidate = build_of(place, before), build_of(place, after)
    check = RefreshCheck(place / "index", WordModel(), day=date(2024, 7, 31), questions=questions)
    change = check(candidate, current)
    assert Builds(place / "index").current_id() == current.id
    return change


def test_a_new_page_that_changes_no_answer_changes_nothing(tmp_path: Path, questions: Path) -> None:
    change = compared(tmp_path, questions, PAGES, PAGES | {"library": "The library team has moved to Elm Road."})
    assert change == QuestionsChange(asked=4)


def test_an_answer_that_is_lost_is_told_and_two_hold_nothing(tmp_path: Path, questions: Path) -> None:
    two_fewer = {name: text for name, text in PAGES.items() if name not in ("choir", "chair")}
    change = compared(tmp_path, questions, PAGES, two_fewer)
    lost = {(row.id, row.measure, row.before, row.after) for row in change.worse}
    assert {("choir", "facts", 1.0, 0.0), ("chair", "facts", 1.0, 0.0)} <= lost
    assert {row.id for row in change.worse} == {"choir", "chair"}
    assert (change.better, change.against) == ((), ())


def test_three_answers_lost_speak_against_the_build(tmp_path: Path, questions: Path) -> None:
    change = compared(tmp_path, questions, PAGES, {name: PAGES[name] for name in ("harbour", "library")})
    assert change.against == ("3 of the fixed questions are answered worse, 0 better",)


def test_an_answer_that_is_found_anew_is_told_as_better(tmp_path: Path, questions: Path) -> None:
    without = {name: text for name, text in PAGES.items() if name != "chair"}
    change = compared(tmp_path, questions, without, PAGES)
    assert ("chair", "facts") in {(row.id, row.measure) for row in change.better}
    assert change.worse == ()


def test_questions_on_pages_that_are_not_there_are_not_asked(tmp_path: Path, questions: Path) -> None:
    one = {"harbour": PAGES["harbour"], "library": PAGES["library"]}
    assert compared(tmp_path, questions, one, one | {"library": "It has moved."}) == QuestionsChange(asked=1)


def test_where_no_question_is_about_the_pages_none_is_asked(tmp_path: Path, questions: Path) -> None:
    before, after = {"library": "The library is open."}, {"library": "The library is closed."}
    assert compared(tmp_path, questions, before, after) == QuestionsChange(asked=0)


def test_one_answer_that_says_what_it_must_not_is_enough(tmp_path: Path, questions: Path) -> None:
    rows = yaml.safe_load(questions.read_text())
    rows[0]["forbid"] = ["closed for ever"]
    questions.write_text(yaml.safe_dump(rows))
    after = PAGES | {"harbour": "Harbour House has 80 single bedrooms and how many bedrooms it has is closed for ever."}
    change = compared(tmp_path, questions, PAGES, after)
    assert change.against == ("an answer quotes what its page does not say, or says what it must not: beds",)
