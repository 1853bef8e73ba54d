"""Reading: from the files of a corpus to documents, with a reason for every file that cannot be one."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.dates import first_date
from ingest.documents import Block, Document
from ingest.errors import TrustbotError
from ingest.metadata import KIND_OF_FOLDER, Metadata, check_metadata
from ingest.readers import READERS
from ingest.readers.cleaning import clean_text
from ingest.readers.markdown import read_utf8, read_yaml_mapping
from ingest.readers.pages import Part
from ingest.readers.text import published_line
from ingest.structure import heading_date, with_workstreams

MOST_BYTES = 20_000_000
_NOT_DOCUMENTS = {"readme.md", "glossary.yaml", "sources.yaml"}
_IMAGE_NAME = re.compile(r"^\S[^.!?\n]*\.(?:png|jpe?g|gif|svg|webp|tiff?|bmp)$", re.IGNORECASE)
_LINK_PLACEHOLDER = re.compile(
    r"\s*[(\[](?:link|insert|url|hyperlink|image|photo|video)\b[^()\[\]]*[)\]]", re.IGNORECASE
)
_FIRST_WORDS = 10


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something comms should know about one file: a failure's reason or a warning."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a corpus folder holds: its documents, the ids withdrawn from answering, failures and warnings."""

    documents: tuple[Document, ...]
    withdrawn: tuple[str, ...]
    failed: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


def read_corpus(corpus: Path) -> Reading:
    """Read every document below `corpus`, in order of path. A file that cannot be read is reported, not fatal."""
    documents: dict[str, Document] = {}
    paths: dict[str, str] = {}
    withdrawn: list[str] = []
    failed: list[Remark] = []
    warnings: list[Remark] = []
    for path in document_paths(corpus):
        name = path.relative_to(corpus).as_posix()
        try:
            if path.stem in paths:
                raise TrustbotError(
                    f"its id '{path.stem}' is already that of {paths[path.stem]}: rename one of them"
                )
            document, is_withdrawn, remarks = read_document(path, corpus)
        except TrustbotError as error:
            failed.append(Remark(path=name, text=str(error)))
            continue
        paths[document.id] = name
        warnings.extend(Remark(path=name, text=text) for text in remarks)
        if is_withdrawn:
            withdrawn.append(document.id)
        else:
            documents[document.id] = document
    return Reading(
        documents=tuple(documents.values()),
        withdrawn=tuple(withdrawn),
        failed=tuple(failed),
        warnings=tuple(warnings),
    )


def document_paths(corpus: Path) -> Iterator[Path]:
    """The files below `corpus` that are documents, sorted by path; links out of the folder are left alone."""
    root = corpus.resolve()
    for path in sorted(corpus.rglob("*")):
        parts = path.relative_to(corpus).parts
        if any(part.startswith((".", "_")) for part in parts) or path.name.lower() in _NOT_DOCUMENTS:
            continue
        if path.suffix.lower() in READERS and path.is_file() and path.resolve().is_relative_to(root):
            yield path


def read_document(path: Path, corpus: Path) -> tuple[Document, bool, list[str]]:
    """Read one file; returns its document, whether it is withdrawn, and remarks for comms.

    Raises TrustbotError with the reason when the file cannot be a document.
    """
    size = path.stat().st_size
    if size == 0:
        raise TrustbotError("it is empty")
    if size > MOST_BYTES:
        raise TrustbotError(f"it is {size / 1e6:.0f} MB; the most is {MOST_BYTES / 1e6:.0f} MB")
    try:
        page = READERS[path.suffix.lower()](path)
    except TrustbotError:
        raise
    except (
        Exception
    ) as error:  # converters raise anything on damaged files; one bad file must not stop the rest
        raise TrustbotError(f"it cannot be read ({type(error).__name__})") from error

    remarks = list(page.remarks)
    parts, hidden = _clean_parts(page.parts)
    if hidden:
        remarks.append(f"removed {hidden} invisible characters")
    fields = dict(page.metadata)
    beside = path.with_suffix(".yaml")
    if path.suffix.lower() != ".md":
        if parts and not fields.get("published") and (stated := published_line(parts[0].text)):
            fields["published"] = stated
            parts = parts[1:]
        fields = {
            name: value for name, value in fields.items() if name != "published" or first_date(str(value))
        }
        if beside.is_file():
            fields.update(read_yaml_mapping(read_utf8(beside)))
        if not fields.get("title") and parts:
            words = parts[0].text.split()
            fields["title"] = " ".join(words[:_FIRST_WORDS]).rstrip(".,:;") + (
                "…" if len(words) > _FIRST_WORDS else ""
            )
            remarks.append(
                f"no clear title: its first words serve (“{fields['title']}”); set one in {beside.name}"
            )
    elif not fields.get("title"):
        raise TrustbotError("it has no title: add a front matter with a line 'title: …'")
    metadata, unknown = check_metadata({name: value for name, value in fields.items() if value is not None})
    title, _ = clean_text(metadata.title)
    if parts and parts[0].kind == "heading" and parts[0].text.casefold() == title.casefold():
        parts = parts[1:]
    if not any(part.kind != "heading" for part in parts):
        raise TrustbotError("it has no text")
    return _document(path, corpus, metadata, title, parts), metadata.withdrawn, remarks + unknown


def _clean_parts(parts: tuple[Part, ...]) -> tuple[list[Part], int]:
    """Plain characters in every part; image names and link placeholders, which are no evidence, are left out."""
    kept: list[Part] = []
    hidden = 0
    for part in parts:
        text, removed = clean_text(part.text)
        hidden += removed
        text = _LINK_PLACEHOLDER.sub("", text).strip()
        if text and not _IMAGE_NAME.match(text):
            kept.append(Part(kind=part.kind, text=text, level=part.level))
    return kept, hidden


def _document(path: Path, corpus: Path, metadata: Metadata, title: str, parts: list[Part]) -> Document:
    text, blocks = _stored_text(with_workstreams(parts))
    relative = path.relative_to(corpus)
    fields = metadata.model_dump(exclude={"withdrawn"}) | {
        "id": path.stem,
        "title": title,
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


def _stored_text(parts: list[Part]) -> tuple[str, list[Block]]:
    """Join the parts to the stored text: a list item or row a line, a blank line between paragraphs."""
    text = ""
    blocks: list[Block] = []
    above: list[tuple[int, str]] = []
    for part in parts:
        if part.kind == "heading":
            above = [(level, heading) for level, heading in above if level < part.level] + [
                (part.level, part.text)
            ]
            continue
        headings = tuple(heading for _, heading in above)
        if blocks:
            same_run = (
                part.kind != "paragraph" and blocks[-1].kind == part.kind and blocks[-1].headings == headings
            )
            text += "\n" if same_run else "\n\n"
        start = len(text)
        text += part.text
        blocks.append(
            Block(kind=part.kind, start=start, end=len(text), headings=headings, as_of=heading_date(headings))
        )
    return text, blocks
