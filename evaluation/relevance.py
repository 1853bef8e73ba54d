"""Relevance: which passages of a build are right for a question, and how well a ranking puts them first.

Judgements are spans of stored documents, never passages: those die with every change of the splitter. What a
build's passages are worth is worked out here, anew for every build.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from ingest.documents import Passage

HELD = 0.5  # of a gold span, at least, for a passage to hold it
_MEASURES = {
    "hit@1": Success @ 1,
    "hit@5": Success @ 5,
    "r@1": R @ 1,
    "r@5": R @ 5,
    "r@10": R @ 10,
    "ndcg@10": nDCG @ 10,
    "rr": RR @ 10,
}
RECALL = ("r@1", "r@5", "r@10", "ndcg@10", "rr")  # where every gold span is wanted
HITS = ("hit@1", "hit@5", "rr", "ndcg@10")  # where one of them is enough


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
    """The ids of all passages that hold a gold span, for every question id of `gold`; there may be none."""
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
    relevant: Mapping[str, Sequence[str]], retrieved: Mapping[str, Sequence[str]], names: Sequence[str] = RECALL
) -> dict[str, dict[str, float]]:
    """TREC's measures of each question in `relevant`, by our names; 0 where no passage is relevant.

    Both map question ids to passage ids; `retrieved` is best first. `rr` looks at the ten best.
    """
    found = {question: dict.fromkeys(names, 0.0) for question in relevant}
    qrels = [Qrel(question, passage, 1) for question, passages in relevant.items() for passage in passages]
    judged = {question: retrieved.get(question, ()) for question in relevant}
    run = [ScoredDoc(*row) for row in run_rows(judged)]
    if qrels and run:
        measures = {_MEASURES[name]: name for name in names}
        for metric in ir_measures.iter_calc(list(measures), qrels, run):
            found[metric.query_id][measures[metric.measure]] = float(metric.value)
    return found


def run_rows(retrieved: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, str, float]]:
    """Question, passage and a score that falls with the rank, so that evaluators keep our order on ties."""
    for question, passages in retrieved.items():
        for rank, passage in enumerate(dict.fromkeys(passages)):
            yield question, passage, float(len(passages) - rank)
