"""No network is asked for anything: ingest and ask work where every socket is refused, and none is tried."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.pages import GARDEN, write_page

ROOT = Path(__file__).parents[2]

REFUSE = """
import socket

def refuse(*arguments, **options):
    with open({log!r}, "a") as log:
        log.write(f"{{arguments}}\\n")
    raise OSError("no network here")

for name in ("connect", "connect_ex", "sendto", "sendmsg"):
    setattr(socket.socket, name, refuse)
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, refuse)
"""
INGEST_AND_ASK = """
import sys, trustbot
sys.exit(trustbot.main(["ingest", "--json"]) or trustbot.main(["ask", "--json", sys.argv[1]]))
"""


def test_ingest_and_ask_work_with_every_socket_refused(tmp_path: Path) -> None:
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 31 volunteers.")
    log = tmp_path / "sockets.txt"
    (tmp_path / "refusal").mkdir()
    (tmp_path / "refusal" / "sitecustomize.py").write_text(REFUSE.format(log=str(log)))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment |= {"PYTHONPATH": f"{tmp_path / 'refusal'}{os.pathsep}{ROOT}"}
    ended = subprocess.run(
        [*without_network(), sys.executable, "-c", INGEST_AND_ASK, GARDEN],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout.splitlines()[-1])["citations"][0]["quote"] == "The Garden Club has 31 volunteers."
    assert not log.exists(), log.read_text()


def without_network() -> list[str]:
    """How to start a command in a network of its own that has no way out, where this system lets us."""
    alone = ["unshare", "--map-root-user", "--net"]
    allowed = shutil.which("unshare") and subprocess.run([*alone, "true"], capture_output=True, check=False)
    return alone if allowed and allowed.returncode == 0 else []
