"""What a language model wrote is read as sentences with passage numbers, whatever form it came in."""

import json

import pytest

from bot.drafts import MOST_CHARACTERS, read_draft, read_field
from bot.language_model import Unwritten

ONE = {"text": "The club has 52 volunteers.", "passages": [1]}
TWO = {"text": "It meets in Larkhill.", "passages": [2, 3]}
READ = [("The club has 52 volunteers.", (1,)), ("It meets in Larkhill.", (2, 3))]


def read(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(claim.text, claim.passages) for claim in read_draft(text).claims]


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps({"sentences": [ONE, TWO], "missing": []}),
        json.dumps([ONE, TWO]),
        f"Here is the answer:\n```json\n{json.dumps({'sentences': [ONE, TWO]}, indent=2)}\n```\nI hope it helps!",
        '{"sentences": [{"text": "The club has 52 volunteers.", "passages": [1,],}, '
        '{"text": "It meets in Larkhill.", "passages": ["2", "[3]"]},], "missing": [],}',
        "<think>Passage 1 says {52}.</think>" + json.dumps({"sentences": [ONE, TWO]}),
        json.dumps({"sentences": ["The club has 52 volunteers [1].", "It meets in Larkhill. [2][3]"]}),
        "The club has 52 volunteers [1]. It meets in Larkhill [2, 3].",
        "The club has 52 volunteers. [1] It meets in Larkhill. [2] [3]",
        "- The club has 52 volunteers [1]\n- It meets in Larkhill. 【2】【3】".replace(
            "volunteers [1]", "volunteers. [1]"
        ),
        json.dumps({"sentences": [{"text": "The club has 52 volunteers. [1] It meets in Larkhill. [2][3]"}]}),
    ],
)
def test_json_broken_json_and_plain_text_are_read_alike(reply: str) -> None:
    assert read(reply) == READ


def test_of_json_that_was_cut_short_the_complete_sentences_are_read() -> None:
    whole = json.dumps({"sentences": [ONE, TWO]})
    assert read(whole[: whole.index("Larkhill")]) == READ[:1]


def test_two_sentences_in_one_entry_are_two_claims_on_the_same_passages() -> None:
    both = {"text": "The club has 52 volunteers. It meets in Larkhill.", "passages": [4]}
    assert read(json.dumps({"sentences": [both]})) == [(text, (4,)) for text, _ in READ]


def test_a_sentence_without_a_marker_cites_nothing() -> None:
    assert read("The club has 52 volunteers.") == [("The club has 52 volunteers.", ())]


def test_what_is_missing_is_read_too() -> None:
    draft = read_draft('{"sentences": [], "missing": ["the cost"]}')
    assert (draft.claims, draft.missing) == ((), ("the cost",))


@pytest.mark.parametrize(
    "reply",
    ["", " \n ", "{}", "[]", '{"sentences": []}', "```json\n```", "{" * 3000, "[{" * 3000, '{"sentences": 7}'],
)
def test_nothing_is_nothing(reply: str) -> None:
    with pytest.raises(Unwritten) as failed:
        read_draft(reply)
    assert failed.value.why == "unreadable"


@pytest.mark.parametrize("reply", ["The trust is large. " * 2500, "One [1]. " * 30, "x" * (MOST_CHARACTERS + 1)])
def test_far_too_much_is_not_read(reply: str) -> None:
    with pytest.raises(Unwritten) as failed:
        read_draft(reply)
    assert failed.value.why == "too much"


def test_halves_of_characters_and_hidden_ones_do_not_get_through() -> None:
    [(text, _)] = read('{"sentences": [{"text": "Fifty\\u200b\\u202e two \\ud83d people.", "passages": [1]}]}')
    assert text == "Fifty two ? people."


def test_absurd_passage_numbers_are_no_error() -> None:
    strange = {"text": "A sentence.", "passages": [True, None, 10**30, -1, {"a": 2}, "none"]}
    assert read(json.dumps({"sentences": [strange]}))[0][0] == "A sentence."


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ('{"question": "Who funds it?"}', "Who funds it?"),
        ('```json\n{"question": "Who\\nfunds it?",}\n```', "Who funds it?"),
        ("Who funds it?", None),
        ('{"question": 7}', None),
        ("", None),
    ],
)
def test_one_field_is_read_from_json_or_not_at_all(reply: str, question: str | None) -> None:
    assert read_field(reply, "question") == question
