"""Which pages comms are asked to read again, and why."""

from datetime import date
from pathlib import Path

from ingest.reading import read_corpus
from ingest.sources.report import Stale
from ingest.sources.staleness import stale_pages
from tests.pages import write_page

TODAY = date(2026, 11, 21)


def stale(corpus: Path, *, cited: dict[str, int] | None = None, **options: int) -> list[Stale]:
    return list(stale_pages(read_corpus(corpus).documents, today=TODAY, cited=cited or {}, **options))


def reasons(found: list[Stale]) -> list[tuple[str, str]]:
    return [(one.document, one.why) for one in found]


def test_a_page_is_due_the_day_after_its_review_date_and_not_on_it(tmp_path: Path) -> None:
    write_page(tmp_path, "news/due.md", "Bees.", review_by="2026-11-20")
    write_page(tmp_path, "news/today.md", "Bees.", review_by="2026-11-21")
    write_page(tmp_path, "news/this-month.md", "Bees.", review_by="2026-11")
    assert reasons(stale(tmp_path)) == [("due", "was to be read again by 20 November 2026")]


def test_of_pages_past_their_review_the_most_cited_comes_first_then_the_longest_overdue(tmp_path: Path) -> None:
    write_page(tmp_path, "news/a.md", "Bees.", review_by="2026-05")
    write_page(tmp_path, "news/b.md", "Bees.", review_by="2025")
    write_page(tmp_path, "news/c.md", "Bees.", review_by="2026-10")
    assert [one.document for one in stale(tmp_path, cited={"c": 2})] == ["c", "b", "a"]


def test_an_old_page_is_due_only_while_answers_rest_on_it(tmp_path: Path) -> None:
    for name in ("much", "seldom", "never"):
        write_page(tmp_path, f"news/{name}.md", "Bees.", published="2019-01")
    found = stale(tmp_path, cited={"much": 5, "seldom": 4})
    assert reasons(found) == [("much", "5 answers rest on it, and it is of January 2019")]
    assert found[0].cited == 5


def test_a_page_of_the_last_year_is_not_old(tmp_path: Path) -> None:
    write_page(tmp_path, "news/young.md", "Bees.", published="2025-11-21")
    write_page(tmp_path, "news/old.md", "Bees.", published="2025-11-20")
    assert [one.document for one in stale(tmp_path, cited={"young": 9, "old": 9})] == ["old"]


def test_comms_say_after_how_many_months_a_page_is_old(tmp_path: Path) -> None:
    write_page(tmp_path, "news/page.md", "Bees.", published="2026-05-20")
    assert stale(tmp_path, cited={"page": 9}) == []
    assert [one.document for one in stale(tmp_path, cited={"page": 9}, review_after_months=6)] == ["page"]


def test_comms_may_say_that_no_page_is_due_for_its_age(tmp_path: Path) -> None:
    write_page(tmp_path, "news/old.md", "Bees.", published="2015")
    write_page(tmp_path, "news/undated.md", "Bees.")
    write_page(tmp_path, "news/due.md", "Bees.", review_by="2026-05")
    found = stale(tmp_path, cited={"old": 9, "undated": 9}, review_after_months=0)
    assert [one.document for one in found] == ["due"]


def test_a_much_cited_page_without_a_date_is_due(tmp_path: Path) -> None:
    write_page(tmp_path, "programmes/page.md", "Bees.")
    assert reasons(stale(tmp_path, cited={"page": 30})) == [("page", "30 answers rest on it, and it has no date")]


def test_a_review_that_is_still_to_come_holds_however_old_the_page(tmp_path: Path) -> None:
    write_page(tmp_path, "news/page.md", "Bees.", published="2015", review_by="2027")
    assert stale(tmp_path, cited={"page": 30}) == []


def test_pages_past_their_review_come_before_the_much_cited_and_those_by_how_often(tmp_path: Path) -> None:
    write_page(tmp_path, "news/a.md", "Bees.", published="2019")
    write_page(tmp_path, "news/b.md", "Bees.", published="2020")
    write_page(tmp_path, "news/c.md", "Bees.", review_by="2026-01")
    assert [one.document for one in stale(tmp_path, cited={"a": 6, "b": 7})] == ["c", "b", "a"]
