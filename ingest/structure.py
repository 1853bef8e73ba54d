"""Structure: the headings above every block, also where a page lost its headings when it was saved."""

import re
from collections.abc import Sequence

from ingest.dates import dates_in, first_date
from ingest.readers.pages import Part

_OPENING_WORDS = 16
_UPDATE = re.compile(r"\b(?:updates?|progress|position|status|as (?:at|of))\b", re.IGNORECASE)
_LABEL = re.compile(r"^(?:\w+ ){0,3}(?:update|progress|position|status)\b.{0,20}$", re.IGNORECASE)


def heading_date(headings: Sequence[str]) -> str | None:
    """The date that the innermost dated heading states, where it dates a state of affairs: "Update (July 2024)"."""
    for heading in reversed(headings):
        stated = list(dates_in(heading))
        bracketed = stated and heading[: stated[0].start].rstrip().endswith("(")
        if stated and (bracketed or _UPDATE.search(heading)):
            return stated[0].value
    return None


def with_workstreams(parts: Sequence[Part]) -> list[Part]:
    """Give each workstream of a flattened page its opening words as a heading.

    A page that lost its headings still has its "Workstream update (July 2024)" lines. Each belongs to the
    paragraphs just before it; the first plain paragraph after an update's list opens the next workstream.
    Pages that kept headings of their own between their updates are returned as they are.
    """
    labels = [index for index, part in enumerate(parts) if _is_update_label(part)]
    if len(labels) < 2 or any(
        part.kind == "heading" for part in parts[labels[0] : labels[-1]] if not _is_update_label(part)
    ):
        return list(parts)
    level = 1 + max((part.level for part in parts[: labels[0]] if part.kind == "heading"), default=0)
    marked: list[Part] = [] if _has_heading(parts[: labels[0]]) else [_opening(parts[0], level)]
    in_update = seen_list = False
    for part in parts:
        if _is_update_label(part):
            in_update, seen_list = True, False
            marked.append(Part(kind="heading", text=part.text, level=level + 1))
            continue
        if in_update and seen_list and part.kind == "paragraph":
            in_update = False
            marked.append(_opening(part, level))
        seen_list = seen_list or part.kind == "item"
        marked.append(part)
    return marked


def _is_update_label(part: Part) -> bool:
    return (
        part.kind in ("heading", "paragraph")
        and bool(_LABEL.match(part.text))
        and first_date(part.text) is not None
    )


def _has_heading(parts: Sequence[Part]) -> bool:
    return any(part.kind == "heading" for part in parts)


def _opening(part: Part, level: int) -> Part:
    return Part(kind="heading", text=" ".join(part.text.split()[:_OPENING_WORDS]).rstrip(",;:"), level=level)
