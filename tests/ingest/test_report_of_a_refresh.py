"""The report of a refresh, as comms see it: in a terminal, as JSON, and as a page in a browser."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.sources.report import PageChange, PageWarning, RefreshReport, SentenceChange, refresh_report_json
from ingest.sources.report_lines import print_refresh_report
from ingest.sources.report_page import KEPT, keep_refresh_html, write_refresh_html
from tests.browser import Browser, browser  # noqa: F401
from tests.ingest.refresh_reports import CLINIC, GARDEN, HOSTILE, PROMOTED, REPORT, UNCHANGED

SIGHTS = [(1280, "light"), (1280, "dark"), (375, "light"), (375, "dark")]


def many(count: int, **fields: Any) -> tuple[PageChange, ...]:
    return tuple(PageChange(document=f"page-{number}", title=f"Page {number}", **fields) for number in range(count))


# In a terminal


def printed(capsys: pytest.CaptureFixture[str], report: RefreshReport, **options: Any) -> str:
    print_refresh_report(report, **options)
    return capsys.readouterr().out


def test_a_held_refresh_says_why_and_what_to_do_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, REPORT).splitlines()[:4] == [
        "Held: the bot answers as before.",
        "  Because 2 of the 219 fixed questions got worse, and 1 better",
        "  `trustbot builds promote 20261121-231002417-5c0f3a` lets it in; doing nothing leaves all as it is.",
        "  Pages asked for: 1,204; Downloaded: 3; Not modified: 1,200; Passages: 8,412, 19 of them embedded now; "
        "Took: 1 min 14 s; Build: 20261121-231002417-5c0f3a",
    ]


@pytest.mark.parametrize(
    ("report", "lines"),
    [
        (PROMOTED, ["Let in: the bot answers from the new pages.", "  `trustbot refresh --undo` takes it back."]),
        (
            replace(REPORT, outcome="dry run"),
            [
                "Tried only: nothing was changed.",
                "  It would be held, because 2 of the 219 fixed questions got worse, and 1 better",
                "  `trustbot refresh` does it.",
            ],
        ),
        (replace(UNCHANGED, failed=REPORT.failed), ["Nothing changed: the bot answers as before, but not every page"]),
    ],
)
def test_every_outcome_has_its_words(
    capsys: pytest.CaptureFixture[str], report: RefreshReport, lines: Sequence[str]
) -> None:
    shown = printed(capsys, report).splitlines()
    for line, said in zip(lines, shown, strict=False):
        assert said.startswith(line)


def test_a_changed_page_is_printed_sentence_by_sentence_below_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        "\nChanged (1)\n"
        "  The Garden Club (garden-club, November 2026, The Garden Club, Larkhill)\n"
        "    https://trust.example/programmes/garden-club\n"
        "    published: 2024-06-02 → 2026-11\n"
        "      - The Garden Club has 31 volunteers and meets on Tuesdays.\n"
        "      + The Garden Club now has 52 volunteers and meets on Tuesdays and Fridays.\n"
        "    Progress\n"
        "      - Update (July 2024)\n"
        "      + Update (November 2026)\n"
        "    Progress › Update (November 2026)\n"
        "      + A greenhouse was put up in May.\n"
        "    Progress › Update (July 2024)\n"
        "      - Money for a greenhouse is being sought.\n"
    ) in printed(capsys, REPORT)


def test_everything_comms_should_look_at_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, REPORT, page=Path("reports/one.html"))
    for line in (
        "    it is no longer there (404)",
        "  https://trust.example/news/broken: it answered 500 three times",
        "  https://trust.example/news/night-clinic?print=1: is night-clinic-opens: its canonical link",
        "  https://trust.example/news/poisoned: left out 2 paragraphs that a reader would not see",
        "  Plans for Tidewater House: was to be read again by 30 June 2026",
        "  Bellfield Hospice: in 3 pages: “Nurses of Bellfield Hospice take turns in the clinic.”",
        "Got worse of the 219 fixed questions (2)",
        "  where is the night bus going? (place-02)",
        "      expected facts in the answer: 100% → 50%",
        "      cites a right page: 100% → 0%",
        "Got better of the 219 fixed questions (1)",
        "All of it: reports/one.html",
    ):
        assert line in shown.splitlines()


def test_what_is_long_is_shortened_and_says_by_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    sentences = tuple(SentenceChange(before=f"Was {number}.", after=f"Is {number}.") for number in range(15))
    shown = printed(
        capsys, replace(UNCHANGED, outcome="promoted", added=many(23), changed=many(1, sentences=sentences))
    )
    assert "  Page 19 (page-19, undated)\n  … and 3 more\n" in shown
    assert "      + Is 11.\n      … and 3 more sentences\n" in shown


def test_what_is_said_of_one_page_stands_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    warnings = (PageWarning(page="a.md", text="one"), PageWarning(page="b.md", text="two"))
    shown = printed(capsys, replace(UNCHANGED, warnings=(*warnings, PageWarning(page="a.md", text="three"))))
    assert "\nTo look at (2)\n  a.md: one; three\n  b.md: two\n" in shown


def test_in_a_terminal_a_long_sentence_goes_on_below_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    text = "The Garden Club now has 52 volunteers and meets on Tuesdays, on Fridays and, in summer, on Sundays."
    sentence = SentenceChange(before=None, after=text)
    shown = printed(capsys, replace(UNCHANGED, outcome="promoted", added=many(1, sentences=(sentence,))))
    lines = [line.rstrip() for line in shown.splitlines()]
    start = lines.index("      + The Garden Club now has 52 volunteers and meets on Tuesdays, on Fridays")
    assert lines[start + 1] == "        and, in summer, on Sundays."


# As JSON


def test_programs_read_every_field_as_json() -> None:
    read: Mapping[str, Any] = json.loads(json.dumps(refresh_report_json(REPORT)))
    assert (read["outcome"], read["build"], read["held_because"]) == (
        "held",
        REPORT.build,
        ["2 of the 219 fixed questions got worse, and 1 better"],
    )
    assert read["changed"][0]["sentences"][0] == {
        "before": "The Garden Club has 31 volunteers and meets on Tuesdays.",
        "after": "The Garden Club now has 52 volunteers and meets on Tuesdays and Fridays.",
        "headings": [],
    }
    assert read["withdrawn"][0]["why"] == "it is no longer there (404)"
    assert read["failed"][0]["reason"] == "it answered 500 three times"
    assert read["requests"] == {"pages": 1204, "downloaded": 3, "not_modified": 1200}
    assert read["questions"]["worse"][0]["measure"] == "facts"


# As a page


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> Browser:  # noqa: F811
    """The held report in a browser."""
    browser.look(width=1280)
    write_refresh_html(REPORT, tmp_path / "report.html")
    browser.open(tmp_path / "report.html")
    return browser


def texts(browser: Browser, selector: str) -> list[str]:  # noqa: F811
    return [element.text for element in browser.all(selector)]


def test_the_page_leads_with_what_became_of_it_and_why(shown: Browser) -> None:
    assert texts(shown, "h1") == ["Refresh of 21 November 2026"]
    assert texts(shown, ".lead") == ["Held The bot answers as before"]
    assert texts(shown, ".because li") == ["Because 2 of the 219 fixed questions got worse, and 1 better"]
    assert texts(shown, ".advice code") == ["trustbot builds promote 20261121-231002417-5c0f3a"]


def test_every_part_that_has_something_is_there_and_linked_from_the_top(shown: Browser) -> None:
    titles = [
        *(
            "Questions",
            "Added (1)",
            "Changed (1)",
            "Moved (1)",
            "Withdrawn (1)",
            "Back again (1)",
            "Edited by hand (1)",
        ),
        *("Failed (2)", "Known already (1)", "To look at (1)", "To be read again (1)"),
        "Names the glossary does not know (1)",
    ]
    assert texts(shown, "h2") == titles
    assert texts(shown, "nav a") == ["Questions 3", *(title.replace("(", "").replace(")", "") for title in titles[1:])]
    for link in shown.all("nav a"):
        link.click()
        assert shown.evaluate(
            "document.querySelector(location.hash + ':target h2').getBoundingClientRect().top < innerHeight"
        )


def test_a_reworded_sentence_shows_what_was_taken_out_and_put_in(shown: Browser) -> None:
    first = shown.all("#changed .sentences > li")[0]
    assert first.text == (
        "Was\nThe Garden Club has 31 volunteers and meets on Tuesdays.\n"
        "Now\nThe Garden Club now has 52 volunteers and meets on Tuesdays and Fridays."
    )
    assert [text.strip() for text in texts(shown, "#changed li:first-child ins")][:3] == ["now", "52", "and Fridays"]
    assert texts(shown, "#changed li:first-child del")[0] == "31"


def test_what_changed_can_be_told_without_seeing_colours(shown: Browser) -> None:
    style = "getComputedStyle(document.querySelector(arguments[0])).textDecorationLine"
    assert (shown.evaluate(style, "del"), shown.evaluate(style, "ins")) == ("line-through", "underline")
    assert set(texts(shown, ".which")) == {"Was", "Now", "New", "Gone"}


def test_a_new_page_shows_its_first_sentences_and_folds_the_others_away(shown: Browser) -> None:
    assert len(shown.all("#added .sentences > li")) == 3
    shown.one("#added summary").click()
    assert texts(shown, "#added .now")[-1] == f"New\n{CLINIC.sentences[-1].after}"
    assert len(shown.all("#added .sentences > li")) == 5


def test_foreign_text_is_shown_and_never_obeyed(shown: Browser) -> None:
    assert HOSTILE in shown.one("#failed").text
    assert HOSTILE in shown.one("#questions").text
    assert shown.evaluate("document.title") == "Refresh of 21 November 2026"
    assert shown.evaluate("document.querySelectorAll('script, img, [onerror], [href^=javascript]').length") == 0
    assert shown.console_errors() == []
    assert [address for address in shown.requests() if not address.startswith("file:")] == []


def test_every_link_leads_to_a_page_of_the_web_and_tells_it_nothing(shown: Browser) -> None:
    links = shown.evaluate("[...document.querySelectorAll('main a')].map((link) => [link.protocol, link.rel])")
    assert links
    assert {tuple(link) for link in links} == {("https:", "noreferrer noopener")}


def test_characters_that_turn_a_line_around_are_shown_as_such(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    page = PageChange(document="odd", title="abc\u202edef\x00\u200b")
    write_refresh_html(replace(UNCHANGED, added=(page,)), tmp_path / "report.html")
    browser.open(tmp_path / "report.html")
    assert texts(browser, "h3") == ["abc\ufffddef\ufffd\ufffd"]


@pytest.mark.parametrize(("width", "scheme"), SIGHTS)
def test_it_reads_well_at_every_width_in_light_and_dark(shown: Browser, width: int, scheme: Any) -> None:
    shown.look(width=width, scheme=scheme)
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert shown.findings() == []


def test_nothing_to_tell_is_said(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    browser.look(width=1280)
    write_refresh_html(UNCHANGED, tmp_path / "report.html")
    browser.open(tmp_path / "report.html")
    assert texts(browser, "main") == ["Every page is as it was, and nothing is to be looked at."]
    assert browser.findings() == []


def test_a_page_of_very_many_changes_stays_one_a_browser_opens(tmp_path: Path) -> None:
    sentences = tuple(SentenceChange(before=None, after=f"It says {number}.") for number in range(300))
    report = replace(
        UNCHANGED, added=many(700, sentences=sentences[:1]), changed=(replace(GARDEN, sentences=sentences),)
    )
    write_refresh_html(report, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "… and 200 more pages: `--json` has them all." in page
    assert "… and 100 more sentences: `--json` has them all." in page
    assert ("Page 499<" in page, "Page 500<" in page, "It says 299." in page) == (True, False, False)


def test_the_last_reports_are_kept_below_the_index(tmp_path: Path) -> None:
    days = [f"2026-11-{day:02d}T02:00:00+00:00" for day in range(1, KEPT + 3)]
    kept = [keep_refresh_html(replace(REPORT, started=day), tmp_path) for day in days]
    assert kept[-1] == tmp_path / "reports" / f"202611{KEPT + 2}-020000.html"
    assert sorted(os.listdir(tmp_path / "reports")) == [path.name for path in kept[2:]]
