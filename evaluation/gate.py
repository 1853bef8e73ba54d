"""The gate: floors and ceilings that the measures of a run must keep, in `gate.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from evaluation.measures import MEASURES, WRITING
from ingest.errors import TrustbotError

_KNOWN = (*MEASURES, "words_median", *WRITING)


@dataclass(frozen=True, kw_only=True)
class Gate:
    """The least and the most that each measure may be, over all questions."""

    floors: Mapping[str, float] = field(default_factory=dict)
    ceilings: Mapping[str, float] = field(default_factory=dict)


def packaged_gate() -> Path:
    """The gate that comes with the bot."""
    return Path(str(files("evaluation").joinpath("gate.toml")))


def read_gate(path: Path) -> Gate:
    """Read a gate. Raises TrustbotError naming what in the file cannot be used."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrustbotError(f"{path} cannot be read as TOML: {error}") from error
    for table, limits in tables.items():
        if table not in ("floors", "ceilings") or not isinstance(limits, dict):
            raise TrustbotError(f"{path.name} has an unknown table [{table}]: there are [floors] and [ceilings]")
        for name, limit in limits.items():
            if name not in _KNOWN or not isinstance(limit, int | float):
                raise TrustbotError(f"{path.name}, [{table}]: {name} = {limit!r} is no limit on a measure")
    return Gate(floors=tables.get("floors", {}), ceilings=tables.get("ceilings", {}))


def what_fell(results: Mapping[str, Any], gate: Gate) -> list[str]:
    """A phrase for each measure below its floor or above its ceiling; one that was not measured is let pass."""
    overall = results["measures"]["overall"]
    return [*_beyond(overall, gate.floors, "below"), *_beyond(overall, gate.ceilings, "above")]


def not_measured(results: Mapping[str, Any], gate: Gate) -> list[str]:
    """The measures that the gate limits but that apply to no question of the run."""
    return [name for name in (*gate.floors, *gate.ceilings) if name not in results["measures"]["overall"]]


def _beyond(overall: Mapping[str, Any], limits: Mapping[str, float], side: str) -> Iterator[str]:
    for name, limit in limits.items():
        if name in overall:
            value = overall[name]["value"]
            if value < limit if side == "below" else value > limit:
                yield f"{name} {value:.3f} is {side} {limit:g}"
