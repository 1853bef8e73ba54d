"""Documents: one page of the corpus, its stored text and what is known about it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingest.dates import first_day

BlockKind = Literal["paragraph", "item", "row"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """One paragraph, list item or table row of a document.

    `[start, end)` counts code points of the document's stored text. `headings` are the headings above the
    block, outermost first. `as_of` is the partial ISO date that the headings state ("Update (July 2024)").
    """

    kind: BlockKind
    start: int
    end: int
    headings: tuple[str, ...] = ()
    as_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """One page of the corpus. Dates are partial ISO (`2024`, `2024-07`, `2024-07-31`); `digest` covers every field."""

    id: str
    kind: str | None
    title: str
    author: str | None
    publisher: str | None
    published: str | None
    published_basis: str | None
    summary: bool
    url: str | None
    programmes: tuple[str, ...]
    partners: tuple[str, ...]
    embargo_until: str | None
    review_by: str | None
    path: str
    text: str
    blocks: tuple[Block, ...]
    digest: str

    def is_under_embargo(self, today: date) -> bool:
        """True before the day its embargo ends."""
        return self.embargo_until is not None and today < first_day(self.embargo_until)

    def block_at(self, position: int) -> int:
        """The index of the block that holds a position, as the start of every passage and sentence is held by one.

        Raises ValueError for a position between blocks.
        """
        for index, block in enumerate(self.blocks):
            if block.start <= position < block.end:
                return index
        raise ValueError(f"no block holds position {position}")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A span `[start, end)` of a document's stored text: the unit that is embedded, retrieved and cited.

    `sentences` are the spans within it that can be quoted, in reading order, also in document offsets.
    `as_of` is the date the passage's headings state, else the document's publication date.
    """

    document: str
    start: int
    end: int
    headings: tuple[str, ...]
    as_of: str | None
    sentences: tuple[tuple[int, int], ...]
