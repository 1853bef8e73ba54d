"""Word files: converted by mammoth, headings from paragraph styles; hidden runs and comments are removed first."""

import io
from pathlib import Path

import lxml.html

from ingest.errors import TrustbotError
from ingest.readers.html import parts_of
from ingest.readers.pages import Page

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_UNPACKED = 200_000_000  # bytes; a small archive that unpacks to more is a decompression bomb
_GENERIC_AUTHORS = {"python-docx", "user", "admin", "administrator", "owner"}


def read_docx(path: Path) -> Page:
    """Read a Word file. Raises TrustbotError when it is not one, or unpacks to more than 200 MB."""
    import zipfile

    import mammoth
    from docx import Document as open_docx

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise TrustbotError("it unpacks to more than 200 MB")
            commented = any(name.startswith("word/comments") for name in archive.namelist())
        word = open_docx(str(path))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise TrustbotError("it is not a Word file that can be opened") from error

    remarks = ["comments were left out"] if commented else []
    hidden = [run for run in word.element.body.iter(f"{_WORD}r") if _is_hidden(run)]
    for run in hidden:
        run.getparent().remove(run)
    if hidden:
        sample = " ".join("".join(run.itertext()) for run in hidden)[:60]
        remarks.append(f"removed {len(hidden)} hidden run{'s' if len(hidden) > 1 else ''} (“{sample}”)")
    cleaned = io.BytesIO()
    word.save(cleaned)
    cleaned.seek(0)
    converted = mammoth.convert_to_html(cleaned, style_map="p[style-name='Title'] => h1:fresh")
    if not converted.value:
        return Page(metadata={}, parts=(), remarks=tuple(remarks))
    parts = parts_of(lxml.html.document_fromstring(f"<body>{converted.value}</body>"))

    properties = word.core_properties
    metadata = {"title": properties.title, "author": properties.author}
    if (metadata["author"] or "").lower() in _GENERIC_AUTHORS:
        metadata.pop("author")
    if not metadata.get("title") and parts and parts[0].kind == "heading":
        metadata["title"] = parts[0].text
    return Page(metadata={k: v for k, v in metadata.items() if v}, parts=tuple(parts), remarks=tuple(remarks))


def _is_hidden(run: object) -> bool:
    properties = run.find(f"{_WORD}rPr")  # type: ignore[attr-defined]
    if properties is None:
        return False
    vanish = properties.find(f"{_WORD}vanish")
    if vanish is not None and vanish.get(f"{_WORD}val", "true") not in ("0", "false"):
        return True
    colour, size = properties.find(f"{_WORD}color"), properties.find(f"{_WORD}sz")
    white = colour is not None and (colour.get(f"{_WORD}val") or "").upper() == "FFFFFF"
    tiny = (
        size is not None and (size.get(f"{_WORD}val") or "99").isdigit() and int(size.get(f"{_WORD}val")) <= 4
    )
    return white or tiny
