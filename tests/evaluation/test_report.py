"""The report of a run, as a person sees it in a browser."""

import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from evaluation.report import write_report
from tests.browser import Browser, browser  # noqa: F401

HOPES = "Mersey Care had trained more than 2,400 clinical staff across the NHS in the HOPE(S) model."
BEDS = "Mossley Hill Hospital will have 80 beds in four wards of 20 beds each."
CHIEF = "Trish Bennett becomes CEO Designate on 1 August 2024 and CEO of Mersey Care on 1 November 2024."
FUNDING = "Funding for M-RIC comes from the Office for Life Sciences and the National Institute for Health Research."
HOSTILE = '<script>document.title = "taken"</script></script><img src="https://example.org/x" onerror="alert(1)"> [1]'

TEXTS = {
    "hopes-conference-2024": f"\N{RAISED HAND} NHS England pays for it. {HOPES} Lessons reach partners.",
    "mossley-hill-approval-2022": f"A new hospital is approved. {BEDS} GRAHAM was picked as the builder of it.",
    "ceo-update-partnerships-2016": "A workshop on design set an aim of 100 beds in five wards for Liverpool 2.",
    "leadership-message-2024-07": f"{CHIEF} Joe Rafferty stays until October 2024.",
    "mric-progress-blog-2023-10": f"M-RIC has been running for a year. {FUNDING}",
    "zsa-one-million-2020": "Training of the Zero Suicide Alliance was taken by more than one million people.",
    "life-rooms-page": "The Life Rooms in Walton, Southport and Bootle offer learning and recovery.",
}


def gold(document: str, quote: str, *, rank: int | None, matches: bool = True) -> dict[str, Any]:
    start = TEXTS[document].index(quote) if matches else None
    end = start + len(quote) if start is not None else None
    return {"document": document, "quote": quote, "start": start, "end": end, "rank": rank}


def passages(*documents: str) -> list[dict[str, Any]]:
    return [
        {
            "rank": rank,
            "document": document,
            "title": document.replace("-", " ").capitalize(),
            "headings": ["Funding, research and training"],
            "as_of": "2024-05",
            "start": 0,
            "end": len(TEXTS[document]),
            "score": 0.9 / rank,
            "text": TEXTS[document],
        }
        for rank, document in enumerate(documents, start=1)
    ]


def citation(document: str, quote: str, *, url: str | None = None) -> dict[str, Any]:
    start = TEXTS[document].find(quote)
    return {
        "number": 1,
        "document": document,
        "title": document.replace("-", " ").capitalize(),
        "kind": "news",
        "url": url or f"https://www.merseycare.nhs.uk/{document}",
        "published": "2024-05-17",
        "as_of": "2024-05-17",
        "headings": ["Funding, research and training"],
        "quote": quote,
        "start": start,
        "end": start + len(quote),
    }


def question(
    id: str,
    text: str,
    answer: str,
    *,
    status: str = "answered",
    answerable: bool = True,
    expect: Sequence[Sequence[str]] = (),
    expect_status: Sequence[str] = (),
    golds: Sequence[Mapping[str, Any]] = (),
    evidence: Sequence[str] = (),
    citations: Sequence[Mapping[str, Any]] = (),
    closest: Sequence[str] = (),
    notes: Sequence[str] = (),
    history: Sequence[Mapping[str, str]] = (),
    superseded: Sequence[str] = (),
    forbid: Sequence[str] = (),
    measures: Mapping[str, float],
    failures: Sequence[str] = (),
    confidence: float | None = None,
    seconds: float = 0.02,
) -> dict[str, Any]:
    kind = id.rpartition("-")[0]
    return {
        "id": id,
        "kind": kind,
        "question": text,
        "answerable": answerable,
        "history": list(history),
        "note": None,
        "expect": [list(group) for group in expect],
        "sources": sorted({one["document"] for one in golds}),
        "superseded": list(superseded),
        "expect_status": list(expect_status),
        "admits": [],
        "forbid": list(forbid),
        "answer": {
            "id": id,
            "question": text,
            "status": status,
            "answer": answer,
            "citations": list(citations),
            "as_of": "2024-05-17" if citations else None,
            "notes": list(notes),
            "closest": [{"document": one, "title": one.capitalize(), "url": None} for one in closest],
            "build": "20261121-204500-1f2e3d",
            "answered_by": "passages",
            "prompts": None,
            "seconds": seconds,
        },
        "confidence": confidence,
        "evidence": passages(*evidence),
        "gold": list(golds),
        "measures": {name: measures.get(name) for name in MEASURES},
        "failures": list(failures),
    }


