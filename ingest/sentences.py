"""Sentences: where one ends and the next begins, as exact spans.

LlamaIndex's own sentence splitter ends a sentence after "Prof." and "Dr.", which would cut quotes in the
middle of a name; hence these few rules for British English prose.
"""

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    "dr prof mr mrs ms st sir rev hon no nos vs cf approx circa ca dept govt est inc ltd co jr sr fig vol eg ie e.g i.e"
    " al etc u.k u.s n.b a.m p.m ph.d mt jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9£$€])|\n+")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` of each sentence in `text[start:end]`, without the white space around it."""
    end = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, end):
        if _is_abbreviation(text, begin, match):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def sentences_with_spaces(text: str) -> list[str]:
    """The sentences of `text`, each with the white space behind it: joined, they are `text` again."""
    starts = [start for start, _ in sentence_spans(text)]
    if not starts:
        return [text] if text else []
    bounds = [0, *starts[1:], len(text)]
    return [text[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]


def _is_abbreviation(text: str, begin: int, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return False
    before = re.search(r"([\w.&]+)$", text[max(begin, match.start() - 20) : match.start()])
    word = before.group(1).lower() if before else ""
    if word in ("etc", "co", "ltd", "inc", "al", "p.m", "a.m", "u.k", "u.s", "no"):
        following = text[match.end() :].lstrip()
        return word == "no" and following[:1].isdigit()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + piece.index(stripped)
        yield begin, begin + len(stripped)
