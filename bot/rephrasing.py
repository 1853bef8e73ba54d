"""Rephrasing: a follow-up made to stand on its own by a language model, and only as far as code can check it."""

import json
import re
from collections.abc import Sequence
from datetime import date

from bot.answers import Turn
from bot.drafts import read_field
from bot.language_model import LanguageModel, Patience, Prompt, Unwritten
from bot.prompts import reply
from bot.screening import screen
from ingest.dates import in_words
from ingest.words import STOPWORDS, plain, terms

PROMPTS = {
    "rephrase_task": (),
    "rephrase_form": (),
    "rephrase_question": ("today", "turns", "question"),
}
_SCHEMA = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}
_LONGEST = 300  # characters
_TURNS = 6  # earlier turns that the model sees, the last ones
_A_TURN = 600  # characters of an earlier answer that the model sees
_NEW = 2  # words of its own that a model may bring into a question: "programme", "number"
_POINTING_WORDS = (
    "it its they them their theirs that this those these he him his she her hers there then one ones both same and but"
    " so also ok okay again else"
)
_POINTING = frozenset(_POINTING_WORDS.split())
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b\S+@\S+\.\w+\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'&()-]*|\d[\d.,]*")


def rephrase(
    model: LanguageModel, text: str, by_code: str, history: Sequence[Turn], patience: Patience, *, today: date
) -> str | None:
    """The question `text` made to stand on its own from the turns before it; None where the model did not do so.

    What the model writes is taken only where it keeps the words of the question, takes every name and number from
    the conversation, and carries over most of what code's own version, `by_code`, does. Raises Unwritten when
    there is no reply.
    """
    prompt = Prompt(
        name="question",
        system="\n\n".join(reply(name) for name in ("rephrase_task", "rephrase_form")),
        user=reply(
            "rephrase_question",
            today=in_words(today.isoformat()),
            turns=turns_as_data(history),
            question=without_links(text),
        ),
        schema=_SCHEMA,
    )
    asked = read_field(model.reply(prompt, patience).text, "question")
    if asked is None:
        raise Unwritten("unreadable")
    return asked if _is_the_same_question(asked, text, history) and _carries(asked, text, by_code) else None


def turns_as_data(history: Sequence[Turn]) -> str:
    """Earlier turns, one JSON object a line, answers cut short and links left out."""
    lines = [
        json.dumps(
            {"question": without_links(turn.question), "answer": without_links(turn.answer)[:_A_TURN]},
            ensure_ascii=False,
        )
        for turn in history[-_TURNS:]
    ]
    return "\n".join(lines) or "(none)"


def without_links(text: str) -> str:
    """`text` with web and e-mail addresses taken out: a model is never shown one."""
    return _LINK.sub("", text)


def _is_the_same_question(asked: str, text: str, history: Sequence[Turn]) -> bool:
    if not 0 < len(asked) <= _LONGEST or _LINK.search(asked) or screen(asked) is not None:
        return False
    said = " ".join([text, *(f"{turn.question} {turn.answer}" for turn in history)])
    known = set(terms(said, stop=False))
    written = terms(asked)
    if any(plain(name.rstrip(".,?")) not in plain(said) for name in _NAME.findall(asked)):
        return False
    if sum(word not in known for word in written) > _NEW:
        return False
    kept = {word for word in terms(text) if word not in _POINTING and word not in STOPWORDS}
    return kept <= set(terms(asked, stop=False))


def _carries(asked: str, text: str, by_code: str) -> bool:
    """True when `asked` has at least half of the words that code took from the turns before."""
    carried = set(terms(by_code)) - set(terms(text))
    return 2 * len(carried & set(terms(asked))) >= len(carried)
