"""Composition: from the sentences that answer to quotes, citations and a text, without a language model."""

from collections.abc import Sequence

from bot.answers import Citation, Evidence
from bot.dating import as_of, date_label, newest_first
from bot.selection import Candidate
from bot.understanding import Wanted
from ingest.documents import Block, Document
from ingest.splitting import lead_in

MOST_QUOTES = 4
MOST_WORDS = 90
_SAME_PAGE = 0.75  # of the best sentence's score that another one of its page must reach to stand beside it
_OTHER_PAGE = 0.9
_LONGEST_LIST = 400  # words; a longer list is quoted item by item


def cite(wanted: Wanted, candidates: Sequence[Candidate]) -> tuple[Citation, ...]:
    """The quotes that answer, newest first where they are told at different times; numbered from 1."""
    chosen = _choose(candidates)
    spans = _merged([(candidate.evidence, *_whole(wanted, candidate)) for candidate in chosen])
    citations = sorted((_citation(evidence, start, end) for evidence, start, end in spans), key=newest_first)
    return tuple(_numbered(citation, number) for number, citation in enumerate(citations, 1))


def in_text(citations: Sequence[Citation]) -> str:
    """The answer's text: each quote with its date before and its marker behind, a line each."""
    return "\n".join(
        f"{date_label(citation)}: “{citation.quote}” [{citation.number}]" for citation in citations
    )


def _choose(candidates: Sequence[Candidate]) -> list[Candidate]:
    best = candidates[0]
    chosen, words = [best], len(best.text.split())
    for candidate in candidates[1:]:
        same_page = candidate.evidence.document.id == best.evidence.document.id
        enough = candidate.score >= best.score * (_SAME_PAGE if same_page else _OTHER_PAGE)
        fits = words + len(candidate.text.split()) <= MOST_WORDS
        if enough and fits and len(chosen) < MOST_QUOTES:
            chosen.append(candidate)
            words += len(candidate.text.split())
    return chosen


def _whole(wanted: Wanted, candidate: Candidate) -> tuple[int, int]:
    """The span to quote: a list or table whole where one was asked for or begun, else the sentence."""
    document = candidate.evidence.document
    block = next((block for block in document.blocks if block.start <= candidate.start < block.end), None)
    if block is None:
        return candidate.start, candidate.end
    begins_list = block.kind == "paragraph" and candidate.text.endswith(":")
    in_list = block.kind != "paragraph" and bool(wanted.asks & {"list", "partners"})
    if not (begins_list or in_list or block.kind == "row"):
        return candidate.start, candidate.end
    start, end = _run(document, block)
    if block.kind == "paragraph":
        start = candidate.start
    elif lead := lead_in(document, candidate.start):
        start = lead[0]
    if len(document.text[start:end].split()) > _LONGEST_LIST:
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
    while (
        last + 1 < len(blocks)
        and blocks[last + 1].kind == kind
        and blocks[last + 1].headings == block.headings
    ):
        last += 1
    return blocks[first].start, blocks[last].end


def _merged(spans: Sequence[tuple[Evidence, int, int]]) -> list[tuple[Evidence, int, int]]:
    """Spans of one page that touch or overlap become one; the order of the first of each stays."""
    merged: list[tuple[Evidence, int, int]] = []
    for evidence, start, end in spans:
        text = evidence.document.text
        for i, (other, first, last) in enumerate(merged):
            same = (
                other.document.id == evidence.document.id
                and other.passage.headings == evidence.passage.headings
            )
            if same and not text[min(end, last) : max(start, first)].strip():
                merged[i] = (other, min(start, first), max(end, last))
                break
        else:
            merged.append((evidence, start, end))
    return merged


def _citation(evidence: Evidence, start: int, end: int) -> Citation:
    document, passage = evidence.document, evidence.passage
    quote = document.text[start:end]
    date = as_of(quote, passage, document)
    return Citation(
        number=0,
        document=document.id,
        title=document.title,
        kind=document.kind,
        url=document.url,
        published=document.published,
        as_of=date,
        headings=passage.headings,
        quote=quote,
        start=start,
        end=end,
        published_basis=document.published_basis,
        summary=document.summary,
    )


def _numbered(citation: Citation, number: int) -> Citation:
    return Citation(**{**vars(citation), "number": number})
