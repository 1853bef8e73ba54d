"""Questions and answers: what somebody asked, and the one answer it ends in."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any, Literal

from ingest.documents import Document, Passage

Status = Literal[
    "answered",
    "partial",
    "not_found",
    "clarification",
    "help",
    "out_of_scope",
    "refused",
    "signposted",
    "error",
]
REMOVED = "[removed]"


@dataclass(frozen=True, kw_only=True)
class Turn:
    """An earlier question of the same thread and the text it was answered with."""

    question: str
    answer: str


class Stop:
    """The wish that a question is answered no more; whoever waits for something slow is told. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._then: list[Callable[[], object]] = []
        self._wished = False

    @property
    def wished(self) -> bool:
        """True once `wish` was called."""
        return self._wished

    def wish(self) -> None:
        """Wish it; what was given to `then` is done now, once."""
        with self._lock:
            self._wished = True
            then, self._then = self._then, []
        for act in then:
            act()

    def then(self, act: Callable[[], object]) -> None:
        """Do this as soon as it is wished, at once if it has been."""
        with self._lock:
            if not self._wished:
                self._then.append(act)
                return
        act()


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody asked, with the earlier turns of its thread, oldest first.

    `id` is the caller's own; by `stop` the caller can call the question off while it is being answered.
    """

    text: str
    id: str | None = None
    history: tuple[Turn, ...] = ()
    stop: Stop = field(default_factory=Stop, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A passage retrieved for a question: its number in the build, its document, and how well it fits.

    `score` orders evidence, higher is better, and means nothing across questions; `cosine` is that of the
    question's and the passage's vectors; `words` is the passage's BM25.
    """

    number: int
    passage: Passage
    document: Document
    score: float
    cosine: float
    words: float


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Where a statement rests: `quote` stands verbatim at `[start, end)` of the stored document.

    `as_of` is the partial ISO date that the quote, its passage or its block states, else the page's
    publication date; `published_basis` says whether that was printed or worked out ("inferred"); `summary` that
    the page is one written about another page.
    """

    number: int
    document: str
    title: str
    kind: str | None
    url: str | None
    published: str | None
    as_of: str | None
    headings: tuple[str, ...]
    quote: str
    start: int
    end: int
    published_basis: str | None = None
    summary: bool = False


@dataclass(frozen=True, kw_only=True)
class ClosestPage:
    """A page offered where nothing was found; it is not a citation."""

    document: str
    title: str
    url: str | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a question ends in. `evidence` and `confidence` (0 to 1) are for evaluation and are not shown."""

    id: str | None
    question: str
    status: Status
    answer: str
    citations: tuple[Citation, ...] = ()
    as_of: str | None = None
    notes: tuple[str, ...] = ()
    closest: tuple[ClosestPage, ...] = ()
    build: str | None = None
    answered_by: str = "passages"
    prompts: str | None = None
    seconds: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None

    def as_json(self) -> Mapping[str, Any]:
        """The answer object of the command line and of every other interface."""
        shown = {name: value for name, value in vars(self).items() if name not in ("evidence", "confidence")}
        return shown | {
            "citations": [
                {name: value for name, value in asdict(citation).items() if name not in ("published_basis", "summary")}
                for citation in self.citations
            ],
            "closest": [asdict(page) for page in self.closest],
        }
