"""Refreshes that are cut short at any of their changes to the disk, and what the next run makes of what is left."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ingest.index import stored_documents
from ingest.pipeline import ingest
from tests.ingest.interrupting import Disk
from tests.ingest.refreshed_trust import RefreshedTrust
from tests.ingest.website_pages import WebPage

State = tuple[dict[str, bytes], dict[str, str]]


@cache
def disk() -> Disk:
    """The one there is: what listens to the disk cannot be taken away again."""
    return Disk()


def change_the_site(trust: RefreshedTrust) -> None:
    """One page changed, one moved, one gone, one new."""
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.site.move("/news/tidewater-plans", "/news/2021/tidewater-plans")
    trust.site.remove("/news/flu-clinics")
    trust.site.write("/news/pond", WebPage(title="A pond", published="2024-03-01", main="<p>The pond has frogs.</p>"))


def cut_short(trust: RefreshedTrust, *, every: int, first: int = 0, **options: Any) -> Iterator[str]:
    """Cut a refresh short before every `every`-th change to the disk; yields where, when all is well afterwards.

    Questions are answered from the whole old build or the whole new one at once. The next ingest finishes what was
    decided or leaves all as it was, and the next refresh ends where one that was never cut short does.
    """
    trust.refresh()
    old = state(trust)
    change_the_site(trust)
    kept = trust.home / "kept"
    for folder in (trust.corpus, trust.index):
        shutil.copytree(folder, kept / folder.name)
    disk().watch(trust.home, lambda: trust.refresh(**options))
    moments = list(disk().changes)
    new = state(trust)
    for number in range(first, len(moments), every):
        for work in (lambda: ingest(trust.corpus, trust.index, trust.model), lambda: trust.refresh(**options)):
            _as_before(trust, kept)
            assert disk().watch(trust.home, lambda: trust.refresh(**options), interrupt_before=number)
            _check(trust, moments[number], old, new, work)
        assert state(trust) == new, moments[number]
        yield moments[number]


def _check(trust: RefreshedTrust, moment: str, old: State, new: State, work: Callable[[], object]) -> None:
    assert stored(trust) in (old[1], new[1]), moment
    work()
    assert state(trust) in (old, new), moment
    assert not (trust.index / "refreshes/journal").exists(), moment
    assert not [path for path in trust.corpus.rglob("*") if path.name.endswith(".partial")], moment


def state(trust: RefreshedTrust) -> State:
    """The files of the corpus, and what the current build answers from."""
    return trust.files(), stored(trust)


def stored(trust: RefreshedTrust) -> dict[str, str]:
    """Every document of the current build with its text."""
    return {document.id: document.text for document in stored_documents(trust.builds, trust.builds.current())}


def _as_before(trust: RefreshedTrust, kept: Path) -> None:
    for folder in (trust.corpus, trust.index):
        shutil.rmtree(folder)
        shutil.copytree(kept / folder.name, folder)
