"""`trustbot refresh` as comms, cron and other programs meet it: what it prints, and how it ends."""

from pathlib import Path

import pytest
import yaml

from ingest.builds import Builds
from tests.commands import Command, Ended
from tests.ingest.website import Website

BUS = "How often does the night bus run?"
QUESTIONS = {
    BUS: "30 minutes",
    "At how many clinics can staff be vaccinated?": "14 clinics",
    "With how many beds did Tidewater House open?": "24 beds",
}


@pytest.fixture
def site(website: Website, tmp_path: Path) -> Website:
    """The web site; the command runs in a folder whose corpus names its news, with three fixed questions."""
    website.write_sources(tmp_path / "corpus", sources=website.sources()["sources"][:1])
    rows = [
        {"id": f"q{number}", "question": question, "kind": "progress", "answerable": True, "expect": [[words]]}
        for number, (question, words) in enumerate(QUESTIONS.items())
    ]
    (tmp_path / "questions.yaml").write_text(yaml.safe_dump(rows))
    return website


def refresh(command: Command, *options: object) -> Ended:
    return command("refresh", "--questions", "questions.yaml", *options)


def test_a_person_reads_what_changed_and_asks_about_it(site: Website, command: Command) -> None:
    ended = refresh(command)
    assert (ended.code, ended.err) == (0, "")
    assert "A night bus for staff" in ended.out
    site.change("/news/flu-clinics", "14 clinics", "15 clinics")
    ended = refresh(command)
    assert ended.code == 0
    assert "Staff can be vaccinated at" in ended.out
    assert "15 clinics" in command("ask", "At how many clinics can staff be vaccinated?").out


def test_a_program_reads_json(site: Website, command: Command) -> None:
    report = refresh(command, "--json").json
    assert (report["outcome"], len(report["added"])) == ("promoted", 5)
    assert report["requests"] == {"pages": 5, "downloaded": 5, "not_modified": 0}
    assert Path(report["page"]).is_file()
    again = refresh(command, "--json").json
    assert (again["outcome"], again["page"], again["build"]) == ("unchanged", None, report["build"])


def test_a_held_refresh_ends_with_1_and_says_what_to_do(site: Website, command: Command, tmp_path: Path) -> None:
    first = refresh(command, "--json").json
    site.change("/news/night-bus", "30 minutes", "40 minutes")
    site.change("/news/flu-clinics", "14 clinics", "a few clinics")
    site.change("/news/tidewater-opens", "24 beds", "its beds")
    ended = refresh(command, "--json")
    held = ended.json["build"]
    assert (ended.code, ended.json["outcome"]) == (1, "held")
    assert ended.err.startswith("trustbot: held: 3 of the fixed questions are answered worse")
    assert f"`trustbot builds promote {held}`" in ended.err
    assert "30 minutes" in command("ask", BUS).out
    listed = {build["id"]: build for build in command("builds", "--json").json}
    assert listed[first["build"]]["current"] and listed[first["build"]]["held_because"] == []
    assert listed[held]["held_because"] == ["3 of the fixed questions are answered worse, 0 better"]
    assert f"{held} is held: 3 of the fixed questions" in command("builds").out
    assert command("builds", "promote", held).code == 0
    assert "40 minutes" in command("ask", BUS).out
    assert "40 minutes" in (tmp_path / "corpus/news/night-bus.md").read_text()


def test_an_undo_says_what_it_put_back(site: Website, command: Command, tmp_path: Path) -> None:
    first = refresh(command, "--json").json
    site.change("/news/night-bus", "30 minutes", "40 minutes")
    refresh(command)
    ended = command("refresh", "--undo")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "Undone: 1 file is as it was before the last refresh",
        "  news/night-bus.md",
        f"current build: {first['build']}",
    ]
    assert "30 minutes" in command("ask", BUS).out
    assert command("refresh", "--undo").code == 1


def test_a_second_refresh_at_the_same_time_ends_with_1(site: Website, command: Command, tmp_path: Path) -> None:
    with Builds(tmp_path / ".index").refreshing():
        ended = refresh(command)
    assert (ended.code, ended.out) == (1, "")
    assert "are being refreshed by process" in ended.err


def test_sources_that_cannot_be_read_end_with_1_and_one_line(command: Command, tmp_path: Path) -> None:
    ended = command("refresh")
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "sources.yaml does not exist" in ended.err


@pytest.mark.parametrize("arguments", [["refresh", "now"], ["refresh", "--only"]])
def test_wrong_usage_ends_with_2(command: Command, arguments: list[str]) -> None:
    assert command(*arguments).code == 2
