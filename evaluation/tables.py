"""Tables: the results of a run as a person reads them in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evaluation.measures import MEASURES, WRITING

_BY_KIND = {
    "r@5": "R@5",
    "rr": "RR",
    "facts": "facts",
    "facts_all": "all facts",
    "source": "source",
    "citation_precision": "cited right",
    "newest_first": "newest first",
    "refusals": "refused right",
    "over_refusal": "refused wrongly",
    "forbidden": "bad text",
    "words": "words",
}
# The measures by which answers are judged, in the order they are told.
HEADLINES = ("r@5", "facts", "source", "citation_precision", "newest_first", "refusals", "over_refusal", "words_median")
_LISTED = 40  # failing questions, and changes against a baseline, that are listed
_WIDTH = 120  # where no terminal says how wide it is


def print_results(results: Mapping[str, Any], *, report: str | None = None) -> None:
    """Print measures by kind, overall with intervals, what failed, and the comparison if there is one."""
    console = make_console()
    run = results["run"]
    console.print(
        Text(f"Run {run['id']}: {run['questions']} questions on {run['day']}, build {run['build']}, {run['model']}")
    )
    console.print(_by_kind_table(results))
    console.print(_overall_table(results))
    _print_problems(console, run["problems"])
    _print_failures(console, results["questions"])
    if results["comparison"]:
        _print_comparison(console, results["comparison"])
    if report:
        console.print(Text(f"The report: {report}"))


def print_dataset(results: Mapping[str, Any]) -> None:
    """Print what was measured on a dataset."""
    held_out = ", the half held out" if results["held_out"] else ""
    title = f"{results['dataset']}: {results['questions']} questions{held_out}, {results['passages']} passages"
    table = new_table(title, "measure", "value", "95 %", "n")
    for name, interval in results["measures"].items():
        table.add_row(name, figure(name, interval), span(name, interval), str(interval["n"]))
    make_console().print(table)


def make_console() -> Console:
    """A console on standard output; wide enough for the tables where that is a file or a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH, soft_wrap=False)


def new_table(title: str, *columns: str) -> Table:
    """An empty table: the first column holds names, the others figures."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE, pad_edge=False, min_width=len(title))
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=not number)
    return table


def figure(name: str, interval: Mapping[str, Any] | None) -> str:
    """One measure as a figure: three digits after the point, or a count."""
    if interval is None:
        return "–"
    return f"{interval['value']:.0f}" if name.startswith("words") else f"{interval['value']:.3f}"


def span(name: str, interval: Mapping[str, Any]) -> str:
    """The interval of a measure: `low to high`."""
    digits = 0 if name.startswith("words") else 3
    return f"{interval['low']:.{digits}f} to {interval['high']:.{digits}f}"


def _by_kind_table(results: Mapping[str, Any]) -> Table:
    table = new_table("Measures by kind", "kind", "n", *_BY_KIND.values())
    for kind, measures in results["measures"]["by_kind"].items():
        asked = sum(row["kind"] == kind for row in results["questions"])
        table.add_row(kind, str(asked), *(figure(name, measures.get(name)) for name in _BY_KIND))
    return table


def _overall_table(results: Mapping[str, Any]) -> Table:
    overall, latency = results["measures"]["overall"], results["latency"]
    table = new_table("Overall, with bootstrap 95 % intervals", "measure", "value", "95 %", "n")
    for name in (*MEASURES, "words_median", *WRITING):
        if name in overall:
            table.add_row(name, figure(name, overall[name]), span(name, overall[name]), str(overall[name]["n"]))
    table.add_row("seconds, median", f"{latency['p50']:.3f}", "", str(results["run"]["questions"]))
    table.add_row("seconds, 95th percentile", f"{latency['p95']:.3f}", "", str(results["run"]["questions"]))
    return table


def _print_problems(console: Console, problems: Sequence[str]) -> None:
    if problems:
        console.print(Text(f"{len(problems)} judgements no longer hold; mend the question set:", style="bold"))
        for problem in problems:
            console.print(Text(f"  {problem}"))


def _print_failures(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    failing = [row for row in rows if row["failures"]]
    console.print(Text(f"{len(failing)} of {len(rows)} questions fell short", style="bold"))
    for row in failing[:_LISTED]:
        line = f"  {row['id']:<14} {', '.join(row['failures'])}: {' '.join(row['question'].split())}"
        console.print(Text(line), overflow="ellipsis", no_wrap=True)
    if len(failing) > _LISTED:
        console.print(Text(f"  and {len(failing) - _LISTED} more"))


def _print_comparison(console: Console, comparison: Mapping[str, Any]) -> None:
    title = f"Against {comparison['baseline']}, the same {comparison['questions']} questions"
    table = new_table(title, "measure", "before", "after", "difference", "95 %", "p")
    for name, row in comparison["measures"].items():
        digits = 1 if name == "words" else 3
        table.add_row(
            name,
            f"{row['before']:.{digits}f}",
            f"{row['after']:.{digits}f}",
            f"{row['difference']:+.{digits}f}",
            f"{row['low']:+.{digits}f} to {row['high']:+.{digits}f}",
            "<0.001" if row["p"] < 0.001 else f"{row['p']:.3f}",
        )
    console.print(table)
    for side in ("better", "worse"):
        _print_changes(console, side, comparison[side])


def _print_changes(console: Console, side: str, changes: Sequence[Mapping[str, Any]]) -> None:
    """One line for each question, with all of its measures that changed to one side."""
    by_question: dict[str, list[str]] = {}
    for change in changes:
        said = f"{change['measure']} {change['before']:.2f} to {change['after']:.2f}"
        by_question.setdefault(change["id"], []).append(said)
    console.print(Text(f"{len(by_question)} questions got {side} in some measure", style="bold"))
    for id_, changed in list(by_question.items())[:_LISTED]:
        console.print(Text(f"  {id_:<14} {', '.join(changed)}"), overflow="ellipsis", no_wrap=True)
    if len(by_question) > _LISTED:
        console.print(Text(f"  and {len(by_question) - _LISTED} more"))
