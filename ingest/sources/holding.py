"""Holding: the reasons why a refresh waits for a person."""

from collections import Counter
from collections.abc import Collection, Iterator

from ingest.sources.ledger import Ledger
from ingest.sources.planning import Plan

MOST_LOST = 10  # documents, and
MOST_SHARE_LOST = 0.1  # of those there were: beyond both, a person has to agree


def too_many_lost(before: Collection[str], after: Collection[str]) -> Iterator[str]:
    """A reason when too many of the documents that are answered from (their ids) would no longer be."""
    lost = len(set(before) - set(after))
    if lost > MOST_LOST and lost > MOST_SHARE_LOST * len(before):
        yield f"{lost} of {len(before)} documents would no longer be answered from"


def too_many_withdrawn(plan: Plan, ledger: Ledger) -> Iterator[str]:
    """A reason for each source that would lose too many of its pages. `ledger` is as it is before the plan."""
    pages = Counter(entry.source for entry in ledger.entries.values() if not entry.withdrawn)
    withdrawn = Counter(step.entry.source for step in plan.steps if step.kind == "withdrawn")
    for source, count in withdrawn.items():
        if count > MOST_LOST and count > MOST_SHARE_LOST * pages[source]:
            yield f"{count} of the {pages[source]} pages of “{source}” would be withdrawn"