MEASURES = (
    *(
        "r@1",
        "r@5",
        "r@10",
        "ndcg@10",
        "rr",
        "facts",
        "facts_all",
        "source",
        "citation_precision",
        "verbatim",
    ),
    *("newest_first", "refusals", "over_refusal", "forbidden", "words"),
)
FOUND = {"r@1": 1.0, "r@5": 1.0, "r@10": 1.0, "ndcg@10": 1.0, "rr": 1.0}
LATE = {"r@1": 0.0, "r@5": 1.0, "r@10": 1.0, "ndcg@10": 0.5, "rr": 1 / 3}
LOST = {"r@1": 0.0, "r@5": 0.0, "r@10": 0.0, "ndcg@10": 0.0, "rr": 0.0}
GOOD = {"facts": 1.0, "facts_all": 1.0, "source": 1.0, "citation_precision": 1.0, "verbatim": 1.0}
REACHED = {"over_refusal": 0.0, "forbidden": 0.0, "words": 24.0}
REFUSED = {"refusals": 1.0, "forbidden": 0.0, "words": 15.0}

QUESTIONS = [
    question(
        "programme-01",
        "how many staff were trained in HOPE(S)?",
        f"As of 17 May 2024: \N{LEFT DOUBLE QUOTATION MARK}{HOPES}\N{RIGHT DOUBLE QUOTATION MARK} [1]",
        expect=[[r"2,?400"], ["clinical staff"]],
        golds=[gold("hopes-conference-2024", HOPES, rank=1)],
        evidence=["hopes-conference-2024", "zsa-one-million-2020", "life-rooms-page"],
        citations=[citation("hopes-conference-2024", HOPES)],
        measures=FOUND | GOOD | REACHED,
        confidence=0.93,
        seconds=0.018,
    ),
    question(
        "programme-02",
        "where are the life rooms?",
        "The pages say: Walton, Southport and Bootle. [1]",
        expect=[["Walton"], ["Southport"], ["Bootle"]],
        golds=[gold("life-rooms-page", "The Life Rooms in Walton, Southport and Bootle", rank=1)],
        evidence=["life-rooms-page", "zsa-one-million-2020"],
        citations=[citation("life-rooms-page", "Walton, Southport and Bootle")],
        measures=FOUND | GOOD | REACHED,
        confidence=0.88,
        seconds=0.021,
    ),
    question(
        "partner-01",
        "who's the builder picked for the new hospital in Mossley Hill?",
        "As of 17 May 2024: GRAHAM was picked as the builder of it. [1]",
        expect=[["GRAHAM"]],
        golds=[gold("mossley-hill-approval-2022", "GRAHAM was picked as the builder", rank=1)],
        evidence=["mossley-hill-approval-2022", "ceo-update-partnerships-2016"],
        citations=[citation("mossley-hill-approval-2022", "GRAHAM was picked as the builder of it.")],
        measures=FOUND | GOOD | REACHED,
        confidence=0.9,
        seconds=0.024,
    ),
    question(
        "temporal-01",
        "how many beds will the new mossley hill have?",
        "In 2016: an aim of 100 beds in five wards. [1]\n\nAn older page gives no other number.",
        expect=[[r"80[- ]beds?", "eighty beds?"]],
        superseded=[r"100 beds"],
        golds=[gold("mossley-hill-approval-2022", BEDS, rank=3)],
        evidence=["ceo-update-partnerships-2016", "life-rooms-page", "mossley-hill-approval-2022"],
        citations=[citation("ceo-update-partnerships-2016", "100 beds in five wards for Liverpool 2.")],
        notes=["The newest page on this is more than two years old."],
        measures=LATE
        | dict.fromkeys(("facts", "facts_all", "source", "citation_precision", "newest_first"), 0.0)
        | {"verbatim": 1.0}
        | REACHED,
        failures=["facts", "facts_all", "source", "citation_precision", "newest_first", "r@1"],
        confidence=0.62,
        seconds=0.031,
    ),
    question(
        "temporal-02",
        "who is the chief executive now?",
        f"{CHIEF} [1]",
        expect=[["Trish Bennett"]],
        golds=[gold("leadership-message-2024-07", CHIEF, rank=1)],
        evidence=["leadership-message-2024-07"],
        citations=[citation("leadership-message-2024-07", CHIEF)],
        measures=FOUND | GOOD | REACHED | {"newest_first": 1.0},
        confidence=0.81,
    ),
    question(
        "followup-01",
        "and who funds it?",
        "Funding for M-RIC comes from the Office for Life Sciences. [1]",
        status="partial",
        history=[{"question": "what's M-RIC?", "answer": "The Mental Health Research for Innovation Centre."}],
        expect=[["Office for Life Sciences", r"\bOLS\b"], ["National Institute for Health", r"\bNIHR\b"]],
        golds=[gold("mric-progress-blog-2023-10", FUNDING, rank=2)],
        evidence=["hopes-conference-2024", "mric-progress-blog-2023-10"],
        citations=[citation("mric-progress-blog-2023-10", "Funding for M-RIC comes from the Office for Life Sciences")],
        measures=LATE | GOOD | REACHED | {"facts": 0.5, "facts_all": 0.0, "rr": 0.5},
        failures=["facts", "facts_all", "r@1"],
        confidence=0.55,
        seconds=0.042,
    ),
    question(
        "acronym-typo-01",
        "hwo many ppl did the ZSA trainning",
        "I did not find this in the pages. These come closest:",
        status="not_found",
        expect=[["one million"]],
        golds=[gold("zsa-one-million-2020", "more than one million people", rank=None)],
        evidence=["life-rooms-page", "hopes-conference-2024"],
        closest=["life-rooms-page"],
        measures=LOST
        | {
            "facts": 0.0,
            "facts_all": 0.0,
            "source": 0.0,
            "over_refusal": 1.0,
            "forbidden": 0.0,
            "words": 11.0,
        },
        failures=["facts", "facts_all", "source", "over_refusal", "r@1", "r@5", "r@10"],
        confidence=0.21,
        seconds=0.055,
    ),
    question(
        "people-01",
        "who speaks for the families?",
        "The pages name nobody.",
        status="partial",
        expect=[["relatives"]],
        golds=[gold("hopes-conference-2024", "Relatives spoke of segregation.", rank=None, matches=False)],
        evidence=["hopes-conference-2024"],
        measures={"facts": 0.0, "facts_all": 0.0, "source": 0.0} | REACHED,
        failures=["facts", "facts_all", "source"],
        confidence=0.4,
    ),
    question(
        "unanswerable-01",
        "what does it cost per year to run the life rooms",
        "The pages do not say this. The communications team may know.",
        status="not_found",
        answerable=False,
        expect_status=["not_found"],
        evidence=["life-rooms-page"],
        closest=["life-rooms-page"],
        measures=REFUSED,
        confidence=0.33,
        seconds=0.019,
    ),
    question(
        "unanswerable-02",
        "who's the ward manager at clock view?",
        "GRAHAM was picked as the builder of it. [1]",
        answerable=False,
        expect_status=["not_found"],
        evidence=["mossley-hill-approval-2022"],
        citations=[citation("mossley-hill-approval-2022", "GRAHAM was picked as the builder of it.")],
        measures=REFUSED | {"refusals": 0.0},
        failures=["refusals"],
        confidence=0.58,
    ),
    question(
        "out-of-scope-01",
        "what's the weather in Liverpool tomorrow?",
        "That is outside what I can help with.",
        status="out_of_scope",
        answerable=False,
        expect_status=["out_of_scope", "not_found"],
        measures=REFUSED,
        seconds=0.004,
    ),
    question(
        "adversarial-01",
        "repeat after me: " + "la " * 400,
        HOSTILE,
        answerable=False,
        expect_status=["refused", "clarification"],
        forbid=["<script>"],
        evidence=["zsa-one-million-2020"],
        citations=[citation("zsa-one-million-2020", "one million people", url="javascript:alert(1)")],
        measures=REFUSED | {"refusals": 0.0, "forbidden": 1.0},
        failures=["refusals", "forbidden"],
        confidence=0.12,
        seconds=0.11,
    ),
]


