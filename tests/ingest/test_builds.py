"""Builds: complete or not there, one of them current, one writer at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.builds import KEPT, Build, Builds
from ingest.errors import TrustbotError

HOLD_THE_LOCK = """
import sys
from pathlib import Path
from ingest.builds import Builds
with Builds(Path(sys.argv[1])).writing():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    return Builds(tmp_path / "index")


def make(builds: Builds, build_id: str) -> str:
    """A complete build with nothing in it."""
    builds.path(build_id).mkdir(parents=True)
    builds.complete(
        Build(id=build_id, created="", digest=build_id, model="m", model_digest="m", documents=0, passages=0)
    )
    return build_id


def ids(builds: Builds) -> list[str]:
    return [build.id for build in builds.all()]


def test_an_index_without_a_build_has_none_that_is_current(builds: Builds) -> None:
    assert builds.current_id() is None
    assert builds.all() == []
    with pytest.raises(TrustbotError, match="run `trustbot ingest` first"):
        builds.current()


def test_a_promoted_build_is_current(builds: Builds) -> None:
    make(builds, "1")
    make(builds, "2")
    builds.promote("1")
    assert builds.current().id == "1"
    builds.promote("2")
    assert builds.current().id == "2"


def test_a_folder_that_was_not_completed_is_no_build(builds: Builds) -> None:
    builds.path("half").mkdir(parents=True)
    assert builds.all() == []
    with pytest.raises(TrustbotError, match="no build 'half'"):
        builds.promote("half")


def test_builds_are_listed_newest_first(builds: Builds) -> None:
    for build_id in ("20240101-1", "20240301-1", "20240201-1"):
        make(builds, build_id)
    assert ids(builds) == ["20240301-1", "20240201-1", "20240101-1"]


def test_ids_of_builds_made_one_after_the_other_sort_by_age(builds: Builds) -> None:
    earlier = builds.new_id("ffffff")
    later = earlier
    while later.split("-")[:2] == earlier.split("-")[:2]:
        later = builds.new_id("aaaaaa")
    assert earlier < later


def test_a_build_cannot_be_named_by_a_path(builds: Builds) -> None:
    make(builds, "1")
    with pytest.raises(TrustbotError, match="no build"):
        builds.get("../builds/1")


def test_rolling_back_twice_goes_back_two_builds_and_then_no_further(builds: Builds) -> None:
    for build_id in ("1", "2", "3"):
        builds.promote(make(builds, build_id))
    assert builds.rollback().id == "2"
    assert builds.rollback().id == "1"
    with pytest.raises(TrustbotError, match="no earlier build"):
        builds.rollback()
    assert builds.current().id == "1"


def test_after_a_rollback_and_a_promotion_a_rollback_undoes_the_promotion(builds: Builds) -> None:
    for build_id in ("1", "2", "3"):
        builds.promote(make(builds, build_id))
    builds.rollback()
    builds.promote("1")
    assert builds.rollback().id == "2"


def test_rolling_back_passes_over_a_build_that_is_gone(builds: Builds) -> None:
    for build_id in ("1", "2", "3"):
        builds.promote(make(builds, build_id))
    (builds.path("2") / "build.json").unlink()
    assert builds.rollback().id == "1"


def test_three_builds_are_kept(builds: Builds) -> None:
    for build_id in ("1", "2", "3", "4", "5"):
        builds.promote(make(builds, build_id))
    builds.prune()
    assert ids(builds) == ["5", "4", "3"]
    assert KEPT == 3


def test_what_a_rollback_would_go_back_to_is_kept_before_newer_builds_nobody_uses(builds: Builds) -> None:
    for build_id in ("1", "2", "3"):
        builds.promote(make(builds, build_id))
    builds.rollback()
    builds.rollback()
    builds.promote(make(builds, "4"))
    builds.prune()
    assert ids(builds) == ["4", "3", "1"]
    assert builds.rollback().id == "1"


def test_half_written_builds_are_cleaned_up(builds: Builds) -> None:
    builds.promote(make(builds, "1"))
    builds.path("half").mkdir()
    (builds.path("half") / "passages.jsonl").write_text("{}")
    builds.prune()
    assert [path.name for path in builds.path("1").parent.iterdir()] == ["1"]


def test_the_current_build_is_kept_even_where_this_version_cannot_read_it(builds: Builds) -> None:
    builds.promote(make(builds, "1"))
    (builds.path("1") / "build.json").write_text('{"id": "1", "of": "another version"}')
    assert builds.all() == []
    builds.prune()
    assert builds.path("1").is_dir()
    with pytest.raises(TrustbotError, match="another version: run `trustbot ingest`"):
        builds.current()


def test_a_second_writer_is_told_who_holds_the_index(builds: Builds) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(builds.index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(TrustbotError, match=rf"is being written by process {other.pid} on .+ since \d"),
            builds.writing(),
        ):
            pass
        other.communicate()
    with builds.writing():
        pass


def test_a_killed_writer_leaves_no_lock(builds: Builds) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(builds.index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        other.kill()
    assert (builds.index / "writer").is_file()
    with builds.writing():
        pass
    assert not (builds.index / "writer").exists()
