"""What comms edited by hand in fetched pages: it is never overwritten unasked."""

from tests.ingest.refreshed_trust import RefreshedTrust, ids, told

HAND = "It runs every 30 minutes"
NEWER = "It runs every 40 minutes"


def edit_body_and_change_page(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.write("night-bus", HAND, "It now runs every 25 minutes")
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")


def test_an_edited_page_that_did_not_change_is_left_in_peace(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.write("night-bus", HAND, "It now runs every 25 minutes")
    report = trust.refresh()
    assert ids(report.changed) == ["night-bus"]
    assert "25 minutes" in trust.stored("night-bus")
    assert trust.refresh().outcome == "unchanged"


def test_an_edited_page_that_changed_is_kept_and_the_new_words_are_told(trust: RefreshedTrust) -> None:
    edit_body_and_change_page(trust)
    for _ in range(2):
        report = trust.refresh()
        assert report.outcome == "unchanged"
        (edited,) = report.edited
        assert edited.document == "night-bus"
        assert "trustbot refresh --take night-bus" in str(edited.why)
        assert [sentence.after for sentence in edited.sentences] == ["It runs every 40 minutes until 1am."]
        assert "25 minutes" in trust.text("night-bus")


def test_the_page_is_taken_when_a_person_asks_for_it(trust: RefreshedTrust) -> None:
    edit_body_and_change_page(trust)
    report = trust.refresh(take=["night-bus"])
    assert ids(report.changed) == ["night-bus"]
    assert NEWER in trust.text("night-bus")
    assert "25 minutes" not in trust.text("night-bus")
    trust.site.change("/news/night-bus", "40 minutes", "45 minutes")
    assert ids(trust.refresh().changed) == ["night-bus"]


def test_writing_what_the_page_says_now_ends_the_matter(trust: RefreshedTrust) -> None:
    edit_body_and_change_page(trust)
    trust.write("night-bus", "It now runs every 25 minutes", NEWER)
    report = trust.refresh()
    assert (report.edited, ids(report.changed)) == ((), ["night-bus"])
    assert trust.refresh().outcome == "unchanged"


def test_what_comms_add_to_the_front_matter_outlasts_a_change_of_the_page(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.write("night-bus", "kind: news\n", "kind: news\nprogrammes: [Night buses]\nembargo_until: 2026-12-24\n")
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    report = trust.refresh()
    assert (report.edited, ids(report.changed)) == ((), ["night-bus"])
    assert "programmes: [Night buses]\n" in trust.text("night-bus")
    assert "embargo_until: 2026-12-24\n" in trust.text("night-bus")
    assert NEWER in trust.text("night-bus")


def test_a_field_that_comms_took_out_stays_out(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.write("night-bus", "publisher: Larkhill Trust\n", "")
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.refresh()
    assert "publisher" not in trust.text("night-bus")
    assert NEWER in trust.text("night-bus")


def test_a_page_comms_withdrew_is_not_brought_back(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.write("night-bus", "kind: news\n", "kind: news\nwithdrawn: true\n")
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.refresh()
    assert "withdrawn: true" in trust.text("night-bus")
    assert "night-bus" not in trust.answered_from()


def test_a_page_comms_deleted_is_not_written_again_unasked(trust: RefreshedTrust) -> None:
    trust.refresh()
    (trust.corpus / "news/night-bus.md").unlink()
    report = trust.refresh()
    assert ids(report.withdrawn) == ["night-bus"]
    assert any("deleted by hand" in line for line in told(trust.refresh()))
    assert not (trust.corpus / "news/night-bus.md").exists()
    report = trust.refresh(take=["night-bus"])
    assert ids(report.added) == ["night-bus"]
    assert HAND in trust.text("night-bus")


def test_an_edited_page_that_is_gone_is_withdrawn_with_its_edits(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.write("night-bus", HAND, "It now runs every 25 minutes")
    page = trust.site.pages["/news/night-bus"]
    trust.site.remove("/news/night-bus")
    trust.refresh()
    assert "withdrawn: true" in trust.text("night-bus")
    assert "25 minutes" in trust.text("night-bus")
    trust.site.write("/news/night-bus", page)
    assert ids(trust.refresh().returned) == ["night-bus"]
    assert "withdrawn" not in trust.text("night-bus")
    assert "25 minutes" in trust.text("night-bus")


def test_a_front_matter_that_comms_broke_is_told_and_left(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.write("night-bus", "kind: news\n", "kind: news: again\n")
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    report = trust.refresh()
    assert any(line.startswith("news/night-bus.md: left as it is") for line in told(report))
    assert [page.url for page in report.failed] == ["news/night-bus.md"]
    assert "kind: news: again" in trust.text("night-bus")
