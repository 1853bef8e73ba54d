"""The report of a refresh as one self-contained page: nothing is fetched, nothing runs, all foreign text is escaped."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.dates import in_words
from ingest.self_contained import asset, self_contained_page
from ingest.sources.html_elements import Child, as_html, tag
from ingest.sources.report import PageChange, QuestionChange, RefreshReport, SentenceChange
from ingest.sources.report_words import (
    ListSection,
    PageSection,
    Row,
    by_question,
    counted,
    field_words,
    headline,
    known_of,
    list_sections,
    page_sections,
    reasons,
    what_next,
)
from ingest.sources.wording import pieces

KEPT = 20
_FOLDER = "reports"
_MOST_PAGES = 500  # of a section; a first refresh of ten thousand pages would make a file no browser opens
_MOST_SENTENCES = 200  # of a page
_SHOWN = 3  # sentences of a page that is all new or all gone; the others are folded away
_BADGES = {"promoted": "good", "held": "bad", "unchanged": "plain", "dry run": "plain"}


def write_refresh_html(report: RefreshReport, path: Path) -> None:
    """Write the report as a page that needs nothing beside it."""
    path.write_text(_page(report), encoding="utf-8")


def keep_refresh_html(report: RefreshReport, index: Path) -> Path:
    """Write the report below the index folder and let go of all but the last KEPT; returns its file."""
    folder = index / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_started(report):%Y%m%d-%H%M%S}.html"
    write_refresh_html(report, path)
    for old in sorted(folder.glob("*.html"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def _page(report: RefreshReport) -> str:
    title = f"Refresh of {in_words(_started(report).date().isoformat())}"
    return self_contained_page(
        asset("ingest.sources", "report.html"),
        style=asset("ingest.sources", "report.css"),
        title=title,
        top="".join(as_html(part) for part in _top(report, title)),
        sections="".join(as_html(part) for part in _sections(report)),
    )


def _started(report: RefreshReport) -> datetime:
    """When the refresh began; now, where the report does not say."""
    return datetime.fromisoformat(report.started) if report.started else datetime.now(UTC)


# The page from top to bottom


def _top(report: RefreshReport, title: str) -> Iterator[Element]:
    started = _started(report)
    yield tag("p", f"{started:%H:%M} {started.tzname() or ''}".strip(), class_="over")
    yield tag("h1", title)
    outcome, _, meaning = headline(report).partition(": ")
    yield tag(
        "p",
        tag("span", outcome, class_=f"badge {_BADGES[report.outcome]}"),
        f" {meaning[:1].upper()}{meaning[1:]}",
        class_="lead",
    )
    if held := reasons(report):
        yield tag("ul", *(tag("li", reason) for reason in held), class_="because")
    if advice := what_next(report):
        yield tag("p", *_with_code(advice), class_="advice")
    yield tag(
        "dl",
        *(tag("div", tag("dt", name), tag("dd", value)) for name, value in counted(report)),
        class_="facts",
    )
    if links := [
        tag("a", f"{title} ", tag("b", str(count)), href=f"#{name}") for name, title, count in _contents(report)
    ]:
        yield tag("nav", *links, **{"aria-label": "Parts of the report"})


def _contents(report: RefreshReport) -> Iterator[tuple[str, str, int]]:
    if report.questions:
        yield "questions", "Questions", len(list(by_question([*report.questions.worse, *report.questions.better])))
    yield from ((section.name, section.title, len(section.pages)) for section in page_sections(report))
    yield from ((section.name, section.title, len(section.rows)) for section in list_sections(report))


def _sections(report: RefreshReport) -> Iterator[Element]:
    if not any(True for _ in _contents(report)):
        yield tag("section", tag("p", "Every page is as it was, and nothing is to be looked at.", class_="panel"))
    if report.questions:
        yield _questions(report)
    yield from (_page_section(section) for section in page_sections(report))
    yield from (_list_section(section) for section in list_sections(report))


def _page_section(section: PageSection) -> Element:
    return _section(
        section.name,
        f"{section.title} ({len(section.pages)})",
        section.about,
        *(_page_panel(page) for page in section.pages[:_MOST_PAGES]),
        *_more(len(section.pages) - _MOST_PAGES, "pages"),
    )


def _page_panel(page: PageChange) -> Element:
    head = [tag("h3", _address(page.url, page.title)), tag("p", known_of(page), class_="about")]
    why = [tag("p", f"{page.why[:1].upper()}{page.why[1:]}.", class_="why")] if page.why else []
    fields = (
        [tag("ul", *(tag("li", field_words(field)) for field in page.fields), class_="fields")] if page.fields else []
    )
    return tag("article", *head, *why, *fields, *_changes(page), class_="panel")


def _changes(page: PageChange) -> Iterator[Element]:
    """The sentences of a page; those of one that is all new or all gone folded away but for the first."""
    shown = page.sentences[:_MOST_SENTENCES]
    one_sided = all(change.before is None for change in shown) or all(change.after is None for change in shown)
    first = shown[:_SHOWN] if one_sided else shown
    yield from _under_headings(first)
    if rest := shown[len(first) :]:
        yield tag("details", tag("summary", f"{len(page.sentences) - _SHOWN:,} more"), *_under_headings(rest))
    yield from _more(len(page.sentences) - _MOST_SENTENCES, "sentences")


def _under_headings(changes: Sequence[SentenceChange]) -> Iterator[Element]:
    for headings, group in groupby(changes, key=lambda change: change.headings):
        if headings:
            yield tag("h4", " › ".join(headings))
        yield tag("ul", *(tag("li", *_versions(change)) for change in group), class_="sentences")


def _versions(change: SentenceChange) -> Iterator[Element]:
    """A sentence as it was and as it is, each with a word that says which; what differs in it is marked."""
    found = pieces(change)
    if change.before is not None:
        words = [tag("del", text) if what == "out" and change.after else text for what, text in found if what != "in"]
        yield _version("Was" if change.after else "Gone", words, class_="was")
    if change.after is not None:
        words = [tag("ins", text) if what == "in" and change.before else text for what, text in found if what != "out"]
        yield _version("Now" if change.before else "New", words, class_="now")


def _version(which: str, words: Sequence[Child], *, class_: str) -> Element:
    return tag("p", tag("span", which, class_="which"), tag("span", *words), class_=class_)


def _list_section(section: ListSection) -> Element:
    rows = [tag("li", *_row(row)) for row in section.rows[:_MOST_PAGES]]
    more = _more(len(section.rows) - _MOST_PAGES, "of these")
    return _section(
        section.name,
        f"{section.title} ({len(section.rows)})",
        section.about,
        tag("ul", *rows, class_="panel rows"),
        *more,
    )


def _row(row: Row) -> Iterator[Element]:
    yield tag("p", tag("strong", _address(row.url, row.subject)), f": {row.text}")
    if row.quote:
        yield tag("blockquote", row.quote)


def _questions(report: RefreshReport) -> Element:
    asked, worse, better = (
        (report.questions.asked, report.questions.worse, report.questions.better) if report.questions else (0, (), ())
    )
    about = f"The {asked} fixed questions, asked of the pages as they were and as they are now."
    nothing = [] if worse or better else [tag("p", "Every answer measures as it did.", class_="panel")]
    return _section(
        "questions",
        "Questions",
        about,
        *_asked("Got worse", "bad", worse),
        *_asked("Got better", "good", better),
        *nothing,
    )


def _asked(title: str, tone: str, changes: Sequence[QuestionChange]) -> Iterator[Element]:
    rows = [
        tag(
            "li",
            tag("p", tag("strong", question), " ", tag("span", id_, class_="faint")),
            *(tag("p", line) for line in measured),
        )
        for id_, question, measured in by_question(changes)
    ]
    if rows:
        yield tag("h3", tag("span", f"{title} ({len(rows)})", class_=f"badge {tone}"), class_="tone")
        yield tag("ul", *rows, class_="panel rows")


def _section(name: str, title: str, about: str, *children: Element) -> Element:
    lines = [tag("p", about, class_="about")] if about else []
    return tag(
        "section",
        tag("h2", title, id=f"{name}-title"),
        *lines,
        *children,
        id=name,
        **{"aria-labelledby": f"{name}-title"},
    )


def _more(count: int, what: str) -> list[Element]:
    return [tag("p", f"… and {count:,} more {what}: `--json` has them all.", class_="about")] if count > 0 else []


def _address(url: str | None, text: str) -> Child:
    """A link where the address is one of the web, else the words alone."""
    is_web = url is not None and url.startswith(("https://", "http://"))
    return tag("a", text, href=url or "", rel="noreferrer noopener") if is_web else tag("bdi", text)


def _with_code(text: str) -> list[Child]:
    """What stands between `backticks` as code."""
    return [tag("code", part) if number % 2 else part for number, part in enumerate(text.split("`"))]
