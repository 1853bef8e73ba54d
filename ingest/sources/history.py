"""History: the corpus as it was on a day, from the builds kept or from its git history, and what changed since."""

import io
import subprocess
import tarfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from rapidfuzz import fuzz, process

from ingest.builds import Builds
from ingest.documents import Document
from ingest.errors import TrustbotError
from ingest.glossary import Glossary, mentions, read_glossary
from ingest.index import stored_documents
from ingest.reading import read_corpus
from ingest.sources.changes import Changes, changes_between
from ingest.sources.report import PageChange
from ingest.words import plain

_PATIENCE = 120  # seconds for one git command


@dataclass(frozen=True, kw_only=True)
class State:
    """The corpus at one moment: what holds it, its id there, and when it was so (ISO, with its offset)."""

    kept_by: Literal["build", "commit", "folder"]
    id: str
    at: str


@dataclass(frozen=True, kw_only=True)
class ChangesSince:
    """What changed since the beginning of a day: from the state `before`, to the state `now`.

    `reaches_back` is False where nothing older than that day is kept, so that `before` is the oldest state there is
    and what changed earlier is not known.
    """

    since: str
    programme: str | None
    before: State
    now: State
    reaches_back: bool
    changes: Changes


def changes_since(builds: Builds, corpus: Path, since: date, *, programme: str | None = None) -> ChangesSince:
    """Compare the current build (the folder, where there is none) with the last state before `since`.

    With `programme`, a name or alias of the glossary: the pages that belong to it, and of the others the sentences
    that name it. Raises TrustbotError when nothing is kept to compare with, or nothing ever belonged to it.
    """
    moment = datetime.combine(since, time()).astimezone()
    kept = sorted([*_build_states(builds), *_commit_states(corpus, moment)], key=_when)
    now = _now(builds, corpus)
    earlier = [state for state in kept if _when(state) < moment]
    others = [state for state in kept if state != now]
    if not (earlier or others):
        raise TrustbotError(
            f"nothing is kept of {corpus} but how it is now: changes can be told once a second build is made, "
            "or when the folder is kept in git"
        )
    before = earlier[-1] if earlier else others[0]
    old, new = (_documents(state, builds, corpus) for state in (before, now))
    changes = _worth_telling(changes_between(old, new))
    if programme is not None:
        changes = _of_programme(changes, [*old, *new], programme, read_glossary(corpus / "glossary.yaml"))
    return ChangesSince(
        since=since.isoformat(),
        programme=programme,
        before=before,
        now=now,
        reaches_back=bool(earlier),
        changes=changes,
    )


def changes_json(found: ChangesSince) -> Mapping[str, Any]:
    """What changed since a day as every other program reads it."""
    fields: dict[str, Any] = asdict(found)
    return {**{name: value for name, value in fields.items() if name != "changes"}, **fields["changes"]}


def by_programme(pages: Sequence[PageChange]) -> Mapping[str | None, list[PageChange]]:
    """The pages of each programme, by its name; a page of two stands under both, and None holds those of none."""
    found: dict[str | None, list[PageChange]] = {}
    for programme in sorted({name for page in pages for name in page.programmes}, key=str.casefold):
        found[programme] = [page for page in pages if programme in page.programmes]
    if others := [page for page in pages if not page.programmes]:
        found[None] = others
    return found


# The states that are kept


def _when(state: State) -> datetime:
    return datetime.fromisoformat(state.at)


def _now(builds: Builds, corpus: Path) -> State:
    if builds.current_id() is None:
        return State(kept_by="folder", id=str(corpus), at=datetime.now(UTC).isoformat())
    build = builds.current()
    return State(kept_by="build", id=build.id, at=build.created)


def _build_states(builds: Builds) -> list[State]:
    """The builds that were current once: not those that are held."""
    held = builds.held()
    return [State(kept_by="build", id=build.id, at=build.created) for build in builds.all() if build.id not in held]


