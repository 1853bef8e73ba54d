"""Corpus files: a page as Markdown with front matter, written the same whenever the page is the same."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import yaml

from ingest.errors import TrustbotError
from ingest.readers.cleaning import clean_text
from ingest.readers.markdown import parts_of_markdown, split_front_matter
from ingest.sources.extraction import Extracted

if TYPE_CHECKING:
    from ingest.sources.declared import Source

_ORDER = (
    "title", "kind", "author", "publisher", "published", "published_basis", "dated_by", "summary", "url", "programmes",
    "partners", "embargo_until", "review_by", "withdrawn",
)  # fmt: skip
_RESERVED = {"readme", "glossary", "sources"}  # names that have a meaning in a corpus folder
_MOST_ID = 60  # letters
_SAYS_NOTHING = re.compile(
    r"(?:index|default|home|page|view|article|news|blog|post|story|item|node|content|show|read|detail|details|print|id|p)?"
    r"-?[\d-]*(?:page)?"
)


def corpus_file(
    extracted: Extracted,
    *,
    source: "Source",
    url: str | None,
    review_by: str | None = None,
    kept: Mapping[str, Any] | None = None,
) -> str:
    """The text of a corpus file: front matter and body. The same page and source give the same text.

    `url` is where people find the page; None, or what is no web address, for a file. `kept` are fields that outlast a
    change of the page, such as those that comms set by hand: they are written as they are. Of the rest, what the page
    brings itself goes before what the source says of all its pages.
    """
    of_source = {
        "kind": source.kind,
        "publisher": source.publisher,
        "programmes": list(source.programmes),
        "partners": list(source.partners),
    }
    of_page = {
        "title": extracted.title,
        "author": extracted.author,
        "published": extracted.published,
        "published_basis": extracted.published_basis,
        "dated_by": extracted.dated_by,
        "url": url if url and url.startswith(("https://", "http://")) else None,
        "review_by": review_by,
    }
    return file_text(of_source | of_page | dict(extracted.known) | dict(kept or {}), extracted.body)


def file_text(fields: Mapping[str, Any], body: str) -> str:
    """A file of front matter and body; what is None, False or empty is left out, the rest is always in one order."""
    said = {name: value for name, value in fields.items() if value not in (None, False, "", [], ())}
    ordered = [name for name in _ORDER if name in said] + sorted(set(said) - set(_ORDER))
    lines = "".join(_line(name, said[name]) for name in ordered)
    return f"---\n{lines}---\n\n{body.strip(chr(10))}\n"


def fields_of(text: str) -> dict[str, Any]:
    """The front matter of a corpus file. Raises TrustbotError when it is broken."""
    return split_front_matter(text)[0]


def body_of(text: str) -> str:
    """The body of a corpus file, without its front matter. Raises TrustbotError when that is broken."""
    return split_front_matter(text)[1].strip("\n")


def with_fields(text: str, **changed: Any) -> str:
    """The text of a corpus file with some fields of its front matter changed; None takes a field out.

    The body stays as it is. Raises TrustbotError when the front matter is broken.
    """
    fields, body = split_front_matter(text)
    return file_text(fields | changed, body)


def plain_text(body: str) -> str:
    """The words of a body without its Markdown, a part a line, to compare two pages by."""
    lines = (clean_text(part.text)[0] for part in parts_of_markdown(body))
    return "\n".join(line for line in lines if line)


def new_id(url: str, title: str | None, taken: Collection[str]) -> str:
    """A readable id for a page, which is the stem of its file: the last words of its address, else its title.

    Where it is `taken`, a few signs of the address's digest set it apart, whatever order pages come in.
    """
    digest = sha256(url.encode()).hexdigest()
    id_ = _of_address(url) or _slug(title or "") or f"page-{digest[:8]}"
    known = {name.casefold() for name in taken} | _RESERVED
    if id_ not in known:
        return id_
    lengths = (length for length in range(6, len(digest) + 1) if f"{id_}-{digest[:length]}" not in known)
    length = next(lengths, None)
    if length is None:
        raise TrustbotError(f"the page {url} has an id already")
    return f"{id_}-{digest[:length]}"


def _line(name: str, value: Any) -> str:
    """One field on one line, so that a change of it shows as one line."""
    is_list = isinstance(value, (list, tuple))
    written = yaml.safe_dump(
        list(value) if is_list else {name: value},
        allow_unicode=True,
        default_flow_style=is_list,
        width=float("inf"),
    )
    return f"{name}: {written}" if is_list else str(written)


def _of_address(url: str) -> str:
    """The last part of an address's path that says something: `2024` and `index.html` do not."""
    for part in reversed([part for part in urlsplit(url).path.split("/") if part]):
        words = _slug(re.sub(r"\.(?:html?|aspx?|php|pdf|docx?|txt|md)$", "", unquote(part), flags=re.IGNORECASE))
        if words and not _SAYS_NOTHING.fullmatch(words):
            return words
    return ""


def _slug(text: str) -> str:
    """Small letters, digits and hyphens, cut between words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}".strip("-")
        if len(longer) > _MOST_ID:
            break
        slug = longer
    return slug or "".join(words)[:_MOST_ID]
