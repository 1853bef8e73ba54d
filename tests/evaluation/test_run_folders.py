"""A run is a folder that can be looked into later, also with TREC's own tools."""

import json
from datetime import date
from pathlib import Path

import ir_measures
import pytest

from bot.answers import Answer, Question
from evaluation.run_folders import git_revision, read_results, write_run
from evaluation.runs import Run, run_questions
from ingest.errors import TrustbotError
from tests.evaluation.examples import Stored, make_answer, make_document, make_evidence, make_passage, make_question

_WARD = make_document("the ward", "It opened in May. It has 80 beds.")
_PASSAGES = [make_passage("the ward", 0, 17), make_passage("the ward", 18, 33)]


def _run() -> Run:
    def ask(question: Question) -> Answer:
        evidence = (make_evidence(_WARD, 0, 17), make_evidence(_WARD, 18, 33, number=1))
        return make_answer("", _WARD, id=question.id, evidence=evidence)

    question = make_question(gold=[{"document": "the ward", "quote": "It has 80 beds."}])
    stored = Stored(documents={"the ward": _WARD}, passages=_PASSAGES)
    return run_questions([question], ask, stored, day=date(2024, 7, 31))


def test_a_folder_holds_results_answers_and_what_trec_tools_read(tmp_path: Path) -> None:
    folder = write_run(_run(), tmp_path / "runs")

    assert folder.parent == tmp_path / "runs"
    assert json.loads((folder / "results.json").read_text())["run"]["id"] == folder.name
    assert json.loads((folder / "answers.jsonl").read_text())["id"] == "q1"
    assert (folder / "qrels.trec").read_text() == "q1 0 the%20ward:18-33 1\n"
    assert (folder / "run.trec").read_text() == (
        "q1 Q0 the%20ward:0-17 1 2 trustbot\nq1 Q0 the%20ward:18-33 2 1 trustbot\n"
    )


def test_trec_tools_read_from_the_files_what_the_results_say(tmp_path: Path) -> None:
    folder = write_run(_run(), tmp_path)
    qrels = ir_measures.read_trec_qrels(str(folder / "qrels.trec"))
    run = ir_measures.read_trec_run(str(folder / "run.trec"))

    measured = ir_measures.calc_aggregate([ir_measures.RR @ 10], qrels, run)

    assert measured[ir_measures.RR @ 10] == 0.5
    assert read_results(folder)["measures"]["overall"]["rr"]["value"] == 0.5


def test_two_runs_of_one_second_get_a_folder_each(tmp_path: Path) -> None:
    run = _run()

    first = write_run(run, tmp_path)
    second = write_run(run, tmp_path)

    assert first != second
    assert read_results(second)["run"]["id"] == second.name


def test_results_are_found_by_their_folder_or_their_file(tmp_path: Path) -> None:
    folder = write_run(_run(), tmp_path)

    assert read_results(folder) == read_results(folder / "results.json")


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"a": 1}')
    (tmp_path / "broken.json").write_text("{")

    for path, said in (("absent", "no run at"), ("other.json", "not the results"), ("broken.json", "cannot be read")):
        with pytest.raises(TrustbotError, match=said):
            read_results(tmp_path / path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")

    with pytest.raises(TrustbotError, match="cannot be made"):
        write_run(_run(), tmp_path / "runs")


def test_code_outside_git_has_no_revision(tmp_path: Path) -> None:
    assert git_revision(tmp_path) is None
