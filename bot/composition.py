"""Composition: from the sentences that answer to quotes, citations and a text, without a language model."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answers import Citation, Evidence
from bot.current import tellings
from bot.dating import age_in_years, as_of, date_label, has_ended, is_about, newest_first, ordered_by, timely, within
from bot.lookups import MOST
from bot.selection import Candidate
from bot.understanding import Unit, Wanted
from ingest.dates import in_words, last_day, may_be_same
from ingest.documents import Block, Document
from ingest.splitting import lead_in
from ingest.words import terms

MOST_QUOTES = 4
ROOM = {1: 112, 2: 60, 3: 45}  # words quoted for each part of a question; a list that was asked for comes whole
_ROOM_LOOKED_UP = 150  # words quoted for a look-up
OLD = 3  # years after which evidence carries a note
_SAME_PAGE = 4.0  # how far below the best sentence's score another one of its page may stand and still be quoted
_RIVAL = 1.2  # how far below the best a quote may score and still lead for being newer
_OTHER_PAGE = 1.0
_SHORT_LIST = 60  # words; so short a list or table is quoted whole even where one item or row was found
_LONGEST_LIST = 250  # words; a longer list is quoted item by item

Span = tuple[Evidence, int, int]


def cite(
    parts: Sequence[tuple[Wanted, Sequence[Candidate]]], looked_up: Sequence[Candidate] = ()
) -> tuple[Citation, ...]:
    """The quotes that answer each part of a question (its candidates best first), numbered from 1.

    Within a part the newest of the quotes that answer about equally well leads, and the rest follow, newest
    first; nothing is quoted twice. Where the question is one look-up, `looked_up` are the sentences that answer it
    (see `bot/lookups.py`).
    """
    citations: list[Citation] = []
    taken: list[Span] = []
    for wanted, candidates in parts:
        ranked = timely(wanted, candidates)
        if looked_up:
            chosen = _each(wanted, looked_up)
        else:
            told = tellings(wanted, ranked)
            wanted = replace(wanted, newest=wanted.newest or bool(told))
            chosen = _in_order(wanted, _choose(wanted, ranked, told, ROOM[len(parts)]), ranked, told)
        chosen = [span for span in chosen if not _within(span, taken)]
        taken += chosen
        citations += [_citation(*span) for span in chosen]
    citations = [one for one in citations if not any(_repeats(one, other) for other in citations)]
    return tuple(replace(citation, number=number) for number, citation in enumerate(citations, 1))


def in_text(citations: Sequence[Citation]) -> str:
    """The answer's text: each quote with its date before and its marker behind, a line each."""
    return "\n".join(f"{date_label(citation)}: “{citation.quote}” [{citation.number}]" for citation in citations)


def notes_on(citations: Sequence[Citation], *, today: date) -> tuple[str, ...]:
    """What a reader should know of the evidence: its age, dates that are missing or worked out, summaries."""
    notes = []
    newest = max((citation.as_of for citation in citations if citation.as_of), key=last_day, default=None)
    if newest and age_in_years(newest, today) >= OLD:
        notes.append(f"The newest of this is from {in_words(newest)}; things may have changed since.")
    undated = [str(citation.number) for citation in citations if citation.as_of is None]
    if undated:
        notes.append(f"Undated: {', '.join(f'[{number}]' for number in undated)}.")
    inferred = [str(citation.number) for citation in citations if citation.as_of and is_about(citation)]
    if inferred:
        notes.append(
            f"The date of {', '.join(f'[{number}]' for number in inferred)} is worked out, or uncertain on the page."
        )
    if any(citation.summary for citation in citations):
        notes.append("Quoted from summaries written about the pages linked.")
    return tuple(notes)


def _choose(wanted: Wanted, candidates: Sequence[Candidate], told: Sequence[Candidate], room: int) -> list[Span]:
    """The spans to quote: what tells it (see `bot/current.py`), else the best sentence, then others that are near it
    in score, while there is room.
    """
    best = candidates[0]
    chosen: list[Span] = []
    for candidate in [
        *told,
        best,
        *_on_each_name(wanted, candidates),
        *_on_each_date(wanted, candidates),
        *candidates[1:],
    ]:
        same_page = candidate.evidence.document.id == best.evidence.document.id
        allowed = _SAME_PAGE if same_page or len(_named(wanted)) > 1 or len(wanted.times) > 1 else _OTHER_PAGE
        if candidate.score < best.score - allowed and candidate not in told:
            continue
        longer = _merged(wanted, [*chosen, (candidate.evidence, *_whole(wanted, candidate))])
        if not chosen or (len(longer) <= MOST_QUOTES and _words(longer) <= max(room, _words(chosen))):
            chosen = longer
    return chosen


def _each(wanted: Wanted, candidates: Sequence[Candidate]) -> list[Span]:
    """The spans of a look-up, newest first: its candidates in turn, while there is room."""
    chosen: list[Span] = []
    for candidate in candidates:
        document = candidate.evidence.document
        is_row = document.blocks[document.block_at(candidate.start)].kind == "row"
        span = _whole(wanted, candidate) if is_row else (candidate.start, candidate.end)
        longer = _merged(wanted, [*chosen, (candidate.evidence, *span)])
        if not chosen or (len(longer) <= MOST and _words(longer) <= _ROOM_LOOKED_UP):
            chosen = longer
    return sorted(chosen, key=lambda span: newest_first(_day(wanted, span)))


