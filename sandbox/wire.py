"""What goes over the wire: JSON objects, and Slack's way of saying no."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """A Web API answer with ``ok: false``."""

    def __init__(self, error: str, messages: Iterable[str] = (), **more: str) -> None:
        super().__init__(error)
        self.error, self.messages, self.more = error, list(messages), more

    def response(self) -> Json:
        answer: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            answer["errors"] = self.messages
            answer["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in self.messages]}
        return answer
