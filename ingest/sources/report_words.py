"""The report of a refresh in words: the same ones in a terminal and on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.dates import in_words
from ingest.sources.report import FieldChange, PageChange, PageWarning, QuestionChange, RefreshReport

_HEADLINES = {
    "unchanged": "Nothing changed: the bot answers as before",
    "promoted": "Let in: the bot answers from the new pages",
    "held": "Held: the bot answers as before",
    "dry run": "Tried only: nothing was changed",
}
_FIELDS = {
    "published_basis": "how its date is known",
    "embargo_until": "not answered from before",
    "review_by": "to be read again by",
    "summary": "written by us about another page",
    "url": "address",
    "path": "file",
}
_MEASURES = {
    "facts": "expected facts in the answer",
    "facts_all": "every expected fact in the answer",
    "source": "cites a right page",
    "citation_precision": "pages cited that are right",
    "verbatim": "quotes that are word for word",
    "newest_first": "the newest comes first",
    "refusals": "rightly not answered",
    "over_refusal": "not answered although it could be",
    "forbidden": "says what it must not say",
    "r@1": "the right passage is found first",
    "r@5": "right passages among the first five found",
    "r@10": "right passages among the first ten found",
    "ndcg@10": "how high the right passages are found",
    "rr": "how soon a right passage is found",
}


@dataclass(frozen=True, kw_only=True)
class PageSection:
    """Pages that had the same thing happen to them."""

    name: str
    title: str
    about: str
    pages: tuple[PageChange, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list: what it is about, its address where it has one, and what is said of it."""

    subject: str
    text: str
    url: str | None = None
    quote: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListSection:
    """Things for comms to look at, a row each."""

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]


def headline(report: RefreshReport) -> str:
    """What became of the refresh, in a few words."""
    if report.outcome == "unchanged" and report.failed:
        return "Nothing changed: the bot answers as before, but not every page could be seen"
    return _HEADLINES[report.outcome]


def reasons(report: RefreshReport) -> list[str]:
    """Why it is held, or why a refresh that was only tried would be, a sentence each."""
    opening = "It would be held, because" if report.outcome == "dry run" else "Because"
    return [f"{opening} {reason}" for reason in report.held_because]


def what_next(report: RefreshReport) -> str | None:
    """The command a person may want now, in a sentence."""
    if report.outcome == "held":
        return f"`trustbot builds promote {report.build}` lets it in; doing nothing leaves all as it is."
    if report.outcome == "dry run":
        return "`trustbot refresh` does it."
    return "`trustbot refresh --undo` takes it back." if report.outcome == "promoted" else None


def counted(report: RefreshReport) -> list[tuple[str, str]]:
    """What it took, as names and values."""
    requests, passages = report.requests, report.passages
    return [
        ("Pages asked for", f"{requests.pages:,}"),
        ("Downloaded", f"{requests.downloaded:,}"),
        ("Not modified", f"{requests.not_modified:,}"),
        ("Passages", f"{passages.total:,}, {passages.embedded:,} of them embedded now"),
        ("Took", _duration(report.seconds)),
        ("Build", report.build or "none"),
    ]


def page_sections(report: RefreshReport) -> list[PageSection]:
    """The pages by what happened to them; what happened to none is left out."""
    sections = [
        ("added", "Added", "Pages the corpus did not hold.", report.added),
        ("changed", "Changed", "Each sentence that was reworded, as it was and as it is now.", report.changed),
        ("moved", "Moved", "Pages at a new address; they keep their name.", report.moved),
        ("withdrawn", "Withdrawn", "Kept in the corpus, and no longer answered from.", report.withdrawn),
        ("returned", "Back again", "Pages that were withdrawn and have come back.", report.returned),
        (
            "edited",
            "Edited by hand",
            "Changed by hand in the corpus, and at their address since: the file was kept, and this is what it lacks.",
            report.edited,
        ),
    ]
    return [
        PageSection(name=name, title=title, about=about, pages=pages) for name, title, about, pages in sections if pages
    ]


def list_sections(report: RefreshReport) -> list[ListSection]:
    """What else comms should look at; an empty list is left out."""
    sections = [
        ("failed", "Failed", "Left as they were.", [_row(page.url, page.reason) for page in report.failed]),
        (
            "duplicates",
            "Known already",
            "Pages that say what another one says; they were not added.",
            [_row(page.url, f"is {page.document}: {page.how}") for page in report.duplicates],
        ),
        ("warnings", "To look at", "", _by_page(report.warnings)),
        (
            "stale",
            "To be read again",
            "",
            [Row(subject=page.title, text=page.why, url=page.url) for page in report.stale],
        ),
        (
            "glossary",
            "Names the glossary does not know",
            "They recur in the pages. What the bot should know by name goes into glossary.yaml.",
            [
                Row(subject=name.name, text=f"in {len(name.documents)} pages", quote=name.example)
                for name in report.glossary
            ],
        ),
    ]
    return [
        ListSection(name=name, title=title, about=about, rows=tuple(rows))
        for name, title, about, rows in sections
        if rows
    ]


def known_of(page: PageChange) -> str:
    """What is known of a page beside its title, in one line."""
    return ", ".join([page.document, in_words(page.published) if page.published else "undated", *page.programmes])


def field_words(field: FieldChange) -> str:
    """One thing known of a page, before and after."""
    name = _FIELDS.get(field.name, field.name)
    return f"{name}: {field.before or 'none'} → {field.after or 'none'}"


def by_question(changes: Sequence[QuestionChange]) -> Iterator[tuple[str, str, list[str]]]:
    """Each question once: its id, its words, and what of it measures differently."""
    ordered = sorted(changes, key=lambda change: (change.id, change.question))
    for (id_, question), found in groupby(ordered, key=lambda change: (change.id, change.question)):
        yield id_, question, [_measured(change) for change in found]


def _measured(change: QuestionChange) -> str:
    return f"{_MEASURES.get(change.measure, change.measure)}: {change.before:.0%} → {change.after:.0%}"


def _by_page(warnings: Sequence[PageWarning]) -> list[Row]:
    """A row for each page with all that is said of it."""
    pages = dict.fromkeys(warning.page for warning in warnings)
    return [_row(page, "; ".join(warning.text for warning in warnings if warning.page == page)) for page in pages]


def _row(subject: str, text: str) -> Row:
    is_address = subject.startswith(("https://", "http://"))
    return Row(subject=subject, text=text, url=subject if is_address else None)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
