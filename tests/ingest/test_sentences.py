"""Sentences: they end where a reader would say so, and their spans are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_spans, sentences_with_spaces


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prof. Joe Bright and Dr. Ann Lee met Mrs. Oak.",
        "St. Helens has a new clinic.",
        "It serves several towns, e.g. Southport and i.e. Formby.",
        "Doors open at 10 a.m. and close at 4 p.m. sharp.",
        "It starts at 10 a.m. Monday.",
        "It cost £1.5m over 2.4 years.",
        "No. 10 Clock Road is the address.",
        "Smith et al. (2019) agree.",
        "J. K. Bright and Sir A. Lee spoke.",
        "In the U.K. Government departments were told.",
        "Waiting fell from approx. 60 weeks in Sept. 2020.",
        "She has a Ph.D. in nursing.",
        "The house dates from c. 1900 (see p. 12).",
        "The aims are: 1. Better access to care.",
        "1. Better access to care.",
        "“Why?” he asked.",
        "They waited … and waited.",
        "They waited... and waited.",
        "It is called Yahoo! by many.",
        "see www.example.org for more.",
    ],
)
def test_no_sentence_ends_within(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It opened.", "It closed."),
        ("It rose to 24.", "The next year it fell."),
        ("It grew by 2.4.", "Then it stopped."),
        ("Is it open?", "Yes!"),
        ("“It works.”", "She smiled."),
        ("(It is small.)", "It is quiet."),
        ("She said: “It works.”", "“It does.”"),
        ("It costs little.", "£5 a day."),
        ("They help with housing, work, etc.", "The rest is for others."),
        ("The doors close at 9 p.m.", "The lights go out."),
        ("They live in the U.K.", "The others do not."),
        ("The answer is no.", "It stays."),
        ("So did I.", "The day ended."),
        ("They are in group A.", "The others wait."),
        ("And then…", "Nothing."),
        ("They waited...", "Nobody came."),
        ("It ended.", "Élan was there."),
        ("It ended.", "2023 was better."),
    ],
)
def test_a_sentence_ends_between(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("first line\nsecond line\n\nthird") == ["first line", "second line", "third"]


def test_only_the_span_asked_for_is_read() -> None:
    text = "One. Two. Three."
    assert [text[start:end] for start, end in sentence_spans(text, 5, 9)] == ["Two."]


def test_no_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n ") == []


WORDS = st.text(alphabet="aA1.?! \n\t\u00a0”“\"'()[]…é£,:Drno", max_size=80)


@given(WORDS, st.integers(0, 80), st.integers(0, 80))
def test_spans_are_ordered_disjoint_trimmed_and_cover_every_letter(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    covered, last = set[int](), start
    for begin, stop in sentence_spans(text, start, end):
        assert last <= begin < stop <= end
        assert text[begin:stop] == text[begin:stop].strip()
        covered.update(range(begin, stop))
        last = stop
    assert {place for place in range(start, end) if not text[place].isspace()} <= covered


@given(WORDS)
def test_sentences_with_their_spaces_are_the_text_again(text: str) -> None:
    assert "".join(sentences_with_spaces(text)) == text


@given(WORDS)
def test_a_sentence_is_not_split_again(text: str) -> None:
    for start, end in sentence_spans(text):
        assert list(sentence_spans(text, start, end)) == [(start, end)]
