"""The command line, as programs and people meet it: exit codes, streams, and the shapes of its JSON."""

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from bot.answers import Status
from ingest.builds import Builds
from tests.commands import Command, Ended, Terminal
from tests.pages import GARDEN, PARTNERS, TIDEWATER, write_page

ROOT = Path(__file__).parents[1]
ANSWER = [
    "id",
    "question",
    "status",
    "answer",
    "citations",
    "as_of",
    "notes",
    "closest",
    "build",
    "answered_by",
    "prompts",
    "seconds",
]
CITATION = ["number", "document", "title", "kind", "url", "published", "as_of", "headings", "quote", "start", "end"]


@pytest.fixture
def garden(command: Command, tmp_path: Path) -> Ended:
    """One page about the garden, ingested into the folder where the command runs."""
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 31 volunteers.", published="2024-05")
    return command("ingest", "--json")


def assert_one_line_says(ended: Ended, *words: str) -> None:
    """A failure a person can mend: exit code 1, nothing on stdout, one line on stderr."""
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("trustbot: ")
    assert ended.err.count("\n") == 1
    for word in words:
        assert word in ended.err


# Help and wrong usage


@pytest.mark.parametrize(
    "arguments",
    [[], ["ingest"], ["ask"], ["show"], ["changes"], ["builds"], ["builds", "promote"], ["builds", "rollback"]],
)
def test_every_command_takes_help(command: Command, arguments: list[str]) -> None:
    ended = command(*arguments, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("usage: trustbot")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["ingest", "--nonsense"],
        ["ingest", "somewhere"],
        ["show"],
        ["ask", "one", "two"],
        ["builds", "promote"],
        ["ask", "--index"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_how_it_is_used(command: Command, arguments: list[str]) -> None:
    ended = command(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "usage: trustbot" in ended.err


def test_help_loads_nothing_heavy() -> None:
    script = """
import sys, trustbot
try:
    trustbot.main(["--help"])
except SystemExit:
    heavy = {"torch", "chromadb", "llama_index", "sentence_transformers", "transformers", "numpy", "pydantic", "rich"}
    print("loaded:", sorted(heavy & set(sys.modules)))
"""
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "loaded: []"


# Ingest


def test_the_report_of_an_ingest_has_this_shape(garden: Ended) -> None:
    report = garden.json
    assert list(report) == ["build", "documents", "passages", "seconds"]
    assert report["documents"] == {
        "added": ["garden"],
        "changed": [],
        "removed": [],
        "unchanged": [],
        "failed": [],
        "warnings": [],
    }
    assert report["passages"] == {"total": 1, "embedded": 1, "reused": 0}
    assert isinstance(report["seconds"], float)
    assert (garden.code, garden.err) == (0, "")


def test_failures_have_a_path_and_a_reason_and_warnings_a_path_and_a_text(
    garden: Ended, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "corpus" / "news" / "empty.md").touch()
    write_page(tmp_path / "corpus", "news/odd.md", "Odd.", colour="green")
    ended = command("ingest", "--json")
    assert ended.code == 0
    assert ended.json["documents"]["failed"] == [{"path": "news/empty.md", "reason": "it is empty"}]
    (warning,) = ended.json["documents"]["warnings"]
    assert list(warning) == ["path", "text"]
    assert warning["path"] == "news/odd.md"
    assert "colour" in warning["text"]


def test_ingest_tells_a_person_what_changed_what_failed_and_the_build(
    garden: Ended, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "corpus" / "news" / "empty.md").touch()
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 52 volunteers.")
    ended = command("ingest")
    assert "0 added, 1 changed, 0 removed, 0 unchanged; 1 passages, 1 embedded" in ended.out
    assert "changed: garden" in ended.out
    assert "failed: news/empty.md: it is empty" in ended.out
    assert f"current build: {Builds(tmp_path / '.index').current_id()}" in ended.out


def test_nothing_changed_embeds_nothing_and_keeps_the_build(garden: Ended, command: Command) -> None:
    report = command("ingest", "--json").json
    assert report["build"] == garden.json["build"]
    assert report["passages"] == {"total": 1, "embedded": 0, "reused": 1}
    assert report["documents"]["unchanged"] == ["garden"]


def test_a_dry_run_says_what_would_change_and_leaves_the_build(garden: Ended, command: Command, tmp_path: Path) -> None:
    write_page(tmp_path / "corpus", "news/figs.md", "Figs are sweet.")
    shown = command("ingest", "--dry-run")
    assert "Would ingest: 1 added" in shown.out
    assert "added: figs" in shown.out
    report = command("ingest", "--dry-run", "--json").json
    assert report["documents"]["added"] == ["figs"]
    assert report["build"] == garden.json["build"] == Builds(tmp_path / ".index").current_id()
    assert_one_line_says(command("show", "figs"), "figs")


def test_flags_win_over_the_environment_and_that_over_the_env_file(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("file", "environment", "flag"):
        write_page(tmp_path / name, "news/page.md", f"This is from the {name}.")
    (tmp_path / ".env").write_text("TRUSTBOT_CORPUS=file\nTRUSTBOT_INDEX=kept\n")
    command("ingest")
    assert command("show", "page", "--json").json["text"] == "This is from the file."
    monkeypatch.setenv("TRUSTBOT_CORPUS", "environment")
    command("ingest")
    assert command("show", "page", "--json").json["text"] == "This is from the environment."
    command("ingest", "--corpus", "flag")
    assert command("show", "page", "--json").json["text"] == "This is from the flag."
    assert (tmp_path / "kept").is_dir()
    assert not (tmp_path / ".index").exists()


def test_progress_is_shown_where_stderr_is_a_terminal(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 31 volunteers.")
    monkeypatch.setattr("sys.stderr", shown := Terminal())
    assert command("ingest", "--json").json["documents"]["added"] == ["garden"]
    assert "Embedding" in shown.getvalue()


# Ask


def test_an_answer_has_this_shape(trust_index: Path, command: Command) -> None:
    ended = command("ask", GARDEN, "--json", "--index", trust_index)
    assert (ended.code, ended.err) == (0, "")
    answer = ended.json
    assert list(answer) == ANSWER
    assert [list(citation) for citation in answer["citations"]] == [CITATION, CITATION]
    assert (answer["id"], answer["question"], answer["status"]) == (None, GARDEN, "answered")
    assert answer["build"] == Builds(trust_index).current_id()
    assert (answer["answered_by"], answer["prompts"], answer["closest"]) == ("passages", None, [])
    assert answer["seconds"] > 0


def test_a_closest_page_has_this_shape(trust_index: Path, command: Command) -> None:
    questions = ("zzzz qqqq xxxx", "What is the boiling point of mercury?", GARDEN)
    answers = [command("ask", question, "--json", "--index", trust_index).json for question in questions]
    for answer in answers:
        assert all(list(page) == ["document", "title", "url"] for page in answer["closest"])


def test_plain_lines_are_answered_in_order_and_blank_ones_skipped(trust_index: Path, command: Command) -> None:
    stdin = f"\n{GARDEN}\n   \n\t\n{PARTNERS}\r\n{TIDEWATER}"
    answers = command("ask", "--json", "--index", trust_index, stdin=stdin).json_lines
    assert [answer["question"] for answer in answers] == [GARDEN, PARTNERS, TIDEWATER]


def test_json_lines_carry_an_id_and_a_history(trust_index: Path, command: Command) -> None:
    lines: list[dict[str, object]] = [
        {"id": "a", "question": GARDEN},
        {"question": PARTNERS},
        {"id": 3, "question": "Where?", "history": [{"question": GARDEN, "answer": "52 volunteers."}]},
        {"id": "d", "question": TIDEWATER, "history": [], "channel": "C1"},
        {"id": "e", "question": TIDEWATER, "history": None},
    ]
    ended = command("ask", "--json", "--index", trust_index, stdin="\n".join(map(json.dumps, lines)))
    assert [answer["id"] for answer in ended.json_lines] == ["a", None, "3", "d", "e"]
    assert [answer["question"] for answer in ended.json_lines] == [line["question"] for line in lines]


def test_an_empty_question_is_answered(trust_index: Path, command: Command) -> None:
    in_json = command("ask", "--json", "--index", trust_index, stdin='{"id": "e", "question": ""}').json
    as_argument = command("ask", "", "--json", "--index", trust_index).json
    for answer in (in_json, as_argument):
        assert answer["status"] in get_args(Status)
        assert answer["answer"]
    assert in_json["id"] == "e"


@pytest.mark.parametrize(
    ("line", "id_"),
    [
        ('{"id": "b", "question"', None),
        ('{"id": "b"}', "b"),
        ('{"id": "b", "question": 7}', "b"),
        ('{"id": "b", "question": "Why?", "history": "none"}', "b"),
        ('{"id": "b", "question": "Why?"} and more', None),
        ("{" * 5000, None),
    ],
)
def test_a_line_of_broken_json_is_an_error_and_the_next_is_answered(
    trust_index: Path, command: Command, line: str, id_: str | None
) -> None:
    ended = command("ask", "--json", "--index", trust_index, stdin=f"\n{line}\n{GARDEN}\n")
    broken, answer = ended.json_lines
    assert list(broken) == ANSWER
    assert (broken["status"], broken["id"], broken["citations"]) == ("error", id_, [])
    assert "Line 2" in broken["answer"]
    assert answer["status"] == "answered"
    assert ended.code == 0


@pytest.mark.parametrize(
    "question",
    [
        "\ud83d half a character",
        "\x00",
        "🐝" * 300,
        "a" * 20_000,
        "why " * 5_000,
        "?" * 50,
        "' OR 1=1; --",
        "[1] [2] {closest} {ask}",
        "\u202egnp.exe",
    ],
)
def test_odd_questions_have_an_answer_like_any_other(trust_index: Path, command: Command, question: str) -> None:
    in_json = command("ask", "--json", "--index", trust_index, stdin=json.dumps({"question": question})).json
    assert list(in_json) == ANSWER
    assert in_json["status"] in set(get_args(Status)) - {"error"}
    assert in_json["answer"]
    if "\x00" not in question:
        assert command("ask", question, "--index", trust_index).code == 0


def test_a_person_reads_the_answer_and_where_it_stands(trust_index: Path, command: Command) -> None:
    ended = command("ask", GARDEN, "--index", trust_index)
    assert ended.code == 0
    assert "“The Garden Club has 31 volunteers." in ended.out
    assert "[2] The Garden Club, 10 March 2022, https://trust.example/garden-club" in ended.out


def test_today_decides_over_embargoes(trust_index: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = ("ask", "How long will Rosehip Ward close for?", "--json", "--index", trust_index)
    assert "eleven days" not in command(*ask, "--today", "2026-01-30").out
    assert "eleven days" in command(*ask, "--today", "2026-01-31").out
    monkeypatch.setenv("TRUSTBOT_TODAY", "2026-01-31")
    assert "eleven days" in command(*ask).out


def test_at_a_terminal_it_converses_until_quit(trust_index: Path, command: Command) -> None:
    typed = f"/help\n/nonsense\n\n{GARDEN}\n/new\n/quit\n{PARTNERS}\n"
    ended = command("ask", "--index", trust_index, stdin=typed, terminal=True)
    assert ended.code == 0
    assert ended.out.count("/quit leaves") == 2  # when it opens, and for /help
    assert "I know /help" in ended.out
    assert "“The Garden Club has 31 volunteers." in ended.out
    assert "Orrin Council" not in ended.out


def test_at_a_terminal_the_end_of_input_ends_it(trust_index: Path, command: Command) -> None:
    assert command("ask", "--index", trust_index, stdin=GARDEN, terminal=True).code == 0


# Show and builds


def test_a_stored_document_has_this_shape(garden: Ended, command: Command) -> None:
    assert command("show", "garden", "--json").json == {
        "id": "garden",
        "kind": "news",
        "title": "Garden",
        "url": None,
        "published": "2024-05",
        "text": "The Garden Club has 31 volunteers.",
        "passages": [{"start": 0, "end": 34, "headings": [], "as_of": "2024-05"}],
    }


def test_a_person_reads_a_stored_document_with_its_passages_marked_off(garden: Ended, command: Command) -> None:
    shown = command("show", "garden").out
    assert shown.splitlines()[:2] == ["Garden", "news, 2024-05"]
    assert "[0, 34)" in shown
    assert "The Garden Club has 31 volunteers." in shown


def test_builds_are_listed_promoted_and_rolled_back(garden: Ended, command: Command, tmp_path: Path) -> None:
    first = garden.json["build"]
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 52 volunteers.")
    second = command("ingest", "--json").json["build"]

    listed = command("builds", "--json").json
    assert [(build["id"], build["current"]) for build in listed] == [(second, True), (first, False)]
    assert (listed[0]["documents"], listed[0]["passages"], listed[0]["model"]) == (1, 1, "all-MiniLM-L6-v2")
    assert "52" in command("ask", GARDEN).out

    assert command("builds", "rollback").out == f"current: {first}\n"
    assert "31" in command("ask", GARDEN).out
    assert command("builds", "promote", second).out == f"current: {second}\n"
    assert "52" in command("ask", GARDEN).out
    assert "31" in command("show", "garden", "--build", first).out
    shown = command("builds").out.splitlines()
    assert [line.split()[0] for line in shown] == ["build", second, first]
    assert "current" in shown[1]


# What a person can mend


def test_without_an_index_it_says_to_ingest_first(command: Command) -> None:
    for arguments in (["ask", GARDEN], ["ask"], ["show", "garden"], ["ask", "--json"]):
        assert_one_line_says(command(*arguments), "there is no index in .index", "run `trustbot ingest` first")


def test_without_a_corpus_it_says_to_name_one(command: Command) -> None:
    assert_one_line_says(command("ingest"), "no folder corpus", "--corpus")


def test_a_corpus_without_a_page_is_an_error(command: Command, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    assert_one_line_says(command("ingest"), "no document in corpus can be read", "the index stays as it was")


def test_an_unknown_document_is_told_with_the_nearest(garden: Ended, command: Command) -> None:
    assert_one_line_says(command("show", "gardn"), "no document 'gardn'", "did you mean garden?")


def test_an_unknown_build_is_told(garden: Ended, command: Command) -> None:
    for arguments in (["builds", "promote", "nonsense"], ["show", "garden", "--build", "nonsense"]):
        assert_one_line_says(command(*arguments), "no build 'nonsense'", "`trustbot builds` lists them")


def test_there_may_be_nothing_to_roll_back_to(garden: Ended, command: Command) -> None:
    assert_one_line_says(command("builds", "rollback"), "no earlier build")


def test_a_setting_that_cannot_be_used_is_named(
    garden: Ended, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTBOT_TODAY", "tomorrow")
    assert_one_line_says(command("ask", GARDEN), "TRUSTBOT_TODAY")


def test_a_second_writer_is_told_who_holds_the_index(garden: Ended, command: Command, tmp_path: Path) -> None:
    with Builds(tmp_path / ".index").writing():
        for arguments in (["ingest"], ["builds", "rollback"]):
            assert_one_line_says(command(*arguments), ".index is being written by process", "wait")


def test_a_folder_that_is_a_file_is_told(command: Command, tmp_path: Path) -> None:
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 31 volunteers.")
    (tmp_path / "file").touch()
    assert_one_line_says(command("ingest", "--index", "file"), "file")


def test_another_model_is_taken_by_name_and_must_be_asked_with_too(
    garden: Ended, command: Command, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTBOT_MODEL", str(tiny_model))
    assert_one_line_says(command("ask", GARDEN), "embedded with 'all-MiniLM-L6-v2'", "TRUSTBOT_MODEL")
    ended = command("ingest", "--json")
    assert ended.code == 0
    assert ended.json["passages"]["embedded"] == ended.json["passages"]["total"] > 0
    assert command("ask", GARDEN, "--json").json["build"] == ended.json["build"]
    monkeypatch.delenv("TRUSTBOT_MODEL")
    assert_one_line_says(command("ask", GARDEN), f"embedded with '{tiny_model}'", "run `trustbot ingest`")


def test_a_model_that_is_not_here_is_told(garden: Ended, command: Command) -> None:
    assert_one_line_says(command("ingest", "--model", "no-such-model"), "'no-such-model' is not on this machine")
