"""Plain text files: headings, lists, title, author and date are recognised where they are clear."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.dates import first_date
from ingest.metadata import KIND_OF_FOLDER
from ingest.readers.markdown import read_utf8
from ingest.readers.pages import Page, Part

_BULLET = re.compile(r"^\s*(?:[•●▪◦‣·∙*–-]|\(?\d{1,2}[.)]|o(?=\s{2}))\s+(?=\S)")
_PUBLISHED = re.compile(
    r"^\s*(?:publish(?:ed)?(?: date| on)?|publication date|date)\s*:\s*(.+)$", re.IGNORECASE
)
_TITLE = re.compile(r"^\s*title\s*:\s*(\S.*)$", re.IGNORECASE)
_AUTHOR = re.compile(r"^\s*(?:author|by)\s*:?\s+([A-Z].{2,60})$", re.IGNORECASE)
_NAME = re.compile(
    r"^(?:(?:Dr|Prof|Professor|Sir|Dame|Mr|Mrs|Ms)\.?\s+)?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'.-]*){1,3}$"
)
_KINDS = {"blog", "news", "programme", "ceo update"}
_TITLE_WORDS = 14
_HEADING_WORDS = 9


def read_text(path: Path) -> Page:
    """Read a plain text page. Raises TrustbotError when it is not UTF-8."""
    lines = [line.strip("\ufeff \t\r") for line in read_utf8(path).split("\n")]
    metadata, lines = _leading_lines(lines)
    parts = _with_headings([_part(line) for line in lines if line])
    if "title" not in metadata and parts and parts[0].kind == "heading":
        metadata["title"] = parts[0].text
        parts = parts[1:]
    return Page(metadata=metadata, parts=tuple(parts))


def published_line(line: str) -> str | None:
    """The partial ISO date of a line such as `Publish date: 17 May 2024`, else None."""
    match = _PUBLISHED.match(line)
    return first_date(match.group(1)) if match else None


def _leading_lines(lines: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Take the lines before the text that name its kind, title, author or date; the rest is the text."""
    metadata: dict[str, Any] = {}
    rest = list(lines)
    while rest:
        line = rest[0].strip()
        kind = line.lower().rstrip(":")
        if not line:
            pass
        elif kind in _KINDS or kind in KIND_OF_FOLDER:
            metadata["kind"] = KIND_OF_FOLDER.get(kind, kind.replace(" ", "-"))
        elif published_line(line):
            metadata["published"] = published_line(line)
        elif match := _TITLE.match(line):
            metadata["title"] = match.group(1)
        elif "title" not in metadata and _looks_like_heading(line, _TITLE_WORDS) and not _NAME.match(line):
            metadata["title"] = line
        elif "author" not in metadata and (match := _AUTHOR.match(line)):
            metadata["author"] = match.group(1)
        elif "author" not in metadata and "title" in metadata and _NAME.match(line):
            metadata["author"] = line
        else:
            break
        rest.pop(0)
    return metadata, rest


def _part(line: str) -> Part:
    bullet = _BULLET.match(line)
    return Part(kind="item", text=line[bullet.end() :]) if bullet else Part(kind="paragraph", text=line)


def _with_headings(parts: Sequence[Part]) -> list[Part]:
    """Short lines without a full stop that stand before a paragraph or list are headings; a signature is not."""
    marked: list[Part] = []
    signature = False
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        candidate = part.kind == "paragraph" and _looks_like_heading(part.text, _HEADING_WORDS)
        lonely = following is None or (
            following.kind == "paragraph" and _looks_like_heading(following.text, _HEADING_WORDS)
        )
        if candidate and not lonely and not signature:
            marked.append(Part(kind="heading", text=part.text, level=2))
        else:
            marked.append(part)
        signature = candidate and lonely
    return marked


def _looks_like_heading(line: str, most_words: int) -> bool:
    return (
        1 <= len(line.split()) <= most_words
        and line[:1].isupper()
        and not line.rstrip().endswith((".", ":", ";", ",", "?", "!", "”", '"'))
        and not _BULLET.match(line)
        and not re.search(r"\.(?:png|jpe?g|gif|svg|webp|pdf)$", line, re.IGNORECASE)
    )
