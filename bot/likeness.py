"""Likeness: messages that need a person and not a page, told by examples of how such messages are written.

The patterns of `bot/screening.py` know the plainest words; here the embedding model compares a message with the lines
of `prompts/like_crisis.txt` and `prompts/like_clinical.txt`, and with questions in like words that are for the pages,
`prompts/like_question.txt`. Only a message that speaks of somebody ("I", "she", "my patient") is compared at all.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from typing import Literal

import numpy as np

from ingest.embedding import EmbeddingModel, Vectors

_NEAREST = 2  # examples whose mean cosine counts
_MARGIN = (
    0.03  # by which a message is more like them than like a question; `python -m evaluation.screening_check` shows it
)
_OF_SOMEBODY = re.compile(
    r"\b(?:i|i'?m|i'?ve|i'?ll|im|ive|me|my|myself|he|he'?s|she|she'?s|his|her|him|someone|somebody|someones|nobody"
    r"|no ?one"
    r"|patient|pt|service user|client|u|mum|dad|dads|nan|son|daughter|there'?s|tonight)\b",
    re.IGNORECASE,
)


class Likeness:
    """Tells messages in a crisis and clinical requests from questions, with any embedding model."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model

    def verdict(self, text: str, *, but: str | None = None) -> Literal["crisis", "clinical"] | None:
        """What `text` is most like; None for what is as much like a question, or speaks of nobody.

        The example `but` is left out, so that an example can be judged by the others.
        """
        if not _OF_SOMEBODY.search(text.replace("’", "'")):
            return None
        vector = self._model.embed_question(text)[0]
        likeness = {
            name: _likeness(vectors if but is None else vectors[[line != but for line in self.examples[name]]], vector)
            for name, vectors in self._vectors.items()
        }
        if max(likeness.values()) - likeness["question"] <= _MARGIN:
            return None
        return "crisis" if likeness["crisis"] >= likeness["clinical"] else "clinical"

    @cached_property
    def examples(self) -> Mapping[str, Sequence[str]]:
        """The lines of each list."""
        return {name: _lines(name) for name in ("crisis", "clinical", "question")}

    @cached_property
    def _vectors(self) -> Mapping[str, Vectors]:
        return {name: self._model.embed_question(*lines) for name, lines in self.examples.items()}


def _likeness(examples: Vectors, vector: Vectors) -> float:
    return float(np.sort(examples @ vector)[-_NEAREST:].mean())


def _lines(name: str) -> list[str]:
    text = files("prompts").joinpath(f"like_{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
