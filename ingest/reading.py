"""Reading: from the files of a corpus to documents, with a reason for every file that cannot be one."""

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from ingest.dates import first_date
from ingest.documents import Block, Document
from ingest.errors import TrustbotError
from ingest.metadata import KIND_OF_FOLDER, Metadata, check_metadata
from ingest.overlay import Overlay
from ingest.prepared import PreparedFiles, ReadFile
from ingest.readers import READERS
from ingest.readers.cleaning import clean_text
from ingest.readers.markdown import read_utf8, read_yaml_mapping
from ingest.readers.pages import Page, Part
from ingest.readers.placeholders import without_placeholders
from ingest.readers.text import bare_date, published_line
from ingest.structure import heading_date, run_in_headings, with_workstreams

MOST_BYTES = 20_000_000
_MOST_TEXT = 5_000_000  # of plain text and Markdown, which hold no pictures: four novels
_NOT_DOCUMENTS = {"readme.md", "glossary.yaml", "sources.yaml"}
_FIRST_WORDS, _FIRST_LETTERS = 10, 150  # of a page without a title
_HEAD_PARTS = 4  # where a date line can stand: below the title, a subtitle and the author


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something comms should know about one file: a failure's reason or a warning."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a corpus folder holds: its documents, those withdrawn from answering, failures and warnings."""

    documents: tuple[Document, ...]
    withdrawn_documents: tuple[Document, ...]
    failed: tuple[Remark, ...]
    warnings: tuple[Remark, ...]

    @property
    def withdrawn(self) -> tuple[str, ...]:
        """The ids of the documents that are withdrawn."""
        return tuple(document.id for document in self.withdrawn_documents)


def read_corpus(corpus: Path, *, overlay: Overlay | None = None, prepared: PreparedFiles | None = None) -> Reading:
    """Read every document below `corpus`, in order of path. A file that cannot be read is reported, not fatal.

    With an `overlay` its files are read in place of the corpus' own; what is `prepared` is not read again.
    """
    prepared = prepared or PreparedFiles()
    documents: list[Document] = []
    paths: dict[str, str] = {}
    withdrawn: list[Document] = []
    failed = [Remark(path=_printable(name), text="the folder cannot be opened") for name in _closed_folders(corpus)]
    warnings: list[Remark] = []
    for path, home in _with_homes(corpus, overlay or Overlay(folder=corpus)):
        name = _printable(path.relative_to(home).as_posix())
        try:
            id_ = _id(path)
            if id_ in paths:
                raise TrustbotError(f"its id '{id_}' is already that of {paths[id_]}: rename one of them")
            read = _read_file(path, home, prepared)
        except TrustbotError as error:
            failed.append(Remark(path=name, text=str(error)))
            continue
        paths[read.document.id] = name
        warnings.extend(Remark(path=name, text=text) for text in read.remarks)
        if read.is_withdrawn:
            withdrawn.append(read.document)
        else:
            documents.append(read.document)
    return Reading(
        documents=tuple(documents),
        withdrawn_documents=tuple(withdrawn),
        failed=tuple(failed),
        warnings=tuple(warnings),
    )


def document_paths(corpus: Path) -> Iterator[Path]:
    """The files below `corpus` that are documents, sorted by path; links out of the folder are left alone."""
    home = corpus.resolve()
    for path in sorted(corpus.rglob("*")):
        if is_document(path.relative_to(corpus)) and _is_file_within(path, home):
            yield path


def is_document(path: PurePath | str) -> bool:
    """True for a path below a corpus that is that of a document, by its name."""
    path = PurePosixPath(path)
    hidden = any(part.startswith((".", "_")) for part in path.parts)
    return not hidden and path.name.lower() not in _NOT_DOCUMENTS and path.suffix.lower() in READERS


def _with_homes(corpus: Path, overlay: Overlay) -> Iterator[tuple[Path, Path]]:
    """The files of a corpus as they would be, sorted by path, each with the folder that its path is relative to."""
    own = {path.relative_to(corpus).as_posix(): corpus for path in document_paths(corpus)}
    homes = own | dict.fromkeys((name for name in overlay.files if is_document(name)), overlay.folder)
    for name in sorted(homes.keys() - overlay.gone, key=PurePosixPath):
        yield homes[name] / name, homes[name]


def _read_file(path: Path, corpus: Path, prepared: PreparedFiles) -> ReadFile:
    """Read one file, unless it has been read before and is as it was. Raises TrustbotError as `read_document`."""
    name, digest = path.relative_to(corpus).as_posix(), _file_digest(path)
    read = prepared.read(name, digest) if digest else None
    if read is None:
        document, is_withdrawn, remarks = read_document(path, corpus)
        read = ReadFile(document=document, is_withdrawn=is_withdrawn, remarks=tuple(remarks))
        if digest:
            prepared.keep(name, digest, read)
    return read


