"""Sentences: where one ends and the next begins, as exact spans.

LlamaIndex's own sentence splitter ends a sentence after "Prof." and "Dr.", which would cut quotes in the
middle of a name; hence these few rules for British English prose.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

_SHORT_FORMS = (
    "dr prof mr mrs ms messrs st sir rev revd hon nos vs cf viz approx circa ca dept govt est fig vol al eg ie e.g i.e"
    " n.b nb sr jr mt ph.d jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues weds thu thur thurs fri"
)
_LETTERS = frozenset(("u.k", "u.s", "e.u"))  # abbreviations that end a sentence as often as not
_CLOCK = frozenset(("a.m", "p.m"))
_OPENINGS = (
    "a all also an and as at but by each for from he her here his how however if in it its many more most my no not now"
    " on one our over she since so some that the their then there these they this those to today under we when where"
    " while with you your"
)
_ABBREVIATIONS, _STARTERS = frozenset(_SHORT_FORMS.split()), frozenset(_OPENINGS.split())
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|febr)uary|march|april|may|june|july|august"
    r"|(?:septem|octo|novem|decem)ber"
)
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĊČĎĐĒĘĚĠĢĦĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŖŘŚŞŠŢŤŪŮŰŲŴŶŸŹŻŽ"
_END = re.compile(rf"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[{_UPPER}0-9£$€])|\n+")
_WORD_BEFORE = re.compile(r"[^\W\d_][\w.&]*$")
_LIST_NUMBER = re.compile(r"(?:^|[:;])\s*[(\[]?\d{1,2}$")
_NEXT_WORD = re.compile(r"\s*[\"'“‘(\[]*([\w.]*)")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` of each sentence in `text[start:end]`, without the white space around it."""
    end = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, end):
        if _goes_on(text, begin, match, end):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def sentences_with_spaces(text: str) -> list[str]:
    """The sentences of `text`, each with the white space behind it: joined, they are `text` again."""
    starts = [start for start, _ in sentence_spans(text)]
    if not starts:
        return [text] if text else []
    return [text[start:end] for start, end in pairwise([0, *starts[1:], len(text)])]


def _goes_on(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """True when the full stop belongs to an abbreviation, an initial or a number of a list."""
    if match.group() != ".":
        return False
    before = text[max(begin, match.start() - 20) : match.start()]
    if _LIST_NUMBER.search(before):
        return True
    found = _WORD_BEFORE.search(before)
    word = found.group().lower() if found else ""
    following = _NEXT_WORD.match(text, match.end(), min(end, match.end() + 60))
    after = following.group(1).rstrip(".") if following else ""
    if word == "no":
        return after[:1].isdigit()
    if word in _CLOCK:
        return bool(_CALENDAR.fullmatch(after.lower()))
    if word in _LETTERS or (len(word) == 1 and before[-1].isupper()):
        return after[:1].isalpha() and after.lower() not in _STARTERS and word != "i"
    return word in _ABBREVIATIONS or len(word) == 1


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + piece.index(stripped)
        yield begin, begin + len(stripped)
