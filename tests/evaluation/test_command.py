"""`trustbot evaluate` from questions to a kept run, over a small corpus and a model that counts words."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluation.command import evaluate
from ingest.builds import Builds
from ingest.errors import TrustbotError
from ingest.pipeline import ingest
from tests.evaluation.examples import WordModel

_DAY = date(2024, 7, 31)
_PAGES = {
    "harbour": ("Harbour House opened", "Harbour House has 80 single bedrooms and a walled garden."),
    "choir": ("The staff choir", "The staff choir rehearses on Tuesdays in the old chapel."),
    "bikes": ("Cycling to work", "Bicycle sheds with 40 places were built behind the laundry."),
    "reading": ("Reading groups", "Twelve reading groups were started by the library team."),
    "award": ("A prize for pharmacy", "The pharmacy robot won a national prize for safety."),
    "chair": ("A new chair", "Rosalind Marsh became chair of the board in June 2023."),
}
_GOLD = {
    "beds": ("how many bedrooms does Harbour House have?", "harbour", "80 single bedrooms"),
    "choir": ("when does the staff choir rehearse?", "choir", "rehearses on Tuesdays"),
    "robot": ("which national prize for safety was won by the pharmacy robot?", "award", "won a national prize"),
    "chair": ("who became chair of the board?", "chair", "Rosalind Marsh"),
}
_GATE = "[floors]\nrr = 0.9\nfacts = 0.9\n\n[ceilings]\nover_refusal = 0.5\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an index of the small corpus, a question file and a gate."""
    (tmp_path / "corpus" / "news").mkdir(parents=True)
    for id_, (title, text) in _PAGES.items():
        page = f"---\ntitle: {title}\npublished: 2024-05\n---\n\n{text}\n"
        (tmp_path / "corpus" / "news" / f"{id_}.md").write_text(page, encoding="utf-8")
    ingest(tmp_path / "corpus", tmp_path / "index", WordModel())
    _write_questions(tmp_path, _GOLD)
    (tmp_path / "gate.toml").write_text(_GATE)
    return tmp_path


def _write_questions(place: Path, gold: Mapping[str, tuple[str, str, str]]) -> None:
    """Each answer is expected to hold the words of its gold."""
    rows = [
        {
            "id": id_,
            "question": question,
            "kind": "progress",
            "answerable": True,
            "expect": [[quote]],
            "sources": [page],
            "gold": [{"document": page, "quote": quote}],
        }
        for id_, (question, page, quote) in gold.items()
    ]
    (place / "questions.yaml").write_text(yaml.safe_dump(rows))


def _evaluate(place: Path, **options: Any) -> dict[str, Any]:
    known = {"index": place / "index", "questions": place / "questions.yaml", "out": place / "runs"}
    return evaluate(**(known | {"model": WordModel(), "today": _DAY} | options))


def _break_retrieval(index: Path) -> None:
    """Every passage is found by the words and meaning of the one before it."""
    builds = Builds(index)
    passages = builds.path(builds.current().id) / "passages.jsonl"
    first, *others = passages.read_text(encoding="utf-8").splitlines(keepends=True)
    passages.write_text("".join([*others, first]), encoding="utf-8")


def test_a_run_is_printed_and_kept_with_its_report(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = _evaluate(place)

    printed = capsys.readouterr().out
    folder = place / "runs" / results["run"]["id"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "answers.jsonl",
        "qrels.trec",
        "report.html",
        "results.json",
        "run.trec",
    ]
    assert results["measures"]["overall"]["facts"]["value"] == 1.0
    assert results["run"]["day"] == "2024-07-31"
    assert "4 questions on 2024-07-31" in printed
    assert "0 of 4 questions fell short" in printed


def test_results_can_be_had_as_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = _evaluate(place, as_json=True)

    assert json.loads(capsys.readouterr().out)["run"]["id"] == results["run"]["id"]


def test_a_sound_retriever_passes_the_gate(place: Path) -> None:
    _evaluate(place, gate=place / "gate.toml")


def test_a_deliberately_broken_retriever_is_caught_by_the_gate_which_names_what_fell(place: Path) -> None:
    _break_retrieval(place / "index")

    with pytest.raises(TrustbotError) as caught:
        _evaluate(place, gate=place / "gate.toml")

    said = str(caught.value)
    assert said.startswith("the gate is not passed: rr 0.")
    assert "is below 0.9; " in said
    assert "\n" not in said


def test_a_run_that_falls_is_kept_all_the_same(place: Path) -> None:
    _break_retrieval(place / "index")

    with pytest.raises(TrustbotError, match=r"report\.html shows the questions"):
        _evaluate(place, gate=place / "gate.toml")

    assert len(list((place / "runs").glob("*/report.html"))) == 1


def test_a_baseline_shows_what_the_broken_retriever_made_worse(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _evaluate(place)["run"]["id"]
    _break_retrieval(place / "index")

    comparison = _evaluate(place, baseline=place / "runs" / before)["comparison"]

    assert comparison["baseline"] == before
    assert comparison["better"] == []
    assert "beds" in {change["id"] for change in comparison["worse"]}
    assert f"Against {before}, the same 4 questions" in capsys.readouterr().out


def test_two_runs_of_one_build_on_one_day_measure_the_same(place: Path) -> None:
    first, second = _evaluate(place), _evaluate(place)

    assert first["measures"] == second["measures"]


def test_a_gate_that_limits_nothing_these_questions_measure_does_not_pass(place: Path) -> None:
    (place / "gate.toml").write_text("[floors]\nrefusals = 0.5\n")

    with pytest.raises(TrustbotError, match="limits nothing that these questions measure"):
        _evaluate(place, gate=place / "gate.toml")


def test_a_baseline_that_answered_none_of_the_questions_is_said_before_anything_is_asked(place: Path) -> None:
    before = place / "runs" / str(_evaluate(place)["run"]["id"])
    _write_questions(place, {"trees": ("how many places do the bicycle sheds have?", "bikes", "40 places")})

    with pytest.raises(TrustbotError, match="answered none of these questions"):
        _evaluate(place, baseline=before)


def test_what_cannot_be_used_is_said_before_anything_is_asked(place: Path) -> None:
    with pytest.raises(TrustbotError, match="no run at"):
        _evaluate(place, baseline=place / "absent")
    with pytest.raises(TrustbotError, match="no index in"):
        _evaluate(place, index=place / "absent")
    with pytest.raises(TrustbotError, match="measured by itself"):
        _evaluate(place, dataset=place / "sets", gate=True)

    assert not (place / "runs").exists()


def test_gold_that_a_page_lost_is_printed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question, page, _ = _GOLD["beds"]
    _write_questions(place, _GOLD | {"beds": (question, page, "90 single bedrooms")})

    _evaluate(place)

    assert "beds: gold no longer matches harbour: “90 single bedrooms”" in capsys.readouterr().out
