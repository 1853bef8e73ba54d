"""Naming: whether a claim's names are told of in the passages cited, together, and of no other thing instead."""

from collections.abc import Sequence

from bot.verifying.closeness import Closeness
from bot.verifying.moments import content_of
from bot.verifying.proper_names import OTHER, ProperName
from bot.verifying.segments import Segment
from bot.verifying.sources import Source, tells_of
from ingest.words import terms

_RIVAL = 0.25  # how much more of a claim's words a sentence on another thing may say before that one is meant
_TOPICS = ("programmes", "partners")  # what two passages that both name it are about
_OPENING = 2  # words of a sentence that may be its subject
_ON_ITS_NAMES = 0.4  # the least share of a part's words that a sentence on its names says


def names_stand(names: Sequence[ProperName], sources: Sequence[Source]) -> bool:
    """True when every name stands in a sentence cited, or above or around it."""
    return all(
        any(
            tells_of(name, source)
            or tells_of(name, source, around=True)
            or name.stands_in(source.above, source.above_said)
            or any(name.opens(one) for one in source.by)
            for source in sources
        )
        for name in names
    )


def names_belong(
    segments: Sequence[Segment], names: Sequence[ProperName], closeness: Closeness, sources: Sequence[Source]
) -> bool:
    """True when the names of a segment are told of together, and of no other thing of their kind instead.

    A segment without figure or date that follows another one says of its names what some sentence on them says.
    """
    for segment in segments:
        if not all(_at_home_with(name, segment, names, closeness, sources) for name in segment.names):
            return False
        own = segment.said - frozenset[str]().union(*(name.words for name in segment.names))
        if segment.names and segment is not segments[0] and own and not (segment.figures or segment.moments):
            homes = [column for column, one in enumerate(sources) if speaks_of(segment, one, sources, names)]
            if max((closeness.share(own, column) for column in homes), default=0.0) < _ON_ITS_NAMES:
                return False
            continue
        together = segment.names if own or not segment.subject else (segment.subject, *segment.names)
        if not _all_belong(together, names, sources):
            return False
    return True


def _all_belong(together: Sequence[ProperName], names: Sequence[ProperName], sources: Sequence[Source]) -> bool:
    """True when each name is told of together with the first one; people and roles also with the one beside them."""
    for place, other in enumerate(together[1:], 1):
        beside = (together[place - 1], *together[place + 1 : place + 2])
        people = [one for one in beside if one.kind == other.kind == OTHER]
        if not any(_belong(one, other, names, sources) for one in (together[0], *people)):
            return False
    return True


def _at_home_with(
    name: ProperName,
    segment: Segment,
    names: Sequence[ProperName],
    closeness: Closeness,
    sources: Sequence[Source],
) -> bool:
    """True when no sentence on another thing of the kind says so much more of the segment that it must be meant."""
    said = segment.said - name.words
    homes, others = [], []
    if any(name.opens(one) for source in sources for one in source.by):
        return True
    for column, source in enumerate(sources):
        if tells_of(name, source) or name.stands_in(source.above, source.above_said):
            homes.append(column)
        elif _has_rival(name, source, names):
            others.append(column)
    own = max((closeness.share(said, column, alone=True) for column in homes), default=1.0)
    return all(closeness.share(said, column, alone=True) <= own + _RIVAL for column in others)


def _belong(first: ProperName, other: ProperName, names: Sequence[ProperName], sources: Sequence[Source]) -> bool:
    """True when a sentence on one of two names tells of the other; of two people, itself and not by its passage."""
    people = first.kind == other.kind == OTHER
    return any(
        tells_of(one, source)
        and (
            two.stands_in(source.above, source.above_said)
            or any(two.opens(by) for by in source.by)
            or (tells_of(two, source) if people else _told_of(two, source, sources, names))
        )
        for source in sources
        for one, two in ((first, other), (other, first))
    )


def speaks_of(segment: Segment, source: Source, sources: Sequence[Source], named: Sequence[ProperName]) -> bool:
    """True when a sentence, or what stands above or around it, names what the segment names.

    A segment that names nothing is about what the one before it names, unless it begins with the sentence's subject.
    """
    if segment.names or segment.subject is None:
        return all(_told_of(name, source, sources, named) for name in segment.names)
    return _told_of(segment.subject, source, sources, named) or _begins_alike(segment.text, source.text)


def _begins_alike(text: str, other: str) -> bool:
    """True when the first word of a text is among the first ones of the other, stop words and figures aside."""
    first, *_ = (*_in_order(text), "")
    return first in _in_order(other)[:_OPENING]


def _in_order(text: str) -> list[str]:
    content = content_of(text)
    return [term for term in terms(text) if term in content]


def _told_of(name: ProperName, source: Source, sources: Sequence[Source], named: Sequence[ProperName]) -> bool:
    if tells_of(name, source):
        return True
    if _has_rival(name, source, named):
        return False
    if name.stands_in(source.above, source.above_said) or tells_of(name, source, around=True):
        return True
    if any(name.opens(one) for one in source.by):
        return True
    if any(one.kind == name.kind for one in source.names):
        return False
    shared = [one for one in named if one != name and one.kind in _TOPICS and tells_of(one, source)]
    return any(tells_of(name, other) and any(tells_of(one, other) for one in shared) for other in sources)


def _has_rival(name: ProperName, source: Source, named: Sequence[ProperName]) -> bool:
    """True when a sentence names another thing of the same kind, which the claim does not name."""
    return any(
        one.kind == name.kind
        and not any(one.ways & other.ways or one.words <= other.words or other.words <= one.words for other in named)
        and not one.words <= source.above_said
        and not any(one.opens(other) for other in source.by)
        for one in source.names
    )
