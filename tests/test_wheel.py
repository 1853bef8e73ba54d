"""The wheel: what `pip install .` puts into a fresh environment."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "evaluation", "ingest", "prompts", "sandbox")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """The wheel of a copy of the project, made without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "trustbot.py"):
        shutil.copy(ROOT / file, folder / "source")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", *options, str(folder / "source")],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("trustbot-*.whl")
    return ZipFile(built)


def test_every_file_of_every_package_is_in_the_wheel(wheel: ZipFile) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and not {"__pycache__", "invented"} & set(path.parts)  # those trusts are for measuring
    }
    assert ours - set(wheel.namelist()) == set()


def test_the_wheel_has_the_command_and_no_tests(wheel: ZipFile) -> None:
    names = wheel.namelist()
    assert "trustbot.py" in names
    (entry_points,) = [name for name in names if name.endswith("entry_points.txt")]
    assert "trustbot = trustbot:main" in wheel.read(entry_points).decode()
    assert not [name for name in names if name.startswith(("tests/", "corpus/", "docs/"))]
