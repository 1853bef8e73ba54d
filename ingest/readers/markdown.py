"""Markdown files with YAML front matter: the corpus' own format."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from lxml.html import HtmlElement
from markdown_it import MarkdownIt

from ingest.errors import TrustbotError
from ingest.readers.cleaning import remove_hidden_elements, said
from ingest.readers.pages import Page, Part
from ingest.readers.trees import parse_html, parts_of

_FRONT_MATTER = re.compile(r"\A\s*^---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"\A\s*^---[ \t]*$", re.MULTILINE)
_TO_HTML = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable(["table", "strikethrough"])
_MOST_YAML = 250_000  # characters; names and dates need far fewer, and PyYAML reads slowly


def read_markdown(path: Path) -> Page:
    """Read a Markdown page. Raises TrustbotError when its front matter is not a YAML mapping."""
    metadata, body = split_front_matter(read_utf8(path))
    references: dict[str, Any] = {}
    tree = _tree(body, references)
    remarks = _unseen_references(references) + remove_hidden_elements(tree)
    parts = parts_of(tree)
    if not metadata.get("title") and parts and parts[0].kind == "heading":
        metadata["title"] = parts[0].text
        remarks.append("the title is the first heading: give the page a front matter with a title")
    return Page(metadata=metadata, parts=tuple(parts), remarks=tuple(remarks))


def split_front_matter(source: str) -> tuple[dict[str, Any], str]:
    """The front matter of a page, empty where it has none, and its body. Raises TrustbotError when it is broken."""
    match = _FRONT_MATTER.match(source)
    if not match and _OPENING.match(source):
        raise TrustbotError("its front matter does not end: close it with a line '---'")
    if not match:
        return {}, source
    first_line = source.count("\n", 0, match.start(1)) + 1
    return read_yaml_mapping(match.group(1), first_line=first_line), source[match.end() :]


def parts_of_markdown(body: str) -> list[Part]:
    """The headings, paragraphs, list items and table rows of Markdown without front matter; hidden ones fall."""
    tree = _tree(body, {})
    remove_hidden_elements(tree)
    return parts_of(tree)


def read_utf8(path: Path) -> str:
    """The text of a file. Raises TrustbotError when it cannot be opened or is not UTF-8 text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TrustbotError(f"it is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise TrustbotError(f"it cannot be opened ({error.strerror})") from error
    if "\x00" in text:
        raise TrustbotError("it holds NUL characters: save it as UTF-8 text")
    return text


def read_yaml_mapping(source: str, *, name: str = "its front matter", first_line: int = 1) -> dict[str, Any]:
    """A YAML mapping. Raises TrustbotError naming the line of the file that cannot be read."""
    if len(source) > _MOST_YAML:
        raise TrustbotError(f"{name} is longer than {_MOST_YAML} characters")
    try:
        fields = yaml.load(source, Loader=_PlainLoader)
    except RecursionError as error:
        raise TrustbotError(f"{name} is nested too deeply") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + first_line}" if mark else ""
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        raise TrustbotError(f"{name} is not YAML{where}: {problem}") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise TrustbotError(f"{name} is not a list of 'name: value' lines")
    if not all(isinstance(field, str) for field in fields):
        raise TrustbotError(f"{name} has a field whose name is not text: put the name in quotes")
    return fields


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML without aliases, which grow without limit, and without fields given twice, of which one is lost."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "'*' begins an alias: write it in quotes", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' is given twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def _tree(body: str, references: dict[str, Any]) -> HtmlElement:
    return parse_html(f"<body>{_TO_HTML.render(body, references)}</body>")


def _unseen_references(environment: dict[str, Any]) -> list[str]:
    """`[//]: # (words)` is how people put a comment into Markdown."""
    references = environment.get("references", {}).values()
    words = [reference["title"] for reference in references if reference["href"] in ("#", "") and reference["title"]]
    return [said("comment", words)] if words else []