def _commit_states(corpus: Path, moment: datetime) -> Iterator[State]:
    """The last commit before a moment that touched the folder, and the first of all; none where it is not in git."""
    for choice in (["-1", f"--before={moment.isoformat()}"], ["--reverse"]):
        lines = _git(corpus, "log", *choice, "--format=%H %cI", "--", ".").decode().splitlines()
        for line in lines[:1]:
            commit, _, at = line.partition(" ")
            yield State(kept_by="commit", id=commit, at=at)


def _documents(state: State, builds: Builds, corpus: Path) -> list[Document]:
    if state.kept_by == "build":
        return stored_documents(builds, builds.get(state.id))
    if state.kept_by == "folder":
        return list(read_corpus(corpus).documents)
    archive = _git(corpus, "archive", "--format=tar", state.id, ".")
    if not archive:
        raise TrustbotError(f"git cannot give {corpus} as it was in commit {state.id[:10]}: name a later day")
    with TemporaryDirectory() as folder:
        _unpack(archive, Path(folder))
        return list(read_corpus(Path(folder)).documents)


def _git(folder: Path, *arguments: str) -> bytes:
    """What a git command prints; nothing where there is no git, or no history of the folder."""
    try:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""
    except subprocess.TimeoutExpired as error:
        raise TrustbotError(f"git took more than {_PATIENCE} s over the history of {folder}: try again") from error


def _unpack(archive: bytes, folder: Path) -> None:
    """Write the plain files of a tar archive below a folder; links and names that lead out of it are left out."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            path = (folder / member.name).resolve()
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None and path.is_relative_to(folder.resolve()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())


# The changes that are told


def _worth_telling(changes: Changes) -> Changes:
    """Without pages that say the same and of which the same is known: a newer version may only store them otherwise."""
    return replace(changes, changed=tuple(page for page in changes.changed if page.sentences or page.fields))


def _of_programme(changes: Changes, documents: Sequence[Document], programme: str, glossary: Glossary) -> Changes:
    names = _names(programme, glossary)
    members = {document.id for document in documents if any(plain(name) in names for name in document.programmes)}
    if not members and not any(_says(document.text, names) for document in documents):
        raise TrustbotError(f"no page belongs to '{programme}' or names it{_nearest(programme, documents, glossary)}")
    parts = (
        tuple(_named_in(page, names, members) for page in pages)
        for pages in (changes.added, changes.changed, changes.removed)
    )
    added, changed, removed = (tuple(page for page in pages if page) for pages in parts)
    return Changes(added=added, changed=changed, removed=removed)


def _names(programme: str, glossary: Glossary) -> frozenset[str]:
    """Every name of a programme in plain lower case, by any one of them."""
    wanted = plain(programme)
    known = [name for name in glossary.names if wanted in map(plain, name.all)]
    return frozenset({wanted, *(plain(alias) for name in known for alias in name.all)})


def _says(text: str, names: Collection[str]) -> bool:
    said = plain(text)
    return any(mentions(name, said) for name in names)


def _named_in(page: PageChange, names: Collection[str], members: Collection[str]) -> PageChange | None:
    """All of a page of the programme; of any other page what names the programme, or None."""
    if page.document in members:
        return page
    sentences = tuple(
        change
        for change in page.sentences
        if any(_says(text, names) for text in (change.before, change.after, *change.headings) if text)
    )
    return replace(page, sentences=sentences, fields=()) if sentences else None


def _nearest(programme: str, documents: Sequence[Document], glossary: Glossary) -> str:
    known = {plain(alias): name.name for name in glossary.names for alias in name.all}
    known |= {plain(name): name for document in documents for name in document.programmes}
    found = process.extractOne(plain(programme), known.keys(), scorer=fuzz.WRatio, score_cutoff=75)
    return f": did you mean '{known[found[0]]}'?" if found else ""
