"""Attribution: whether the figures and dates of a claim are told of the same things in the passages cited."""

import re
from collections.abc import Sequence

from bot.verifying.closeness import Closeness
from bot.verifying.figures import PEOPLE, TIMES, Figure
from bot.verifying.moments import Moment, states
from bot.verifying.naming import speaks_of
from bot.verifying.proper_names import ProperName
from bot.verifying.segments import Part, Segment
from bot.verifying.sources import Source

_RIVAL = 0.25  # how much more of a claim's words another sentence may say before its figure is the one meant
_RIVAL_PART = 0.1  # the same for another part of one sentence


def figures_stand(
    segments: Sequence[Segment], names: Sequence[ProperName], closeness: Closeness, sources: Sequence[Source]
) -> bool:
    """True when every figure stands in a sentence that counts the same and speaks of what the segment names."""
    for segment in segments:
        for figure in segment.figures:
            homes = _homes(segment, figure, names, closeness, sources)
            others = [
                column
                for column, source in enumerate(sources)
                if not any(figure.same(one) for one in source.figures)
                and _states_another(segment, figure, source.figures)
            ]
            if not _at_home(segment, homes, others, closeness):
                return False
    return True


def moments_stand(
    segments: Sequence[Segment], names: Sequence[ProperName], closeness: Closeness, sources: Sequence[Source]
) -> bool:
    """True when every date stands in a sentence that speaks of what the segment names, or dates its page or section.

    A date beside a figure is that of a sentence with the figure, where one is dated.
    """
    for segment in segments:
        homes = [
            [sources[column] for column in _homes(segment, figure, names, closeness, sources)]
            for figure in segment.figures
        ]
        for moment in segment.moments:
            if not all(_dated_alike(moment, segment, some) for some in homes):
                return False
            if not _dated_at_home(moment, segment, names, closeness, sources):
                return False
    return True


def _dated_at_home(
    moment: Moment,
    segment: Segment,
    names: Sequence[ProperName],
    closeness: Closeness,
    sources: Sequence[Source],
) -> bool:
    """True when a sentence with a segment's date speaks of its names, and no other date is meant."""
    homes = [
        column
        for column, source in enumerate(sources)
        if _is_dated(moment, segment, source)
        and speaks_of(segment, source, sources, names)
        and _dated_in_its_part(segment, moment, source, closeness)
    ]
    others = [
        column
        for column, source in enumerate(sources)
        if source.moments and not states(source.moments, moment, year=_year(source))
    ]
    return _at_home(segment, homes, others, closeness)


def _homes(
    segment: Segment,
    figure: Figure,
    names: Sequence[ProperName],
    closeness: Closeness,
    sources: Sequence[Source],
) -> list[int]:
    """The sources in which a figure of a segment is the same figure, of the same thing."""
    return [
        column
        for column, source in enumerate(sources)
        if any(_agrees(figure, one, segment, source) for one in source.figures)
        and speaks_of(segment, source, sources, names)
        and _in_its_part(segment, figure, source, closeness)
        and _in_order(segment, figure, source)
    ]


def _dated_alike(moment: Moment, segment: Segment, homes: Sequence[Source]) -> bool:
    """True when a sentence with the figure states the date beside it, or states none at all."""
    return any(not home.moments or _is_dated(moment, segment, home) for home in homes)


def _at_home(segment: Segment, homes: Sequence[int], others: Sequence[int], closeness: Closeness) -> bool:
    """True when no other sentence says so much more of the segment that the one with its figure cannot be meant."""
    if not homes:
        return False
    own = max(closeness.share(segment.said, column, alone=True) for column in homes)
    other = max((closeness.share(segment.said, column, alone=True) for column in others), default=0.0)
    return own + _RIVAL >= other


def _in_its_part(segment: Segment, figure: Figure, home: Source, closeness: Closeness) -> bool:
    """True when no other part of the same sentence, with another figure, says more of the segment."""
    own = [part for part in home.parts if any(figure.same(one) for one in part.figures)]
    others = [
        part
        for part in home.parts
        if not any(figure.same(one) for one in part.figures) and _states_another(segment, figure, part.figures)
    ]
    return _says_most(segment, own, others, closeness)


def _says_most(segment: Segment, own: Sequence[Part], others: Sequence[Part], closeness: Closeness) -> bool:
    """True when one of its own parts of a sentence says as much of a segment as the others do.

    A part that names nothing takes its subject from the sentence: then names do not tell the parts apart.
    """
    said = segment.said
    if not any(part.is_named for part in own):
        said = said - frozenset[str]().union(*(name.words for name in segment.names))
    best = max((closeness.share_of(said, part.said) for part in own), default=1.0)
    return all(closeness.share_of(said, part.said) <= best + _RIVAL_PART for part in others)


def _in_order(segment: Segment, figure: Figure, home: Source) -> bool:
    """True unless two figures that count the same thing have changed places."""
    mine = [one for one in segment.figures if one.counted[:1] == figure.counted[:1] != ()]
    theirs = [one for one in home.figures if any(one.same(other) for other in mine)]
    places = [next((i for i, other in enumerate(theirs) if one.same(other)), None) for one in mine]
    known = [place for place in places if place is not None]
    return known == sorted(known)


def _states_another(segment: Segment, figure: Figure, stated: Sequence[Figure]) -> bool:
    """True when a figure of the unit of `figure` is stated that the segment does not repeat."""
    return any(one.unit == figure.unit and not any(mine.same(one) for mine in segment.figures) for one in stated)


def _agrees(figure: Figure, stated: Figure, segment: Segment, source: Source) -> bool:
    """True when a source's figure is the claim's: same value, unit and bound, and nothing else counted."""
    if not figure.same(stated) or (figure.bound and figure.bound != stated.bound):
        return False
    counted, others = frozenset(figure.counted), frozenset(stated.counted)
    if counted & TIMES != others & TIMES and counted and others:
        return False
    counted -= frozenset[str]().union(*(name.words for name in segment.names))
    if not counted or counted & others:
        return True
    elsewhere = {term for one in source.figures if one is not stated for term in one.counted}
    return not counted & elsewhere and (not others or bool(counted & (source.said | PEOPLE)))


def _dated_in_its_part(segment: Segment, moment: Moment, home: Source, closeness: Closeness) -> bool:
    """True when no other part of the same sentence, with another date, says more of the segment."""
    own = [part for part in home.parts if states(part.moments, moment, year=_year(home))]
    others = [part for part in home.parts if part.moments and part not in own]
    return not own or _says_most(segment, own, others, closeness)


_AS_OF = re.compile(
    r"\b(?:as of|as at|in (?:a|an|the|its|his|her)|from (?:a|an|the)|dated|published|updated?|page|blog"
    r"|newsletter|report(?:ed|s)?|message)\b[^,]*$",
    re.IGNORECASE,
)


def _is_dated(moment: Moment, segment: Segment, source: Source) -> bool:
    if states(source.moments, moment, year=_year(source)):
        return True
    if not states(source.moments_above, moment, year=_year(source)):
        return False
    return not source.moments or bool(_AS_OF.search(segment.text[: moment.start]))


def _year(source: Source) -> str | None:
    return source.as_of[:4] if source.as_of else None