def _file_digest(path: Path) -> str | None:
    """One of a file and of what stands beside it; None where it cannot be told."""
    beside = path.with_suffix(".yaml")
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        known = beside.read_bytes() if path.suffix.lower() != ".md" and beside.is_file() else b""
        return hashlib.sha256(path.read_bytes() + b"\0" + known).hexdigest()
    except OSError:
        return None


def read_document(path: Path, corpus: Path) -> tuple[Document, bool, list[str]]:
    """Read one file; returns its document, whether it is withdrawn, and remarks for comms.

    Raises TrustbotError with the reason when the file cannot be a document.
    """
    page = read_page(path)
    parts, hidden_in_text = _clean_parts(page.parts)
    fields, hidden_in_fields = _clean_fields(page.metadata)
    beside, hidden_beside = _clean_fields(fields_beside(path, corpus))
    remarks = [*page.remarks, *_invisible(hidden_in_text + hidden_in_fields + hidden_beside)]
    if path.suffix.lower() != ".md":
        parts = with_date_line(parts, fields, remarks)
        fields = _usable(fields, remarks)
    if "published" in beside:
        fields.pop("published_basis", None)
    fields = {name: value for name, value in (fields | beside).items() if value is not None}
    if "title" not in fields:
        fields["title"] = _first_words(path, parts, remarks)
    metadata, unknown = check_metadata(fields)
    parts = _without_title(parts, metadata.title)
    if not any(part.kind != "heading" for part in parts):
        raise TrustbotError("it has no text")
    return _document(path, corpus, metadata, parts), metadata.withdrawn, remarks + unknown


def read_page(path: Path) -> Page:
    """What the reader of its type reads in a file. Raises TrustbotError when it is too large or cannot be read."""
    ending = path.suffix.lower()
    most = _MOST_TEXT if ending in (".md", ".txt") else MOST_BYTES
    try:
        size = path.stat().st_size
        if size == 0:
            raise TrustbotError("it is empty")
        if size > most:
            raise TrustbotError(f"it is {size / 1e6:.0f} MB; the most is {most / 1e6:.0f} MB")
        return READERS[ending](path)
    except TrustbotError:
        raise
    except OSError as error:
        raise TrustbotError(f"it cannot be opened ({error.strerror})") from error
    except Exception as error:  # converters raise anything on damaged files; one bad file must not stop the rest
        raise TrustbotError(f"it cannot be read ({type(error).__name__})") from error


def _is_file_within(path: Path, home: Path) -> bool:
    """False for folders, pipes and links that lead out of the corpus (`home`, resolved) or in a circle."""
    try:
        return path.is_file() and path.resolve().is_relative_to(home)
    except PermissionError:
        return True  # reading it will say why it cannot be read
    except (OSError, RuntimeError):
        return False


def _closed_folders(corpus: Path) -> list[str]:
    errors: list[OSError] = []
    for _, folders, _ in os.walk(corpus, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
    return [Path(error.filename).relative_to(corpus).as_posix() for error in errors]


def _printable(name: str) -> str:
    """A path as it can be shown: bytes that are no UTF-8, and control characters, as escapes."""
    name = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in name)


def _id(path: Path) -> str:
    """The document's id: the file's stem, however the file system writes its accents."""
    id_ = unicodedata.normalize("NFC", path.stem)
    if _printable(path.stem) != path.stem or not id_.strip():
        raise TrustbotError("its name holds characters that an id cannot hold: rename it")
    return id_


def _clean_parts(parts: Sequence[Part]) -> tuple[list[Part], int]:
    """Plain characters in every part; image names and link placeholders, which are no evidence, are left out."""
    kept: list[Part] = []
    hidden = 0
    for part in parts:
        text, removed = clean_text(part.text)
        hidden += removed
        if text := unicodedata.normalize("NFC", without_placeholders(text)):
            kept.append(Part(kind=part.kind, text=text, level=part.level))
    return kept, hidden


