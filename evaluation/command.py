"""`trustbot evaluate`: a question set through the bot, kept, compared, gated and shown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.answering import Answerer
from bot.rendering import print_json
from bot.writing import Writer
from evaluation.comparison import compare_runs
from evaluation.dataset_measures import measure_dataset
from evaluation.gate import Gate, not_measured, packaged_gate, read_gate, what_fell
from evaluation.intervals import PERMUTATIONS, RESAMPLES
from evaluation.judging import Judge
from evaluation.questions import JudgedQuestion, load_questions, packaged_questions
from evaluation.recorded_replies import Recording
from evaluation.report import write_report
from evaluation.run_folders import git_revision, read_results, write_run
from evaluation.runs import Run, add_judgements, run_questions
from evaluation.tables import print_dataset, print_results
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.splitting import PASSAGE_PIECES

Progress = Callable[[int, int], None]
_LIBRARIES = ("bm25s", "chromadb", "ir_measures", "llama-index-core", "numpy", "sentence-transformers", "torch")


def evaluate(
    *,
    index: Path,
    model: EmbeddingModel,
    questions: Path | None = None,
    out: Path = Path(".runs"),
    baseline: Path | None = None,
    gate: bool | Path = False,
    dataset: Path | None = None,
    most: int | None = None,
    today: date | None = None,
    ask: str = "the communications team",
    writer: Writer | None = None,
    recording: Recording | None = None,
    judge: Judge | None = None,
    as_json: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Run a question set (the packaged one unless given) against the current build and print what came of it.

    The run is kept in a new folder below `out`, with its report. `baseline` is an earlier run to compare with;
    `gate` is True for the packaged gate, or the path of one. With `dataset`, a public dataset's folder, that is
    measured instead, over an index of its own below `index`, on at most `most` questions.
    With a `writer` a language model words the answers; what `recording` has kept of its replies is kept with the
    run. A `judge` adds `faithful` and `relevant`.
    Returns the results. Raises TrustbotError when something cannot be read, or, after everything is kept and
    printed, naming what fell beyond the gate.
    """
    day = today or date.today()
    if dataset:
        if questions or baseline or gate:
            raise TrustbotError("--dataset is measured by itself: leave --questions, --baseline and --gate away")
        return _measure_dataset(dataset, index, model, day, most, as_json, progress)
    asked = load_questions(questions or packaged_questions())
    before = read_results(baseline) if baseline else None
    if before and {one.question for one in asked}.isdisjoint(row["question"] for row in before["questions"]):
        raise TrustbotError(f"{baseline} answered none of these questions: there is nothing to compare")
    limits = read_gate(packaged_gate() if gate is True else gate) if gate else None
    run = _run(asked, index, model, day, ask, writer, progress)
    if judge:
        add_judgements(run, judge(run.answers))
    if before:
        run.results["comparison"] = compare_runs(run.results, before)
    folder = write_run(run, out)
    if recording:
        recording.write(folder)
    write_report(run.results, folder / "report.html")
    if as_json:
        print_json(run.results)
    else:
        print_results(run.results, report=str(folder / "report.html"))
    if limits:
        _hold(run.results, limits, folder)
    return run.results


def _run(
    questions: Sequence[JudgedQuestion],
    index: Path,
    model: EmbeddingModel,
    day: date,
    ask: str,
    writer: Writer | None,
    progress: Progress | None,
) -> Run:
    answerer = Answerer(index, model, today=lambda: day, ask=ask, writer=writer)
    try:
        return run_questions(
            questions,
            answerer.answer,
            answerer.current_index(),
            day=day,
            git_revision=git_revision(Path(__file__).parent),
            configuration=_configuration(ask, writer),
            progress=progress,
        )
    finally:
        answerer.close()


def _measure_dataset(
    folder: Path,
    index: Path,
    model: EmbeddingModel,
    day: date,
    most: int | None,
    as_json: bool,
    progress: Progress | None,
) -> dict[str, Any]:
    results = measure_dataset(folder, index, model, today=day, most=most, progress=progress)
    print_json(results) if as_json else print_dataset(results)
    return results


def _configuration(ask: str, writer: Writer | None) -> Mapping[str, Any]:
    """What decides the figures beside build, model and code."""
    return {
        "ask": ask,
        "written_by": writer.name if writer else None,
        "prompts": writer.prompts if writer else None,
        "passage_pieces": PASSAGE_PIECES,
        "resamples": RESAMPLES,
        "permutations": PERMUTATIONS,
        "versions": {library: version(library) for library in _LIBRARIES},
    }


def _hold(results: Mapping[str, Any], gate: Gate, folder: Path) -> None:
    fell = what_fell(results, gate)
    if fell:
        raise TrustbotError(f"the gate is not passed: {'; '.join(fell)}; {folder / 'report.html'} shows the questions")
    missing = not_measured(results, gate)
    if len(missing) == len({*gate.floors, *gate.ceilings}):
        raise TrustbotError("the gate limits nothing that these questions measure: use the packaged questions")
