"""The fixed questions, asked of the project's own corpus, keep what the gate holds."""

from pathlib import Path

from tests.commands import Command


def test_the_fixed_questions_pass_the_gate_and_leave_a_report(
    command: Command, corpus_index: Path, tmp_path: Path
) -> None:
    ended = command("evaluate", "--index", corpus_index, "--today", "2026-11-21", "--gate", "--out", tmp_path / "runs")
    assert (ended.code, ended.err) == (0, "")
    [run] = (tmp_path / "runs").iterdir()
    assert {"results.json", "answers.jsonl", "run.trec", "qrels.trec", "report.html"} <= {
        file.name for file in run.iterdir()
    }
