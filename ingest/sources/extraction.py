"""Extraction: from the bytes of a fetched page to its words in Markdown, and what the page says of itself."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from ingest.dates import first_date
from ingest.errors import TrustbotError
from ingest.metadata import Metadata, check_metadata
from ingest.readers.cleaning import clean_text
from ingest.readers.links import links_on, pieces_of
from ingest.readers.pages import Part
from ingest.readers.placeholders import without_placeholders
from ingest.reading import fields_beside, read_page, with_date_line
from ingest.sources.file_dates import file_date
from ingest.sources.link_targets import link_target
from ingest.sources.markdown_text import markdown_of
from ingest.sources.web_pages import read_web_page

if TYPE_CHECKING:
    from ingest.sources.listing import Listed

DatedBy = Literal["meta", "json-ld", "visible text", "feed", "sitemap", "file"]


@dataclass(frozen=True, kw_only=True)
class Extracted:
    """A page as it goes into the corpus: its words as Markdown, and what is known about it.

    `published` is a partial ISO date, `published_basis` how sure it is, `dated_by` where it comes from. `canonical`
    is the absolute address that the page gives as its own. `known` are further fields of a front matter that the page
    brings itself (a Markdown file of a folder). `remarks` tell comms what was removed or guessed.
    """

    title: str
    author: str | None = None
    published: str | None = None
    published_basis: Literal["stated", "inferred"] | None = None
    dated_by: DatedBy | None = None
    canonical: str | None = None
    body: str
    known: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    remarks: tuple[str, ...] = ()


_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
}
_SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream", "application/force-download", "application/zip")
_FIRST_WORDS, _FIRST_LETTERS = 10, 150  # of a page without a title
_MOST_FIELD = 1000  # letters of a title or a name
_OWN_FIELDS = ("title", "author", "published", "published_basis", "dated_by", "url")


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What was read, before its words are made plain; `base` is what its links are relative to."""

    parts: Sequence[Part]
    base: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    published_basis: Literal["stated", "inferred"] | None = None
    dated_by: DatedBy | None = None
    canonical: str | None = None
    known: Mapping[str, Any] = field(default_factory=dict)
    remarks: Sequence[str] = ()


def extract(
    content: bytes,
    *,
    url: str,
    content_type: str,
    charset: str | None = None,
    selector: str | None = None,
    listed: "Listed | None" = None,
) -> Extracted:
    """The words of a page and what it says of itself; the same bytes always give the same.

    `content_type` is the server's ("text/html"); `selector` names the main content of an HTML page; `listed` is what
    its source's listing said of it, believed where the page says nothing. Raises TrustbotError with the reason when
    there is no text to be had.
    """
    ending = _ending(content, content_type, url)
    read = _web_page(content, url, charset, selector) if ending == ".html" else _file(content, ending, url)
    if listed and listed.path and ending != ".md":
        read = _with_fields_beside(read, listed.path)
    parts, hidden = _plain_parts(read.parts, url, read.base)
    if not any(part.kind != "heading" for part in parts):
        raise TrustbotError("it has no text")
    remarks = [*read.remarks, *([f"removed {hidden} invisible character{'s' if hidden > 1 else ''}"] if hidden else [])]
    title = _plain(read.title) or _plain(listed.title if listed else None) or _first_words(parts, remarks)
    parts = _without_title(parts, title)
    published, basis, dated_by = _dated(read, listed)
    return Extracted(
        title=title,
        author=_plain(read.author),
        published=published,
        published_basis=basis,
        dated_by=dated_by,
        canonical=read.canonical,
        body=markdown_of(parts),
        known=MappingProxyType(dict(read.known)),
        remarks=tuple(remarks),
    )


def _ending(content: bytes, content_type: str, url: str) -> str:
    """The ending of files of the page's type: what the server says, else its address, else its first bytes.

    Raises TrustbotError for a type that cannot be read.
    """
    said = content_type.partition(";")[0].strip().lower()
    named = PurePosixPath(urlsplit(url).path).suffix.lower()
    named = ".html" if named == ".htm" else named
    if said == "text/plain" and named == ".md":
        return ".md"
    if said in _ENDINGS:
        return _ENDINGS[said]
    if said in _SAYS_NOTHING:
        if named in _ENDINGS.values():
            return named
        if content.startswith(b"%PDF-"):
            return ".pdf"
        if re.match(rb"\s*<(?:!doctype html|html)", content[:500], re.IGNORECASE):
            return ".html"
    raise TrustbotError(f"it is of a type that cannot be read ({said or 'not said'})")


