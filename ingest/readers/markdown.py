"""Markdown files with YAML front matter: the corpus' own format."""

import re
from pathlib import Path
from typing import Any

import lxml.html
import yaml
from markdown_it import MarkdownIt

from ingest.errors import TrustbotError
from ingest.readers.cleaning import remove_hidden_elements
from ingest.readers.html import parts_of
from ingest.readers.pages import Page

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TO_HTML = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read_markdown(path: Path) -> Page:
    """Read a Markdown page. Raises TrustbotError when its front matter is not a YAML mapping."""
    source = read_utf8(path)
    match = _FRONT_MATTER.match(source)
    if not match and source.startswith("---\n"):
        raise TrustbotError("its front matter does not end: close it with a line '---'")
    metadata = read_yaml_mapping(match.group(1)) if match else {}
    body = source[match.end() :] if match else source
    tree = lxml.html.document_fromstring(f"<body>{_TO_HTML.render(body)}</body>")
    remarks = remove_hidden_elements(tree)
    parts = parts_of(tree)
    if "title" not in metadata and parts and parts[0].kind == "heading":
        metadata["title"] = parts[0].text
        remarks.append("the title is the first heading: give the page a front matter with a title")
    return Page(metadata=metadata, parts=tuple(parts), remarks=tuple(remarks))


def read_utf8(path: Path) -> str:
    """The text of a file. Raises TrustbotError when it is not UTF-8."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TrustbotError(f"it is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    if "\x00" in text:
        raise TrustbotError("it holds NUL characters: save it as UTF-8 text")
    return text


def read_yaml_mapping(source: str) -> dict[str, Any]:
    """A YAML mapping. Raises TrustbotError naming the line that cannot be read."""
    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 2}" if mark else ""
        raise TrustbotError(
            f"its front matter is not YAML{where}: {getattr(error, 'problem', None) or error}"
        ) from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise TrustbotError("its front matter is not a list of 'name: value' lines")
    return fields
