"""The refresh: fetch, see what changed, build, ask the fixed questions, report, and promote or hold."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from ingest.builds import Build, Builds
from ingest.documents import Document
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.index import document_digests, stored_documents
from ingest.pipeline import PREPARED, count_passages, make_build, read_contents
from ingest.prepared import PreparedFiles
from ingest.publishing import Publications, Staged
from ingest.reading import read_corpus, read_document
from ingest.sources.declared import Sources, read_sources
from ingest.sources.gathering import Gathering, gather
from ingest.sources.holding import too_many_lost, too_many_withdrawn
from ingest.sources.ledger import read_ledger
from ingest.sources.memory import PageMemory
from ingest.sources.planning import Corpus, Plan, plan
from ingest.sources.proposals import proposed_names
from ingest.sources.report import FailedPage, PageWarning, QuestionsChange, RefreshReport
from ingest.sources.reporting import Prospect, report_of
from ingest.sources.staleness import stale_pages

Progress = Callable[[str, int, int], None]
_FETCHED = "fetched"


class Check(Protocol):
    """Asks the fixed questions of a new build, and of the current one; `evaluation` has it."""

    def __call__(self, candidate: Build, current: Build) -> QuestionsChange:
        """What got better and worse, and what speaks against the new build."""
        ...


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What an undo did: the files put back, those that stay since somebody edited them, and the current build."""

    files: tuple[str, ...]
    kept: tuple[str, ...]
    build: str

    def lines(self) -> list[str]:
        """It in words."""
        counted = "1 file is" if len(self.files) == 1 else f"{len(self.files)} files are"
        return [
            f"Undone: {counted} as {'it was' if len(self.files) == 1 else 'they were'} before the last refresh",
            *(f"  {path}" for path in self.files),
            *(f"  {path} was edited since, and stays as it is" for path in self.kept),
            f"current build: {self.build}",
        ]


