"""Modals: the windows behind the buttons."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.answers import Answer, Citation
from bot.prompts import reply
from bot.rendering import source_line
from bot.slack.blocks import Block, divider, line, link, modal, plain_text, rich, run, words
from bot.slack.library import InContext
from bot.slack.links import to_quote
from bot.slack.messages import answer_blocks
from bot.slack.words import shortened
from bot.state import Exchange

_MOST_PASSAGES = 30
_MOST_KEPT = 40
_REASON = 300
REASONS = ("It is wrong", "It is out of date", "It is about something else", "It is hard to read")


def passages(answer: Answer, found: Sequence[InContext | None]) -> Block:
    """The evidence of an answer, each quote in bold among the words around it, while its page says so."""
    blocks: list[Block] = []
    for citation, place in list(zip(answer.citations, found, strict=True))[:_MOST_PASSAGES]:
        blocks += [_heading(citation, place), _in_context(citation, place), divider()]
    return modal("Passages", blocks[:-1] or [words(reply("slack_forgotten"))])


def _heading(citation: Citation, place: InContext | None) -> Block:
    url = to_quote(citation) if place else None
    title = shortened(citation.title or citation.document, 300)
    about = source_line(Citation(**{**vars(citation), "title": "", "url": None}))
    number = run(f"[{citation.number}] ", bold=True)
    return rich(
        line(
            number,
            link(url, title) if url else run(title, bold=True),
            run(shortened(f", {about}" if about else "", 600)),
        )
    )


def _in_context(citation: Citation, place: InContext | None) -> Block:
    if place is None:  # what was withdrawn, or corrected, is not quoted again
        return rich(line(run(reply("slack_page_changed"), italic=True)))
    quote = run(shortened(citation.quote, 2500), bold=True)
    around = [run(place.before)] if place.before else []
    return rich(line(*around, quote, *([run(place.after)] if place.after else [])))


def reason(number: int) -> Block:
    """What was wrong with an answer: one of a few reasons, and a few words, each optional."""
    options = [{"text": plain_text(text), "value": str(i)} for i, text in enumerate(REASONS)]
    return modal(
        "What was wrong?",
        [
            _input(
                "kind",
                "Choose what fits best",
                {"type": "radio_buttons", "action_id": "kind", "options": options},
                optional=True,
            ),
            _input(
                "words",
                "In a few words (please name no patients)",
                {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": _REASON},
                optional=True,
            ),
        ],
        callback_id="reason",
        submit=plain_text("Send"),
        private_metadata=json.dumps({"number": number}),
    )


def ask_comms(exchange: Exchange, *, name: str, length: int) -> Block:
    """Whether, and in which words, the question may go to the communications team."""
    field = {
        "type": "plain_text_input",
        "action_id": "question",
        "multiline": True,
        "max_length": min(length, 3000),
        "initial_value": exchange.question[: min(length, 3000)],
    }
    return modal(
        "Ask comms",
        [words(reply("slack_ask_comms", who=name)), _input("question", "Your question", field)],
        callback_id="ask_comms",
        submit=plain_text("Send"),
        private_metadata=json.dumps({"number": exchange.id}),
    )


def kept(exchanges: Sequence[Exchange], *, days: int) -> Block:
    """The newest of the questions that are stored about somebody."""
    lines = [
        line(
            run(f"{datetime.fromtimestamp(exchange.asked, UTC):%d %B %Y}: ", bold=True),
            run(shortened(exchange.question or "help", 300)),
        )
        for exchange in exchanges[:_MOST_KEPT]
    ]
    intro = reply("slack_kept", count=str(len(exchanges)), days=str(days), most=str(_MOST_KEPT))
    return modal("Stored about you", [words(intro), *[rich(each) for each in lines]])


def says(title: str, text: str) -> Block:
    """A window with one sentence in it."""
    return modal(title, [words(text)])


def shows(title: str, question: str, answer: Answer) -> Block:
    """A window with a whole answer in it."""
    return modal(title, [words(question, bold=True), *answer_blocks(answer)])


def _input(block: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": plain_text(label),
        "element": element,
        "optional": optional,
    }


def value(view: dict[str, Any], block: str) -> str:
    """What was typed or chosen in a submitted view."""
    field = (view.get("state") or {}).get("values", {}).get(block, {}).get(block) or {}
    return str(field.get("value") or (field.get("selected_option") or {}).get("value") or "")


def number_of(view: dict[str, Any]) -> int:
    """The number of the question a view is about."""
    return int(json.loads(view["private_metadata"])["number"])
