"""`trustbot sandbox`: one command, and the real bot answers in a browser."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from tests.pages import GARDEN, write_page

ROOT = Path(__file__).parents[2]
STARTED = re.compile(r"http://127\.0\.0\.1:\d+/")


def test_without_an_index_it_says_how_to_make_one(command, tmp_path):
    ended = command("sandbox", "--index", tmp_path / "none", "--port", 0)
    assert ended.code == 1 and ended.out == ""
    (line,) = ended.err.splitlines()
    assert "run `trustbot ingest` first" in line


def test_a_port_that_is_taken_is_said_in_one_line(command, trust_index):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = command("sandbox", "--index", trust_index, "--port", port)
    assert ended.code == 1 and ended.out == ""
    (line,) = ended.err.splitlines()
    assert f"127.0.0.1:{port} cannot be listened on" in line and "--port" in line


@pytest.mark.parametrize("port", ["65536", "-1", "eight"])
def test_what_is_no_port_is_wrong_usage(port, command):
    ended = command("sandbox", "--port", port)
    assert ended.code == 2 and "is not a port" in ended.err


@contextmanager
def sandbox_process(index: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, in an empty folder, and the address that it prints."""
    folder.mkdir()
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "HTTPS_PROXY": "http://127.0.0.1:9",  # where nothing listens: Slack is on this machine, whatever it says
        "HTTP_PROXY": "http://127.0.0.1:9",
        "TRUSTBOT_SLACK_BOT_TOKEN": "xoxb-of-another-slack",
        "TRUSTBOT_CHANNELS": "C0ELSEWHERE",
    }
    words = [sys.executable, "-m", "trustbot", "sandbox", "--index", str(index), "--port", "0", "--today", "2024-06-30"]
    with (
        (folder / "stderr").open("w") as errors,
        subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder, env=environment
        ) as process,
    ):
        try:
            assert process.stdout is not None
            found = STARTED.search(process.stdout.readline())
            assert found, (folder / "stderr").read_text()
            yield process, found[0]
        finally:
            process.kill()


def asked(url: str, text: str) -> str:
    """What the bot answers to a direct message of Alice's."""
    said = _json(url, "web/act", {"user": "U0ALICE", "verb": "says", "args": {"text": text}})
    ts = said["result"]["message"]["ts"]
    with urllib.request.urlopen(f"{url}web/updates?user=U0ALICE", timeout=30) as updates:
        for line in updates:
            if line.startswith(b"data:"):
                channels = _json(url, "web/state?user=U0ALICE")["channels"]
                messages = [message for channel in channels for message in channel["messages"]]
                answers = [m["text"] for m in messages if m.get("thread_ts") == ts and m["user"] == "U0BOT"]
                if answers:
                    return str(answers[0])
    raise AssertionError("the sandbox went away")


def _json(url, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_one_command_gives_the_real_bot_in_a_browser_until_it_is_told_to_stop(model, tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    write_page(corpus, "programmes/garden-club.md", "The Garden Club has 31 volunteers.", published="2024-06-02")
    ingest(corpus, index, model)
    with sandbox_process(index, tmp_path / "empty") as (process, url):
        with urllib.request.urlopen(url, timeout=10) as page:
            assert "<html" in page.read().decode()
        assert "The Garden Club has 31 volunteers." in asked(url, GARDEN)

        write_page(corpus, "programmes/garden-club.md", "The Garden Club has 52 volunteers.", published="2024-06-03")
        ingest(corpus, index, model)
        answer = asked(url, GARDEN)
        assert "52 volunteers" in answer and "31 volunteers" not in answer

        assert "token" not in str(_json(url, "web/record")).replace("'token': 'verification'", "")
        _json(url, "web/act", {"user": "U0ALICE", "verb": "says", "args": {"text": GARDEN}})
        process.send_signal(signal.SIGINT)  # while it answers
        assert process.wait(60) == 0
    first, *logged = (tmp_path / "empty" / "stderr").read_text().splitlines()
    assert first == "Loading the model ..."
    assert [line for line in logged if json.loads(line)["event"] == "question failed"] == []  # it may be cut off
    assert [path.name for path in (tmp_path / "empty").iterdir()] == ["stderr"]


def test_told_to_stop_while_it_starts_it_stops(trust_index, tmp_path):
    words = [sys.executable, "-m", "trustbot", "sandbox", "--index", str(trust_index), "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "Loading the model ...\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