def _in_order(
    wanted: Wanted, spans: Sequence[Span], ranked: Sequence[Candidate], told: Sequence[Candidate]
) -> list[Span]:
    """The spans that rival the best answer newest first, then what only stands beside it, newest first.

    Where there are sentences that tell what is asked, these are the rivals.

    What is of the time asked about comes before what is not.
    """

    def key(span: Span) -> tuple[bool, bool, tuple[int, int]]:
        evidence, start, end = span
        rivals = told or [one for one in ranked if one.score >= ranked[0].score - _RIVAL]
        beside = not any(
            one.evidence.document.id == evidence.document.id and start <= one.start < end for one in rivals
        )
        day = _day(wanted, span)
        another_time = bool(day and wanted.period and not within(day, wanted.period))
        return another_time, beside, newest_first(day)

    return sorted(spans, key=key)


def _day(wanted: Wanted, span: Span) -> str | None:
    evidence, start, end = span
    return ordered_by(evidence.document.text[start:end], evidence.passage, evidence.document, today=wanted.today)


def _named(wanted: Wanted) -> list[Unit]:
    return [unit for unit in wanted.units if unit.word is None]


def _on_each_name(wanted: Wanted, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Where a question names several things, the best candidate on each of them."""
    named = _named(wanted)
    if len(named) < 2:
        return []
    words = [
        set(terms(" ".join([one.text, one.evidence.document.title, *one.evidence.passage.headings])))
        for one in candidates
    ]
    best = [
        next((one for one, said in zip(candidates, words, strict=True) if unit.stands_in(said)), None) for unit in named
    ]
    return [one for one in best if one is not None]


def _on_each_date(wanted: Wanted, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Where a question names several dates, the best candidate of each of them."""
    if len(wanted.times) < 2:
        return []
    dated = [(one, as_of(one.text, one.evidence.passage, one.evidence.document)) for one in candidates]
    best = [next((one for one, day in dated if day and may_be_same(day, time)), None) for time in wanted.times]
    return [one for one in best if one is not None]


def _words(spans: Sequence[Span]) -> int:
    return sum(len(evidence.document.text[start:end].split()) for evidence, start, end in spans)


def _within(span: Span, others: Sequence[Span]) -> bool:
    evidence, start, end = span
    return any(
        evidence.document.id == other.document.id and first <= start and end <= last for other, first, last in others
    )


def _repeats(citation: Citation, other: Citation) -> bool:
    """True when all that `citation` quotes stands in a longer quote too."""
    inside = other.start <= citation.start and citation.end <= other.end
    return citation.document == other.document and inside and len(citation.quote) < len(other.quote)


def _whole(wanted: Wanted, candidate: Candidate) -> tuple[int, int]:
    """The span to quote: a list or table whole where it is short, was asked for or is begun; else the sentence."""
    document = candidate.evidence.document
    block = document.blocks[document.block_at(candidate.start)]
    begins_list = block.kind == "paragraph" and candidate.text.endswith(":")
    a_list = bool(wanted.asks & {"list", "partners"})
    one_row = block.kind == "row" and wanted.newest and not a_list  # what was and what is stand in rows of their own
    if one_row or (block.kind == "paragraph" and not begins_list):
        return candidate.start, candidate.end
    start, end = _run(document, block)
    if block.kind == "paragraph":
        start = candidate.start
    elif lead := lead_in(document, candidate.start):
        start = lead[0]
    longest = _LONGEST_LIST if begins_list or a_list else _SHORT_LIST
    if len(document.text[start:end].split()) > longest:
        return candidate.start, candidate.end
    return start, end


def _run(document: Document, block: Block) -> tuple[int, int]:
    """The span of the list or table that `block` leads into or stands in."""
    blocks = document.blocks
    first = last = blocks.index(block)
    kind = block.kind
    if kind == "paragraph":
        kind = blocks[last + 1].kind if last + 1 < len(blocks) else "paragraph"
        if kind == "paragraph":
            return block.start, block.end
        first = last = last + 1
    while first > 0 and blocks[first - 1].kind == kind and blocks[first - 1].headings == block.headings:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind == kind and blocks[last + 1].headings == block.headings:
        last += 1
    return blocks[first].start, blocks[last].end


def _merged(wanted: Wanted, spans: Sequence[Span]) -> list[Span]:
    """Spans of one section that touch or overlap become one; the order of the first of each stays.

    Neighbours that state different dates stay apart: each is shown with its own, the newer first. Where the newest
    is asked for, what has ended stays apart too, and nothing is set before the sentence that answers.
    """
    merged: list[Span] = []
    for evidence, start, end in spans:
        text = evidence.document.text
        for i, (other, first, last) in enumerate(merged):
            same = other.document.id == evidence.document.id and other.passage.headings == evidence.passage.headings
            touch = not text[min(end, last) : max(start, first)].strip()
            overlap = start < last and first < end
            alike = _time(wanted, (other, first, last)) == _time(wanted, (evidence, start, end))
            leads = wanted.newest and start < first
            if same and touch and (overlap or (alike and not leads)):
                merged[i] = (other, min(start, first), max(end, last))
                break
        else:
            merged.append((evidence, start, end))
    return merged


def _time(wanted: Wanted, span: Span) -> tuple[str | None, bool]:
    """The date of a span, and, where the newest is asked for, whether it is over."""
    evidence, start, end = span
    text = evidence.document.text[start:end]
    return as_of(text, evidence.passage, evidence.document), wanted.newest and has_ended(text, wanted.today)


def _citation(evidence: Evidence, start: int, end: int) -> Citation:
    document, passage = evidence.document, evidence.passage
    quote = document.text[start:end]
    return Citation(
        number=0,
        document=document.id,
        title=document.title,
        kind=document.kind,
        url=document.url,
        published=document.published,
        as_of=as_of(quote, passage, document),
        headings=passage.headings,
        quote=quote,
        start=start,
        end=end,
        published_basis=document.published_basis,
        summary=document.summary,
    )
