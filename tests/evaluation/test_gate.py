"""The gate names what fell, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from evaluation.gate import Gate, not_measured, packaged_gate, read_gate, what_fell
from ingest.errors import TrustbotError


def _results(**values: float) -> dict[str, Any]:
    return {"measures": {"overall": {name: {"value": value} for name, value in values.items()}}}


def test_a_run_at_its_limits_falls_nowhere() -> None:
    gate = Gate(floors={"facts": 0.7}, ceilings={"over_refusal": 0.1})

    assert what_fell(_results(facts=0.7, over_refusal=0.1), gate) == []


def test_everything_that_fell_is_named_with_its_limit() -> None:
    gate = Gate(floors={"facts": 0.7, "source": 0.9}, ceilings={"over_refusal": 0.1})

    fell = what_fell(_results(facts=0.65, source=0.95, over_refusal=0.2), gate)

    assert fell == ["facts 0.650 is below 0.7", "over_refusal 0.200 is above 0.1"]


def test_a_measure_that_applies_to_no_question_cannot_fall_and_is_said_so() -> None:
    gate = Gate(floors={"facts": 0.7, "rr": 0.9})

    assert what_fell(_results(facts=0.8), gate) == []
    assert not_measured(_results(facts=0.8), gate) == ["rr"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[flors]\nfacts = 0.7", r"unknown table \[flors\]"),
        ("[floors]\nfact = 0.7", "fact = 0.7 is no limit"),
        ("[floors]\nfacts = 'high'", "facts = 'high' is no limit"),
        ("floors = 0.7", "unknown table"),
        ("[floors", "cannot be read as TOML"),
    ],
)
def test_a_gate_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(text)

    with pytest.raises(TrustbotError, match=said):
        read_gate(path)


def test_the_packaged_gate_limits_retrieval_answers_and_refusals() -> None:
    gate = read_gate(packaged_gate())

    assert {"r@5", "facts", "source", "verbatim", "newest_first", "refusals"} <= gate.floors.keys()
    assert {"over_refusal", "forbidden"} <= gate.ceilings.keys()
