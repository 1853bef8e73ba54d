"""PDF files: the lines of every page by pdfplumber, without what cannot be seen on it."""

import base64
import logging
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from ingest.errors import TrustbotError
from ingest.readers.cleaning import clean_text
from ingest.readers.lines import Line, parts_of_lines, without_running_lines
from ingest.readers.pages import Page, known_author

_MOST_PAGES = 300
_MOST_UNPACKED = 100_000_000  # bytes of all streams but pictures; a page of text is under 1 MB
_MOST_PICTURE = 300_000_000
_SMALLEST = 2.5  # points; smaller type cannot be read by a person
_NOT_PAINTED = 3  # the render mode of text that is only there to be searched
_PRODUCER_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|untitled|\(?anonymous\)?$|slide 1|powerpoint presentation)"
    r"|\.(?:docx?|pdf|pptx?|indd)$",
    re.IGNORECASE,
)
_NO_GLYPH = re.compile(r"(?!\A\(cid:\d+\)\s)\(cid:\d+\)")  # but at the start of a line, where it is a bullet
_BOLD = ("bold", "black", "heavy", "demi")

_MOST_EDGES = 2000  # lines drawn on a page

_Box = tuple[float, float, float, float]


def read_pdf(path: Path) -> Page:
    """Read a PDF with a text layer. Raises TrustbotError when it is broken, locked, or a scan without text."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # a font it finds odd is no news to comms
    pages: list[list[Line]] = []
    hidden: list[str] = []
    try:
        _refuse_bombs(path.read_bytes())
        unpainted = _unpainted(path)
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise TrustbotError(f"it has more than {_MOST_PAGES} pages: split it")
            for page in pdf.pages:
                lines, unseen = _lines(page, unpainted.get(page.page_number, []))
                pages.append(lines)
                hidden.append(unseen)
                page.close()
            title, author = (str((pdf.metadata or {}).get(name) or "").strip() for name in ("Title", "Author"))
    except TrustbotError:
        raise
    except Exception as error:  # pdfminer raises errors of many kinds on damaged files
        if "assword" in repr(error):
            raise TrustbotError("it is locked with a password: save it without one") from error
        raise TrustbotError(f"it is not a PDF that can be opened ({type(error).__name__})") from error

    parts = parts_of_lines(without_running_lines(pages))
    if not parts:
        raise TrustbotError("it holds no text that can be seen: a scan has to go through text recognition first")
    title = "" if _PRODUCER_TITLE.search(title) else title
    if not title and parts[0].kind == "heading":
        title = parts[0].text
    fields = {"title": title, "author": known_author(author)}
    return Page(
        metadata={name: value for name, value in fields.items() if value},
        parts=tuple(parts),
        remarks=tuple(_remarks("".join(hidden))),
    )


def _remarks(hidden: str) -> list[str]:
    letters = len("".join(hidden.split()))
    sample, _ = clean_text(hidden)
    return [f"removed {letters} letters that a reader of the page cannot see (“{sample[:60]}”)"] if letters else []


def _lines(page: Any, unpainted: Sequence[_Box]) -> tuple[list[Line], str]:
    """The lines and table rows of one page, top to bottom; and the letters on it that cannot be seen."""
    grounds = _grounds(page)
    unseen = [char for char in page.chars if not _is_shown(char, page, unpainted, grounds)]
    gone = {id(char) for char in unseen}
    shown = page.filter(lambda thing: id(thing) not in gone).dedupe_chars()
    tables = _tables(shown)
    beside = shown.filter(lambda thing: not any(_is_within(thing, table.bbox) for table in tables)) if tables else shown
    lines = [_line(line, page.page_number) for line in beside.extract_text_lines(return_chars=True, strip=True)]
    lines += [row for table in tables for row in _rows(table, page.page_number)]
    lines.sort(key=lambda line: line.top)
    return [line for line in lines if line.text], "".join(char["text"] for char in unseen)


def _line(line: dict[str, Any], page: int) -> Line:
    chars = [char for char in line["chars"] if char["text"].strip()]
    return Line(
        text=_NO_GLYPH.sub("", line["text"]).strip(),
        size=median([char["size"] for char in chars] or [0]),
        bold=all(any(word in char["fontname"].lower() for word in _BOLD) for char in chars),
        page=page,
        top=line["top"],
        bottom=line["bottom"],
        x0=line["x0"],
        x1=line["x1"],
    )


def _tables(page: Any) -> list[Any]:
    """Ruled tables of several rows and columns; a frame around a text is none, and a drawing has too many lines."""
    if not 4 <= len(page.edges) <= _MOST_EDGES:
        return []
    tables = page.find_tables()
    return [table for table in tables if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1]


def _rows(table: Any, page: int) -> list[Line]:
    lines = []
    for row, cells in zip(table.rows, table.extract(), strict=True):
        left, top, right, bottom = row.bbox
        texts = [" ".join(_NO_GLYPH.sub("", cell or "").split()) for cell in cells]
        text = " | ".join(texts) if any(texts) else ""
        lines.append(
            Line(text=text, is_row=True, size=0, bold=False, page=page, top=top, bottom=bottom, x0=left, x1=right)
        )
    return lines


def _is_within(thing: dict[str, Any], box: _Box) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(thing["object_type"] == "char" and box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _is_shown(char: dict[str, Any], page: Any, unpainted: Sequence[_Box], grounds: Sequence[dict[str, Any]]) -> bool:
    left, top, right, bottom = page.cropbox
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    if char["size"] < _SMALLEST or not (left <= x <= right and top <= y <= bottom):
        return False
    if _is_white(char.get("non_stroking_color")):
        return any(ground["x0"] <= x <= ground["x1"] and ground["top"] <= y <= ground["bottom"] for ground in grounds)
    if any(box[0] <= x <= box[2] and box[1] < char["y1"] and char["y0"] < box[3] for box in unpainted):
        return any(image["x0"] <= x <= image["x1"] and image["top"] <= y <= image["bottom"] for image in page.images)
    return True


def _grounds(page: Any) -> list[dict[str, Any]]:
    """What white letters can be seen on: pictures, and shapes filled with another colour."""
    filled = [shape for shape in (*page.rects, *page.curves) if shape.get("fill")]
    return [*page.images, *(shape for shape in filled if not _is_white(shape.get("non_stroking_color")))]


def _is_white(colour: object) -> bool:
    values = colour if isinstance(colour, (list, tuple)) else (colour,)
    if not all(isinstance(value, (int, float)) for value in values):
        return False
    if len(values) == 4:
        return all(value <= 0.02 for value in values)
    return len(values) in (1, 3) and all(value >= 0.98 for value in values)


def _unpainted(path: Path) -> Mapping[int, list[_Box]]:
    """By page number, where text lies that is not painted, as left, bottom, right and top from the lower left corner.

    pdfminer does not tell it from other text.
    """
    import pypdfium2  # type: ignore[import-untyped]
    from pypdfium2 import raw

    found: dict[int, list[_Box]] = {}
    with pypdfium2.PdfDocument(path) as pdf:
        for number in range(min(len(pdf), _MOST_PAGES)):
            page = pdf[number]
            for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                if raw.FPDFTextObj_GetTextRenderMode(text.raw) == _NOT_PAINTED:
                    found.setdefault(number + 1, []).append(text.get_bounds())
            page.close()
    return found


def _refuse_bombs(content: bytes) -> None:
    """Raise TrustbotError when the file's streams unpack to more than a person's document holds.

    pdfminer unpacks without a limit, and 20 MB can hold 20 GB.
    """
    total = 0
    for piece in content.split(b"endstream"):
        head, _, stream = piece.partition(b"stream")
        head = head[-1000:].rpartition(b"obj")[2]
        picture = b"/Image" in head
        size = _unpacked_size(stream.lstrip(b"\r\n"), is_ascii=b"/ASCII85Decode" in head or b"/A85" in head)
        total += 0 if picture else size
        if total > _MOST_UNPACKED or size > _MOST_PICTURE:
            raise TrustbotError("it unpacks to more than 100 MB: save it smaller")


def _unpacked_size(stream: bytes, *, is_ascii: bool) -> int:
    """How large a stream is when unpacked, in bytes; counted no further than the most that is allowed."""
    size = len(stream)
    try:
        if is_ascii:
            stream = base64.a85decode(stream.strip().removesuffix(b"~>"))
        for _ in range(5):  # a packed stream can be packed again
            stream = zlib.decompressobj().decompress(stream, _MOST_PICTURE + 1)
            size = max(size, len(stream))
    except (zlib.error, ValueError):
        return size
    return size
