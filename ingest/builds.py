"""Builds: complete, immutable indexes of the whole corpus, and the pointer that makes exactly one of them current."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import TrustbotError
from ingest.whole_files import write_whole

KEPT = 3
KEPT_HELD = 2
_POINTER = "current"
_LEFT = "left"
_COMPLETE, _HELD = "build.json", "held.json"


@dataclass(frozen=True, kw_only=True)
class Build:
    """What is known of one build; written last, so that a folder without it is no build.

    `digest` is that of everything the build was made from; `model` and `model_digest` say what embedded it.
    """

    id: str
    created: str
    digest: str
    model: str
    model_digest: str
    documents: int
    passages: int


class Builds:
    """The builds of one index folder."""

    def __init__(self, index: Path) -> None:
        self.index = index
        self._home = index / "builds"

    def path(self, build_id: str) -> Path:
        """The folder of a build."""
        return self._home / build_id

    def all(self) -> list[Build]:
        """Every complete build that this version can read, newest first."""
        found = []
        for folder in self._home.glob("*"):
            with suppress(FileNotFoundError, NotADirectoryError, TrustbotError):
                found.append(self._read(folder))
        return sorted(found, key=lambda build: build.id, reverse=True)

    def get(self, build_id: str) -> Build:
        """A build by id. Raises TrustbotError when there is none of that id."""
        folder = self.path(build_id)
        if "/" in build_id or not (folder / _COMPLETE).is_file():
            raise TrustbotError(f"there is no build '{build_id}': `trustbot builds` lists them")
        return self._read(folder)

    def current_id(self) -> str | None:
        """The id of the current build; cheap enough to ask before every question."""
        return next(iter(self._pointer()), None)

    def current(self) -> Build:
        """The current build. Raises TrustbotError when nothing has been ingested yet."""
        build_id = self.current_id()
        if build_id is None:
            raise TrustbotError(f"there is no index in {self.index}: run `trustbot ingest` first")
        return self.get(build_id)

    def new_id(self, digest: str) -> str:
        """An id for a build made now: its time, to the millisecond, and the first letters of its digest."""
        now = datetime.now(UTC)
        return f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03d}-{digest[:6]}"

    def complete(self, build: Build) -> None:
        """Write down that all of a build is there."""
        write_whole(self.path(build.id) / _COMPLETE, json.dumps(asdict(build), indent=1))

    def promote(self, build_id: str, *, instead_of: str | None = None) -> Build:
        """Make a build current, in one step that is whole or not at all.

        `instead_of` is a build that no rollback shall go back to.
        """
        build = self.get(build_id)
        earlier = [other for other in self._pointer() if other not in (build_id, instead_of)]
        write_whole(self.index / _POINTER, "\n".join([build_id, *earlier][: KEPT + 1]) + "\n")
        (self.path(build_id) / _HELD).unlink(missing_ok=True)
        (self.index / _LEFT).unlink(missing_ok=True)
        return build

    def hold(self, build_id: str, because: Sequence[str]) -> None:
        """Keep a build that is not current until somebody has looked at it."""
        write_whole(self.path(build_id) / _HELD, json.dumps(list(because), ensure_ascii=False))

    def held(self) -> dict[str, tuple[str, ...]]:
        """The builds that are held, newest first, each with the reasons."""
        held: dict[str, tuple[str, ...]] = {}
        for mark in sorted(self._home.glob(f"*/{_HELD}"), reverse=True):
            with suppress(OSError, ValueError):
                if mark.with_name(_COMPLETE).is_file() and mark.parent.name != self.current_id():
                    held[mark.parent.name] = tuple(json.loads(mark.read_text(encoding="utf-8")))
        return held

    def left(self) -> str | None:
        """The build that somebody went back from, until another one is made current."""
        with suppress(FileNotFoundError):
            return (self.index / _LEFT).read_text().strip()
        return None

    def rollback(self) -> Build:
        """Make the build current that was so before. Raises TrustbotError when none is kept.

        Going back twice goes back two builds; `promote` goes forward again.
        """
        _, *earlier = self._pointer() or [""]
        kept = [build_id for build_id in earlier if (self.path(build_id) / _COMPLETE).is_file()]
        if not kept:
            raise TrustbotError("there is no earlier build to go back to: `trustbot builds` lists what is kept")
        build = self.get(kept[0])
        write_whole(self.index / _LEFT, self.current_id() or "")
        write_whole(self.index / _POINTER, "\n".join(kept) + "\n")
        return build

    def prune(self) -> None:
        """Delete half-written builds and all but KEPT: the current, those it took the place of, the newest.

        Of builds that are held the newest KEPT_HELD are kept besides.
        """
        held = list(self.held())
        complete = [build.id for build in self.all() if build.id not in held]
        followed = self._pointer()
        others = dict.fromkeys([*(build_id for build_id in followed[1:] if build_id in complete), *complete])
        kept = {*followed[:1], *[build_id for build_id in others if build_id not in followed[:1]][: KEPT - 1]}
        for folder in self._home.glob("*"):
            if folder.name not in {*kept, *held[:KEPT_HELD]}:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the index for writing. Raises TrustbotError naming the holder when somebody else does."""
        with self._holding("lock", "writer", f"{self.index} is being written"):
            yield

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Be the only refresh; the index may still be written. Raises TrustbotError naming the other one."""
        with self._holding("refresh.lock", "refresher", f"the pages of {self.index} are being refreshed"):
            yield

    @contextmanager
    def _holding(self, name: str, holder: str, what: str) -> Iterator[None]:
        self._home.mkdir(parents=True, exist_ok=True)
        lock, named, who = FileLock(self.index / name), self.index / holder, ""
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            with suppress(FileNotFoundError):
                who = named.read_text()
            who = who or "another process"
            raise TrustbotError(f"{what} by {who}: wait for it to end") from error
        try:
            named.write_text(f"process {os.getpid()} on {os.uname().nodename} since {datetime.now():%H:%M:%S}")
            yield
        finally:
            named.unlink(missing_ok=True)
            lock.release()

    def _pointer(self) -> Sequence[str]:
        try:
            return (self.index / _POINTER).read_text().split()
        except FileNotFoundError:
            return []

    def _read(self, folder: Path) -> Build:
        try:
            return Build(**json.loads((folder / _COMPLETE).read_text()))
        except (ValueError, TypeError) as error:
            raise TrustbotError(f"build {folder.name} was made by another version: run `trustbot ingest`") from error
