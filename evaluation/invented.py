"""The invented trusts: six trusts that do not exist, with their pages and questions; a second opinion on every figure.

    python -m evaluation.invented [--index DIR] [--today DATE] [--questions NAME] [FOLDER ...]

Ingests each trust (`corpus/` and `questions.yaml` in its folder), asks its questions, and prints the measures of each,
of all together and of each kind. Without a folder it takes those in `evaluation/invented/`; three of them have
`lookups.yaml` too, and three `newest.yaml`.
"""

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.answering import Answerer
from evaluation.anchoring import anchor_gold
from evaluation.datasets import Dataset, DatasetQuestion
from evaluation.questions import load_questions
from evaluation.relevance import HELD, GoldSpan
from evaluation.runs import run_questions
from evaluation.summaries import summarise
from evaluation.tables import HEADLINES, figure, make_console, new_table
from ingest.documents import Document
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest

_HOME = Path(__file__).parent / "invented"


def invented_trusts(questions: str = "questions.yaml") -> list[Path]:
    """The folders that hold `questions` of the trusts that come with the repository; an installed package has none."""
    return sorted(path.parent for path in _HOME.glob(f"*/{questions}"))


def trust_dataset(folder: Path, documents: Mapping[str, Document]) -> Dataset:
    """One trust's pages as they are stored, and its questions with the spans of their gold, to be fitted on.

    Raises TrustbotError when the questions cannot be read.
    """
    questions = load_questions(folder / "questions.yaml")
    return Dataset(
        name=folder.name,
        documents=tuple(documents.values()),
        questions=tuple(
            DatasetQuestion(
                id=question.id,
                text=question.question,
                gold=tuple(
                    GoldSpan(document=anchor.document, start=anchor.span[0], end=anchor.span[1])
                    for anchor in anchor_gold(question, documents)
                    if anchor.span
                ),
                answerable=question.answerable,
            )
            for question in questions
        ),
        share=HELD,
    )


def ask_trust(
    folder: Path, index: Path, model: EmbeddingModel, *, day: date, questions_in: str = "questions.yaml"
) -> list[Mapping[str, Any]]:
    """The rows of a run of one trust's questions over its pages, ingested into `index`.

    Raises TrustbotError when the pages or the questions cannot be read.
    """
    questions = load_questions(folder / questions_in)
    ingest(folder / "corpus", index, model)
    answerer = Answerer(index, model, today=lambda: day)
    try:
        run = run_questions(questions, answerer.answer, answerer.current_index(), day=day)
    finally:
        answerer.close()
    rows: list[Mapping[str, Any]] = run.results["questions"]
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask the questions of each trust, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--index", type=Path, default=Path(".bench"))
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())
    parser.add_argument("--questions", default="questions.yaml", metavar="NAME", help="the file of them in each folder")
    options = parser.parse_args(arguments)
    model = EmbeddingModel()
    table = new_table(f"Invented trusts: {options.questions}", "trust or kind", *HEADLINES)
    together: list[Mapping[str, Any]] = []
    for folder in options.folders or invented_trusts(options.questions):
        index = options.index / "invented" / folder.name
        rows = ask_trust(folder, index, model, day=options.today, questions_in=options.questions)
        together += rows
        table.add_row(folder.name, *_figures(rows))
    table.add_row("together", *_figures(together))
    for kind in sorted({row["kind"] for row in together}):
        table.add_row(kind, *_figures([row for row in together if row["kind"] == kind]))
    make_console().print(table)


def _figures(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    overall = summarise([row["kind"] for row in rows], [row["measures"] for row in rows])["overall"]
    return [figure(name, overall.get(name)) for name in HEADLINES]


if __name__ == "__main__":
    main()