def _web_page(content: bytes, url: str, charset: str | None, selector: str | None) -> _Read:
    page = read_web_page(content, url=url, charset=charset, selector=selector)
    date = page.stated.date
    return _Read(
        parts=page.parts,
        base=page.base,
        title=page.stated.title,
        author=page.stated.author,
        published=date.value if date else None,
        published_basis=date.basis if date else None,
        dated_by=date.where if date else None,
        canonical=page.stated.canonical,
        remarks=page.remarks,
    )


def _file(content: bytes, ending: str, url: str) -> _Read:
    """Read a file as the corpus' readers do, which open files by their path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"page{ending}"
        path.write_bytes(content)
        page = read_page(path)
    fields, parts, remarks = dict(page.metadata), list(page.parts), list(page.remarks)
    if ending != ".md":
        parts = with_date_line(parts, fields, remarks)
    published = first_date(str(fields.get("published") or ""))
    basis: Literal["stated", "inferred"] = "inferred" if fields.get("published_basis") == "inferred" else "stated"
    dated_by: DatedBy = "meta" if ending == ".md" else "visible text"
    if published is None and (published := file_date(content, ending)):
        basis, dated_by = "inferred", "file"
    return _Read(
        parts=parts,
        base=url,
        title=str(fields.get("title") or "") or None,
        author=str(fields.get("author") or "") or None,
        published=published,
        published_basis=basis if published else None,
        dated_by=dated_by if published else None,
        known=_known(fields),
        remarks=remarks,
    )


def _with_fields_beside(read: _Read, path: Path) -> _Read:
    """What a person wrote into `NAME.yaml` beside a file goes before what the file says of itself.

    Raises TrustbotError when that cannot be used.
    """
    fields = fields_beside(path, path.parent)
    said = replace(
        read,
        title=str(fields.get("title") or read.title or "") or None,
        author=str(fields.get("author") or read.author or "") or None,
        known={**read.known, **_known(fields)},
    )
    if fields.get("published"):
        basis: Literal["stated", "inferred"] = "inferred" if fields.get("published_basis") == "inferred" else "stated"
        published = str(fields["published"])
        check_metadata({"title": "-", "published": published})
        said = replace(said, published=published, published_basis=basis, dated_by="meta")
    return said


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Further fields of a front matter. Raises TrustbotError when they cannot be used."""
    known = {name: fields[name] for name in Metadata.model_fields if name in fields and name not in _OWN_FIELDS}
    checked, _ = check_metadata({"title": "-"} | known)
    return checked.model_dump(include=set(known))


def _dated(
    read: _Read, listed: "Listed | None"
) -> tuple[str | None, Literal["stated", "inferred"] | None, DatedBy | None]:
    """When the page was published, how sure that is and where it comes from: the page's own word first."""
    if read.published and read.dated_by != "file":
        return read.published, read.published_basis, read.dated_by
    if listed and listed.published and (date := first_date(listed.published)):
        return date, "stated", "feed"
    if read.published:
        return read.published, read.published_basis, read.dated_by
    if listed and listed.path is None and listed.modified and (date := first_date(listed.modified)):
        return date, "inferred", "sitemap"
    return None, None, None


def _plain_parts(parts: Sequence[Part], page: str, base: str) -> tuple[list[Part], int]:
    """The parts in plain characters, with links to where a person can follow them; and how many characters fell.

    Lines that only name a picture, or point somewhere without a link, are left out.
    """
    kept: list[Part] = []
    hidden = 0
    for part in parts:
        text, removed = clean_text(part.text)
        hidden += removed
        if not text or not (part.links or without_placeholders(text)):
            continue
        pieces = [
            (clean_text(piece)[0], (link_target(target, page=page, base=base) or "") if target else "")
            for piece, target in pieces_of(part.text, part.links)
        ]
        kept.append(replace(part, text=text, links=links_on(pieces, [text])[0]))
    return kept, hidden


def _without_title(parts: Sequence[Part], title: str) -> list[Part]:
    """The parts without the first heading, where it repeats the page's title, and the next that then is the first."""
    kept = list(parts)
    while (first := next((part for part in kept if part.kind == "heading"), None)) is not None:
        if first.text.casefold() != title.casefold():
            break
        kept.remove(first)
    return kept


def _first_words(parts: Sequence[Part], remarks: list[str]) -> str:
    words = next(part.text for part in parts if part.kind != "heading")
    first = " ".join(words.split()[:_FIRST_WORDS])[:_FIRST_LETTERS].rstrip()
    remarks.append("no clear title: its first words serve")
    return first.rstrip(".,:;") + ("…" if len(first) < len(words) else "")


def _plain(text: str | None) -> str | None:
    return clean_text(text)[0][:_MOST_FIELD] or None if text else None
