"""Conversation: questions from standard input, one a line, or typed at a prompt."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel
from rich.console import Console

from bot.answering import Answerer
from bot.answers import Answer, Question, Turn
from bot.prompts import reply
from bot.rendering import print_answer

_REMEMBERED = 6  # earlier turns that a question is understood with


class _Turn(BaseModel):
    question: str
    answer: str = ""


class _Line(BaseModel):
    id: str | int | None = None
    question: str
    history: list[_Turn] | None = None


def answer_lines(answerer: Answerer, lines: Iterable[str]) -> Iterator[Answer]:
    """Answer one question a line, plain text or JSON `{"id", "question", "history"}`; blank lines are skipped.

    A line that looks like JSON and is not is answered with an error that says so, and the rest goes on.
    """
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("{"):
            yield _answer_json(answerer, text, number)
        elif text:
            yield answerer.answer(Question(text=readable(text)))


def readable(text: str) -> str:
    """`text` without the halves of characters that broken input may hold: no model and no terminal takes them."""
    return text.encode("utf-8", "replace").decode()


def _answer_json(answerer: Answerer, line: str, number: int) -> Answer:
    fields: Any = None
    try:
        fields = json.loads(line)
        asked = _Line.model_validate(fields)
    except (ValueError, RecursionError):
        id_ = fields.get("id") if isinstance(fields, dict) else None
        return Answer(
            id=readable(str(id_)) if isinstance(id_, str | int) else None,
            question="",
            status="error",
            answer=reply("bad_line", line=str(number)),
        )
    return answerer.answer(
        Question(
            text=readable(asked.question),
            id=None if asked.id is None else readable(str(asked.id)),
            history=tuple(
                Turn(question=readable(turn.question), answer=readable(turn.answer)) for turn in asked.history or ()
            ),
        )
    )


def converse(answerer: Answerer) -> int:
    """Ask and answer at a prompt until `/quit` or the end of input; earlier turns are remembered, not stored."""
    import readline  # noqa: F401  (gives input() its line editing and history)

    console = Console()
    console.print(reply("welcome"))
    history: tuple[Turn, ...] = ()
    while True:
        try:
            text = readable(input("\n? ")).strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return 0
        if text in ("/quit", "/exit", "/q"):
            return 0
        if text == "/help":
            console.print(reply("welcome"))
        elif text == "/new":
            history = ()
            console.print("A new conversation.")
        elif text.startswith("/"):
            console.print("I know /help, /new and /quit.")
        elif text:
            answer = answerer.answer(Question(text=text, history=history))
            print_answer(answer)
            sys.stdout.flush()
            if answer.status != "refused":
                history = (*history, Turn(question=answer.question, answer=answer.answer))[-_REMEMBERED:]
