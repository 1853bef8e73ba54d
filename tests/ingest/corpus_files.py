"""Files of a corpus for tests: written as bytes or text, and read as documents."""

from pathlib import Path

from ingest.documents import Document
from ingest.reading import Reading, read_corpus


def write(corpus: Path, name: str, content: str | bytes) -> Path:
    """Write a file below the corpus folder."""
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(corpus: Path, name: str, content: str | bytes) -> tuple[Document, list[str]]:
    """Write one file and read the corpus; returns its document, and the remarks on it."""
    write(corpus, name, content)
    return only(read_corpus(corpus))


def only(reading: Reading) -> tuple[Document, list[str]]:
    """The one document of a reading, and the remarks on it."""
    assert reading.failed == ()
    (document,) = reading.documents
    return document, [remark.text for remark in reading.warnings]


def failure(corpus: Path, name: str, content: str | bytes) -> str:
    """Write one file that cannot be read; returns the reason that is given."""
    write(corpus, name, content)
    (failed,) = read_corpus(corpus).failed
    assert failed.path == name
    assert "\n" not in failed.text
    return failed.text


def outline(document: Document) -> list[str]:
    """Every block on a line: its headings, a mark for items (•) and rows (|), and its text."""
    marks = {"paragraph": "", "item": "• ", "row": "| "}
    return [
        "".join(f"{heading} > " for heading in block.headings)
        + marks[block.kind]
        + document.text[block.start : block.end]
        for block in document.blocks
    ]
