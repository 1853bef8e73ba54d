"""Transcripts: what people see while a scripted model behaves well, lies or fails: python -m tests.transcripts

The made-up trust of `tests/pages.py` is asked; `docs/hostile-model.md` holds what this prints.
"""

import contextlib
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bot.answering import Answerer
from bot.answers import Answer, Question
from bot.writing import Writer
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.language_model import HOSTILE, RESET, STALL, Asked, Line, ScriptedModel, citing
from tests.pages import GARDEN, write_trust

_DAY = date(2024, 7, 1)
_LONGEST = 300  # characters of a reply that are printed
_FAILURES: dict[str, str | int] = {
    "stalls": STALL,
    "resets the connection": RESET,
    "answers 429": 429,
    "answers 500": 500,
    "refuses the key": 401,
}
_GOOD = citing(
    ("The Garden Club now has 52 volunteers.", "52 volunteers"),
    ("A greenhouse was put up in Larkhill.", "A greenhouse"),
)


def main() -> int:
    """Print a transcript of each part, as Markdown."""
    logging.disable()
    print("# What a hostile model can and cannot do\n")
    print(f"Printed by `python -m tests.transcripts`, of the made-up trust. Asked each time: “{GARDEN}”")
    with tempfile.TemporaryDirectory() as folder:
        embedding = EmbeddingModel()
        ingest(write_trust(Path(folder) / "corpus"), Path(folder) / "index", embedding)
        for name, part in _parts():
            with ScriptedModel(part=part) as script:
                writer = Writer(script.served(), embedding, seconds=1)
                with contextlib.closing(
                    Answerer(Path(folder) / "index", embedding, today=_today, writer=writer)
                ) as one:
                    answer = one.answer(Question(text=GARDEN))
                _print(name, script.replied[-1:], answer)
    return 0


def _today() -> date:
    return _DAY


def _parts() -> Iterator[tuple[str, Callable[[Asked], list[Line] | str | int]]]:
    yield "writes well", _GOOD
    for name, part in HOSTILE.items():
        yield name.replace("_", " "), part
    for name, failure in _FAILURES.items():
        yield name, lambda _, failure=failure: failure


def _print(name: str, replied: list[str], answer: Answer) -> None:
    print(f"\n## A model that {name}\n")
    for text in replied:
        cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text):,} characters)"
        print(f"It replied:\n\n```\n{cut or '(nothing)'}\n```\n")
    print("People saw:\n\n```")
    print("\n".join([answer.answer, *answer.notes]))
    print("```")


if __name__ == "__main__":
    sys.exit(main())