def refresh(
    corpus: Path,
    index: Path,
    model: EmbeddingModel,
    *,
    today: date,
    sources: Path | None = None,
    only: Sequence[str] = (),
    take: Sequence[str] = (),
    dry_run: bool = False,
    yes: bool = False,
    check: Check | None = None,
    cited: Mapping[str, int] | None = None,
    progress: Progress | None = None,
) -> RefreshReport:
    """Bring corpus and index up to date with the sources, both or neither.

    `sources` is the file that declares them (`sources.yaml` of the corpus), `only` the names of those to ask, `take`
    documents whose page is taken though their file was edited by hand. With `dry_run` nothing changes but the memory
    of what sites answered; with `yes` nothing is held. `cited` counts the answers that rest on each document;
    `progress` is told (what, done, of how many).

    Raises TrustbotError, and leaves everything as it is, when the sources cannot be read, when another refresh or
    ingest is under way, when no document is left, or when the new build fails its check.
    """
    started, moment = time.monotonic(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    declared = read_sources(sources or corpus / "sources.yaml")
    asked, builds = declared.only(only), Builds(index)
    with builds.refreshing():
        with builds.writing():
            Publications(builds).finish()
        gathering = _gather(declared, asked, corpus, index, today, progress)
        with builds.writing():
            work = _Refresh(
                corpus, builds, model, gathering, asked=asked, declared=declared, take=take, progress=progress
            )
            report = work.dry_run() if dry_run else work.carry_out(check=check, yes=yes)
        contents = work.prospect.contents
        return replace(
            report,
            stale=stale_pages(
                contents.reading.documents,
                today=today,
                cited=cited or {},
                review_after_months=declared.review_after_months,
            ),
            glossary=proposed_names(contents.reading.documents, contents.glossary),
            started=moment,
            seconds=round(time.monotonic() - started, 3),
        )


def undo(index: Path, model: EmbeddingModel, *, today: date) -> Undone:
    """Put the files of the corpus and the pointer back as they were before the last refresh.

    What it brought is not offered again until the page changes; undoing twice goes back two refreshes. Raises
    TrustbotError when there is no refresh to undo, or no page was there before it.
    """
    builds, prepared = Builds(index), PreparedFiles(index / PREPARED)
    publications = Publications(builds)
    with builds.refreshing(), builds.writing():
        publications.finish()
        last = publications.last()
        overlay, edited = publications.before(last)
        try:
            contents = read_contents(Path(last.corpus), overlay=overlay, prepared=prepared)
        except TrustbotError as error:
            raise TrustbotError(f"nothing would be left to answer from: {error}") from error
        made = make_build(builds, contents, model, prepared)
        kept = publications.undo(last, made.build, because=f"it was undone on {today.isoformat()}")
        builds.prune()
    files = [
        change.path for change in last.files if change.path not in {*edited, *kept} and not _is_hidden(change.path)
    ]
    return Undone(files=tuple(files), kept=tuple(sorted({*edited, *kept})), build=made.build.id)


def _gather(
    declared: Sources, asked: Sources, corpus: Path, index: Path, today: date, progress: Progress | None
) -> Gathering:
    memory = PageMemory(index / _FETCHED)
    known: dict[str, list[str]] = defaultdict(list)
    for entry in read_ledger(corpus).entries.values():
        known[entry.source].append(entry.url)
    gathering = gather(asked, memory, known=known, today=today, progress=_told(progress, "Fetching"))
    if asked.sources == declared.sources:
        memory.forget_others({*gathering.asked, *(url for urls in known.values() for url in urls)})
    return gathering


class _Refresh:
    """One refresh, once its pages are there; `prospect` is the corpus as it would be."""

    def __init__(
        self,
        corpus: Path,
        builds: Builds,
        model: EmbeddingModel,
        gathering: Gathering,
        *,
        asked: Sources,
        declared: Sources,
        take: Sequence[str],
        progress: Progress | None,
    ) -> None:
        self._corpus, self._builds, self._model, self._progress = corpus, builds, model, progress
        self._publications = Publications(builds)
        self._publications.finish()
        builds.prune()
        self._current = builds.current_id()
        self._digests = document_digests(builds, self._current) if self._current else {}
        self._prepared = PreparedFiles(builds.index / PREPARED)
        self._ledger = read_ledger(corpus)
        self.prospect = self._prospect(gathering, asked, declared, take)

    def dry_run(self) -> RefreshReport:
        """What would happen, short of the questions, which want a build."""
        counts = count_passages(self._builds, self.prospect.contents, self._model, self._prepared)
        because = [*self._too_many_lost(), *self._gone_back()]
        return report_of(self.prospect, self._documents_before(), "dry run", self._current, counts, because=because)

    def carry_out(self, *, check: Check | None, yes: bool) -> RefreshReport:
        """Build; then promote, or hold with the reasons."""
        embedding = _told(self._progress, "Embedding")
        made = make_build(self._builds, self.prospect.contents, self._model, self._prepared, progress=embedding)
        before = self._documents_before()
        if made.build.id == self._current and not self.prospect.plan.steps:
            return report_of(self.prospect, before, "unchanged", self._current, made.passages)
        questions = self._ask(check, made.build) if check else None
        against = questions.against if questions else ()
        because = () if yes else (*self._too_many_lost(), *self._gone_back(), *against)
        warnings = self._let_in(made.build, because)
        self._builds.prune()
        return report_of(
            self.prospect,
            before,
            "held" if because else "promoted",
            made.build.id,
            made.passages,
            because=because,
            questions=questions,
            warnings=warnings,
        )

    # -- the corpus as it would be

    def _prospect(self, gathering: Gathering, asked: Sources, declared: Sources, take: Sequence[str]) -> Prospect:
        """Plan, stage and read; a page that would be no document is left out and told."""
        if not self._corpus.is_dir():
            raise TrustbotError(f"there is no folder {self._corpus}: name one with --corpus")
        as_it_is = Corpus(
            folder=self._corpus,
            ledger=self._ledger,
            reading=read_corpus(self._corpus, prepared=self._prepared),
            declined=self._publications.declined(),
            take=take,
        )
        names = {
            name: [source.name for source in of.sources] for name, of in (("asked", asked), ("declared", declared))
        }
        planned = plan(gathering, as_it_is, **names)
        staged = self._publications.stage(self._corpus, planned.files())
        unreadable = _unreadable(planned, staged)
        if unreadable:
            gathering = replace(gathering, failed=(*gathering.failed, *unreadable.values()))
            planned = planned.without(unreadable)
            staged = self._publications.stage(self._corpus, planned.files())
        try:
            contents = read_contents(self._corpus, overlay=staged.overlay, prepared=self._prepared)
        except TrustbotError as error:
            reasons = "".join(f"; {page.url}: {page.reason}" for page in gathering.failed[:3])
            raise TrustbotError(f"{error}{reasons}") from error
        return Prospect(corpus=self._corpus, gathering=gathering, plan=planned, staged=staged, contents=contents)

    def _documents_before(self) -> dict[str, Document]:
        """The documents of the current build, by id; those that stay the same need not be read from it."""
        if not self._current:
            return {}
        documents = self.prospect.contents.reading.documents
        same = {document.id: document for document in documents if self._digests.get(document.id) == document.digest}
        if self._digests.keys() == same.keys():
            return same
        return {document.id: document for document in stored_documents(self._builds, self._builds.get(self._current))}

    # -- to promote or to hold

    def _too_many_lost(self) -> list[str]:
        after = [document.id for document in self.prospect.contents.reading.documents]
        of_sources = list(too_many_withdrawn(self.prospect.plan, self._ledger))
        return of_sources or list(too_many_lost(self._digests, after))

    def _gone_back(self) -> list[str]:
        left = self._builds.left()
        if left is None or left == self._current:
            return []
        return [f"somebody went back from build {left}, whose pages this one holds too"]

    def _ask(self, check: Check, build: Build) -> QuestionsChange | None:
        """The fixed questions on the new build against the current one, where they can be asked of both."""
        if self._current in (None, build.id):
            return None
        try:
            current = self._builds.current()
            return check(build, current) if current.model_digest == build.model_digest else None
        except TrustbotError as error:
            return QuestionsChange(asked=0, against=(f"the fixed questions could not be asked: {error}",))

    def _let_in(self, build: Build, because: Sequence[str]) -> list[PageWarning]:
        """Make the build current together with the files, or hold both; a build without files is held by itself."""
        if self.prospect.plan.steps:
            publication = self._publications.seal(self.prospect.staged, build, because=because)
            left = [] if because else self._publications.publish(publication)
            return [PageWarning(page=path, text="changed by hand during the refresh: left as it is") for path in left]
        if because:
            self._builds.hold(build.id, because)
        else:
            self._builds.promote(build.id)
        return []


def _unreadable(planned: Plan, staged: Staged) -> dict[str, FailedPage]:
    """The files of a plan that would be no documents, with the reason."""
    unreadable = {}
    for step in planned.steps:
        try:
            read_document(staged.overlay.folder / step.file, staged.overlay.folder)
        except TrustbotError as error:
            unreadable[step.file] = FailedPage(url=step.entry.url, reason=str(error), source=step.entry.source)
    return unreadable


def _is_hidden(path: str) -> bool:
    return Path(path).name.startswith(".")


def _told(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    return (lambda done, total: progress(what, done, total)) if progress else None
