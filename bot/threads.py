"""Threads: a question made to stand on its own, from the turns before it and from its own parts."""

import re
from collections.abc import Sequence

from bot.answers import Turn
from ingest.dates import dates_in, first_date, without_dates
from ingest.glossary import Name, mentions
from ingest.index import Index
from ingest.words import plain, spelt_terms, stem, terms

_ELLIPSIS = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|and|but|so|then|also)[\s,]+)*(?:(?:what|how) about|same for|and for|for|in|at|by|since"
    r"|before|after|what in|and)\b[\s,]*(?P<rest>.*)$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|that|this|those|these|he|him|his|she|her|hers|there|then|one|ones|both|same"
    r"|the (?:programme|project|service|trust|team|hospital|unit|building|event|course|contract|partnership"
    r"|study|page))\b",
    re.IGNORECASE,
)
_OF_THE_TRUST = re.compile(r"\b(?:the|our|this) trust\b", re.IGNORECASE)
_PROPER = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'&()-]+(?:\s+(?:of|and|the|for)?\s*[A-Z][\w’'&()-]+)*")
_NEXT_PART = re.compile(
    r"\?\s+(?=\w)|[,;]?\s+(?:and|&|plus|also)\s+(?:also\s+)?(?=(?:who|what|when|where|how|which|why|did|does|is|are|was|were)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:who|whose|what|when|where|how|which|why)\b"
    r"|^(?:and |also )?(?:did|does|do|is|are|was|were|has|have|can|will)\b",
    re.I,
)
_AT_A_TIME = re.compile(r"(?<=\w)[\s,]+(?:back )?(?:when|before|after|until|once|since)\b.*$", re.IGNORECASE)
_HOW = re.compile(r"\bhow (?:many|much|often|long|big)\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:what|which|how (?:many|much))\s+(?!(?:is|are|was|were|did|do|does|has|have|had|will|can|the|our)\b)"
    r"(?P<thing>[^\W\d_]{3,})",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"^(?:who|what|which|when|where|how (?:many|much))\s+(?P<at>on|in|at|for|of|from|to|with|by)\s+"
    r"(?P<rest>\S+(?: \S+){0,5})$",
    re.IGNORECASE,
)
_NOW = re.compile(r"(?:right )?now|today|currently|these days|at the moment", re.IGNORECASE)
_AT = re.compile(
    r"\s*\b(?:back in|as of|in|on|at|by|during|for|of|before|since|after|until|from|between)\s+$", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:,|and|or|to|until|[-–])\s*(?:in |the )?", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:last|this|past|previous) (?:\w+ )?(?:day|week|month|year)s?\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:before|since|after|until)\b", re.IGNORECASE)
_THINGS = frozenset({"programmes", "places", "acronyms"})  # of the glossary, of which the same may be asked
_SUBJECT = re.compile(r"\babout (?P<old>\w[\w'’ -]{2,40})$", re.IGNORECASE)
_MOST_PARTS = 3
_LEFT_OUT = 2  # words up to which a question without a name leaves out what it asks about
_CARRIED = 6  # words of the turn before that are carried over where it names nothing


def standing_alone(text: str, history: Sequence[Turn], index: Index) -> str:
    """`text` with what it leaves out taken from the turns before it, oldest first; unchanged where nothing is."""
    earlier: str | None = None
    answered = ""
    for turn in history:
        earlier = _completed(turn.question, earlier, answered, index)
        answered = turn.answer
    return _completed(text, earlier, answered, index)


def parts_of(text: str, index: Index) -> list[str]:
    """The questions that one message asks, each standing on its own; one, unless several are plainly there."""
    pieces: list[str] = []
    for piece in (piece.strip(" ,;") for piece in _NEXT_PART.split(text) if piece and piece.strip(" ,;?!.")):
        if pieces and not _ASKS.search(piece):
            pieces[-1] += f"? {piece}"
        else:
            pieces.append(piece)
    if not 1 < len(pieces) <= _MOST_PARTS or any(len(piece.split()) < 2 for piece in pieces):
        return [text]
    parts = pieces[:1]
    for piece in pieces[1:]:
        parts.append(
            _at_another_time(parts[0], piece)
            or _elsewhere(parts[0], piece)
            or _alike(parts[0], piece, index)
            or _completed(piece, parts[0], "", index)
        )
    return parts


def _at_another_time(first: str, piece: str) -> str | None:
    """`first` asked of the date in `piece`, where that is all that `piece` adds: "what in 2023"; else None."""
    now, before = next(dates_in(piece), None), next(dates_in(first), None)
    if now is None or set(terms(piece[: now.start] + piece[now.end :])) - set(terms(first)):
        return None
    day = piece[now.start : now.end]
    if before is None:
        return f"{_AT_A_TIME.sub('', first).rstrip('? ')} in {day}?"
    return f"{first[: before.start]}{day}{first[before.end :].rstrip('? ')}?"


def _elsewhere(first: str, piece: str) -> str | None:
    """`first` asked of what `piece` names, where that is all it does: "who built A, and who on B"; else None."""
    match = _ELSEWHERE.match(piece.rstrip("? "))
    before, at, _ = first.lower().rpartition(f" {match['at'].lower()} ") if match else ("", "", "")
    return f"{first[: len(before)]}{at}{match['rest']}?" if match and at else None


def _alike(first: str, piece: str, index: Index) -> str | None:
    """`piece` with what `first` asks of the same thing: "what drop in sickness did A see", "what drop did B see"."""
    asked, again = _THING.search(first), _THING.search(piece)
    if asked is None or again is None or stem(asked["thing"].lower()) != stem(again["thing"].lower()):
        return None
    named = terms(" ".join(_names_in(first, index)))
    new = [word for term, word in _asked_about(first) if term not in named and term not in terms(piece)]
    return f"{piece.rstrip('? ')} ({', '.join(new[:_CARRIED])})?" if new else None


