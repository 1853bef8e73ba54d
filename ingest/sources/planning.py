"""Planning: what the pages found mean for the files of the corpus, before anything is written."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from ingest.documents import Document
from ingest.errors import TrustbotError
from ingest.publishing import digest_of
from ingest.reading import Reading, document_paths
from ingest.sources.corpus_files import corpus_file, fields_of, new_id, with_fields
from ingest.sources.gathering import Gathering
from ingest.sources.ledger import LEDGER, Entry, Ledger, edits, written
from ingest.sources.likeness import LikePages, text_with_headings, words_of
from ingest.sources.memory import digest_of_page
from ingest.sources.recognising import Page, normal, recognise
from ingest.sources.report import DuplicatePage, PageWarning

StepKind = Literal["added", "changed", "moved", "withdrawn", "returned"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One file of the corpus that is to change, with its ledger entry afterwards, and why where that is not plain."""

    kind: StepKind
    file: str
    text: str
    entry: Entry
    why: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EditedPage:
    """A page that changed at its address after its file was edited by hand: the file stays, `offered` is the page's."""

    file: str
    offered: str
    source: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a refresh would do to the corpus. `ledger` is as it will be, but for what the steps do to it."""

    steps: tuple[Step, ...] = ()
    edited: tuple[EditedPage, ...] = ()
    duplicates: tuple[DuplicatePage, ...] = ()
    warnings: tuple[PageWarning, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)

    def files(self) -> dict[str, str | None]:
        """The files to write, the ledger among them; none where there is no step."""
        if not self.steps:
            return {}
        ledger = self.ledger.with_entries(step.entry for step in self.steps)
        return {**{step.file: step.text for step in self.steps}, LEDGER: ledger.text()}

    def without(self, files: Collection[str]) -> "Plan":
        """The plan with the steps on these files left out."""
        return replace(self, steps=tuple(step for step in self.steps if step.file not in files))


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """The corpus as it is: its folder and ledger, what is read in it, and what a person decided about it.

    `declined` are files not wanted, by path the digest of their text; of the documents named in `take` the page is
    taken, whatever was edited by hand.
    """

    folder: Path
    ledger: Ledger
    reading: Reading
    declined: Mapping[str, str] = field(default_factory=dict)
    take: Collection[str] = ()

    def documents(self) -> dict[str, Document]:
        """Every document by its path, withdrawn ones too."""
        return {document.path: document for document in (*self.reading.documents, *self.reading.withdrawn_documents)}

    def takes(self, file: str) -> bool:
        """True for a file whose page is to be taken whatever was edited."""
        return PurePosixPath(file).stem in self.take

    def text(self, file: str) -> str | None:
        """A file's text, None where it is not there. Raises TrustbotError when it cannot be read."""
        try:
            return (self.folder / file).read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise TrustbotError(f"it cannot be read ({type(error).__name__})") from error


# What going through the pages yields; a bare entry is one to remember though its file stays as it is.
_Finding = Step | EditedPage | DuplicatePage | PageWarning | Entry


def plan(gathering: Gathering, corpus: Corpus, *, asked: Collection[str], declared: Collection[str]) -> Plan:
    """Work out what is to change: pages that are known, then those that are new, then those that are gone.

    `asked` are the names of the sources that were gathered from, `declared` those of all there are.
    """
    there = [page for page in gathering.found if page.moved or not page.is_gone]
    recognised = recognise(there, corpus.ledger)
    known = {page.entry.file: page for page in recognised.pages if page.entry}
    gone = _gone(gathering, corpus, asked, there=known, merged=recognised.merged)
    findings: list[_Finding] = [*recognised.duplicates, *recognised.warnings]
    findings += [finding for page in known.values() for finding in _of_known(page, corpus)]
    findings += _of_new([page for page in recognised.pages if not page.entry], corpus, gone)
    findings += [
        finding for file, why in gone.items() for finding in _of_gone(corpus.ledger.entries[file], why, corpus)
    ]
    findings += _of_no_source(corpus.ledger, declared)
    return Plan(
        steps=tuple(found for found in findings if isinstance(found, Step)),
        edited=tuple(found for found in findings if isinstance(found, EditedPage)),
        duplicates=tuple(found for found in findings if isinstance(found, DuplicatePage)),
        warnings=tuple(found for found in findings if isinstance(found, PageWarning)),
        ledger=corpus.ledger.with_entries(found for found in findings if isinstance(found, Entry)),
    )


