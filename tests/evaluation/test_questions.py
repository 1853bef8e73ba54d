"""The form of a question set, and what is said when a file does not keep to it."""

from collections import Counter
from pathlib import Path

import pytest

from evaluation.questions import first_match, load_questions, packaged_questions, questions_digest
from ingest.errors import TrustbotError

_ONE = """
- id: beds
  question: how many beds?
  kind: progress
  answerable: true
  needs: [ward]
  expect:
  - [80 beds, eighty beds]
  sources: [ward]
  history:
  - question: what is Clock View?
    answer: A hospital.
"""
_OTHER = """
- id: parking
  question: where can I park?
  kind: out-of-scope
  answerable: false
  needs: []
  expect: []
  sources: []
  expect_status: [out_of_scope, not_found]
"""


def _file(folder: Path, text: str, name: str = "questions.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_questions_is_read_in_the_documented_form(tmp_path: Path) -> None:
    (question,) = load_questions(_file(tmp_path, _ONE))

    asked = question.asked()

    assert (asked.id, asked.text) == ("beds", "how many beds?")
    assert asked.history[0].answer == "A hospital."
    assert question.expect == (("80 beds", "eighty beds"),)


def test_a_folder_is_read_in_order_of_its_files_names(tmp_path: Path) -> None:
    _file(tmp_path, _OTHER, "a.yaml")
    _file(tmp_path, _ONE, "b.yaml")
    _file(tmp_path, "not questions", "notes.txt")

    assert [question.id for question in load_questions(tmp_path)] == ["parking", "beds"]


def test_a_repeated_question_is_asked_so_many_times_over(tmp_path: Path) -> None:
    text = _OTHER.replace("where can I park?", "'park '") + "  repeat: 3\n"

    (question,) = load_questions(_file(tmp_path, text))

    assert question.asked().text == "park park park "


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_ONE + "  expcet: [[80]]\n", "question beds: there is no field 'expcet'"),
        (_ONE.replace("eighty beds", "'(80'"), "question beds: expect.0.1: '(80' is not a regular expression"),
        (_OTHER.replace("not_found", "notfound"), "'notfound' is no status; they are answered, partial"),
        (_ONE.replace("  kind: progress\n", ""), "question beds: kind: Field required"),
        (_OTHER.replace("  expect_status: [out_of_scope, not_found]\n", ""), "needs 'expect_status'"),
        (_ONE.replace("  - [80 beds, eighty beds]\n", "  - []\n"), "question beds: expect.0:"),
        (_ONE + _ONE, "the id 'beds' to two questions"),
        ("beds: 80", "is not a list of questions"),
        ("- [beds", "cannot be read as YAML"),
        ("[]", "holds no question"),
        ("- beds", "question number 1"),
    ],
)
def test_a_file_that_is_not_in_the_form_is_refused_in_one_line_that_names_the_place(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(TrustbotError) as refusal:
        load_questions(_file(tmp_path, text))

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_path_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustbotError, match="no questions at"):
        load_questions(tmp_path / "absent.yaml")


def test_a_pattern_matches_in_any_case_and_over_line_ends() -> None:
    assert first_match(["graham.*built"], "By GRAHAM,\nit was built.") == 3
    assert first_match(["twelve", "12"], "of 12, twelve") == 3
    assert first_match(["13"], "of 12") is None


def test_the_digest_changes_with_any_field(tmp_path: Path) -> None:
    before = load_questions(_file(tmp_path, _ONE))
    after = load_questions(_file(tmp_path, _ONE.replace("eighty", "80 new")))

    assert questions_digest(before) != questions_digest(after)
    assert questions_digest(before) == questions_digest(list(before))


def test_the_packaged_set_has_all_twelve_kinds() -> None:
    kinds = Counter(question.kind for question in load_questions(packaged_questions()))

    assert kinds == {
        "programme": 25,
        "partner": 20,
        "progress": 30,
        "temporal": 25,
        "people": 12,
        "place": 10,
        "multi": 15,
        "acronym-typo": 15,
        "followup": 15,
        "unanswerable": 25,
        "out-of-scope": 12,
        "adversarial": 15,
    }


def test_every_answerable_question_of_the_packaged_set_has_gold() -> None:
    questions = load_questions(packaged_questions())

    assert [question.id for question in questions if question.answerable and not question.gold] == []
