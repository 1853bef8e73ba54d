"""Which pages a source has, and when a page that is missing from its listing is gone."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.sources.declared import read_sources
from ingest.sources.fetching import Fetcher
from ingest.sources.listing import Listing, list_pages
from tests.ingest.website import Website
from tests.ingest.website_faults import Fault
from tests.ingest.website_pages import WebPage

NEWS = ["garden-club-grows", "tidewater-plans", "tidewater-opens", "night-bus", "flu-clinics"]


@pytest.fixture
def listing(website: Website, tmp_path: Path) -> Callable[..., Listing]:
    """List one source of the site, given as its fields."""

    def listing(**fields: Any) -> Listing:
        path = website.write_sources(tmp_path / "corpus", sources=[{"name": "S", "kind": "news"} | fields])
        sources = read_sources(path)
        with Fetcher(sources) as fetcher:
            return list_pages(sources.sources[0], fetcher)

    return listing


@pytest.fixture
def paths(website: Website) -> Callable[[Listing], list[str]]:
    """The paths of the pages of a listing."""
    return lambda listed: [page.url.removeprefix(website.base) for page in listed.pages]


def test_a_sitemap_names_every_page_and_when_it_was_changed(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    website.change("/news/night-bus", "30 minutes", "20 minutes")
    listed = listing(sitemap=website.url("/sitemap-news.xml"), include="/news/*")
    assert paths(listed) == [f"/news/{name}" for name in NEWS]
    assert [page.modified for page in listed.pages] == ["2023-11-15"] * 3 + ["2023-11-16", "2023-11-15"]
    assert (listed.complete, listed.failed) == (True, None)


def test_a_sitemap_of_sitemaps_some_of_them_packed_is_followed(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    listed = listing(sitemap=website.url("/sitemap.xml"))
    assert sorted(paths(listed)) == sorted(website.pages)
    assert listed.complete


def test_a_sitemap_may_be_a_plain_list_of_addresses(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    website.files["/sitemap.txt"] = ("text/plain", f"{website.url('/news/night-bus')}\n\n/news/flu-clinics\n".encode())
    assert paths(listing(sitemap=website.url("/sitemap.txt"))) == ["/news/night-bus", "/news/flu-clinics"]


@pytest.mark.parametrize("feed", ["/feed.xml", "/atom.xml"])
def test_a_feed_names_its_entries_with_title_and_day_and_what_it_does_not_name_is_not_gone(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]], feed: str
) -> None:
    listed = listing(feed=website.url(feed), include=["/blog/*", "/news/night-bus"])
    assert paths(listed) == ["/blog/chief-executive-june-2024", "/news/night-bus"]
    assert [page.title for page in listed.pages] == ["Chief executive’s blog, June 2024", "A night bus for staff"]
    # half past midnight in summer time, which is the day before in Greenwich: the day is as stated
    assert [page.published for page in listed.pages] == ["2024-06-14", "2023-11-20"]
    assert (listed.complete, listed.failed) == (False, None)


def test_a_feed_that_is_said_to_be_complete_is(website: Website, listing: Callable[..., Listing]) -> None:
    assert listing(feed=website.url("/feed.xml"), complete=True).complete


def test_a_page_list_is_what_it_says(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    pages = [
        website.url("/news/night-bus"),
        website.url("/news/night-bus#times"),
        website.url("/programmes/garden-club"),
    ]
    listed = listing(pages=pages)
    assert paths(listed) == ["/news/night-bus", "/programmes/garden-club"]
    assert listed.complete
    assert website.asked == []


def test_only_pages_that_fit_are_listed(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    listed = listing(sitemap=website.url("/sitemap.xml"), include=["/news/*", "*.pdf"], exclude=["*tidewater*"])
    assert sorted(paths(listed)) == [
        "/documents/annual-plan.pdf",
        "/documents/travel-survey.pdf",
        "/news/flu-clinics",
        "/news/garden-club-grows",
        "/news/night-bus",
    ]


def test_a_page_that_is_left_out_of_the_list_is_not_listed(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    website.unlist("/news/night-bus")
    listed = listing(sitemap=website.url("/sitemap-news.xml"), include="/news/*")
    assert "/news/night-bus" not in paths(listed)
    assert listed.complete


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("empty", "it lists no pages"),
        ("broken xml", "it is not the XML of a sitemap: Premature end of data"),
        ("entities", "its XML declares entities or a document type, which no listing needs"),
        ("500", "the site has an error (500) (asked 3 times)"),
        ("no such page", "it is no longer there (404)"),
        ("picture", "it is image/png, where a sitemap or feed is wanted"),
        ("truncated", "the connection broke off (asked 3 times)"),
        ("bomb", "it is larger than 52.4 MB"),
    ],
)
def test_a_sitemap_that_cannot_be_had_or_is_empty_makes_no_page_gone(
    website: Website, listing: Callable[..., Listing], fault: Fault, reason: str
) -> None:
    website.fault("/sitemap-news.xml", fault)
    listed = listing(sitemap=website.url("/sitemap-news.xml"))
    assert (listed.pages, listed.complete) == ((), False)
    assert str(listed.failed).startswith(reason)


@pytest.mark.parametrize("fault", ["empty", "500", "broken xml"])
def test_one_sitemap_of_several_that_fails_keeps_the_others_pages_and_makes_none_gone(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]], fault: Fault
) -> None:
    website.fault("/sitemap-news.xml", fault)
    listed = listing(sitemap=website.url("/sitemap.xml"))
    assert "/programmes/garden-club" in paths(listed)
    assert not listed.complete
    assert str(listed.failed).startswith(f"its sitemap {website.url('/sitemap-news.xml')}: ")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("empty", "it lists no pages"),
        ("broken xml", "it is damaged: its XML is not well-formed"),
        ("entities", "its XML declares entities or a document type, which no listing needs"),
        ("500", "the site has an error (500) (asked 3 times)"),
    ],
)
def test_a_feed_that_is_damaged_is_said_to_be_and_is_never_complete(
    website: Website, listing: Callable[..., Listing], fault: Fault, reason: str
) -> None:
    website.fault("/feed.xml", fault)
    listed = listing(feed=website.url("/feed.xml"), complete=True)
    assert (listed.complete, listed.failed) == (False, reason)


def test_a_web_page_is_neither_a_sitemap_nor_a_feed(website: Website, listing: Callable[..., Listing]) -> None:
    assert "it is not the XML of a sitemap" in str(listing(sitemap=website.url("/news")).failed)
    assert listing(feed=website.url("/news")).failed == "it is a web page, not a feed"


def test_an_entry_that_is_no_page_is_told_and_does_not_keep_the_others_back(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    entries = "".join(f"<url><loc>{place}</loc></url>" for place in ("mailto:a@b.example", website.url("/news/a")))
    website.files["/odd.xml"] = ("text/xml", f"<urlset>{entries}</urlset>".encode())
    listed = listing(sitemap=website.url("/odd.xml"))
    assert paths(listed) == ["/news/a"]
    assert (listed.complete, listed.failed) == (
        False,
        "it lists something that is no page: 'mailto:a@b.example' must begin with https:// or http://",
    )


def test_sitemaps_that_name_each_other_end(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    def index(*places: str) -> tuple[str, bytes]:
        entries = "".join(f"<sitemap><loc>{website.url(place)}</loc></sitemap>" for place in places)
        return "application/xml", f"<sitemapindex>{entries}</sitemapindex>".encode()

    website.files["/one.xml"] = index("/two.xml", "/sitemap-news.xml")
    website.files["/two.xml"] = index("/one.xml")
    assert "/news/night-bus" in paths(listing(sitemap=website.url("/one.xml")))
    website.files["/two.xml"] = index("/three.xml")
    website.files["/three.xml"] = index("/four.xml")
    assert "too deeply" in str(listing(sitemap=website.url("/one.xml")).failed)
    assert website.requests["/four.xml"] == 0


def test_patterns_that_fit_nothing_make_no_page_gone(website: Website, listing: Callable[..., Listing]) -> None:
    listed = listing(sitemap=website.url("/sitemap.xml"), include="/nwes/*")
    assert (listed.pages, listed.complete) == ((), False)
    assert listed.failed == "none of its 10 pages fits include: and exclude:"


def test_a_sitemap_of_thousands_is_listed_whole(
    website: Website, listing: Callable[..., Listing], paths: Callable[[Listing], list[str]]
) -> None:
    for number in range(3000):
        website.write(f"/news/{number}", WebPage(title=str(number)))
    assert len(paths(listing(sitemap=website.url("/sitemap-news.xml"), include="/news/*"))) == 3005


def test_a_folder_names_the_files_that_can_be_read(listing: Callable[..., Listing], tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    for name in ("b.md", "board/a.pdf", "board/a.png", ".hidden.md", "_drafts/c.md", "~$b.docx", "old/d.TXT"):
        (papers / name).parent.mkdir(parents=True, exist_ok=True)
        (papers / name).write_text("Words", encoding="utf-8")
        os.utime(papers / name, (1_700_000_000, 1_700_000_000))
    (tmp_path / "secret.txt").write_text("Words", encoding="utf-8")
    (papers / "link.txt").symlink_to(tmp_path / "secret.txt")
    listed = listing(folder="../papers")
    assert [page.url for page in listed.pages] == ["S/b.md", "S/board/a.pdf", "S/old/d.TXT"]
    assert [page.path for page in listed.pages] == [papers / "b.md", papers / "board/a.pdf", papers / "old/d.TXT"]
    assert {page.modified for page in listed.pages} == {"2023-11-14"}
    assert listed.complete
    assert [page.url for page in listing(folder="../papers", exclude="board/*").pages] == ["S/b.md", "S/old/d.TXT"]


def test_a_folder_that_is_empty_or_missing_makes_no_page_gone(listing: Callable[..., Listing], tmp_path: Path) -> None:
    missing = listing(folder="../papers")
    assert (missing.complete, missing.failed) == (False, "there is no folder papers: is the drive it is on there?")
    (tmp_path / "papers").mkdir()
    empty = listing(folder="../papers")
    assert (empty.complete, empty.failed) == (False, "it lists no pages")
