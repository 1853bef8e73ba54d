"""The Makefile's `run`: the sandbox at a terminal, three sample questions without one."""

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTES_DOWN = '#!/bin/sh\necho "trustbot $*" >> "$NOTES"\nif [ "$1" = ask ] && [ ! -t 0 ]; then cat >> "$NOTES"; fi\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The Makefile with an environment that is installed, whose trustbot writes down what it is asked to do."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "trustbot"):
        (programs / name).write_text(NOTES_DOWN)
        (programs / name).chmod(0o755)
    (tmp_path / ".venv" / "installed").touch()
    return tmp_path


def run(project: Path, goal: str, *, stdin: int) -> list[str]:
    """The lines that trustbot wrote down."""
    notes = project / "notes"
    environment = os.environ | {"NOTES": str(notes)}
    subprocess.run(["make", goal], cwd=project, env=environment, stdin=stdin, check=True, timeout=60)
    return notes.read_text().splitlines()


def test_without_a_terminal_three_questions_are_asked_and_it_ends(project):
    ingested, asked, *questions = run(project, "run", stdin=subprocess.DEVNULL)
    assert (ingested, asked) == ("trustbot ingest", "trustbot ask")
    assert questions == [
        "How many staff have been trained in HOPE(S)?",
        "what progress on end of life care",
        "who funds M-RIC?",
    ]


def test_at_a_terminal_the_sandbox_is_opened_and_ask_keeps_the_prompt(project):
    ours, theirs = pty.openpty()
    try:
        assert run(project, "run", stdin=theirs) == ["trustbot ingest", "trustbot sandbox --open"]
        assert run(project, "ask", stdin=theirs)[-1] == "trustbot ask"
    finally:
        os.close(ours)
        os.close(theirs)
