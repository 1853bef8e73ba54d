"""The registry of readers: one for each file type that can be a document."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.markdown import read_markdown
from ingest.readers.pages import Page
from ingest.readers.pdf import read_pdf
from ingest.readers.text import read_text

READERS: Mapping[str, Callable[[Path], Page]] = {
    ".md": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
