"""Recorded replies: what a language model wrote in a run, kept so that the run can be played again without it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from bot.language_model import LanguageModel, Patience, Prompt, Reply, Unwritten
from evaluation.run_folders import read_results
from ingest.errors import TrustbotError

_FILE = "replies.jsonl"


class Recording:
    """A language model whose replies are kept, those that failed with the reason."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._lock = Lock()
        self._rows: list[Mapping[str, Any]] = []

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def reply(self, prompt: Prompt, patience: Patience) -> Reply:
        """The model's reply, or its failure, kept."""
        try:
            reply = self._model.reply(prompt, patience)
        except Unwritten as failure:
            self._keep(prompt, why=failure.why)
            raise
        self._keep(prompt, text=reply.text, tokens=reply.tokens)
        return reply

    def close(self) -> None:
        """Let go of the model."""
        self._model.close()

    def write(self, folder: Path) -> None:
        """Write what was kept into a run's folder. The prompts themselves are not in it, only their digests."""
        lines = "".join(json.dumps(row) + "\n" for row in self._rows)  # ASCII: a reply may hold halves of characters
        (folder / _FILE).write_text(lines, encoding="utf-8")

    def _keep(self, prompt: Prompt, **played: Any) -> None:
        with self._lock:
            self._rows.append({"model": self.name, "prompt": prompt.name, "digest": prompt.digest, **played})


class RecordedReplies:
    """Stands in for the language model of an earlier run: the same prompt gets the same reply.

    `day` is that run's, which stands in its prompts; `missed` counts the prompts that were not among the recorded
    ones; the passages answer them. Raises TrustbotError when the run recorded none.
    """

    def __init__(self, run: Path) -> None:
        rows = _rows(run / _FILE)
        self.day = date.fromisoformat(read_results(run)["run"]["day"])
        self._replies = {str(row["digest"]): row for row in rows}
        self._name = str(rows[0]["model"])
        self.missed = 0

    @property
    def name(self) -> str:
        """The name of the model that wrote the replies."""
        return self._name

    def reply(self, prompt: Prompt, patience: Patience) -> Reply:
        """The recorded reply. Raises Unwritten as then, and where this prompt was not asked."""
        row = self._replies.get(prompt.digest)
        if row is None:
            self.missed += 1
            raise Unwritten("away")
        if "why" in row:
            raise Unwritten(row["why"])
        return Reply(text=str(row["text"]), tokens=int(row["tokens"]))

    def close(self) -> None:
        """Nothing is held."""


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise TrustbotError(
            f"{file} cannot be read ({type(error).__name__}): name the folder of a run that was made with a model"
        ) from error
    if not rows or not all(isinstance(row, dict) and {"model", "digest"} <= row.keys() for row in rows):
        raise TrustbotError(f"{file} holds no replies: name the folder of a run that was made with a language model")
    return rows