def _asked_about(text: str) -> list[tuple[str, str]]:
    """The stemmed terms of what a question is about, with their words, each once: no date, and not "how many"."""
    return list(dict.fromkeys(spelt_terms(_HOW.sub(" ", without_dates(text)))))


def _completed(text: str, earlier: str | None, answered: str, index: Index) -> str:
    if earlier is None:
        return text
    own = _names_in(text, index)
    points_back = _POINTS_BACK.search(_OF_THE_TRUST.sub(" ", text))
    if _NOW.fullmatch(text.strip("? ")):
        return _in_its_place(earlier, text, text, own, index)
    ellipsis = _ELLIPSIS.match(text)
    if ellipsis and not re.search(r"\b(?:who|what|when|where|how|which|why)\b", ellipsis.group("rest"), re.I):
        return _in_its_place(earlier, text, ellipsis.group("rest"), own, index)
    whole = own or _OF_THE_TRUST.search(text) or len(_asked_about(text)) > _LEFT_OUT
    if whole and not points_back:
        return text
    topics = _names_in(earlier, index) or _proper_names(earlier)
    if not topics:
        topics = _names_in(answered, index)[:2] or _proper_names(answered)[:2]
    if not topics:
        topics = list(dict.fromkeys(word for _, word in _asked_about(earlier)))[:_CARRIED]
    new = [topic for topic in topics if not mentions(plain(topic), plain(text))]
    if not points_back and first_date(text) is None:
        new += [earlier[day.start : day.end] for day in dates_in(earlier)]
    return f"{text.rstrip('? ')} ({', '.join(new)})?" if new else text


def _in_its_place(earlier: str, text: str, rest: str, own: Sequence[str], index: Index) -> str:
    """The earlier question asked of something else: "what about Sefton?", "and in 2023?", "and now?"."""
    asked = earlier.rstrip("? ")
    at_a_time = _at_its_time(asked, text, rest)
    if at_a_time:
        return at_a_time
    for alike in (_same_section, _both_things):
        for new in own:
            for old in _names_in(earlier, index):
                if alike(_section(old, index), _section(new, index)):
                    inside = _names_inside(old, index)
                    kept = f" ({', '.join(inside)})" if inside else ""
                    return re.sub(re.escape(old), new, asked, flags=re.IGNORECASE) + kept + "?"
    subject = _SUBJECT.search(asked)
    if subject and first_date(rest) is None:
        return f"{asked[: subject.start('old')]}{rest.strip('? ')}?"
    if own and first_date(asked):
        return f"{asked} ({rest.strip('? ')})?"
    return f"{asked}, {text.strip() if len(rest.split()) < 2 else rest.strip()}"


def _at_its_time(asked: str, text: str, rest: str) -> str | None:
    """`asked` of the time that is all `rest` says, or of now, in place of the time it names; else None."""
    now, before = _time_in(rest), _time_in(asked)
    if before is None:
        return None
    kept = f"{asked[: before[0]].rstrip(' ,')}{asked[before[1] :]}"
    if _NOW.fullmatch(rest.strip("? ")):
        return f"{kept} now?"
    if now is None or terms(rest[: now[0]] + rest[now[1] :]):
        return None
    side = _SIDE.search(text)
    at = side.group() if side else "" if _RELATIVE.match(rest[now[0] : now[1]]) else "in"
    return " ".join(f"{kept} {at} {rest[now[0] : now[1]]}?".split())


def _time_in(text: str) -> tuple[int, int] | None:
    """Where a question says its time last, as a span `[start, end)`, with the words that join it: " in 2015"."""
    spans = [(day.start, day.end) for day in dates_in(text)] or [match.span() for match in _RELATIVE.finditer(text)]
    if not spans:
        event = _AT_A_TIME.search(text)
        return event.span() if event else None
    start, end = spans.pop()
    while spans and _JOINED.fullmatch(text[spans[-1][1] : start]):
        start = spans.pop()[0]
    return len(_AT.sub("", text[:start])), end


def _same_section(old: str | None, new: str | None) -> bool:
    return old == new


def _both_things(old: str | None, new: str | None) -> bool:
    return old in _THINGS and new in _THINGS


def _names_in(text: str, index: Index) -> list[str]:
    """The names of the glossary as `text` writes them, the longest of those that overlap, in reading order."""
    lowered = plain(text)
    found: dict[str, str] = {}
    for alias, name in index.names_in(lowered):
        found.setdefault(alias, _spelt(alias, name))
    return [found[alias] for alias in sorted(found, key=lowered.find)]


def _names_inside(name: str, index: Index) -> list[str]:
    """The names of other things that stand inside a name: "Life Rooms" in "Southport Life Rooms"."""
    whole, section = plain(name), _section(name, index)
    inside = [_spelt(alias, other) for alias, other in index.aliases if alias != whole and mentions(alias, whole)]
    return [other for other in dict.fromkeys(inside) if _section(other, index) != section][:1]


def _spelt(alias: str, name: Name) -> str:
    """The alias of a name as the glossary spells it."""
    return next(other for other in name.all if plain(other) == alias)


def _proper_names(text: str) -> list[str]:
    return list(dict.fromkeys(match.group() for match in _PROPER.finditer(text)))[:3]


def _section(alias: str, index: Index) -> str | None:
    wanted = plain(alias)
    return next((name.section for known, name in index.aliases if known == wanted), None)
