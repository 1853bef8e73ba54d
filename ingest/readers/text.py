"""Plain text files: headings, lists, title, author and date are recognised where they are clear."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.dates import dates_in
from ingest.metadata import KIND_OF_FOLDER
from ingest.readers.cleaning import said
from ingest.readers.markdown import read_utf8
from ingest.readers.pages import Page, Part

BULLET = re.compile(
    r"\s*(?:[•●▪◦‣·∙○■□▸►➢➤✓✔\uf0a7\uf0b7\uf0d8\uf0fc]\s*|\(cid:\d+\)\s+"
    r"|(?:[*–-]|\(?\d{1,2}[.)]|\(?[a-zA-Z]\)|\(?[ivx]{1,4}\)|o(?=\s{2}))\s+)(?=\S)"
)
_PUBLISHED = re.compile(
    r"(?P<label>(?:date )?(?:first )?(?:published|posted)(?: date| on)?|publish(?:ing)? date|publication date"
    r"|date of publication|date)\s*(?P<colon>:\s*)?(?P<value>\S.*)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_TIME = re.compile(r"[\s,.|)]*(?:(?:at\s+)?\d{1,2}[:.]\d\d\s*(?:am|pm|gmt|bst)?)?[\s.|)]*", re.IGNORECASE)
_TITLE = re.compile(r"title\s*:\s*(\S.*)", re.IGNORECASE)
_KIND = re.compile(r"(?:(?:kind|type|category)\s*:\s*)?(blogs?|news|programmes?|ceo[ -]updates?)\s*:?", re.IGNORECASE)
_NAME = re.compile(
    r"(?:(?:Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Mr|Mrs|Ms)\.?\s+){0,2}[A-Z][\w’'-]+(?:\s+[A-Z][\w’'.-]*){1,3}"
)
_AUTHOR_LABEL = re.compile(r"(?:author|written by|by)\s*:\s*(\S.{1,100})", re.IGNORECASE)
_BY_NAME = re.compile(rf"(?:Written by|By|by|BY)\s+({_NAME.pattern})")
_ROLE = re.compile(
    r"\b(?:chief|executive|director|chair|officer|manager|lead|leader|nurse|professor|head|team|trust|secretary)\b",
    re.IGNORECASE,
)
_NO_HEADING = re.compile(
    r"(?:dear|hi|hello|thanks?|many thanks|kind regards|best wishes|regards|yours|please"
    r"|(?:we|they|you) (?:are|have|will|were)|i (?:am|have|was|will)|(?:it|this|there) (?:is|are|was|were|has|will))\b",
    re.IGNORECASE,
)
_NO_WORDS = re.compile(r"@|https?:|www\.|\d{4,}\s?\d{3,}|\.(?:png|jpe?g|gif|svg|webp|pdf|docx?)$", re.IGNORECASE)
_SIGNED_KINDS = ("blog", "ceo-update")
_MOST_LEADING = 12  # lines
_TITLE_WORDS = 14
_HEADING_WORDS = 9
_WRAPPED_WIDTHS = range(50, 101)


def read_text(path: Path) -> Page:
    """Read a plain text page. Raises TrustbotError when it is not UTF-8."""
    text = read_utf8(path)
    comments = [comment.strip() for comment in _COMMENT.findall(text)]
    lines = _unwrapped(_COMMENT.sub("", text).replace("\f", "\n").split("\n"))
    folder = next((KIND_OF_FOLDER[name] for name in reversed(path.parts[:-1]) if name in KIND_OF_FOLDER), None)
    metadata, remarks, rest = _leading_lines(lines, folder)
    parts = _with_headings([_part(line) for line in rest if re.search(r"\w", line)])
    if "title" not in metadata and len(parts) > 1 and parts[0].kind == "heading":
        metadata["title"] = parts[0].text
        parts = parts[1:]
    hidden = [said("comment", comments)] if comments else []
    return Page(metadata=metadata, parts=tuple(parts), remarks=(*hidden, *remarks))


def published_line(line: str) -> str | None:
    """The partial ISO date of a line such as `Publish date: 17 May 2024`, else None."""
    match = _PUBLISHED.fullmatch(line.strip())
    if match is None or len(match["value"]) > 60:
        return None
    value = match["value"]
    stated = next(dates_in(value), None)
    if stated is None:
        return None
    alone = stated.start == 0 and _TIME.fullmatch(value, stated.end)
    return stated.value if match["colon"] or alone else None


def bare_date(line: str) -> str | None:
    """The partial ISO date that is all a line says (`Friday 17 May 2024`), if it names a month."""
    line = line.strip()
    stated = next(dates_in(line), None) if len(line) <= 40 else None
    whole = stated is not None and stated.start == 0 and _TIME.fullmatch(line, stated.end)
    return stated.value if stated and whole and len(stated.value) > 4 else None


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Lines that were broken to fit a screen, as the paragraphs and items they were; each without its margins.

    A line was broken where the next word would not have fitted on it.
    """
    lines = [line.rstrip().lstrip("\ufeff") for line in lines]
    width = max(map(len, lines), default=0)
    pairs = [(above, below) for above, below in pairwise(["", *lines]) if above.strip() and below.strip()]
    broken = [len(above) + 1 + len(below.split()[0]) > width for above, below in pairs if not BULLET.match(below)]
    if width not in _WRAPPED_WIDTHS or sum(broken) < 0.6 * len(broken):
        return [line.strip() for line in lines]
    whole: list[list[str]] = []
    for above, line in pairwise(["", *lines]):
        words = line.split()
        if above and words and not BULLET.match(line) and len(above) + 1 + len(words[0]) > width:
            whole[-1].append(line.strip())
        else:
            whole.append([line.strip()])
    return [" ".join(broken) for broken in whole]