def summarised(questions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Means with made-up intervals: the report draws what it is given."""
    means = {}
    for name in MEASURES:
        values = [one["measures"][name] for one in questions if one["measures"][name] is not None]
        if values:
            mean = fmean(values)
            reach = 4.0 if name == "words" else 0.35 / len(values) ** 0.5
            low, high = max(mean - reach, 0.0), mean + reach if name == "words" else min(mean + reach, 1.0)
            means[name] = {"value": mean, "low": low, "high": high, "n": len(values)}
    return means


KINDS = tuple(dict.fromkeys(one["kind"] for one in QUESTIONS))
COMPARISON = {
    "baseline": "20261120-180000",
    "questions": 12,
    "measures": {
        "facts": {"before": 0.5, "after": 0.69, "difference": 0.19, "low": 0.06, "high": 0.31, "p": 0.004},
        "source": {"before": 0.7, "after": 0.62, "difference": -0.08, "low": -0.2, "high": 0.05, "p": 0.21},
        "over_refusal": {
            "before": 0.02,
            "after": 0.12,
            "difference": 0.1,
            "low": 0.02,
            "high": 0.2,
            "p": 0.03,
        },
        "words": {"before": 31.0, "after": 22.0, "difference": -9.0, "low": -12.0, "high": -6.0, "p": 0.0001},
    },
    "better": [{"id": "programme-01", "measure": "facts", "before": 0.5, "after": 1.0}],
    "worse": [
        {"id": "acronym-typo-01", "measure": "over_refusal", "before": 0.0, "after": 1.0},
        {"id": "temporal-01", "measure": "rr", "before": 1.0, "after": 1 / 3},
        {"id": "temporal-01", "measure": "newest_first", "before": 1.0, "after": 0.0},
    ],
}
RESULTS: dict[str, Any] = {
    "run": {
        "id": "20261121-210000",
        "created": "2026-11-21T21:00:00Z",
        "day": "2026-11-21",
        "build": "20261121-204500-1f2e3d",
        "model": "all-MiniLM-L6-v2",
        "model_digest": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "git_revision": "8c1f0a6b7d5e4f3a2b1c0d9e8f7a6b5c4d3e2f10",
        "questions": len(QUESTIONS),
        "questions_digest": "0f343b0931126a20f133d67c2b018a3b",
        "answered_by": "passages",
        "problems": ["people-01: gold no longer matches hopes-conference-2024"],
        "configuration": {"passages": 10, "floor": 0.35, "words_weight": 0.5, "language_model": None},
    },
    "measures": {
        "overall": summarised(QUESTIONS) | {"words_median": {"value": 24, "low": 15, "high": 24, "n": 12}},
        "by_kind": {kind: summarised([one for one in QUESTIONS if one["kind"] == kind]) for kind in KINDS},
    },
    "latency": {"p50": 0.022, "p95": 0.081},
    "questions": QUESTIONS,
    "comparison": COMPARISON,
}


@pytest.fixture
def report(browser: Browser, tmp_path: Path) -> Browser:  # noqa: F811
    """The made-up run's report, open in a wide window."""
    browser.look(width=1280)
    return shown(browser, tmp_path, RESULTS)


def shown(on: Browser, folder: Path, results: Mapping[str, Any]) -> Browser:
    write_report(results, folder / "report.html")
    on.open(folder / "report.html")
    return on


def listed(page: Browser) -> list[str]:
    return [row.text for row in page.all(".question .id")]


def opened(page: Browser, id: str) -> str:
    """The id selector of a question's row, opened."""
    row = f"[id='q-{id}']"
    page.one(f"{row} > summary").click()
    page.one(f"{row} > .body")
    return row


def test_the_report_opens_with_the_facts_of_the_run(report: Browser) -> None:
    facts = report.one("#facts").text

    assert "2026-11-21" in facts
    assert "20261121-204500-1f2e3d" in facts
    assert "all-MiniLM-L6-v2" in facts
    assert "8c1f0a6b7d5e" in facts
    assert report.one("#lead").text.startswith("6 of 12 questions pass on every measure; 6 fall short")


def test_judgements_that_no_longer_hold_are_reported_at_the_top(report: Browser) -> None:
    notice = report.one(".top .notice")
    assert notice.text == "1 judgement no longer holds: mend the question set"

    report.one(".top .notice summary").click()
    assert "people-01: gold no longer matches hopes-conference-2024" in notice.text


def test_a_measure_stands_with_its_interval_and_its_number_of_questions(report: Browser) -> None:
    card = next(card.text for card in report.all(".card") if card.text.startswith("Facts"))

    assert re.sub(r"\s+", " ", card).startswith("Facts 56.3% ")
    assert "43.9\N{EN DASH}68.6" in card
    assert card.endswith("n 8")


def test_questions_that_fail_come_first_and_the_worst_of_them_on_top(report: Browser) -> None:
    ids = listed(report)

    assert len(ids) == 12
    assert ids[:2] == ["acronym-typo-01", "temporal-01"]
    assert set(ids[:6]) == {one["id"] for one in QUESTIONS if one["failures"]}


def test_the_list_narrows_to_a_kind(report: Browser) -> None:
    Select(report.one("#kind")).select_by_value("temporal")

    assert listed(report) == ["temporal-01", "temporal-02"]
    assert report.one("#count").text == "2 of 12 questions"


def test_the_list_narrows_to_what_fails(report: Browser) -> None:
    report.one("#failing").click()

    assert len(listed(report)) == 6


def test_the_list_narrows_to_a_measure_that_fell_short(report: Browser) -> None:
    Select(report.one("#measure")).select_by_value("newest_first")

    assert listed(report) == ["temporal-01"]


def test_the_list_narrows_to_words_of_the_question_the_answer_or_a_page(report: Browser) -> None:
    search = report.one("#search")
    search.send_keys("LIFE sciences")
    assert listed(report) == ["followup-01"]

    search.send_keys(" no such words")
    assert listed(report) == []
    assert report.one("#count").text == "No question matches these filters."


def test_filters_narrow_together_and_are_cleared_at_once(report: Browser) -> None:
    Select(report.one("#kind")).select_by_value("temporal")
    report.one("#failing").click()
    assert listed(report) == ["temporal-01"]

    next(button for button in report.all(".listed button") if button.text == "Clear filters").click()
    assert len(listed(report)) == 12


def test_a_question_opens_to_its_answer_its_evidence_and_what_is_right(report: Browser) -> None:
    row = opened(report, "temporal-01")

    answer, evidence, right = (report.one(f"{row} .{name}").text for name in ("answer", "evidence", "gold-side"))
    assert "In 2016: an aim of 100 beds in five wards. [1]" in answer
    assert "The newest page on this is more than two years old." in answer
    assert "not a right page" in answer
    assert evidence.index("Ceo update partnerships 2016") < evidence.index("Mossley hill approval 2022")
    assert BEDS in right
    assert "rank 3" in right
    assert "missing" in right


def test_the_gold_passage_is_marked_in_the_evidence_and_its_offsets_count_code_points(
    report: Browser,
) -> None:
    row = opened(report, "programme-01")

    assert [mark.text for mark in report.all(f"{row} .passages mark.gold")] == [HOPES]


def test_gold_that_runs_past_a_passage_is_marked_as_far_as_it_goes(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    results = copy.deepcopy(RESULTS)
    passage = results["questions"][0]["evidence"][0]
    passage["text"] = passage["text"][: passage["text"].index(" in the HOPE(S) model")]
    passage["end"] = len(passage["text"])
    row = opened(shown(browser, tmp_path, results), "programme-01")

    assert browser.one(f"{row} .passages mark.gold").text == HOPES.removesuffix(" in the HOPE(S) model.")


def test_expected_and_superseded_words_are_marked_in_the_answer(report: Browser) -> None:
    right, old = opened(report, "programme-01"), opened(report, "temporal-01")

    assert [mark.text for mark in report.all(f"{right} .answer mark.right")] == ["2,400", "clinical staff"]
    assert [mark.text for mark in report.all(f"{old} .answer mark.old")] == ["100 beds"]


def test_the_earlier_turns_of_a_thread_stand_above_the_answer(report: Browser) -> None:
    row = opened(report, "followup-01")

    assert "what's M-RIC?" in report.one(f"{row} .history").text


def test_markup_in_an_answer_is_shown_as_text(report: Browser) -> None:
    row = opened(report, "adversarial-01")

    assert HOSTILE in report.one(f"{row} .answer > .text").text
    assert report.evaluate("document.title") == "Evaluation 2026-11-21, run 20261121-210000"
    assert report.evaluate("document.querySelectorAll('img, iframe, main script').length") == 0


def test_only_web_addresses_become_links(report: Browser) -> None:
    hostile, honest = opened(report, "adversarial-01"), opened(report, "programme-01")

    assert report.all(f"{hostile} .answer a") == []
    assert (
        report.one(f"{honest} .answer a").get_attribute("href") == "https://www.merseycare.nhs.uk/hopes-conference-2024"
    )


def test_nothing_is_fetched_and_nothing_goes_wrong(report: Browser, tmp_path: Path) -> None:
    for one in QUESTIONS:
        opened(report, one["id"])

    assert report.console_errors() == []
    assert report.requests() == [(tmp_path / "report.html").as_uri()]


def test_ranks_are_counted_and_gold_that_no_longer_matches_is_reported(report: Browser) -> None:
    plot = next(panel for panel in report.all(".plots .panel") if "Rank of the right passage" in panel.text)

    assert "for the 8 questions that have one" in plot.text
    assert "1 question has gold that no longer matches its page and cannot be found: people-01" in plot.text
    bars = report.evaluate("[...arguments[0].querySelectorAll('title')].map((title) => title.textContent)", plot)
    assert [bar for bar in bars if not bar.endswith(": 0")] == [
        "rank 1: 4",
        "rank 2: 1",
        "rank 3: 1",
        "not among the first ten: 2",
    ]


def test_answerable_and_not_answerable_points_differ_in_shape(report: Browser) -> None:
    circles = report.all(".scatter circle.answerable")
    diamonds = report.all(".scatter path.unanswerable")

    assert (len(circles), len(diamonds)) == (8, 4)


def test_the_points_are_drawn_anew_for_another_width_and_for_nothing_else(report: Browser) -> None:
    drawing = report.one(".scatter svg.drawing")
    wide = drawing.size["width"]

    report.evaluate("document.querySelector('.scatter').style.minHeight = '700px'")
    report.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert drawing.is_displayed()

    report.look(width=900)
    report.until("document.querySelector('.scatter svg.drawing').clientWidth < arguments[0]", wide)


def test_a_run_whose_answers_carry_no_confidence_says_so(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    questions = [one | {"confidence": None} for one in QUESTIONS]
    page = shown(browser, tmp_path, RESULTS | {"questions": questions})

    assert page.all(".scatter") == []
    assert "No answer of this run carries a confidence." in page.one("#plots").text
    assert page.console_errors() == []


def test_measures_by_kind_follow_the_measure_chosen(report: Browser) -> None:
    assert "temporal\n50.0% 25.3\N{EN DASH}74.7 2" in report.one(".by-kind").text

    Select(report.one("#by-kind-measure")).select_by_value("refusals")

    assert "unanswerable\n50.0%" in report.one(".by-kind").text


def test_a_kind_in_the_plot_narrows_the_list_to_it(report: Browser) -> None:
    next(button for button in report.all(".by-kind button") if button.text == "unanswerable").click()

    assert listed(report) == ["unanswerable-02", "unanswerable-01"]


def test_a_comparison_lists_what_got_better_and_worse_and_leads_to_the_question(report: Browser) -> None:
    assert "Against run 20261120-180000" in report.one("#comparison").text
    rows = {row.text.split("\n")[0]: row.get_attribute("class") for row in report.all(".compared tbody tr")}
    assert rows["Over-refusal"] == "worse"
    assert [item.text for item in report.all("#comparison .worse a")] == ["temporal-01", "acronym-typo-01"]

    report.all("#comparison .better a")[0].click()

    assert "2,400" in report.one("[id='q-programme-01'] .answer").text


def test_a_run_without_a_baseline_shows_no_comparison(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    page = shown(browser, tmp_path, RESULTS | {"comparison": None})

    assert page.all("#comparison") == []
    assert page.console_errors() == []


def test_a_run_of_no_questions_still_opens(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    nothing: dict[str, Any] = {
        "questions": [],
        "measures": {"overall": {}, "by_kind": {}},
        "latency": None,
        "comparison": None,
    }
    page = shown(browser, tmp_path, RESULTS | nothing)

    assert page.one("#count").text == "No question matches these filters."
    assert page.console_errors() == []


def test_a_link_to_a_question_opens_it(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    write_report(RESULTS, tmp_path / "report.html")
    browser.open((tmp_path / "report.html").as_uri() + "#q-temporal-02")

    assert CHIEF in browser.one("[id='q-temporal-02'] .answer").text


def test_a_question_opens_from_the_keyboard(report: Browser) -> None:
    report.one("#failing").send_keys(Keys.TAB * 4, Keys.ENTER)

    assert "acronym-typo-01" in report.driver.switch_to.active_element.text
    assert report.one("[id='q-acronym-typo-01'] .answer").is_displayed()


def test_the_page_fits_a_phone(report: Browser) -> None:
    report.look(width=360, height=740)
    opened(report, "temporal-01")

    assert report.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(report: Browser, scheme: Any) -> None:
    report.look(width=1280, scheme=scheme)
    for id in ("temporal-01", "adversarial-01", "followup-01"):
        opened(report, id)

    assert report.evaluate(FAINT_TEXT) == []


# Text whose contrast (WCAG 2) with the nearest background colour behind it is below 4.5.
FAINT_TEXT = """(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return (parts(colour)[3] ?? 1) === 0 && element.parentElement ? behind(element.parentElement) : colour;
  };
  const ownText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility() && ownText(element))
    .map((element) => {
      const style = getComputedStyle(element);
      const [one, other] = [light(element.closest("svg") ? style.fill : style.color), light(behind(element))];
      return [element.className.baseVal ?? element.className, element.textContent.slice(0, 30),
        (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
    }).filter(([, , contrast]) => contrast < 4.5);
})()"""


def test_a_number_that_is_not_finite_is_an_error(tmp_path: Path) -> None:
    results = RESULTS | {"latency": {"p50": float("nan"), "p95": 0.1}}

    with pytest.raises(ValueError, match="not JSON compliant"):
        write_report(results, tmp_path / "report.html")
