"""The words of a sentence that were taken out and put in."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.report import SentenceChange
from ingest.sources.wording import pieces

MARKS = {"kept": "{}", "out": "[-{}-]", "in": "[+{}+]"}


def worded(before: str | None, after: str | None) -> str:
    """A change on one line, `[-out-]` and `[+in+]`."""
    return "".join(MARKS[what].format(text) for what, text in pieces(SentenceChange(before=before, after=after)))


def test_a_number_is_exchanged_whole() -> None:
    assert worded("About 1,200 staff.", "About 2,400 staff.") == "About [-1,200-][+2,400+] staff."


def test_words_next_to_each_other_are_told_as_one_change() -> None:
    before, after = "It is planned to open in spring 2022.", "It opened on 9 November 2022."
    assert worded(before, after) == "It [-is planned to open in spring-][+opened on 9 November+] 2022."


def test_a_new_sentence_is_all_put_in_and_a_lost_one_all_taken_out() -> None:
    assert worded(None, "Bees came.") == "[+Bees came.+]"
    assert worded("Bees came.", None) == "[-Bees came.-]"


def test_a_row_of_thousands_of_words_is_told_whole() -> None:
    before, after = "a " * 3000, "a " * 3001
    assert worded(before, after) == f"[-{before}-][+{after}+]"


@given(st.text("ab1 .,’", max_size=40), st.text("ab1 .,’", max_size=40))
def test_both_sentences_can_be_read_off_the_pieces(before: str, after: str) -> None:
    found = pieces(SentenceChange(before=before, after=after))
    assert "".join(text for what, text in found if what != "in") == before
    assert "".join(text for what, text in found if what != "out") == after
