"""A run is made with a language model as without; its replies are kept, played again offline, and judged if asked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import Command, Ended
from tests.language_model import ScriptedModel, good
from tests.pages import GARDEN, NIGHT_BUS, QUIET_ROOM, TIDEWATER

_GOLD = {
    GARDEN: ("garden-club-grows", "52 volunteers"),
    TIDEWATER: ("tidewater-opens", "9 November 2022"),
    QUIET_ROOM: ("quiet-room", "140 visitors"),
}


@pytest.fixture
def script() -> Iterator[ScriptedModel]:
    with ScriptedModel() as script:
        yield script


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Three questions the made-up trust answers, a follow-up, and one that it does not answer."""
    rows: list[dict[str, Any]] = [
        {"question": question, "answerable": True, "expect": [[words]], "sources": [page]}
        for question, (page, words) in _GOLD.items()
    ]
    follow_up = {"question": "and where does it meet?", "history": [{"question": GARDEN, "answer": "It has 52."}]}
    rows.append(follow_up | {"answerable": True, "expect": [["Larkhill"]], "sources": ["garden-club"]})
    rows.append({"question": NIGHT_BUS, "answerable": False, "expect_status": ["not_found"]})
    rows = [row | {"id": f"q{number}", "kind": "progress"} for number, row in enumerate(rows, 1)]
    file = tmp_path / "questions.yaml"
    file.write_text(yaml.safe_dump(rows))
    return file


@pytest.fixture
def with_a_model(script: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names the scripted model."""
    for name, value in {"PROVIDER": "openai-like", "MODEL": "scripted", "URL": script.url}.items():
        monkeypatch.setenv(f"TRUSTBOT_LLM_{name}", value)


def _run(command: Command, index: Path, questions: Path, *more: object) -> Ended:
    common = ("--index", index, "--questions", questions, "--out", questions.parent / "runs", "--json")
    return command("evaluate", *common, *more)


def _answers(results: Any) -> list[Any]:
    return [row["answer"] | {"seconds": 0} for row in results["questions"]]


@pytest.mark.usefixtures("with_a_model")
def test_a_run_with_a_model_says_who_wrote_and_how_often(command: Command, trust_index: Path, questions: Path) -> None:
    results = _run(command, trust_index, questions, "--today", "2024-07-01").json
    overall = results["measures"]["overall"]
    assert overall["facts"]["value"] == 1.0 and overall["verbatim"]["value"] == 1.0
    assert 0 < overall["written"]["value"] <= 1
    assert "scripted" in results["run"]["answered_by"]
    assert results["run"]["configuration"]["written_by"] == "scripted"
    assert results["run"]["configuration"]["prompts"] == results["questions"][0]["answer"]["prompts"]


def test_a_run_without_a_model_measures_nothing_of_one(command: Command, trust_index: Path, questions: Path) -> None:
    results = _run(command, trust_index, questions, "--today", "2024-07-01").json
    assert not {"written", "faithful", "relevant"} & results["measures"]["overall"].keys()
    assert results["run"]["configuration"]["written_by"] is None


def test_recorded_replies_give_the_same_answers_again_without_the_model(
    command: Command, trust_index: Path, questions: Path, script: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as environment:
        for name, value in {"PROVIDER": "openai-like", "MODEL": "scripted", "URL": script.url}.items():
            environment.setenv(f"TRUSTBOT_LLM_{name}", value)
        recorded = _run(command, trust_index, questions, "--today", "2024-07-01").json
    asked = len(script.asked)
    run = questions.parent / "runs" / recorded["run"]["id"]
    replies = [json.loads(line) for line in (run / "replies.jsonl").read_text().splitlines()]
    assert len(replies) == asked > 3
    assert {reply["model"] for reply in replies} == {"scripted"}

    ended = _run(command, trust_index, questions, "--replay", run)  # on the day of the run, unless another is given

    assert (ended.code, ended.err) == (0, "")
    assert _answers(ended.json) == _answers(recorded)
    assert ended.json["run"]["day"] == "2024-07-01"
    assert len(script.asked) == asked


@pytest.mark.usefixtures("with_a_model")
def test_a_prompt_that_was_not_recorded_is_answered_from_the_passages_and_counted(
    command: Command, trust_index: Path, questions: Path
) -> None:
    recorded = _run(command, trust_index, questions, "--today", "2024-07-01").json
    run = questions.parent / "runs" / recorded["run"]["id"]
    ended = _run(command, trust_index, questions, "--replay", run, "--today", "2024-07-02")
    assert "prompts are not among the recorded ones, and the passages answered" in ended.err
    assert {row["answer"]["answered_by"] for row in ended.json["questions"]} == {"passages"}


def test_a_run_without_replies_cannot_be_replayed(command: Command, trust_index: Path, questions: Path) -> None:
    recorded = _run(command, trust_index, questions, "--today", "2024-07-01").json
    ended = _run(command, trust_index, questions, "--replay", questions.parent / "runs" / recorded["run"]["id"])
    assert ended.code == 1
    assert "name the folder of a run that was made with a model" in ended.err


@pytest.mark.usefixtures("with_a_model")
@pytest.mark.parametrize(("verdict", "score"), [("YES", 1.0), ("NO", 0.0)])
def test_the_model_judges_the_answers_if_asked(
    command: Command, trust_index: Path, questions: Path, script: ScriptedModel, verdict: str, score: float
) -> None:
    script.part = lambda asked: good(asked) if asked.passages else verdict
    results = _run(command, trust_index, questions, "--today", "2024-07-01", "--judge").json
    overall = results["measures"]["overall"]
    assert (overall["faithful"]["value"], overall["relevant"]["value"]) == (score, score)
    assert overall["faithful"]["n"] == 4
    judged = [asked.user for asked in script.asked if not asked.passages and not asked.rephrases]
    assert any("The Garden Club now has 52 volunteers" in user for user in judged)
    assert len(judged) == 8


@pytest.mark.usefixtures("with_a_model")
def test_a_judge_that_fails_costs_its_judgement_and_not_the_run(
    command: Command, trust_index: Path, questions: Path, script: ScriptedModel
) -> None:
    script.part = lambda asked: good(asked) if asked.passages else 400
    results = _run(command, trust_index, questions, "--today", "2024-07-01", "--judge").json
    assert results["measures"]["overall"]["facts"]["value"] == 1.0
    assert "faithful" not in results["measures"]["overall"]


def test_a_judge_needs_a_model(command: Command, trust_index: Path, questions: Path) -> None:
    ended = _run(command, trust_index, questions, "--judge")
    assert ended.code == 1
    assert "TRUSTBOT_LLM_PROVIDER is none" in ended.err
