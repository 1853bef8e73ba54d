"""Promise 4 of a refresh: cut short at any change to the disk, the next run carries on, and nothing is ever half."""

import shutil

from tests.ingest.cut_short import cut_short, disk, state
from tests.ingest.refreshed_trust import RefreshedTrust


def test_a_refresh_may_be_cut_short_at_any_change_to_the_disk(trust: RefreshedTrust) -> None:
    """Every twelfth of them; `make soak` tries all."""
    moments = list(cut_short(trust, every=12))
    assert len(moments) >= 8


def test_an_undo_may_be_cut_short_at_any_change_to_the_disk(trust: RefreshedTrust) -> None:
    """Every third of them."""
    trust.refresh()
    old = state(trust)
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.refresh()
    new = state(trust)
    for folder in (trust.corpus, trust.index):
        shutil.copytree(folder, trust.home / "kept" / folder.name)
    number = 0
    while disk().watch(trust.home, trust.undo, interrupt_before=number):
        assert trust.refresh().outcome == "unchanged"
        assert state(trust) in (old, new)
        for folder in (trust.corpus, trust.index):
            shutil.rmtree(folder)
            shutil.copytree(trust.home / "kept" / folder.name, folder)
        number += 3
    assert state(trust) == old
    assert number > 8