# -- pages that have a file


def _of_known(page: Page, corpus: Corpus) -> Iterator[_Finding]:
    """A page that has a file: unchanged, changed, moved, back again, edited or deleted by hand."""
    entry = page.entry
    assert entry is not None
    try:
        is_taken, text = corpus.takes(entry.file), corpus.text(entry.file)
        if text is None and not is_taken:
            yield _deleted(entry)
        elif is_taken or entry.withdrawn or entry.page != _digest(page):
            yield from _undeclined(_rewritten(page, entry, text, is_taken=is_taken), corpus)
    except TrustbotError as error:
        yield PageWarning(page=entry.file, text=f"left as it is: {error}")


def _rewritten(page: Page, entry: Entry, text: str | None, *, is_taken: bool) -> Iterator[_Finding]:
    """Bring a file up to date with its page; a body edited by hand stays, fields edited by hand outlast it."""
    is_edited, by_hand = (False, {}) if text is None or is_taken else edits(entry, text)
    after, wanted = _entry(page, entry.file), _file_of(page, kept=by_hand)
    returned = entry.withdrawn and text is not None and _is_withdrawn(text)
    if text is not None and is_edited:
        yield from _beside_an_edit(entry, after, text, wanted, returned=returned)
    elif wanted == text:  # something else about the page changed: words hidden in it, for one
        yield after
        yield from (PageWarning(page=entry.file, text=remark) for remark in page.found.extracted.remarks)
    else:
        moved = page.address != entry.url
        yield Step(
            kind="returned" if returned else "moved" if moved else "changed",
            file=entry.file,
            text=wanted,
            entry=after,
            why="it is there again" if returned else page.why if moved else None,
            remarks=page.found.extracted.remarks,
        )


def _beside_an_edit(entry: Entry, after: Entry, text: str, wanted: str, *, returned: bool) -> Iterator[_Finding]:
    """The file of a page whose body was edited by hand stays, but for what withdraws it."""
    stem = PurePosixPath(entry.file).stem
    if written(wanted)[0] == written(text)[0]:  # somebody wrote into it what the page now says
        yield after
    elif after.page != entry.page:
        why = f"edited by hand; to take the page as it is now: trustbot refresh --take {stem}"
        yield EditedPage(file=entry.file, offered=wanted, source=after.source, why=why)
    if returned:
        there = replace(entry, withdrawn=False)
        back = with_fields(text, withdrawn=None)
        yield Step(kind="returned", file=entry.file, text=back, entry=there, why="it is there again")


def _deleted(entry: Entry) -> PageWarning:
    text = (
        f"deleted by hand, though {entry.url} is still there: exclude it in sources.yaml, "
        f"or take it again with trustbot refresh --take {PurePosixPath(entry.file).stem}"
    )
    return PageWarning(page=entry.file, text=text)


# -- pages that have none


def _of_new(pages: Sequence[Page], corpus: Corpus, gone: dict[str, str]) -> Iterator[_Finding]:
    """Pages without a file: moved here from an address that is gone, known already, or new.

    What is found again here is no longer `gone`.
    """
    if not pages:
        return
    documents = corpus.documents()
    own = {normal(document.url): document for document in documents.values() if document.url}
    like = LikePages()
    for path in sorted(documents, key=lambda path: (path not in gone, path)):
        like.add(path, words_of(text_with_headings(documents[path])))
    taken = {PurePosixPath(file).stem for file in corpus.ledger.entries}
    taken |= {path.stem for path in document_paths(corpus.folder)}
    for page in pages:
        words = page.words
        same = like.same_as(words)
        if page.address in own:
            yield _of_own(page, own[page.address], corpus)
        elif same in gone:
            del gone[same]
            moved = replace(page, entry=corpus.ledger.entries[same], why=f"its text stands at {page.address} now")
            yield from _of_known(moved, corpus)
        elif same:
            how = "it says the same in the same words"
            yield DuplicatePage(url=page.found.url, document=PurePosixPath(same).stem, how=how)
        else:
            added = _added(page, new_id(page.address, page.found.extracted.title, taken))
            taken.add(PurePosixPath(added.file).stem)
            like.add(added.file, words)
            yield from _undeclined([added], corpus)


