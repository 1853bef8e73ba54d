"""Conversation: questions from standard input, one a line, or typed at a prompt."""

import json
import sys
from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ValidationError
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
    history: list[_Turn] = []


def answer_lines(answerer: Answerer, lines: Iterable[str]) -> Iterator[Answer]:
    """Answer one question a line, plain text or JSON `{"id", "question", "history"}`; blank lines are skipped.

    A line that looks like JSON and is not is answered with an error that says so, and the rest goes on.
    """
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if not text.startswith("{"):
            yield answerer.answer(Question(text=text))
            continue
        try:
            asked = _Line.model_validate(json.loads(text))
        except (ValueError, RecursionError, ValidationError):
            yield Answer(id=None, question="", status="error", answer=reply("bad_line", line=str(number)))
            continue
        history = tuple(Turn(question=turn.question, answer=turn.answer) for turn in asked.history)
        yield answerer.answer(
            Question(text=asked.question, id=None if asked.id is None else str(asked.id), history=history)
        )


def converse(answerer: Answerer) -> int:
    """Ask and answer at a prompt until `/quit` or the end of input; earlier turns are remembered, not stored."""
    import readline  # noqa: F401  (gives input() its line editing and history)

    console = Console()
    console.print(reply("welcome"))
    history: tuple[Turn, ...] = ()
    while True:
        try:
            text = input("\n? ").strip()
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
            history = (*history, Turn(question=answer.question, answer=answer.answer))[-_REMEMBERED:]
