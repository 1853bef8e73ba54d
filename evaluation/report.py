"""The report of a run: one self-contained page, drawn in the browser from the run's own results."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.self_contained import asset, self_contained_page

_SCRIPTS = ("page", "plots", "comparison", "questions", "start")


def write_report(results: Mapping[str, Any], path: Path) -> None:
    """Write the results of a run (the shape of its `results.json`) as a page that needs nothing beside it.

    Raises ValueError when a number in the results is not finite.
    """
    path.write_text(_page(results), encoding="utf-8")


def _page(results: Mapping[str, Any]) -> str:
    style = asset("evaluation", "report.css")
    script = "\n".join(asset("evaluation", f"report_{name}.js") for name in _SCRIPTS)
    shown = {**results, "questions": [_with_matches(question) for question in results["questions"]]}
    return self_contained_page(asset("evaluation", "report.html"), style=style, script=script, data=_embedded(shown))


def _embedded(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _with_matches(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """The question with what its patterns match in the answer, as `[start, end)` in code points.

    Found here and not in the page, because the patterns are Python's. `expected` has the first span of each
    group of `expect`, or None; the others are lists of spans.
    """
    text = question["answer"]["answer"]
    expected = [min(_spans(group, text), default=None) for group in question["expect"]]
    others = {name: list(_spans(question[name], text)) for name in ("superseded", "admits", "forbid")}
    return {**question, "matches": {"expected": expected, **others}}


def _spans(patterns: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        for match in re.finditer(pattern, text, re.IGNORECASE | re.DOTALL):
            yield match.span()