def _added(page: Page, id_: str) -> Step:
    file = f"{page.found.source.corpus_folder}/{id_}.md"
    return Step(
        kind="added",
        file=file,
        text=_file_of(page),
        entry=_entry(page, file),
        remarks=page.found.extracted.remarks,
    )


def _of_own(page: Page, document: Document, corpus: Corpus) -> _Finding:
    """A file that no refresh wrote, as far as the ledger knows: one whose entry was lost is known again by its text."""
    try:
        is_the_same = corpus.text(document.path) == _file_of(page)
    except TrustbotError:
        is_the_same = False
    if is_the_same:
        return _entry(page, document.path)
    how = f"{document.path} is about this address already, and was not written by a refresh"
    return DuplicatePage(url=page.found.url, document=document.id, how=how)


# -- pages that are gone


def _gone(
    gathering: Gathering,
    corpus: Corpus,
    asked: Collection[str],
    *,
    there: Collection[str],
    merged: Mapping[str, str],
) -> dict[str, str]:
    """The files of pages that are gone, with the reason."""
    failed = {page.url for page in gathering.failed}
    gone: dict[str, str] = {}
    for file, entry in corpus.ledger.entries.items():
        if file in there or entry.source not in asked or not (corpus.folder / file).is_file():
            continue
        if file in merged:
            gone[file] = merged[file]
        elif entry.url in gathering.gone:
            gone[file] = gathering.gone[entry.url]
        elif entry.source in gathering.complete and entry.url not in failed:
            gone[file] = f"“{entry.source}” no longer lists it"
    return gone


def _of_gone(entry: Entry, why: str, corpus: Corpus) -> Iterator[_Finding]:
    """Withdraw a page, unless it is withdrawn, or a person let it in again."""
    if entry.withdrawn:
        return
    try:
        text = corpus.text(entry.file)
        if text is not None and not _is_withdrawn(text):
            gone, without = replace(entry, withdrawn=True), with_fields(text, withdrawn=True)
            yield from _undeclined([Step(kind="withdrawn", file=entry.file, text=without, entry=gone, why=why)], corpus)
    except TrustbotError as error:
        yield PageWarning(page=entry.file, text=f"its page is gone ({why}), but {error}")


def _of_no_source(ledger: Ledger, declared: Collection[str]) -> list[PageWarning]:
    """Files of sources that sources.yaml no longer has stay as they are, and that is told."""
    files = Counter(entry.source for entry in ledger.entries.values() if entry.source not in declared)
    return [
        PageWarning(page=name, text=f"{count} pages came from this source, which sources.yaml no longer has: they stay")
        for name, count in files.items()
    ]


# -- what they share


def _undeclined(findings: Iterator[_Finding] | Sequence[_Finding], corpus: Corpus) -> Iterator[_Finding]:
    """The findings without a step that a person undid, which is told."""
    for found in findings:
        if isinstance(found, Step) and corpus.declined.get(found.file) == digest_of(found.text):
            text = "not taken again, since a person undid it: it comes back when the page changes"
            yield PageWarning(page=found.file, text=text)
        else:
            yield found


def _file_of(page: Page, *, kept: Mapping[str, Any] | None = None) -> str:
    return corpus_file(page.found.extracted, source=page.found.source, url=page.address, kept=kept)


def _entry(page: Page, file: str) -> Entry:
    body, known = written(_file_of(page))
    return Entry(file=file, url=page.address, source=page.found.source.name, page=_digest(page), body=body, known=known)


def _digest(page: Page) -> str:
    source = page.found.source
    return digest_of_page(
        page.found.extracted,
        address=page.address,
        kind=source.kind,
        publisher=source.publisher,
        programmes=source.programmes,
        partners=source.partners,
    )


def _is_withdrawn(text: str) -> bool:
    return bool(fields_of(text).get("withdrawn"))
