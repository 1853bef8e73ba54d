"""The stand-in as a process, driven over /_control."""

import contextlib
import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from slack_sdk import WebClient

import sandbox.standin

PROJECT = Path(sandbox.standin.__file__).parents[1]


@contextlib.contextmanager
def standin_process(manifest_path):
    command = [sys.executable, "-m", "sandbox", str(manifest_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        try:
            yield dict(process.stdout.readline().strip().split("=", 1) for _ in range(4))
        finally:
            process.terminate()


def test_a_stand_in_in_another_process_is_driven_over_http(manifest_path):
    with standin_process(manifest_path) as env:

        def control(verb, **arguments):
            url = env["SLACK_API_URL"].replace("/api/", f"/_control/{verb}")
            body = json.dumps(arguments).encode()
            request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.load(answer)["result"]

        client = WebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["SLACK_API_URL"])
        client.chat_postMessage(channel="C0GENERAL", text="hi")
        assert control("user_sees", user="U0BOB", channel="C0GENERAL") == "askbot:\n  hi"
        assert control("user_says", user="U0BOB", text="yo")["text"] == "yo"
        assert [call["method"] for call in control("state")["calls"]] == ["chat.postMessage"]
        with pytest.raises(urllib.error.HTTPError, match="404"):
            control("user_dm", user="U0BOB")
