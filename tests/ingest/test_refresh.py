"""A refresh: what the web site says now becomes what the corpus and the current build say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import TrustbotError
from ingest.pipeline import ingest
from tests.ingest.refreshed_trust import TODAY, RefreshedTrust, ids, told
from tests.ingest.website import POISON
from tests.ingest.website_pages import WebPage
from tests.pages import write_page

PAGES = {
    *("garden-club-grows", "tidewater-plans", "tidewater-opens", "night-bus", "flu-clinics"),
    *("chief-executive-june-2024", "garden-club", "quiet-rooms", "annual-plan", "travel-survey"),
}


def test_the_first_refresh_brings_every_page_in(trust: RefreshedTrust) -> None:
    report = trust.refresh()
    assert report.outcome == "promoted"
    assert set(ids(report.added)) == trust.answered_from() == PAGES
    assert report.build == trust.builds.current_id()
    assert "A bus takes staff home from Larkhill" in trust.stored("night-bus")
    assert (report.failed, report.duplicates) == ((), ())


def test_when_nothing_changed_nothing_is_downloaded_embedded_or_built(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    files = trust.files()
    report = trust.refresh()
    assert (report.outcome, report.build) == ("unchanged", first.build)
    assert trust.site.page_bodies() == 0
    assert (report.requests.pages, report.requests.downloaded, report.requests.not_modified) == (10, 0, 10)
    assert trust.model.embedded == []
    assert len(trust.builds.all()) == 1
    assert trust.files() == files


@pytest.mark.parametrize("fault", ["running date", "restless"])
def test_a_site_that_cannot_say_what_changed_makes_no_build_either(trust: RefreshedTrust, fault: str) -> None:
    trust.site.fault("*", fault)  # type: ignore[arg-type]
    trust.refresh()
    report = trust.refresh()
    assert report.outcome == "unchanged"
    assert trust.model.embedded == []


def test_a_date_that_never_moves_is_not_believed_for_ever(trust: RefreshedTrust) -> None:
    trust.site.fault("/news/night-bus", "frozen date")
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    report = trust.refresh(today=TODAY + timedelta(days=31))
    assert ids(report.changed) == ["night-bus"]


def test_a_changed_page_is_told_sentence_by_sentence(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    report = trust.refresh()
    (changed,) = report.changed
    assert changed.document == "night-bus"
    (sentence,) = changed.sentences
    assert sentence.before == "It runs every 30 minutes until 1am."
    assert sentence.after == "It runs every 40 minutes until 1am."
    assert "40 minutes" in trust.text("night-bus")
    assert "40 minutes" in trust.stored("night-bus")
    assert trust.site.page_bodies() == 1
    assert [text for text in trust.model.embedded if "flu" in text.lower()] == []


def test_a_page_that_moved_keeps_its_id(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.move("/news/tidewater-plans", "/news/2021/tidewater-plans")
    report = trust.refresh()
    (moved,) = report.moved
    assert moved.document == "tidewater-plans"
    assert moved.url == trust.site.url("/news/2021/tidewater-plans")
    assert (report.added, report.withdrawn) == ((), ())
    assert trust.answered_from() == PAGES
    again = trust.refresh()
    assert (again.outcome, again.requests.pages) == ("unchanged", 10)


def test_a_page_that_moved_without_leaving_word_keeps_its_id_by_its_text(trust: RefreshedTrust) -> None:
    trust.refresh()
    page = trust.site.pages["/news/tidewater-plans"]
    trust.site.remove("/news/tidewater-plans")
    trust.site.write("/news/2021/plans", page)
    report = trust.refresh()
    assert ids(report.moved) == ["tidewater-plans"]
    assert (report.added, report.withdrawn) == ((), ())


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_withdrawn_and_its_file_kept(trust: RefreshedTrust, status: int) -> None:
    trust.refresh()
    trust.site.remove("/news/night-bus", status=status)
    report = trust.refresh()
    (withdrawn,) = report.withdrawn
    assert withdrawn.document == "night-bus"
    assert str(status) in str(withdrawn.why)
    assert trust.answered_from() == PAGES - {"night-bus"}
    assert "withdrawn: true" in trust.text("night-bus")
    assert "every 30 minutes" in trust.text("night-bus")
    assert trust.refresh().outcome == "unchanged"


def test_a_page_that_a_complete_listing_no_longer_names_is_withdrawn(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.unlist("/news/night-bus")
    report = trust.refresh()
    assert [(page.document, page.why) for page in report.withdrawn] == [("night-bus", "“News” no longer lists it")]


def test_a_page_that_fell_out_of_a_feed_is_not_gone_and_still_followed(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.unlist("/blog/chief-executive-june-2024")
    trust.site.write(
        "/blog/july", WebPage(title="July", published="2024-07-01", section="blog", main="<p>A hot July.</p>")
    )
    assert ids(trust.refresh().added) == ["july"]
    trust.site.change("/blog/chief-executive-june-2024", "61 per cent", "62 per cent")
    assert ids(trust.refresh().changed) == ["chief-executive-june-2024"]


def test_a_page_that_is_there_again_is_answered_from_again(trust: RefreshedTrust) -> None:
    trust.refresh()
    page = trust.site.pages["/news/night-bus"]
    before = trust.files()
    trust.site.remove("/news/night-bus")
    trust.refresh()
    trust.site.write("/news/night-bus", page)
    report = trust.refresh()
    assert ids(report.returned) == ["night-bus"]
    assert trust.answered_from() == PAGES
    assert trust.files() == before


@pytest.mark.parametrize("fault", ["empty", "500", "broken xml", "no such page"])
def test_a_listing_that_is_empty_or_broken_withdraws_nothing(trust: RefreshedTrust, fault: str) -> None:
    trust.refresh()
    trust.site.fault("/sitemap-news.xml", fault)  # type: ignore[arg-type]
    report = trust.refresh(only=["News"])
    assert report.outcome == "unchanged"
    assert trust.answered_from() == PAGES
    assert [page.source for page in report.failed] == ["News"]


@pytest.mark.parametrize("fault", ["500", "silent", "loop", "to loopback", "truncated", "bomb", "mislabelled", "empty"])
def test_a_page_that_cannot_be_had_stays_as_it_is_and_is_told(trust: RefreshedTrust, fault: str) -> None:
    trust.site.write_sources(trust.corpus, timeout=0.3)
    trust.refresh()
    trust.site.fault("/news/night-bus", fault)  # type: ignore[arg-type]
    trust.site.change("/news/flu-clinics", "14 clinics", "15 clinics")
    report = trust.refresh()
    assert [page.url for page in report.failed] == [trust.site.url("/news/night-bus")]
    assert ids(report.changed) == ["flu-clinics"]
    assert trust.answered_from() == PAGES


def test_a_site_that_answers_seven_times_in_ten_is_read_all_the_same(trust: RefreshedTrust) -> None:
    trust.site.write_sources(trust.corpus, timeout=0.5)
    trust.site.fault("*", "sometimes silent")
    assert trust.refresh().outcome == "promoted"
    assert len(trust.answered_from()) >= 7
    trust.site.fault("*", None)
    trust.refresh()
    assert trust.answered_from() == PAGES


def test_hidden_instructions_never_reach_the_corpus_and_are_told(trust: RefreshedTrust) -> None:
    trust.refresh()
    files = trust.files()
    trust.site.poison("/news/night-bus")
    report = trust.refresh()
    assert trust.files() == files
    assert any("night-bus" in line and "hidden" in line for line in told(report))
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.refresh()
    assert "40 minutes" in trust.text("night-bus")
    assert all(POISON.encode() not in content for content in trust.files().values())


def test_one_page_under_two_addresses_is_added_once(trust: RefreshedTrust) -> None:
    trust.site.copy("/news/night-bus", "/news/night-bus-print")
    report = trust.refresh()
    assert set(ids(report.added)) == PAGES
    (duplicate,) = report.duplicates
    assert (duplicate.url, duplicate.document) == (trust.site.url("/news/night-bus-print"), "night-bus")
    assert "own address" in duplicate.how


def test_two_pages_that_became_one_leave_one(trust: RefreshedTrust) -> None:
    trust.site.write("/news/bus", WebPage(title="Bus", published="2024-01-01", main="<p>The bus is blue and new.</p>"))
    trust.refresh()
    trust.site.copy("/news/night-bus", "/news/bus")
    report = trust.refresh()
    (withdrawn,) = report.withdrawn
    assert withdrawn.document == "bus"
    assert withdrawn.why == f"it names {trust.site.url('/news/night-bus')} as its own address"
    assert trust.answered_from() == PAGES


def test_a_page_that_only_passes_on_for_a_while_has_not_moved(trust: RefreshedTrust) -> None:
    page = trust.site.url("/news/tidewater-plans")
    trust.site.write_sources(trust.corpus, sources=[{"name": "One page", "pages": [page], "kind": "news"}])
    trust.refresh()
    trust.site.pages["/news/tidewater-plans"] = replace(
        trust.site.pages["/news/tidewater-plans"], canonical="/news/tidewater-plans"
    )
    trust.site.move("/news/tidewater-plans", "/maintenance/tidewater-plans", permanent=False)
    trust.refresh()
    assert f"url: {page}" in trust.text("tidewater-plans")


def test_a_copy_that_names_no_other_address_is_found_by_its_text(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.copy("/news/night-bus", "/news/a-bus-at-night", canonical=False)
    report = trust.refresh()
    assert report.outcome == "unchanged"
    (duplicate,) = report.duplicates
    assert (duplicate.document, duplicate.how) == ("night-bus", "it says the same in the same words")


def test_pages_of_one_form_that_differ_in_a_month_are_two(trust: RefreshedTrust) -> None:
    text = "<p>The board meets on the first {month} Thursday at nine in the hall of Larkhill House, open to all.</p>"
    for month in ("March", "April"):
        page = WebPage(title=f"Board in {month}", published="2024-01-01", main=text.format(month=month))
        trust.site.write(f"/news/board-{month.lower()}", page)
    report = trust.refresh()
    assert {"board-march", "board-april"} <= set(ids(report.added))
    assert report.duplicates == ()


def test_an_own_address_that_is_another_pages_is_not_believed(trust: RefreshedTrust) -> None:
    """Every page of some sites names the front page, or the first news page, as its own."""
    trust.refresh()
    for path in ("/news/flu-clinics", "/news/night-bus"):
        trust.site.write(path, replace(trust.site.pages[path], canonical="/news/garden-club-grows"))
    report = trust.refresh()
    assert (report.outcome, report.duplicates) == ("unchanged", ())
    assert [line for line in told(report) if "says something else" in line]


def test_a_page_of_comms_own_about_the_same_address_is_left_alone(trust: RefreshedTrust) -> None:
    write_page(trust.corpus, "news/our-bus.md", "Our own words on the bus.", url=trust.site.url("/news/night-bus"))
    report = trust.refresh()
    assert "night-bus" not in ids(report.added)
    (duplicate,) = report.duplicates
    assert duplicate.document == "our-bus"
    assert "Our own words" in trust.text("our-bus")


def test_a_page_edited_in_the_folder_goes_in_with_the_refresh(trust: RefreshedTrust) -> None:
    trust.refresh()
    write_page(trust.corpus, "news/ours.md", "The canteen opens at seven.")
    report = trust.refresh()
    assert (report.outcome, ids(report.added)) == ("promoted", ["ours"])
    assert "ours" in trust.answered_from()


def test_only_the_source_named_is_asked(trust: RefreshedTrust) -> None:
    report = trust.refresh(only=["Blog"])
    assert ids(report.added) == ["chief-executive-june-2024"]
    trust.refresh()
    trust.site.remove("/news/night-bus")
    assert trust.refresh(only=["Blog"]).outcome == "unchanged"
    with pytest.raises(TrustbotError, match="no source 'Nonsense'"):
        trust.refresh(only=["Nonsense"])


def test_a_source_that_was_taken_out_of_the_file_leaves_its_pages(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.write_sources(trust.corpus, sources=trust.site.sources()["sources"][:2])
    report = trust.refresh()
    assert trust.answered_from() == PAGES
    assert any(line.startswith("Programmes: 4 pages") for line in told(report))


def test_a_dry_run_says_what_would_change_and_changes_nothing(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.site.remove("/news/flu-clinics")
    files = trust.files()
    report = trust.refresh(dry_run=True)
    assert (report.outcome, report.build) == ("dry run", first.build)
    assert (ids(report.changed), ids(report.withdrawn)) == (["night-bus"], ["flu-clinics"])
    assert report.passages.embedded > 0
    assert trust.model.embedded == []
    assert trust.files() == files
    assert trust.builds.current_id() == first.build
    assert len(trust.builds.all()) == 1
    assert ids(trust.refresh().changed) == ["night-bus"]
    assert trust.site.page_bodies() == 0


def test_losing_the_memory_of_the_sites_costs_downloads_alone(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    for page in (trust.index / "fetched").iterdir():
        page.unlink()
    report = trust.refresh()
    assert (report.outcome, report.build) == ("unchanged", first.build)
    assert trust.site.page_bodies() == 10


def test_losing_the_index_costs_downloads_and_embedding_alone(trust: RefreshedTrust) -> None:
    trust.refresh()
    files = trust.files()
    trust.index.rename(trust.home / "lost")
    report = trust.refresh()
    assert report.outcome == "promoted"
    assert trust.files() == files
    assert trust.answered_from() == PAGES


def test_two_corpora_filled_from_one_site_are_the_same(trust: RefreshedTrust) -> None:
    trust.refresh()
    other = RefreshedTrust(site=trust.site, home=trust.home / "other")
    other.refresh(today=TODAY + timedelta(days=40))
    assert other.files() == trust.files()


def test_an_ingest_after_a_refresh_finds_nothing_to_do(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    report = ingest(trust.corpus, trust.index, trust.model)
    assert (report.build, report.documents.added, report.documents.changed) == (first.build, (), ())


def test_a_second_refresh_at_the_same_time_says_so(trust: RefreshedTrust) -> None:
    trust.refresh()
    with trust.builds.refreshing(), pytest.raises(TrustbotError, match="are being refreshed by process"):
        trust.refresh()
    with trust.builds.writing(), pytest.raises(TrustbotError, match="is being written by process"):
        trust.refresh()


def test_without_sources_a_person_is_told_where_to_write_them(trust: RefreshedTrust) -> None:
    (trust.corpus / "sources.yaml").unlink()
    with pytest.raises(TrustbotError, match=r"sources.yaml does not exist"):
        trust.refresh()


def test_a_first_refresh_that_gets_nothing_says_why(trust: RefreshedTrust) -> None:
    trust.site.fault("*", "500")
    with pytest.raises(
        TrustbotError, match=r"no document in .* can be read.*sitemap-news.xml: the site has an error \(500\)"
    ):
        trust.refresh()
    assert trust.builds.current_id() is None
