"""The checks every part of Block Kit shares, worded as Slack words its errors."""

from sandbox.limits import Limits
from sandbox.wire import Json

ANY_TEXT = ("plain_text", "mrkdwn")
PLAIN_TEXT = ("plain_text",)
TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


class Checks:
    """Collects what is wrong with one payload; every error names its place by JSON pointer."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.errors: list[str] = []

    def bad(self, at: str, what: str) -> None:
        self.errors.append(f"{what} [json-pointer:{at}]")

    def one_of(self, at: str, value: object, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            self.bad(at, f"must be a valid enum value; expected one of {', '.join(allowed)}")

    def length(self, at: str, text: object, most: int, least: int = 1) -> None:
        if not isinstance(text, str):
            self.bad(at, "missing required field" if text is None else "must be a string")
        elif len(text) > most:
            self.bad(at, f"must be less than {most + 1} characters")
        elif len(text) < least:
            self.bad(at, f"must be more than {least - 1} characters")

    def optional_length(self, at: str, text: object, most: int, least: int = 1) -> None:
        if text is not None:
            self.length(at, text, most, least)

    def text(self, at: str, value: object, most: int, kinds: tuple[str, ...] = ANY_TEXT) -> None:
        """A text object: ``{"type": "mrkdwn", "text": "..."}``."""
        if not isinstance(value, dict):
            self.bad(at, "missing required field: text" if value is None else "must be an object")
            return
        kind = value.get("type")
        self.one_of(f"{at}/type", kind, kinds)
        self.known_keys(at, value, TEXT_KEYS["plain_text" if kind == "plain_text" else "mrkdwn"])
        self.length(f"{at}/text", value.get("text"), most)

    def optional_text(self, at: str, value: object, most: int, kinds: tuple[str, ...] = ANY_TEXT) -> None:
        if value is not None:
            self.text(at, value, most, kinds)

    def items(self, at: str, value: object, most: int, least: int = 1) -> list[object]:
        """The list itself, so that a caller can go on to what is in it; empty if it is no list."""
        if not isinstance(value, list):
            self.bad(at, "missing required field" if value is None else "must be an array")
            return []
        if len(value) > most:
            self.bad(at, f"no more than {most} items allowed")
        elif len(value) < least:
            self.bad(at, f"no less than {least} items allowed")
        return value

    def objects(self, at: str, value: object, most: int, least: int = 1) -> list[tuple[str, Json]]:
        """Each object of a list with its pointer; anything else in the list is an error."""
        found: list[tuple[str, Json]] = []
        for i, item in enumerate(self.items(at, value, most, least)):
            if isinstance(item, dict):
                found.append((f"{at}/{i}", item))
            else:
                self.bad(f"{at}/{i}", "must be an object")
        return found

    def known_keys(self, at: str, value: Json, known: set[str]) -> None:
        for key in sorted(set(value) - known):
            self.bad(at, f"invalid additional property: {key}")
