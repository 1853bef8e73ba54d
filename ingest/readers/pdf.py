"""PDF files: lines by pdfplumber; a line in clearly larger type than the body is a heading."""

import re
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

from ingest.errors import TrustbotError
from ingest.readers.pages import Page, Part
from ingest.readers.text import _BULLET

_MOST_PAGES = 300
_SMALLEST = 2.5  # points; smaller type cannot be read by a person
_HEADING_RATIO = 1.15
_PRODUCER_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|untitled|slide 1|powerpoint presentation)|\.(?:docx?|pdf|pptx?|indd)$",
    re.I,
)


def read_pdf(path: Path) -> Page:
    """Read a PDF with a text layer. Raises TrustbotError when it is broken, locked, or a scan without text."""
    import pdfplumber

    try:
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise TrustbotError(f"it has more than {_MOST_PAGES} pages: split it")
            pages = [_lines(page) for page in pdf.pages]
            title = str((pdf.metadata or {}).get("Title") or "").strip()
            author = str((pdf.metadata or {}).get("Author") or "").strip()
    except TrustbotError:
        raise
    except Exception as error:  # pdfminer raises errors of many kinds on damaged files
        raise TrustbotError(f"it is not a PDF that can be opened ({type(error).__name__})") from error

    hidden = sum(count for _, count in pages)
    lines = _without_running_lines([lines for lines, _ in pages])
    parts = _parts(lines)
    metadata = {"title": "" if _PRODUCER_TITLE.search(title) else title, "author": author}
    if not metadata["title"] and parts and parts[0].kind == "heading":
        metadata["title"] = parts[0].text
    remarks = [f"removed {hidden} letters that a reader of the page cannot see"] if hidden else []
    return Page(metadata={k: v for k, v in metadata.items() if v}, parts=tuple(parts), remarks=tuple(remarks))


def _lines(page: Any) -> tuple[list[dict[str, Any]], int]:
    """The lines of one page, top to bottom, with text, type size and place; and how many hidden letters fell."""
    shown = page.filter(lambda thing: thing["object_type"] != "char" or _is_shown(thing, page))
    hidden = len([char for char in page.chars if char["text"].strip()]) - len(
        [char for char in shown.chars if char["text"].strip()]
    )
    lines = []
    for line in shown.extract_text_lines(return_chars=True, strip=True):
        sizes = [char["size"] for char in line["chars"] if char["text"].strip()]
        if sizes:
            bold = all("bold" in char["fontname"].lower() for char in line["chars"] if char["text"].strip())
            lines.append({"text": line["text"], "size": median(sizes), "bold": bold, "top": line["top"], "bottom": line["bottom"],
                          "x0": line["x0"], "x1": line["x1"], "page": page.page_number})  # fmt: skip
    return lines, hidden


def _is_shown(char: dict[str, Any], page: Any) -> bool:
    if char["size"] < _SMALLEST or not (0 <= char["x0"] <= page.width and 0 <= char["top"] <= page.height):
        return False
    colour = char.get("non_stroking_color")
    values = tuple(colour) if isinstance(colour, (list, tuple)) else (colour,)
    return values not in ((1,), (1.0,), (1, 1, 1), (1.0, 1.0, 1.0), (0, 0, 0, 0), (0.0, 0.0, 0.0, 0.0))


def _without_running_lines(pages: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Leave out headers, footers and page numbers: first or last lines that most pages share."""
    edges = Counter(
        _shape(line["text"])
        for lines in pages
        for line in {id(e): e for e in (*lines[:1], *lines[-1:])}.values()
    )
    running = {shape for shape, count in edges.items() if len(pages) >= 3 and count > len(pages) / 2}
    kept = []
    for lines in pages:
        for index, line in enumerate(lines):
            at_edge = index == 0 or index == len(lines) - 1
            if not (
                at_edge
                and (
                    _shape(line["text"]) in running
                    or re.fullmatch(r"(?:page\s*)?\d+(?:\s*(?:of|/)\s*\d+)?", line["text"], re.I)
                )
            ):
                kept.append(line)
    return kept


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text.strip().lower())


def _parts(lines: list[dict[str, Any]]) -> list[Part]:
    """Join lines to paragraphs and list items; larger or bold lines of their own are headings."""
    if not lines:
        return []
    letters = Counter[float]()
    for line in lines:
        letters[round(line["size"], 1)] += len(line["text"])
    body = letters.most_common(1)[0][0]
    larger = sorted(
        {round(line["size"], 1) for line in lines if line["size"] >= body * _HEADING_RATIO}, reverse=True
    )
    levels = {size: min(level, 6) for level, size in enumerate(larger, 1)}
    width = max(line["x1"] for line in lines)

    parts: list[Part] = []
    previous: dict[str, Any] | None = None
    for line in lines:
        size = round(line["size"], 1)
        bullet = _BULLET.match(line["text"])
        short = len(line["text"].split()) <= 12 and not line["text"].rstrip().endswith((".", ",", ";"))
        if size in levels and len(line["text"].split()) <= 25:
            if (
                previous
                and parts
                and parts[-1].kind == "heading"
                and _touch(previous, line)
                and round(previous["size"], 1) == size
            ):
                parts[-1] = Part(kind="heading", text=f"{parts[-1].text} {line['text']}", level=levels[size])
            else:
                parts.append(Part(kind="heading", text=line["text"], level=levels[size]))
        elif (
            line["bold"]
            and short
            and not bullet
            and (previous is None or not _touch(previous, line) or not previous["bold"])
        ):
            parts.append(Part(kind="heading", text=line["text"], level=min(len(levels) + 1, 6)))
        elif bullet:
            parts.append(Part(kind="item", text=line["text"][bullet.end() :]))
        elif (
            previous
            and parts
            and parts[-1].kind != "heading"
            and _touch(previous, line)
            and _runs_on(previous, line, width)
        ):
            joined = (
                parts[-1].text[:-1] + line["text"]
                if re.search(r"\w-$", parts[-1].text) and line["text"][:1].islower()
                else f"{parts[-1].text} {line['text']}"
            )
            parts[-1] = Part(kind=parts[-1].kind, text=joined)
        else:
            parts.append(Part(kind="paragraph", text=line["text"]))
        previous = line
    return parts


def _touch(above: dict[str, Any], below: dict[str, Any]) -> bool:
    """True when two lines stand as close as lines of one paragraph do, or run over a page break."""
    if above["page"] != below["page"]:
        return not above["text"].rstrip().endswith((".", "!", "?", ":"))
    return bool(below["top"] - above["bottom"] < 0.7 * (above["bottom"] - above["top"]))


def _runs_on(above: dict[str, Any], below: dict[str, Any], width: float) -> bool:
    ended = above["text"].rstrip().endswith((".", "!", "?", ":"))
    return not (ended and above["x1"] < 0.75 * width and below["text"][:1].isupper())
