"""A refresh from a folder of files: each becomes a page of the corpus, and is followed like one of the web."""

from pathlib import Path

import pytest

from tests.ingest.refreshed_trust import RefreshedTrust, ids


@pytest.fixture
def shared(trust: RefreshedTrust) -> Path:
    """A folder that the trust shares, with one file of each of three types, declared as the only source."""
    shared = trust.home / "shared"
    (shared / "teams").mkdir(parents=True)
    (shared / "teams/choir.html").write_text(
        "<html><head><title>The choir</title></head><body><main><h1>The choir</h1>"
        "<p>The choir has 31 members and sings on Tuesdays.</p></main></body></html>"
    )
    (shared / "plan.md").write_text("---\ntitle: Annual plan\n---\n\nThe annual plan has four aims for the year.\n")
    (shared / "parking.txt").write_text("Parking at Larkhill\n\nParking costs two pounds a day for visitors.\n")
    trust.site.write_sources(
        trust.corpus, sources=[{"name": "Shared files", "folder": "../shared", "kind": "programme"}]
    )
    return shared


def test_files_become_pages_of_the_corpus(trust: RefreshedTrust, shared: Path) -> None:
    report = trust.refresh()
    assert set(ids(report.added)) == {"choir", "plan", "parking"}
    assert "31 members" in trust.stored("choir")
    assert "four aims" in trust.stored("plan")
    assert "url:" not in trust.text("choir")
    assert trust.refresh().outcome == "unchanged"
    assert trust.model.embedded == []


def test_a_file_that_changed_or_went_is_followed(trust: RefreshedTrust, shared: Path) -> None:
    trust.refresh()
    page = (shared / "teams/choir.html").read_text()
    (shared / "teams/choir.html").write_text(page.replace("31 members", "32 members"))
    (shared / "plan.md").unlink()
    report = trust.refresh()
    assert (ids(report.changed), ids(report.withdrawn)) == (["choir"], ["plan"])
    assert "32 members" in trust.stored("choir")


def test_a_file_that_moved_within_the_folder_keeps_its_id(trust: RefreshedTrust, shared: Path) -> None:
    trust.refresh()
    (shared / "teams/choir.html").rename(shared / "the-choir.html")
    report = trust.refresh()
    assert (report.added, report.withdrawn) == ((), ())
    assert "choir" in trust.answered_from()


def test_an_empty_folder_withdraws_nothing(trust: RefreshedTrust, shared: Path) -> None:
    trust.refresh()
    for file in [*shared.glob("*.*"), *shared.glob("teams/*")]:
        file.unlink()
    report = trust.refresh()
    assert (report.outcome, report.withdrawn) == ("unchanged", ())
    assert [page.source for page in report.failed] == ["Shared files"]