def _clean_fields(fields: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Plain characters in every text; what is blank says nothing."""
    cleaned: dict[str, Any] = {}
    hidden = 0
    for name, value in fields.items():
        texts = [clean_text(item) if isinstance(item, str) else (item, 0) for item in _listed(value)]
        hidden += sum(removed for _, removed in texts)
        plain = [text for text, _ in texts if text != ""]
        cleaned[name] = plain if isinstance(value, list) else plain[0] if plain else None
    return cleaned, hidden


def _invisible(count: int) -> list[str]:
    return [f"removed {count} invisible character{'s' if count > 1 else ''}"] if count else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def with_date_line(parts: list[Part], fields: dict[str, Any], remarks: list[str]) -> list[Part]:
    """Take a line such as "Publish date: 17 May 2024" near the top into `fields`; the rest is the text."""
    for index, part in enumerate(parts[:_HEAD_PARTS]):
        stated, bare = published_line(part.text), bare_date(part.text)
        if not (stated or bare) or fields.get("published", stated or bare) not in (stated, bare):
            continue
        if "published" not in fields and not stated:
            fields["published_basis"] = "inferred"
            remarks.append(f"its line “{part.text}” was taken for its date")
        fields["published"] = stated or bare
        return [*parts[:index], *parts[index + 1 :]]
    return parts


def _usable(fields: dict[str, Any], remarks: list[str]) -> dict[str, Any]:
    """What a file says of itself without comms having written it there may be wrong, which is no reason to fail."""
    usable: dict[str, Any] = {}
    for name, value in fields.items():
        value = first_date(str(value)) if name == "published" else value
        try:
            check_metadata({"title": "-", name: value})
        except TrustbotError:
            remarks.append(f"the {name} that the file itself gives cannot be used")
        else:
            usable[name] = value
    return usable


def fields_beside(path: Path, corpus: Path) -> dict[str, Any]:
    """The metadata of `NAME.yaml` beside a file. Raises TrustbotError when it is broken."""
    beside = path.with_suffix(".yaml")
    is_for_it = path.suffix.lower() != ".md" and beside.name.lower() not in _NOT_DOCUMENTS
    if not is_for_it or not _is_file_within(beside, corpus.resolve()):
        return {}
    try:
        return read_yaml_mapping(read_utf8(beside), name="it")
    except TrustbotError as error:
        raise TrustbotError(f"{beside.name} beside it: {error}") from error


def _first_words(path: Path, parts: Sequence[Part], remarks: list[str]) -> str:
    """A title for a page without one. Raises TrustbotError for Markdown, where one can be set, and without text."""
    if path.suffix.lower() == ".md":
        raise TrustbotError("it has no title: add a front matter with a line 'title: …'")
    if not parts:
        raise TrustbotError("it has no text")
    first = " ".join(parts[0].text.split()[:_FIRST_WORDS])[:_FIRST_LETTERS]
    title = first.rstrip(".,:;") + ("…" if len(first) < len(parts[0].text) else "")
    remarks.append(f"no clear title: its first words serve (“{title}”); set one in {path.stem}.yaml")
    return title


def _without_title(parts: list[Part], title: str) -> list[Part]:
    """The parts without the heading that repeats the page's title."""
    first = next((part for part in parts if part.kind == "heading"), None)
    if first is None or first.text.casefold() != title.casefold():
        return parts
    return [part for part in parts if part is not first]


def _document(path: Path, corpus: Path, metadata: Metadata, parts: list[Part]) -> Document:
    text, blocks = _stored_text(with_workstreams(parts))
    relative = path.relative_to(corpus)
    fields = metadata.model_dump(exclude={"withdrawn", "dated_by"}) | {
        "id": _id(path),
        "kind": metadata.kind or KIND_OF_FOLDER.get(relative.parts[0]),
        "published_basis": metadata.published_basis if metadata.published else None,
        "programmes": tuple(metadata.programmes),
        "partners": tuple(metadata.partners),
        "path": relative.as_posix(),
        "text": text,
        "blocks": tuple(blocks),
    }
    known = json.dumps(fields | {"blocks": [asdict(block) for block in blocks]}, sort_keys=True)
    return Document(**fields, digest=hashlib.sha256(known.encode()).hexdigest())


def _stored_text(parts: Sequence[Part]) -> tuple[str, list[Block]]:
    """Join the parts to the stored text: a list item or row a line, a blank line between paragraphs."""
    pieces: list[str] = []
    blocks: list[Block] = []
    above: list[tuple[int, str]] = []
    headings: tuple[str, ...] = ()
    as_of: str | None = None
    run_in = run_in_headings(parts)
    end = 0
    for index, part in enumerate(parts):
        if part.kind == "heading":
            above = [(level, text) for level, text in above if level < part.level] + [(part.level, part.text)]
        if part.kind in ("heading", "paragraph"):
            label = [run_in[index]] if index in run_in else []
            headings = (*(text for _, text in above), *label)
            as_of = heading_date(headings)
        if part.kind == "heading":
            continue
        if blocks:
            same_run = part.kind != "paragraph" and blocks[-1].kind == part.kind and blocks[-1].headings == headings
            pieces.append("\n" if same_run else "\n\n")
        start = end + len(pieces[-1] if blocks else "")
        end = start + len(part.text)
        pieces.append(part.text)
        blocks.append(Block(kind=part.kind, start=start, end=end, headings=headings, as_of=as_of))
    return "".join(pieces), blocks
