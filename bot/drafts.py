"""Drafts: what a language model wrote, read as sentences with the passages they cite, in whatever form it came."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.language_model import Unwritten
from bot.verifying.verification import Claim
from ingest.sentences import sentence_spans

MOST_CHARACTERS = 12_000  # a reply that is longer is no answer, and is not read
MOST_SENTENCES = 15
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "passages": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "passages"],
                "additionalProperties": False,
            },
        },
        "missing": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["sentences", "missing"],
    "additionalProperties": False,
}

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MARKERS = re.compile(r"\s*[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
_ONE_OBJECT = re.compile(r"\{[^{}]*\}")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The sentences a model wrote, unverified, and what it says the passages lack."""

    claims: tuple[Claim, ...]
    missing: tuple[str, ...]


def read_draft(text: str) -> Draft:
    """Read a reply: JSON of the schema, JSON that is nearly so, or plain sentences with `[1]` markers.

    Raises Unwritten when it is far too long, or holds no sentence and names nothing that is missing.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unwritten("too much")
    read = _FENCE.sub("", _THINKING.sub("", _clean(text))).strip()
    found = _as_json(read)
    claims = list(_claims(read, ()) if found is None else _from_json(found))
    missing = tuple(_missing(found))
    if len(claims) > MOST_SENTENCES:
        raise Unwritten("too much")
    if not claims and not missing:
        raise Unwritten("unreadable")
    return Draft(claims=tuple(claims), missing=missing)


def read_field(text: str, name: str) -> str | None:
    """The text of one field of a reply in JSON; None when it has none."""
    found = _as_json(_FENCE.sub("", _THINKING.sub("", _clean(text[:MOST_CHARACTERS]))).strip())
    value = found.get(name) if isinstance(found, dict) else None
    return " ".join(value.split()) if isinstance(value, str) else None


def _clean(text: str) -> str:
    """`text` without control characters and the halves of characters that broken JSON may hold."""
    return _CONTROL.sub("", text.encode("utf-8", "replace").decode())


def _as_json(text: str) -> Any:
    """The JSON in a text, mended where it has trailing commas, an introduction, or was cut short; None for none."""
    starts = [at for at in (text.find("{"), text.find("[{")) if at >= 0]
    if not starts:
        return None
    whole = text[min(starts) : max(text.rfind("}"), text.rfind("]")) + 1]
    for attempt in (text, whole, _TRAILING_COMMA.sub("", whole)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _pieces(text)


def _pieces(text: str) -> Any:
    """The sentences that stand complete in broken JSON; None when there are none."""
    pieces = []
    for match in _ONE_OBJECT.finditer(text):
        try:
            piece = json.loads(_TRAILING_COMMA.sub("", match.group()), strict=False)
        except ValueError:
            continue
        if "text" in piece:
            pieces.append(piece)
    return {"sentences": pieces} if pieces else None


def _from_json(found: Any) -> Iterator[Claim]:
    sentences = found.get("sentences", found.get("answer", ())) if isinstance(found, dict) else found
    for item in sentences if isinstance(sentences, list) else [sentences]:
        if isinstance(item, str):
            yield from _claims(_clean(item), ())
        elif isinstance(item, dict) and isinstance(item.get("text"), str):
            yield from _claims(_clean(item["text"]), _numbers(item.get("passages")))


def _missing(found: Any) -> Iterator[str]:
    listed = found.get("missing") if isinstance(found, dict) else None
    for item in listed if isinstance(listed, list) else [listed]:
        if isinstance(item, str) and item.strip():
            yield _clean(item)


def _numbers(value: Any) -> tuple[int, ...]:
    """Passage numbers, given as numbers, as text or as one of either."""
    items = value if isinstance(value, list) else [value]
    return tuple(
        dict.fromkeys(
            int(digits) for item in items if not isinstance(item, bool) for digits in re.findall(r"\d{1,9}", str(item))
        )
    )


def _claims(text: str, passages: Sequence[int]) -> Iterator[Claim]:
    """Each sentence of a text as a claim; markers in it are taken out, and count beside `passages`."""
    written = _with_markers_inside(text)
    for start, end in sentence_spans(written):
        sentence = written[start:end]
        marked = [number for match in _MARKERS.finditer(sentence) for number in _numbers(match.group(1))]
        words = " ".join(_BULLET.sub("", _MARKERS.sub("", sentence)).split())
        if any(character.isalnum() for character in words):
            yield Claim(text=words, passages=tuple(dict.fromkeys((*passages, *marked))))


def _with_markers_inside(text: str) -> str:
    """`text` with the markers that follow a full stop drawn before it, so that they stay with their sentence."""
    return re.sub(r"([.!?])((?:\s*[\[【]\s*\d[\d\s,;]*[\]】])+)", r"\2\1", text)
