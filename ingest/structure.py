"""Structure: the headings above every block, also where a page lost its headings when it was saved."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.dates import dates_in, first_date
from ingest.readers.pages import Part

_OPENING_WORDS = 16
_UPDATE = re.compile(r"\b(?:updates?|progress|position|status|as (?:at|of))\b", re.IGNORECASE)
_FEWEST_RUN_IN = 3  # paragraphs of a page that begin with a label, from which the labels are headings
_RUN_IN = re.compile(r"([A-Z0-9][\w’'&/-]+(?: [\w’'&/-]+){0,3})(?<! \w)\. +(?=[A-Z0-9£\"“‘'](?:\S* +){4})")
_SAYS_SOMETHING = re.compile(
    r"\b(?:i|you|he|she|it|we|they|this|that|these|there|is|are|was|were|be|has|have|had|will|would|can|could|should|may"
    r"|did|do|does|not|no|yes|so|but|then|thank|thanks|note|tip|everybody|everyone|nobody|dr|prof|mr|mrs|ms|st|rev|cllr|sgt"
    r"|capt|insp|hon|sir|dame|dear|kind|best)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:[\w’'-]+ ){0,3}(?:updates?|progress|position|status)\b.{0,40}(?<![.!?;,])", re.IGNORECASE)


def heading_date(headings: Sequence[str]) -> str | None:
    """The date that the innermost dated heading states, where it dates a state of affairs: "Update (July 2024)"."""
    for heading in reversed(headings):
        stated = list(dates_in(heading))
        bracketed = len(stated) == 1 and heading[: stated[0].start].rstrip().endswith("(")
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
    before = parts[: labels[0]]
    level = next((part.level for part in reversed(before) if part.kind == "heading"), 1)
    openings = _first_openings(before, level)
    for label, following in pairwise([*labels, len(parts)]):
        if opening := _opening_after(parts[label + 1 : following], is_last=following == len(parts)):
            openings[label + 1 + opening] = level
    marked: list[Part] = []
    for index, part in enumerate(parts):
        if index in openings:
            words = " ".join(part.text.split()[:_OPENING_WORDS]).rstrip(",;:")
            marked.append(Part(kind="heading", text=words, level=openings[index]))
        if _is_update_label(part):
            marked.append(Part(kind="heading", text=part.text, level=level + 2))
        else:
            marked.append(part)
    return marked


def run_in_headings(parts: Sequence[Part]) -> dict[int, str]:
    """The label that each paragraph of a digest begins with ("Doctors. Dr Krell is now ..."), by its index.

    A short beginning may be style; where several paragraphs, and half of the page's, have one, it is a digest, and
    each has its subject.
    """
    labels = {
        index: found.group(1)
        for index, part in enumerate(parts)
        if part.kind == "paragraph" and (found := _RUN_IN.match(part.text)) and not _SAYS_SOMETHING.search(found[1])
    }
    paragraphs = sum(part.kind == "paragraph" for part in parts)
    enough = len(set(labels.values())) >= _FEWEST_RUN_IN and 2 * len(labels) >= paragraphs
    return labels if enough else {}


def _is_update_label(part: Part) -> bool:
    return (
        part.kind in ("heading", "paragraph")
        and _LABEL.fullmatch(part.text) is not None
        and first_date(part.text) is not None
    )


def _first_openings(before: Sequence[Part], level: int) -> dict[int, int]:
    """Index and level of the openings above the first update.

    The page's own introduction may stand there too. The first workstream then opens below it, after the
    introduction's list or first paragraph; both openings are kept, as nothing tells which one is alone.
    """
    if not before or any(part.kind == "heading" for part in before):
        return {}
    below = _opening_after(before, is_last=False)
    return {0: level} | ({below: level + 1} if below else {})


def _opening_after(parts: Sequence[Part], *, is_last: bool) -> int | None:
    """Where the next workstream opens: at the first paragraph after a list, or without a list at the second one.

    Behind the last update no workstream follows, so what has no list belongs to the update.
    """
    lists = [index for index, part in enumerate(parts) if part.kind in ("item", "row")]
    paragraphs = [index for index, part in enumerate(parts) if part.kind == "paragraph"]
    if lists:
        return next((index for index in paragraphs if index > lists[0]), None)
    return paragraphs[1] if len(paragraphs) > 1 and not is_last else None
