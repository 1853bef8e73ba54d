"""Refreshing: the pages brought up to date from the Home tab, by those of comms who are named, one at a time."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from bot.prompts import reply
from ingest.errors import TrustbotError

_TOLD = ("added", "changed", "moved", "withdrawn", "returned", "edited", "failed")
_NAMES = {"returned": "back again", "edited": "kept as edited by hand", "failed": "could not be had"}


class Refresh(Protocol):
    """Brings the pages up to date; `trustbot.py` has it."""

    async def __call__(self) -> str:
        """What came of it, in words. Takes minutes. Raises TrustbotError when it cannot be done."""
        ...


class RefreshCommand:
    """A refresh in a process of its own, which leaves the bot's memory and processors to those who ask.

    `command` is `trustbot refresh --json` with all its options. Cancelled, it ends the process, which is safe at any
    moment.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    async def __call__(self) -> str:
        """What came of it, in words. Raises TrustbotError with the line that the command ended with."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            printed, said = await process.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        with suppress(ValueError):
            return in_words(json.loads(printed))
        lines = said.decode("utf-8", "replace").strip().splitlines() or [f"it ended with {process.returncode}"]
        raise TrustbotError(lines[-1].removeprefix("trustbot: "))


def in_words(report: Mapping[str, Any]) -> str:
    """The report of a refresh, as `trustbot refresh --json` prints it, in a few words."""
    counted = [f"{len(report[name])} {_NAMES.get(name, name)}" for name in _TOLD if report[name]]
    counts = f" ({', '.join(counted)})" if counted else ""
    if report["outcome"] == "held":
        because = "; ".join(report["held_because"])
        return reply("slack_refresh_held", because=because, build=str(report["build"]), counts=counts)
    name = "slack_refresh_done" if report["outcome"] == "promoted" else "slack_refresh_unchanged"
    return reply(name, counts=counts)
