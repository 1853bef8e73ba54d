"""The check of a refresh: the fixed questions asked of a new build and of the current one, and what that speaks for."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.answering import Answerer
from evaluation.comparison import compare_runs
from evaluation.questions import JudgedQuestion, load_questions, packaged_questions
from evaluation.runs import run_questions
from ingest.builds import Build, Builds
from ingest.embedding import EmbeddingModel
from ingest.index import document_digests
from ingest.sources.report import QuestionChange, QuestionsChange

Progress = Callable[[str, int, int], None]
MOST_LOST = 2  # questions more that got worse than better; ranks move a little with every page that is new
_TELLING = ("facts", "source", "verbatim", "newest_first", "refusals", "forbidden")  # what people see
_NEVER_WORSE = ("verbatim", "forbidden")


class RefreshCheck:
    """Asks a question set (the packaged one unless given) of two builds, without a language model: the same answers
    every time, so that every difference is one of the pages. Questions on pages that neither build has are left out:
    the packaged ones are on the packaged corpus.
    """

    def __init__(
        self,
        index: Path,
        model: EmbeddingModel,
        *,
        day: date,
        questions: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._index, self._model, self._day, self._progress = index, model, day, progress
        self._questions = load_questions(questions or packaged_questions())

    def __call__(self, candidate: Build, current: Build) -> QuestionsChange:
        """What got better and worse. Raises TrustbotError when one of the builds cannot be opened."""
        builds = Builds(self._index)
        pages = {id_ for build in (current, candidate) for id_ in document_digests(builds, build.id)}
        questions = [question for question in self._questions if _is_about(question, pages)]
        if not questions:
            return QuestionsChange(asked=0)
        before, after = (self._results(questions, build, number) for number, build in enumerate((current, candidate)))
        comparison = compare_runs(after, before)
        better, worse = (tuple(_changes(comparison[side], questions)) for side in ("better", "worse"))
        return QuestionsChange(
            asked=comparison["questions"], better=better, worse=worse, against=tuple(_against(better, worse))
        )

    def _results(self, questions: Sequence[JudgedQuestion], build: Build, number: int) -> Mapping[str, Any]:
        """The results of a run on one build; the second one goes on where the progress of the first ended."""

        def progress(done: int, total: int) -> None:
            if self._progress:
                self._progress("Asking", number * total + done, 2 * total)

        with TemporaryDirectory() as folder:
            _make_current_in(Path(folder), Builds(self._index), build)
            answerer = Answerer(Path(folder), self._model, today=lambda: self._day)
            try:
                run = run_questions(
                    questions, answerer.answer, answerer.current_index(), day=self._day, progress=progress
                )
            finally:
                answerer.close()
        return run.results


def _is_about(question: JudgedQuestion, pages: Collection[str]) -> bool:
    """True for a question on one of these pages (by id), and for one that names none."""
    named = {*question.sources, *(gold.document for gold in question.gold)}
    return not named or not named.isdisjoint(pages)


def _make_current_in(folder: Path, builds: Builds, build: Build) -> None:
    """An index folder in which a build is current, that is not so in its own: nobody else shall see it."""
    os.symlink(builds.path(build.id).parent.resolve(), folder / "builds")
    Builds(folder).promote(build.id)


def _changes(rows: Sequence[Mapping[str, Any]], questions: Sequence[JudgedQuestion]) -> Iterator[QuestionChange]:
    asked = {question.id: question.question for question in questions}
    for row in rows:
        if row["measure"] in _TELLING:
            yield QuestionChange(
                id=row["id"],
                question=asked[row["id"]],
                measure=row["measure"],
                before=row["before"],
                after=row["after"],
            )


def _against(better: Sequence[QuestionChange], worse: Sequence[QuestionChange]) -> Iterator[str]:
    """What speaks against the new build, in words."""
    wrong = sorted({change.id for change in worse if change.measure in _NEVER_WORSE})
    if wrong:
        yield f"an answer quotes what its page does not say, or says what it must not: {', '.join(wrong[:5])}"
    won, lost = ({change.id for change in side} for side in (better, worse))
    if len(lost - won) - len(won - lost) > MOST_LOST:
        yield f"{len(lost - won)} of the fixed questions are answered worse, {len(won - lost)} better"
