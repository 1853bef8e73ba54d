"""The report of a refresh: what became of every page, of the questions, and what comms should look at."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ingest.pipeline import PassageCounts

Outcome = Literal["unchanged", "promoted", "held", "dry run"]


@dataclass(frozen=True, kw_only=True)
class SentenceChange:
    """One sentence before and after; `before` is None where it is new, `after` where it is gone.

    `headings` are those above it, outermost first: of the new page, or of the old one where it is gone.
    """

    before: str | None
    after: str | None
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One thing known of a page before and after, as text; None where it was not known."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class PageChange:
    """What changed on one page: its sentences in reading order, and what is known about it.

    The rest tells the page as it is now, or as it was where it is gone. `why` is the reason where one is known
    ("its address answers 404"), and `source` the one it comes from.
    """

    document: str
    title: str
    url: str | None = None
    published: str | None = None
    programmes: tuple[str, ...] = ()
    sentences: tuple[SentenceChange, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    why: str | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class FailedPage:
    """A page or a list of pages that could not be fetched or read, with the reason."""

    url: str
    reason: str
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class PageWarning:
    """Something comms should know about one page, named by its document, file or address."""

    page: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DuplicatePage:
    """A page that was not added, as the corpus holds it already as `document`; `how` says what showed it."""

    url: str
    document: str
    how: str


@dataclass(frozen=True, kw_only=True)
class Stale:
    """A page that somebody should read again, and why; `cited` is how many answers of late rest on it."""

    document: str
    title: str
    why: str
    url: str | None = None
    published: str | None = None
    review_by: str | None = None
    cited: int = 0


@dataclass(frozen=True, kw_only=True)
class ProposedName:
    """A name that recurs in pages and is not in the glossary: the documents it stands in, and one place, quoted."""

    name: str
    documents: tuple[str, ...]
    times: int
    example: str


@dataclass(frozen=True, kw_only=True)
class QuestionChange:
    """One of the fixed questions whose answer measures differently on the new build."""

    id: str
    question: str
    measure: str
    before: float
    after: float


@dataclass(frozen=True, kw_only=True)
class QuestionsChange:
    """The fixed questions on the new build against the current one; `asked` of them count in both.

    `against` are the reasons, if any, why the new build should not answer before a person has looked.
    """

    asked: int
    better: tuple[QuestionChange, ...] = ()
    worse: tuple[QuestionChange, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RequestCounts:
    """Requests for pages: how many were asked, how many bodies came, how many were not modified."""

    pages: int = 0
    downloaded: int = 0
    not_modified: int = 0


@dataclass(frozen=True, kw_only=True)
class RefreshReport:
    """What a refresh did, or with outcome "dry run" would do.

    `build` is the current build afterwards, or the one that is held. `edited` are pages that somebody changed by
    hand since they were fetched and that now changed at their address too: the file stays, and each says what the
    address has now. `seconds` is the time it took, `started` when it began (ISO, UTC).
    """

    outcome: Outcome
    build: str | None
    held_because: tuple[str, ...] = ()
    added: tuple[PageChange, ...] = ()
    changed: tuple[PageChange, ...] = ()
    moved: tuple[PageChange, ...] = ()
    withdrawn: tuple[PageChange, ...] = ()
    returned: tuple[PageChange, ...] = ()
    edited: tuple[PageChange, ...] = ()
    failed: tuple[FailedPage, ...] = ()
    duplicates: tuple[DuplicatePage, ...] = ()
    warnings: tuple[PageWarning, ...] = ()
    stale: tuple[Stale, ...] = ()
    glossary: tuple[ProposedName, ...] = ()
    questions: QuestionsChange | None = None
    requests: RequestCounts = field(default_factory=RequestCounts)
    passages: PassageCounts = field(default_factory=lambda: PassageCounts(total=0, embedded=0, reused=0))
    started: str = ""
    seconds: float = 0.0


def refresh_report_json(report: RefreshReport) -> Mapping[str, Any]:
    """The report of a refresh as every other program reads it: its fields, by name."""
    return asdict(report)
