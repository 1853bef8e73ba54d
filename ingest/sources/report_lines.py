"""The report of a refresh, and what changed since a day, as lines: styled in a terminal, else plain text."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from ingest.dates import in_words
from ingest.sources.history import ChangesSince, State, by_programme
from ingest.sources.report import PageChange, QuestionChange, RefreshReport, SentenceChange
from ingest.sources.report_words import (
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

_OPENING = re.compile(r" *(?:[-+] )?")
_MOST_ITEMS = 20  # of a section
_MOST_SENTENCES, _MOST_NEW = 12, 3  # of a page that changed, and of one that is all new or all gone
_OUTCOMES = {"promoted": "bold green", "held": "bold red", "unchanged": "bold", "dry run": "bold"}
_OUT, _IN, _OUT_SIGN, _IN_SIGN = "red strike", "green underline", "red", "green"


def print_refresh_report(report: RefreshReport, *, page: Path | None = None) -> None:
    """Print what a refresh did, shortened where it is long; `page` is the file that holds all of it."""
    _print_lines(_refresh_lines(report, page))


def print_changes(found: ChangesSince) -> None:
    """Print what changed since a day, by programme; a page of two programmes is told under the first of them."""
    _print_lines(_changes_lines(found))


def _print_lines(lines: Iterable[Text]) -> None:
    """Print lines, in a terminal wrapped below where their words begin; elsewhere a log or a pipe gets them whole."""
    is_terminal = sys.stdout.isatty()
    console = Console(highlight=False, soft_wrap=not is_terminal)
    for line in lines:
        console.print(_hanging(line) if is_terminal else line)


def _hanging(line: Text) -> RenderableType:
    opening = _OPENING.match(line.plain)
    if not opening or not opening.end():
        return line
    grid = Table.grid()
    grid.add_column(no_wrap=True, width=opening.end())
    grid.add_row(line[: opening.end()], line[opening.end() :])
    return grid


def _page_lines(page: PageChange, *, what: str = "") -> Iterator[Text]:
    """One page: its title, what is known of it, and what changed on it; `what` happened to it stands before."""
    yield Text.assemble("  ", what, (page.title, "bold"), (f" ({known_of(page)})", "dim"))
    if page.url:
        yield Text(f"    {page.url}", style="dim")
    if page.why:
        yield Text(f"    {page.why}")
    yield from (Text(f"    {field_words(field)}") for field in page.fields)
    most = _MOST_SENTENCES if any(change.before and change.after for change in page.sentences) else _MOST_NEW
    above: tuple[str, ...] = ()
    for change in page.sentences[:most]:
        if change.headings != above and change.headings:
            yield Text(f"    {' › '.join(change.headings)}", style="dim")
        above = change.headings
        yield from _sentence_lines(change)
    yield from _left_out(len(page.sentences) - most, "sentence", indent=6)


def _refresh_lines(report: RefreshReport, page: Path | None) -> Iterator[Text]:
    yield Text(f"{headline(report)}.", style=_OUTCOMES[report.outcome])
    yield from (Text(f"  {reason}", style="red") for reason in reasons(report))
    if advice := what_next(report):
        yield Text(f"  {advice}")
    yield Text("  " + "; ".join(f"{name}: {value}" for name, value in counted(report)), style="dim")
    for pages in page_sections(report):
        yield from _section_lines(f"{pages.title} ({len(pages.pages)})", [_page_lines(page) for page in pages.pages])
    for listed in list_sections(report):
        yield from _section_lines(f"{listed.title} ({len(listed.rows)})", [[_row_line(row)] for row in listed.rows])
    if report.questions:
        asked = f"of the {report.questions.asked} fixed questions"
        yield from _question_lines(f"Got worse {asked}", report.questions.worse)
        yield from _question_lines(f"Got better {asked}", report.questions.better)
    if page:
        yield Text(f"\nAll of it: {page}")


def _changes_lines(found: ChangesSince) -> Iterator[Text]:
    of = f" of {found.programme}" if found.programme else ""
    yield Text(f"Changes{of} since {in_words(found.since)}", style="bold")
    yield Text(f"  from {_state(found.before)} to {_state(found.now)}", style="dim")
    if not found.reaches_back:
        yield Text("  Nothing older is kept: what changed before that is not known.", style="yellow")
    pages = found.changes.all
    if not pages:
        yield Text("\nNothing changed.")
    what = {page.document: "added: " for page in found.changes.added}
    what |= {page.document: "no longer answered from: " for page in found.changes.removed}
    told: set[str] = set()
    for programme, members in by_programme(pages).items() if not found.programme else [(found.programme, pages)]:
        if members:
            yield Text(f"\n{programme or 'Pages of no programme'}", style="bold")
        for page in members:
            if page.document in told:
                yield Text(f"  {page.title} ({page.document}): told above")
            else:
                yield from _page_lines(page, what=what.get(page.document, "changed: "))
            told.add(page.document)


def _state(state: State) -> str:
    day = in_words(datetime.fromisoformat(state.at).date().isoformat())
    return "the folder as it is" if state.kept_by == "folder" else f"{state.kept_by} {state.id[:26]} of {day}"


def _section_lines(title: str, items: Sequence[Iterable[Text]]) -> Iterator[Text]:
    """A title and the lines of the first items below it; how many more there are is said."""
    yield Text(f"\n{title}", style="bold")
    for lines in items[:_MOST_ITEMS]:
        yield from lines
    yield from _left_out(len(items) - _MOST_ITEMS, "more", indent=2)


def _sentence_lines(change: SentenceChange) -> Iterator[Text]:
    """The sentence before and the one after, a line each; what differs is marked where there are both."""
    found = pieces(change)
    out, into = (_OUT, _IN) if change.before is not None and change.after is not None else ("", "")
    if change.before is not None:
        words = [(text, out if what == "out" else "") for what, text in found if what != "in"]
        yield Text.assemble(("      - ", _OUT_SIGN), *words)
    if change.after is not None:
        words = [(text, into if what == "in" else "") for what, text in found if what != "out"]
        yield Text.assemble(("      + ", _IN_SIGN), *words)


def _row_line(row: Row) -> Text:
    return Text(f"  {row.subject}: {row.text}" + (f": “{row.quote}”" if row.quote else ""))


def _question_lines(title: str, changes: Sequence[QuestionChange]) -> Iterator[Text]:
    if changes:
        questions = [
            [Text(f"  {question} ({id_})"), *(Text(f"      {line}") for line in measured)]
            for id_, question, measured in by_question(changes)
        ]
        yield from _section_lines(f"{title} ({len(questions)})", questions)


def _left_out(count: int, what: str, *, indent: int) -> Iterator[Text]:
    if count > 0:
        noun = what if what == "more" else f"more {what}{'s' if count > 1 else ''}"
        yield Text(f"{' ' * indent}… and {count:,} {noun}", style="dim")
