"""Gold quotes are found again by their words when a page is edited, and reported when they are gone."""

import pytest

from evaluation.anchoring import anchor_gold, find_quote, lost_gold
from tests.evaluation.examples import make_document, make_question

_TEXT = (
    "Work began in May. The new hospital will have 80 beds in four wards. It’s on Park Lane.\n\n"
    "Board | April 2017\nMinister | January 2018"
)


def _found(quote: str, text: str = _TEXT) -> str | None:
    span = find_quote(quote, text)
    return text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("80 beds in four wards", "80 beds in four wards"),
        ("Minister | January 2018", "Minister | January 2018"),
        ("The new  hospital\nwill have 80 beds", "The new hospital will have 80 beds"),
        ("It's on park lane.", "It’s on Park Lane."),
        ("The new hospital is to have 80 beds in four wards.", "The new hospital will have 80 beds in four wards."),
        (
            "The new hospital will hold 80 beds in four wards. It's on Park Road.",
            "The new hospital will have 80 beds in four wards. It’s on Park Lane.",
        ),
    ],
)
def test_a_quote_is_found_word_for_word_or_but_for_spaces_and_quotes_or_nearly(quote: str, found: str) -> None:
    assert _found(quote) == found


@pytest.mark.parametrize(
    "quote",
    [
        "The new hospital will have 90 beds in four wards.",
        "The new hospital will have 80 beds.",
        "A new car park has opened.",
    ],
)
def test_a_sentence_with_another_number_or_other_words_is_no_place_for_a_quote(quote: str) -> None:
    assert _found(quote) is None


def test_gold_that_no_longer_matches_is_reported_with_its_question_and_page() -> None:
    question = make_question(
        gold=[
            {"document": "ward", "quote": "80 beds"},
            {"document": "ward", "quote": "It opened in June."},
            {"document": "gone", "quote": "80 beds"},
        ]
    )

    anchors = anchor_gold(question, {"ward": make_document("ward", "There are 80 beds.")})

    assert [anchor.span for anchor in anchors] == [(10, 17), None, None]
    assert lost_gold(question, anchors) == [
        "q1: gold no longer matches ward: “It opened in June.”",
        "q1: gold no longer matches gone: “80 beds”",
    ]
