"""Relevance: which passages of a build are right for a question, and how well a ranking puts them first.

Judgements are spans of stored documents, never passages: those die with every change of the splitter. What a
build's passages are worth is worked out here, anew for every build.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from ingest.documents import Passage

HELD = 0.5  # of a gold span, at least, for a passage to hold it
_MEASURES = {R @ 1: "r@1", R @ 5: "r@5", R @ 10: "r@10", nDCG @ 10: "ndcg@10", RR @ 10: "rr"}


@dataclass(frozen=True, kw_only=True)
class GoldSpan:
    """Where the answer to a question stands: `[start, end)` of a stored document."""

    document: str
    start: int
    end: int


def holds(passage: Passage, gold: GoldSpan, *, share: float = HELD) -> bool:
    """True when at least `share` of a gold span lies within a passage."""
    if passage.document != gold.document:
        return False
    return overlap(passage.start, passage.end, gold) >= share * (gold.end - gold.start)


def overlap(start: int, end: int, gold: GoldSpan) -> int:
    """How many code points of a gold span lie in `[start, end)`; 0 or less when none."""
    return min(end, gold.end) - max(start, gold.start)


def relevant_passages(
    gold: Mapping[str, Sequence[GoldSpan]], passages: Iterable[Passage], *, share: float = HELD
) -> dict[str, list[str]]:
    """The ids of all passages that hold a gold span, for each question id of `gold`, also where there are none."""
    by_document: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_document[passage.document].append(passage)
    return {
        question: list(
            dict.fromkeys(
                passage_id(passage)
                for span in spans
                for passage in by_document[span.document]
                if holds(passage, span, share=share)
            )
        )
        for question, spans in gold.items()
    }


def passage_id(passage: Passage) -> str:
    """A passage's id in a TREC run: its document and span, without spaces."""
    return f"{quote(passage.document, safe='')}:{passage.start}-{passage.end}"


def measure_retrieval(
    relevant: Mapping[str, Sequence[str]], retrieved: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """TREC's R@1, R@5, R@10, nDCG@10 and RR@10 of each question in `relevant`; 0 where none of it is known.

    Both map question ids to passage ids; `retrieved` is best first.
    """
    found = {question: dict.fromkeys(_MEASURES.values(), 0.0) for question in relevant}
    qrels = [Qrel(question, passage, 1) for question, passages in relevant.items() for passage in passages]
    run = [ScoredDoc(*row) for row in run_rows({question: retrieved.get(question, ()) for question in relevant})]
    if qrels and run:
        for metric in ir_measures.iter_calc(list(_MEASURES), qrels, run):
            found[metric.query_id][_MEASURES[metric.measure]] = float(metric.value)
    return found


def run_rows(retrieved: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, str, float]]:
    """Question, passage and a score that falls with the rank, so that evaluators keep our order on ties."""
    for question, passages in retrieved.items():
        for rank, passage in enumerate(dict.fromkeys(passages)):
            yield question, passage, float(len(passages) - rank)
