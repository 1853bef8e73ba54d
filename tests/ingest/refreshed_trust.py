"""A trust's web site with a corpus and an index that are refreshed from it, for tests."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ingest.builds import Build, Builds
from ingest.index import read_stored, stored_documents
from ingest.publishing import Publications
from ingest.sources.refreshing import Undone, refresh, undo
from ingest.sources.report import PageChange, QuestionsChange, RefreshReport
from tests.ingest.website import Website
from tests.models import WordsModel

TODAY = date(2026, 11, 21)


@dataclass(kw_only=True)
class RefreshedTrust:
    """What comms of the trust see and do; `model.embedded` lists what the last refresh embedded."""

    site: Website
    home: Path
    model: WordsModel = field(default_factory=WordsModel)

    def __post_init__(self) -> None:
        self.site.write_sources(self.corpus)

    @property
    def corpus(self) -> Path:
        return self.home / "corpus"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def builds(self) -> Builds:
        return Builds(self.index)

    def refresh(self, **options: Any) -> RefreshReport:
        """Refresh, with requests, bodies and embedded texts counted from nothing."""
        self.site.forget_counts()
        self.model.embedded.clear()
        return refresh(self.corpus, self.index, self.model, **({"today": TODAY} | options))

    def undo(self) -> Undone:
        return undo(self.index, self.model, today=TODAY)

    def release(self, build: str | None) -> None:
        """What `trustbot builds promote` does."""
        with self.builds.writing():
            Publications(self.builds).release(str(build))

    def text(self, document: str) -> str:
        """The file of a document."""
        (path,) = self.corpus.rglob(f"{document}.md")
        return path.read_text(encoding="utf-8")

    def write(self, document: str, before: str, after: str) -> None:
        """What comms do in an editor: change words of a file, which must stand there."""
        (path,) = self.corpus.rglob(f"{document}.md")
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def answered_from(self) -> set[str]:
        """The ids of the documents of the current build."""
        return {document.id for document in stored_documents(self.builds, self.builds.current())}

    def stored(self, document: str) -> str:
        """A document's text in the current build."""
        return read_stored(self.builds, self.builds.current(), document)[0].text

    def files(self) -> dict[str, bytes]:
        """Every file of the corpus, hidden ones too."""
        files = (path for path in self.corpus.rglob("*") if path.is_file())
        return {path.relative_to(self.corpus).as_posix(): path.read_bytes() for path in files}


def ids(pages: tuple[PageChange, ...]) -> list[str]:
    """The documents of a part of a report."""
    return [page.document for page in pages]


def told(report: RefreshReport) -> list[str]:
    """The warnings of a report, each with its page."""
    return [f"{warning.page}: {warning.text}" for warning in report.warnings]


@dataclass
class FixedQuestions:
    """A check that says what it is told to say, and which builds it was asked about."""

    change: QuestionsChange = field(default_factory=lambda: QuestionsChange(asked=3))
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, candidate: Build, current: Build) -> QuestionsChange:
        self.asked.append((candidate.id, current.id))
        return self.change
