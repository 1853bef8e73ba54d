"""Publishing: files of the corpus and the pointer change together, by a journal, or not at all (docs/adr/0007)."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ingest.builds import Build, Builds
from ingest.errors import TrustbotError
from ingest.overlay import Overlay
from ingest.whole_files import digest_of_file, replace_whole, sync_folder, within, write_synced, write_whole

KEPT = 3  # publications that can be undone, one after the other
_HELD = 2
_COMPLETE, _JOURNAL, _APPLIED, _DECLINED = "change.json", "journal", "applied", "declined.json"


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """A file, its path below the corpus, and the SHA-256 of its bytes before and after; None where there is none."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Files of a corpus and a build that become current together.

    `base` is the build that was current when it was made; `because` are the reasons why it is held, none where it is
    not.
    """

    id: str
    corpus: str
    build: str
    base: str | None
    files: tuple[FileChange, ...]
    because: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Files that wait to become part of a corpus; nothing of them is seen by anybody yet."""

    id: str
    corpus: Path
    files: tuple[FileChange, ...]
    overlay: Overlay


class Publications:
    """The publications of one index folder. All that writes wants `Builds.writing` to be held."""

    def __init__(self, builds: Builds) -> None:
        self._builds = builds
        self.home = builds.index / "refreshes"

    # -- making one

    def stage(self, corpus: Path, files: Mapping[str, str | None]) -> Staged:
        """Write down files (their text by path below the corpus; None deletes one) with what they take the place of.

        Raises TrustbotError for a path that leads out of the corpus.
        """
        corpus = corpus.resolve()
        id_ = self._builds.new_id(hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest())
        changes = []
        for path, text in sorted(files.items()):
            target, folder = within(corpus, path), self.home / id_
            if target.exists():
                write_synced(folder / "before" / path, target.read_bytes())
            if text is not None:
                write_synced(folder / "after" / path, text.encode())
            before, after = (digest_of_file(folder / side / path) for side in ("before", "after"))
            changes.append(FileChange(path=path, before=before, after=after))
        return Staged(
            id=id_, corpus=corpus, files=tuple(changes), overlay=_overlay(self.home / id_ / "after", changes, "after")
        )

    def seal(self, staged: Staged, build: Build, *, because: Sequence[str] = ()) -> Publication:
        """Make a publication of staged files and the build made of them; with reasons, it is held."""
        publication = Publication(
            id=staged.id,
            corpus=str(staged.corpus),
            build=build.id,
            base=self._builds.current_id(),
            files=staged.files,
            because=tuple(because),
        )
        self._write(publication)
        if because and build.id != self._builds.current_id():
            self._builds.hold(build.id, because)
        return publication

    # -- letting it in

    def publish(self, publication: Publication) -> list[str]:
        """Let a publication in; returns the files that somebody else changed meanwhile, which stay as they are.

        Raises TrustbotError when a file cannot be written; then everything is as it was before.
        """
        self._decide({"publication": publication.id, "build": publication.build, "instead_of": None, "to": "after"})
        return self._carry_out()

    def release(self, build_id: str) -> Build:
        """Make a build current; one that is held together with its files.

        Raises TrustbotError when there is no such build, or when what it was made from is no longer as it was.
        """
        build = self._builds.get(build_id)
        publication = self.held().get(build_id)
        if publication is None:
            return self._builds.promote(build_id)
        if not Path(publication.corpus).is_dir():
            raise TrustbotError(f"build {build_id} belongs to the corpus {publication.corpus}, which is not there")
        if publication.base != self._builds.current_id():
            raise TrustbotError(
                f"build {build_id} was held when {publication.base} was current, which it no longer is: "
                "run `trustbot refresh` to make it anew"
            )
        edited = [change.path for change in publication.files if not _is_known(Path(publication.corpus), change)]
        if edited:
            raise TrustbotError(
                f"{', '.join(edited[:3])} changed since build {build_id} was held: "
                "run `trustbot refresh` to make it anew"
            )
        self.publish(publication)
        return build

    def last(self) -> Publication:
        """The publication that was let in last and is not undone. Raises TrustbotError when none is kept."""
        for id_ in self._applied():
            publication = self._read(id_)
            if publication:
                return publication
        raise TrustbotError("there is no refresh to undo: `trustbot builds rollback` goes back to an earlier build")

    def before(self, publication: Publication) -> tuple[Overlay, list[str]]:
        """The corpus as it was before a publication, and the files that were edited since and stay as they are."""
        edited = [change.path for change in publication.files if not _is_known(Path(publication.corpus), change)]
        others = [change for change in publication.files if change.path not in edited]
        return _overlay(self.home / publication.id / "before", others, "before"), edited

    def undo(self, publication: Publication, build: Build, *, because: str) -> list[str]:
        """Put the files back as they were before a publication, and make the build of them current.

        Its files, as they are now, are declined from now on; its build is held for the reason given. Returns the
        files that stay as they are. Raises TrustbotError as `publish` does.
        """
        self._write(replace(publication, because=(because,), base=build.id))
        self._decide(
            {"publication": publication.id, "build": build.id, "instead_of": publication.build, "to": "before"}
        )
        return self._carry_out()

    def finish(self) -> list[str]:
        """Carry what was decided, but cut short, to its end; returns files that somebody changed meanwhile.

        Every writer begins with it. What was never decided is deleted.
        """
        left = self._carry_out() if (self.home / _JOURNAL).is_file() else []
        self._tidy()
        return left

    # -- what there is

    def held(self) -> dict[str, Publication]:
        """The publications that are held, by build; the newest where two hold the same one."""
        applied, held = self._applied(), self._builds.held()
        found = [publication for publication in self._all() if publication.because and publication.id not in applied]
        return {publication.build: publication for publication in found if publication.build in held}

    def declined(self) -> dict[str, str]:
        """The files that were undone: by path, the digest of the content that is not wanted."""
        try:
            declined: dict[str, str] = json.loads((self.home / _DECLINED).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return declined

    def _all(self) -> Iterator[Publication]:
        for folder in sorted(self.home.glob("*/")):
            publication = self._read(folder.name)
            if publication:
                yield publication

    def _read(self, id_: str) -> Publication | None:
        try:
            fields = json.loads((self.home / id_ / _COMPLETE).read_text(encoding="utf-8"))
            files = tuple(FileChange(**change) for change in fields.pop("files"))
            return Publication(**{**fields, "files": files, "because": tuple(fields["because"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None  # never completed, or of another version

    def _write(self, publication: Publication) -> None:
        folder = self.home / publication.id
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / _COMPLETE, json.dumps(asdict(publication), ensure_ascii=False, indent=1))

    def _applied(self) -> list[str]:
        try:
            return (self.home / _APPLIED).read_text().split()
        except FileNotFoundError:
            return []

    # -- the journal

    def _decide(self, decision: Mapping[str, str | None]) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        write_whole(self.home / _JOURNAL, json.dumps(decision))

    def _carry_out(self) -> list[str]:
        """Do what the journal says; doing it twice is doing it once."""
        decision = json.loads((self.home / _JOURNAL).read_text(encoding="utf-8"))
        publication = self._read(decision["publication"])
        if publication is None:
            raise TrustbotError(f"{self.home / decision['publication']} is damaged: put it back, or delete the journal")
        if not Path(publication.corpus).is_dir():
            raise TrustbotError(
                f"a refresh of {publication.corpus} is to be finished, which is not there: bring it back"
            )
        to = decision["to"]
        try:
            left = self._write_files(publication, to)
            self._builds.promote(decision["build"], instead_of=decision["instead_of"])
        except (OSError, TrustbotError) as error:
            self._write_files(publication, "before" if to == "after" else "after")
            (self.home / _JOURNAL).unlink()
            raise TrustbotError(
                f"{publication.corpus} could not be written ({error}): corpus and index are as they were"
            ) from error
        others = [id_ for id_ in self._applied() if id_ != publication.id]
        self._keep_declined(publication, undone=to == "before")
        if to == "before":
            self._builds.hold(publication.build, publication.because)
        else:
            others = [publication.id, *others][:KEPT]
        write_whole(self.home / _APPLIED, "".join(f"{id_}\n" for id_ in others))
        (self.home / _JOURNAL).unlink()
        return left

    def _write_files(self, publication: Publication, to: str) -> list[str]:
        """Write each file as it is before or after; returns those that are neither, which are left alone."""
        corpus, left, folders = Path(publication.corpus), [], set()
        for change in publication.files:
            target, wanted = within(corpus, change.path), getattr(change, to)
            if not _is_known(corpus, change):
                left.append(change.path)
            elif digest_of_file(target) != wanted:
                replace_whole(target, self.home / publication.id / to / change.path if wanted else None)
                folders.add(target.parent)
        for folder in folders:
            sync_folder(folder)
        return left

    def _keep_declined(self, publication: Publication, *, undone: bool) -> None:
        declined = self.declined()
        for change in publication.files:
            if undone and change.after and not Path(change.path).name.startswith("."):
                declined[change.path] = change.after
            elif declined.get(change.path) == change.after:
                declined.pop(change.path, None)
        write_whole(self.home / _DECLINED, json.dumps(declined, ensure_ascii=False, indent=1, sort_keys=True))

    def _tidy(self) -> None:
        """Delete what was never decided, and what is too old to be undone or let in."""
        held = sorted((publication.id for publication in self.held().values()), reverse=True)[:_HELD]
        kept = {*self._applied(), *held}
        for folder in self.home.glob("*/"):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def digest_of(text: str) -> str:
    """The SHA-256 of a file that holds this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _overlay(folder: Path, changes: Sequence[FileChange], side: str) -> Overlay:
    there = frozenset(change.path for change in changes if getattr(change, side))
    return Overlay(folder=folder, files=there, gone=frozenset(change.path for change in changes) - there)


def _is_known(corpus: Path, change: FileChange) -> bool:
    """True when a file is as it was before, or already as it will be."""
    return digest_of_file(within(corpus, change.path)) in (change.before, change.after)
