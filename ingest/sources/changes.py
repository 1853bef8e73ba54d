"""Changes: what two versions of a page, or of the whole corpus, say differently, sentence by sentence."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from ingest.dates import in_words
from ingest.documents import Document
from ingest.sentences import sentence_spans
from ingest.sources.report import FieldChange, PageChange, SentenceChange

_FIELDS = (
    *("title", "kind", "author", "publisher", "published", "published_basis", "summary", "url"),
    *("programmes", "partners", "embargo_until", "review_by", "path"),
)
_ALIKE = 0.4  # of the words of two sentences that one may be the other's new wording; unrelated ones share .1 to .3
_ALIKE_HEADINGS = 0.3  # they have few words, and a date may be most of them
_MOST_COMPARED = 40_000  # pairs of sentences; a page rewritten beyond that is told as sentences gone and new


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The pages of one state of the corpus that another has not, has otherwise, or has no longer; sorted by id."""

    added: tuple[PageChange, ...]
    changed: tuple[PageChange, ...]
    removed: tuple[PageChange, ...]

    @property
    def all(self) -> tuple[PageChange, ...]:
        """Every page of the three."""
        return (*self.added, *self.changed, *self.removed)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A heading, sentence or table row of a page, with the headings above it."""

    text: str
    headings: tuple[str, ...]
    is_heading: bool


_Pair = tuple[_Line | None, _Line | None]


def page_change(
    before: Document | None, after: Document | None, *, why: str | None = None, source: str | None = None
) -> PageChange:
    """What changed from one version of a page to the next; None is a page that is not there.

    A heading that changed is told like a sentence, so that "Update (July 2024)" becoming "Update (May 2025)" is seen.
    A sentence that only stands elsewhere under the same headings is no change. Raises ValueError without any version.
    """
    known = after or before
    if known is None:
        raise ValueError("a page that is in neither version has not changed")
    return PageChange(
        document=known.id,
        title=known.title,
        url=known.url,
        published=known.published,
        programmes=known.programmes,
        sentences=tuple(_sentence_changes(_lines(before), _lines(after))),
        fields=tuple(_field_changes(before, after)) if before and after else (),
        why=why or _embargo(after),
        source=source,
    )


def changes_between(before: Iterable[Document], after: Iterable[Document]) -> Changes:
    """What changed from one state of the corpus to the next; a document is the same one where its id is."""
    old, new = ({document.id: document for document in documents} for documents in (before, after))
    return Changes(
        added=tuple(page_change(None, new[id_]) for id_ in sorted(new.keys() - old.keys())),
        changed=tuple(
            page_change(old[id_], new[id_])
            for id_ in sorted(old.keys() & new.keys())
            if old[id_].digest != new[id_].digest
        ),
        removed=tuple(page_change(old[id_], None) for id_ in sorted(old.keys() - new.keys())),
    )


def _embargo(document: Document | None) -> str | None:
    if document is None or document.embargo_until is None:
        return None
    return f"not answered from before {in_words(document.embargo_until)}"


def _field_changes(before: Document, after: Document) -> Iterator[FieldChange]:
    for name in _FIELDS:
        old, new = (_as_text(getattr(document, name)) for document in (before, after))
        if old != new:
            yield FieldChange(name=name, before=old, after=new)


def _as_text(value: str | bool | tuple[str, ...] | None) -> str | None:
    if isinstance(value, tuple):
        return ", ".join(value) or None
    if isinstance(value, bool):
        return "yes" if value else None
    return value


def _lines(document: Document | None) -> list[_Line]:
    """A page from top to bottom: each heading where it begins, each sentence, each row."""
    lines: list[_Line] = []
    above: tuple[str, ...] = ()
    for block in document.blocks if document else ():
        shared = _shared_start(above, block.headings)
        lines += [
            _Line(text=text, headings=block.headings[:depth], is_heading=True)
            for depth, text in enumerate(block.headings)
            if depth >= shared
        ]
        above = block.headings
        text = document.text if document else ""
        spans = [(block.start, block.end)] if block.kind == "row" else sentence_spans(text, block.start, block.end)
        lines += [_Line(text=text[start:end], headings=above, is_heading=False) for start, end in spans]
    return lines


def _shared_start(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (depth for depth, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _sentence_changes(before: Sequence[_Line], after: Sequence[_Line]) -> Iterator[SentenceChange]:
    """The lines gone, new, reworded, or moved under another heading, where the next version has them."""
    pairs = list(_without_moved(_aligned(before, after)))
    if not (before and after):
        yield from (_change(old, new) for old, new in pairs if not (old or new or after[0]).is_heading)
        return
    told = [pair for pair in pairs if not _is_same(*pair)]
    told_before = {(*old.headings, old.text) for old, _ in told if old and old.is_heading}
    told_after = {(*new.headings, new.text) for _, new in told if new and new.is_heading}
    for old, new in pairs:
        if not _is_same(old, new):
            yield _change(old, new)
        elif old and new and not old.is_heading and _untold(old, told_before) != _untold(new, told_after):
            yield _change(old, None)
            yield _change(None, new)


def _change(old: _Line | None, new: _Line | None) -> SentenceChange:
    line = new or old
    return SentenceChange(
        before=old.text if old else None, after=new.text if new else None, headings=line.headings if line else ()
    )


def _is_same(old: _Line | None, new: _Line | None) -> bool:
    return old is not None and new is not None and old.text == new.text


def _untold(line: _Line, told: Collection[tuple[str, ...]]) -> list[str]:
    """The headings above a line that are as they were: one that is gone, new or reworded is told by itself."""
    return [text for depth, text in enumerate(line.headings) if line.headings[: depth + 1] not in told]


def _aligned(before: Sequence[_Line], after: Sequence[_Line]) -> Iterator[_Pair]:
    """Every line of both versions once, in reading order, beside its like in the other version where it has one."""
    matcher = SequenceMatcher(None, [_key(line) for line in before], [_key(line) for line in after])
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = before[start:end], after[new_start:new_end]
        yield from zip(old, new, strict=True) if what == "equal" else _reworded(old, new)


def _key(line: _Line) -> tuple[bool, str]:
    return line.is_heading, line.text


def _reworded(before: Sequence[_Line], after: Sequence[_Line]) -> Iterator[_Pair]:
    """Put each new line beside the old one it rewords, in order; the others stand alone.

    Of all ways to do so the one whose pairs are most alike in sum, as where two sequences are aligned.
    """
    if len(before) * len(after) > _MOST_COMPARED:
        yield from ((line, None) for line in before)
        yield from ((None, line) for line in after)
        return
    alike = _likeness(before, after)
    best = np.zeros((len(before) + 1, len(after) + 1))
    for row, column in (
        (row, column) for row in reversed(range(len(before))) for column in reversed(range(len(after)))
    ):
        paired = alike[row, column] + best[row + 1, column + 1] if alike[row, column] else 0.0
        best[row, column] = max(paired, best[row + 1, column], best[row, column + 1])
    row = column = 0
    while row < len(before) or column < len(after):
        if row < len(before) and best[row + 1, column] == best[row, column]:
            yield before[row], None
            row += 1
        elif column < len(after) and best[row, column + 1] == best[row, column]:
            yield None, after[column]
            column += 1
        else:
            yield before[row], after[column]
            row, column = row + 1, column + 1


def _likeness(before: Sequence[_Line], after: Sequence[_Line]) -> NDArray[np.float64]:
    """How alike the words of every two lines are, shape (len(before), len(after)); 0 where they are not."""
    alike = np.zeros((len(before), len(after)))
    old, new = ([line.text.casefold().split() for line in lines] for lines in (before, after))
    for row, column in np.ndindex(alike.shape):
        if before[row].is_heading == after[column].is_heading:
            cutoff = _ALIKE_HEADINGS if before[row].is_heading else _ALIKE
            alike[row, column] = Indel.normalized_similarity(old[row], new[column], score_cutoff=cutoff)
    return alike


def _without_moved(aligned: Iterable[_Pair]) -> Iterator[_Pair]:
    """Leave out a line that is gone here and new there, with the same words under the same headings."""
    pairs = list(aligned)
    gone, new = Counter(old for old, new in pairs if not new), Counter(new for old, new in pairs if not old)
    moved_from, moved_to = gone & new, gone & new
    for old, now in pairs:
        moved = moved_from if now is None else moved_to
        if (old is None or now is None) and moved[old or now]:
            moved[old or now] -= 1
        else:
            yield old, now
