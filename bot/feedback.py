"""Feedback: what people said of answers, and the questions that found none, as a table without names."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TextIO

from bot.state import Remark

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(remarks: Sequence[Remark], out: TextIO) -> None:
    """Write remarks as CSV with a header; what a spreadsheet would take for a formula is made plain text."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(field.name for field in fields(Remark))
    for remark in remarks:
        asked = datetime.fromtimestamp(remark.asked, UTC).strftime("%Y-%m-%d %H:%M")
        rows.writerow(_plain(value) for value in (asdict(remark) | {"asked": asked}).values())


def summary(remarks: Sequence[Remark]) -> str:
    """How many remarks of each kind there are, in one line each."""
    counted = Counter(remark.kind for remark in remarks)
    lines = [f"{counted[kind]:5} {kind}" for kind in ("helpful", "not helpful", "no answer")]
    return "\n".join([*lines, "`trustbot feedback --csv` writes each of them"])


def _plain(value: object) -> str:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