def _leading_lines(lines: Sequence[str], folder: str | None) -> tuple[dict[str, Any], list[str], list[str]]:
    """Take the lines before the text that name its kind, title, author or date; returns remarks and the rest too."""
    metadata: dict[str, Any] = {}
    remarks: list[str] = []
    rest = [line for line in lines if line]
    taken = 0
    for line in rest[: min(_MOST_LEADING, len(rest) - 1)]:
        if match := _KIND.fullmatch(line):
            metadata["kind"] = _kind(match[1])
        elif date := published_line(line):
            metadata["published"] = date
            metadata.pop("published_basis", None)
        elif (date := bare_date(line)) and "published" not in metadata:
            metadata |= {"published": date, "published_basis": "inferred"}
            remarks.append(f"its line “{line}” was taken for its date: write 'Publish date:' before it if it is")
        elif (match := _PUBLISHED.fullmatch(line)) and match["colon"] and match["label"].lower() != "date":
            remarks.append(f"its publish date “{match['value'][:40]}” is not a date")
        elif match := _TITLE.fullmatch(line):
            metadata["title"] = match[1]
        elif "author" not in metadata and (match := _AUTHOR_LABEL.fullmatch(line) or _BY_NAME.fullmatch(line)):
            metadata["author"] = match[1]
        elif "title" not in metadata and _looks_like_heading(line, _TITLE_WORDS) and not _NAME.fullmatch(line):
            metadata["title"] = line
        elif _is_signature(line, metadata, folder):
            metadata["author"] = line
        else:
            break
        taken += 1
    return metadata, remarks, rest[taken:]


def _kind(name: str) -> str:
    kind = name.lower().replace(" ", "-")
    return kind if kind == "news" else kind.removesuffix("s")


def _is_signature(line: str, metadata: dict[str, Any], folder: str | None) -> bool:
    """A name below the title is the author's on pages that people sign; elsewhere "Social Care" may be a heading."""
    signed = metadata.get("kind", folder) in _SIGNED_KINDS
    return signed and "title" in metadata and "author" not in metadata and _NAME.fullmatch(line) is not None


def _part(line: str) -> Part:
    bullet = BULLET.match(line)
    return Part(kind="item", text=line[bullet.end() :]) if bullet else Part(kind="paragraph", text=line)


def _with_headings(parts: Sequence[Part]) -> list[Part]:
    """Short lines without a full stop above a paragraph or list are headings, two of them a heading and a lower one.

    A signature and its role, and three or more short lines in a row (an address, a list), are not.
    """
    marked = list(parts)
    index = 0
    while index < len(parts):
        end = index
        while end < len(parts) and _can_be_heading(parts[end]):
            end += 1
        run = parts[index:end]
        signed = len(run) == 2 and _NAME.fullmatch(run[0].text) and _ROLE.search(run[1].text)
        if end < len(parts) and 1 <= len(run) <= 2 and not signed:
            for level, part in enumerate(run, 2):
                marked[index + level - 2] = Part(kind="heading", text=part.text, level=level)
        index = max(end, index + 1)
    return marked


def _can_be_heading(part: Part) -> bool:
    return part.kind == "paragraph" and _looks_like_heading(part.text, _HEADING_WORDS)


def _looks_like_heading(line: str, most_words: int) -> bool:
    return (
        1 <= len(line.split()) <= most_words
        and line[:1].isupper()
        and not line.rstrip().endswith((".", ":", ";", ",", "!", "”", '"'))
        and not BULLET.match(line)
        and not _NO_HEADING.match(line)
        and not _NO_WORDS.search(line)
    )
