"""After ingest the index is only read: a bot that may not write it answers from it, and leaves it as it is."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import GARDEN, write_page

ROOT = Path(__file__).parents[2]


def test_an_index_without_write_permission_answers(tmp_path: Path, model: EmbeddingModel) -> None:
    write_page(tmp_path / "corpus", "news/garden.md", "The Garden Club has 31 volunteers.")
    index = tmp_path / "index"
    ingest(tmp_path / "corpus", index, model)
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    for path in [index, *index.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    ended = subprocess.run(
        [sys.executable, str(ROOT / "trustbot.py"), "ask", GARDEN, "--json", "--index", str(index)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=obey_permissions,
    )
    for path in [index, *index.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["citations"][0]["quote"] == "The Garden Club has 31 volunteers."
    assert {path: path.read_bytes() for path in index.rglob("*") if path.is_file()} == before


def obey_permissions() -> None:
    """Take from the superuser, in a child process, the right to write where nobody may."""
    if os.geteuid() == 0:
        drop_from_bounding_set, override_permissions, override_reading = 24, 1, 2
        for right in (override_permissions, override_reading):
            ctypes.CDLL(None).prctl(drop_from_bounding_set, right, 0, 0, 0)
