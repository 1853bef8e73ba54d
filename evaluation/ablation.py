"""Ablation: what each mechanism brings, by asking the fixed questions with it switched off.

    python -m evaluation.ablation [--index DIR] [--today DATE]

Prints a Markdown table for docs/answers.md: the measures with everything on, then, for each mechanism, what they
become without it.
"""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import bot.answering
import bot.composition
import bot.confidence
import bot.dating
import bot.gaps
import bot.retrieval
import bot.searching
import bot.selection
import bot.understanding
from bot.answering import Answerer
from bot.likeness import Likeness
from evaluation.questions import load_questions, packaged_questions
from evaluation.runs import run_questions
from evaluation.tables import HEADLINES
from ingest.embedding import EmbeddingModel
from ingest.index import Index

Off = Mapping[tuple[Any, str], Any]


def _unweighted(*names: str) -> Off:
    """Features of the sentences without a weight."""
    return {(bot.selection, "WEIGHTS"): {**bot.selection.WEIGHTS, **dict.fromkeys(names, 0.0)}}


def _without_rule(name: str) -> Off:
    return {(bot.gaps, "RULES"): {other: rule for other, rule in bot.gaps.RULES.items() if other != name}}


def _never(*_: object) -> bool:
    return False


def _nothing(*_: object, **__: object) -> None:
    return None


_NO_GAPS: Off = {(bot.confidence, "gap"): _never, (bot.answering, "only_plans"): _never}
MECHANISMS: Mapping[str, Off] = {
    "screening": {(bot.answering, "screen"): _nothing, (Likeness, "verdict"): _nothing},
    "screening: by examples": {(Likeness, "verdict"): _nothing},
    "follow-ups from the thread": {(bot.answering, "standing_alone"): lambda text, history, index: text},
    "several questions in one message": {(bot.answering, "parts_of"): lambda text, index: [text]},
    "spelling": {(bot.understanding, "correct_spelling"): lambda text, index, model: text},
    "the thesaurus": {(bot.understanding, "said_otherwise"): lambda asked: {}},
    "acronyms by their first letters": {(Index, "spelt_out"): _nothing},
    "names and acronyms": {(Index, "names_in"): lambda self, text: []},
    "retrieval: words": {(bot.retrieval, "_MEANING"): 1.0},
    "retrieval: meaning": {(bot.retrieval, "_MEANING"): 0.0},
    "retrieval: best sentence": {
        (bot.retrieval, "_best_sentence"): lambda index, number, vector: float(
            (index.passage_vectors([number]) @ vector)[0]
        )
    },
    "retrieval: passages by their best answer": {
        (bot.searching, "by_best_sentence"): lambda evidence, ranked: (evidence, ranked)
    },
    "sentences: cosine": _unweighted("cosine"),
    "sentences: cosine beyond the topic": _unweighted("beyond_topic"),
    "sentences: words of like meaning": _unweighted("meaning", "meaning_above"),
    "sentences: what stands above and around": _unweighted("words_above", "words_around", "meaning_above"),
    "sentences: the passage's score": _unweighted("passage"),
    "sentences: the kind of answer asked for": _unweighted(
        *("number", "date", "person", "place", "organisation", "money", "duration", "head", "counted")
    ),
    "look-ups": {(bot.searching, "look_up"): _nothing},
    "lists whole": {(bot.composition, "_whole"): lambda wanted, candidate: (candidate.start, candidate.end)},
    "time asked about": {(bot.composition, "timely"): lambda wanted, candidates: list(candidates)},
    "what is over, apart": {(bot.composition, "has_ended"): _never, (bot.dating, "has_ended"): _never},
    "newest first": {(bot.composition, "_in_order"): lambda wanted, spans, ranked, told: spans},
    "the current one leads": {(bot.composition, "tellings"): lambda wanted, ranked: []},
    "confidence": {
        (bot.searching, "SURE_ENOUGH"): -1.0,
        **_NO_GAPS,
    },
    "gaps: all rules": _NO_GAPS,
    **{f"gaps: {name}": _without_rule(name) for name in bot.gaps.RULES},
    "gaps: only plans": {(bot.answering, "only_plans"): _never},
}


def measured(index: Path, model: EmbeddingModel, *, today: date) -> dict[str, float]:
    """The means of the measures over the packaged questions, as the bot stands now."""
    answerer = Answerer(index, model, today=lambda: today)
    try:
        run = run_questions(load_questions(packaged_questions()), answerer.answer, answerer.current_index(), day=today)
    finally:
        answerer.close()
    overall = run.results["measures"]["overall"]
    return {name: overall[name]["value"] for name in HEADLINES}


@contextmanager
def without(off: Off) -> Iterator[None]:
    """The bot with one mechanism switched off for as long as the block lasts."""
    with ExitStack() as stack:
        for (place, name), instead in off.items():
            stack.enter_context(patch.object(place, name, instead))
        yield


def main() -> None:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--index", type=Path, default=Path(".index"))
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())
    options = parser.parse_args()
    model = EmbeddingModel()
    print(f"| switched off | {' | '.join(HEADLINES)} |\n|---|{'---|' * len(HEADLINES)}")
    whole = measured(options.index, model, today=options.today)
    print(f"| nothing | {' | '.join(_shown(name, whole[name]) for name in HEADLINES)} |", flush=True)
    for name, off in MECHANISMS.items():
        with without(off):
            left = measured(options.index, model, today=options.today)
        cells = [f"{_shown(one, left[one])} ({left[one] - whole[one]:+.3f})" for one in HEADLINES]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def _shown(name: str, value: float) -> str:
    return f"{value:.0f}" if name == "words_median" else f"{value:.3f}"


if __name__ == "__main__":
    main()
