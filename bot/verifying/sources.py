"""Sources: the sentences of cited passages, each with what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bot.answers import Evidence
from bot.verifying.clauses import Clause, clauses_of
from bot.verifying.figures import Figure
from bot.verifying.moments import Moment, figures_and_moments, moments_in
from bot.verifying.proper_names import OTHER, ProperName, names_in
from bot.verifying.segments import Part, parts_of_sentence
from ingest.documents import Document
from ingest.glossary import mentions
from ingest.index import Index
from ingest.splitting import lead_in
from ingest.words import plain, terms

_MOST_KEPT = 2000  # passages of a build, about 20 kB each


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """One sentence of a cited passage, with the line that leads into its list.

    `plain` is it in plain lower case and `said` its stemmed terms; `above` and `above_said` are those of the title, the
    headings and, where the page has only one, its programme; `around` and `around_said` those of the whole passage.
    `by` are the names of the page's author and publisher.
    `moments_above` are the dates that title and headings state, and the passage's own.
    """

    text: str
    plain: str
    said: frozenset[str]
    above: str
    above_said: frozenset[str]
    around: str
    around_said: frozenset[str]
    names: tuple[ProperName, ...]
    names_around: tuple[ProperName, ...]
    by: tuple[ProperName, ...]
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    moments_above: tuple[Moment, ...]
    clauses: tuple[Clause, ...]
    parts: tuple[Part, ...]
    as_of: str | None
    number: int
    position: int


_KEPT: WeakKeyDictionary[Index, dict[int, Sequence[Source]]] = WeakKeyDictionary()


def sources_of(item: Evidence, index: Index) -> Sequence[Source]:
    """The sentences of one passage of a build, in reading order; kept, since a build never changes."""
    kept = _KEPT.setdefault(index, {})
    found = kept.get(item.number)
    if found is None:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        found = kept[item.number] = _read(item, index)
    return found


def _read(item: Evidence, index: Index) -> Sequence[Source]:
    passage, document = item.passage, item.document
    above = _above(item)
    dated = [text for text in (passage.as_of, document.published) if text]
    moments_above = moments_in(". ".join([document.title, *passage.headings, *dated]))
    around = document.text[passage.start : passage.end]
    around_said = frozenset(terms(around))
    by = tuple(names_in(f"By {document.author}, {document.publisher}", index))
    names_around = tuple(names_in(around, index))
    found = []
    for position, (start, end) in enumerate(passage.sentences):
        text = _with_its_head(document, start, end)
        figures, moments = figures_and_moments(text)
        found.append(
            Source(
                text=text,
                plain=plain(text),
                said=frozenset(terms(text)),
                above=plain(above),
                above_said=frozenset(terms(above)),
                around=plain(around),
                around_said=around_said,
                names=tuple(names_in(text, index)),
                names_around=names_around,
                by=by,
                figures=figures,
                moments=moments,
                moments_above=moments_above,
                clauses=clauses_of(text),
                parts=parts_of_sentence(text, index),
                as_of=passage.as_of,
                number=item.number,
                position=position,
            )
        )
    return found


def _above(item: Evidence) -> str:
    document = item.document
    programmes = document.programmes if len(document.programmes) == 1 else ()
    return ". ".join([document.title, *item.passage.headings, *programmes])


def _with_its_head(document: Document, start: int, end: int) -> str:
    """A list item with the line that leads into it, a table row with the table's first row."""
    text = document.text[start:end]
    lead = lead_in(document, start) or _first_row(document, start)
    return f"{document.text[lead[0] : lead[1]]} {text}" if lead else text


def _first_row(document: Document, position: int) -> tuple[int, int] | None:
    blocks = document.blocks
    number = document.block_at(position)
    if blocks[number].kind != "row":
        return None
    first = number
    while first > 0 and blocks[first - 1].kind == "row" and blocks[first - 1].headings == blocks[number].headings:
        first -= 1
    return (blocks[first].start, blocks[first].end) if first != number else None


def tells_of(name: ProperName, source: Source, *, around: bool = False) -> bool:
    """True when a sentence, or with `around` its whole passage, writes a name, and not only within a longer one."""
    text = source.around if around else source.plain
    longer = [
        way
        for other in (source.names_around if around else source.names)
        if other.kind != OTHER and other.capital and not other.ways & name.ways
        for way in other.ways
        if way in text and any(mentions(short, way) for short in name.ways)
    ]
    for way in longer:
        text = text.replace(way, " ")
    said = None if around else (frozenset(terms(text)) if longer else source.said)
    return name.stands_in(text, said)
