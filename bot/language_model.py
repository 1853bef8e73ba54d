"""The language model as the bot sees it: a prompt goes in, a text comes out, or it is said why none did."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.answers import Stop

Why = Literal["slow", "busy", "away", "spent", "stopped", "unreadable", "too much", "nothing", "unverified", "failed"]


class Unwritten(Exception):
    """Nothing that a language model wrote can be shown; `why` says in one word what went wrong."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a model is asked: its instructions, what they are about, and the JSON schema its reply should have."""

    name: str
    system: str
    user: str
    schema: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """A digest of every word of it: the same prompt has the same one on every machine."""
        return hashlib.sha256("\0".join((self.name, self.system, self.user)).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a model wrote, unread; `tokens` is what prompt and reply came to together."""

    text: str
    tokens: int


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Until when a reply is waited for (seconds of `time.monotonic`), unless `stop` is wished before."""

    ends: float
    stop: Stop = field(default_factory=Stop)

    @property
    def left(self) -> float:
        """The seconds that are left, at least 0."""
        return max(0.0, self.ends - time.monotonic())


class LanguageModel(Protocol):
    """Anything that replies to a prompt. Blocking; safe to call from several threads."""

    @property
    def name(self) -> str:
        """The model's name, as answers show it."""
        ...

    def reply(self, prompt: Prompt, patience: Patience) -> Reply:
        """The model's reply. Raises Unwritten when there is none in time."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is, rather too many than too few: most tokenizers take four characters for one."""
    return len(text) // 3 + 1
