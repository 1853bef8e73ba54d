"""Words: what a question and a page compare, whatever their spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words import plain, stem, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HOPE(S)", "Hopes"),
        ("Mersey Care’s", "mersey care's"),
        ("CAFÉ", "cafe"),
        ("Straße", "strasse"),
        ("ﬁve", "five"),
    ],
)
def test_spellings_that_people_take_for_one_are_one(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_terms_are_stemmed_and_in_order() -> None:
    assert terms("Trained staff were training") == [stem("trained"), "staff", stem("training")]


def test_stop_words_are_left_out_unless_asked_for() -> None:
    assert terms("the aims of the trust") == ["aim", "trust"]
    assert terms("the aims", stop=False) == ["the", "aim"]


def test_a_compound_is_found_by_its_parts_and_as_one_word() -> None:
    assert set(terms("co-production")) >= {stem("production"), stem("coproduction")}


def test_an_ampersand_holds_an_acronym_together() -> None:
    assert terms("L&D and R&D") == ["l&d", "r&d"]


def test_thousands_are_the_same_with_and_without_their_comma() -> None:
    assert terms("2,400 staff") == terms("2400 staff")


def test_a_decimal_is_one_term() -> None:
    assert "2.4" in terms("by 2.4 weeks")


def test_a_possessive_is_the_word_itself() -> None:
    assert terms("the trust’s patients") == terms("trust patients")


@given(st.text(max_size=60))
def test_plain_text_stays_as_it_is_when_made_plain_again(text: str) -> None:
    once = plain(text)
    assert plain(once) == once or "(" in once


@given(st.text(max_size=60))
def test_case_and_white_space_around_change_no_terms(text: str) -> None:
    assert terms(f" {text}\n") == terms(text)
