"""Proper names: who and what a text names, as the glossary knows them or as capital letters show."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from ingest.dates import dates_in
from ingest.glossary import mentions
from ingest.index import Index
from ingest.words import STOPWORDS, plain, terms

OTHER = "other"
_CONNECTORS = ("of", "for", "the")
_WAYS: WeakKeyDictionary[Index, Mapping[str, frozenset[str]]] = WeakKeyDictionary()  # a build never changes
_POSSESSIVE = re.compile(r"'s?$")
_RUN = re.compile(
    r"[A-Z][\w’'.&@()/-]*(?:(?:\s+(?:of|for|de|van|von|the))*\s+[A-Z][\w’'.&@()/-]*)*",
)
_OPENING = (
    "about above according across additionally after again all almost along alongside also although altogether among an"
    " and annually another any anyone around as at because before being below besides between both but by compared"
    " currently despite during each earlier either every everyone everything finally first following for former"
    " formerly four five from further fewer given half he her here his how however if in including initially instead"
    " it its just last later less many meanwhile more moreover most much nearly neither never nine no nobody none not"
    " nothing now of on once one only originally other others our out over overall people per probably rather recently"
    " several seven she similarly since six so some soon specifically staff still such ten that the their them then"
    " there these they this those three through throughout thus to today together two under unlike until up upon was we"
    " were what when where whereas whether which while who whose why with within without work yes yet you your"
)
_GENERAL, _TITLED = "trust nhs ceo i", "mr mrs ms miss dr prof professor sir dame lord lady cllr councillor rev"
_CALENDAR = (
    "january february march april may june july august september october november december monday tuesday wednesday"
    " thursday friday saturday sunday spring summer autumn winter christmas easter"
)
_OPENERS, _TITLES = frozenset(_OPENING.split()), frozenset(_TITLED.split())
_NO_NAMES = frozenset(_GENERAL.split()) | frozenset(_CALENDAR.split())


@dataclass(frozen=True, kw_only=True)
class ProperName:
    """Something a text names: its `kind` (a section of the glossary, or "other") and the ways to write it.

    `ways` are in plain lower case; `words` are the stemmed terms of the way it is written here, `capital` says that
    all of these begin with capital letters.
    """

    kind: str
    ways: frozenset[str]
    words: frozenset[str]
    capital: bool = field(default=True, compare=False)

    def stands_in(self, text: str, said: frozenset[str] | None = None) -> bool:
        """True when a text in plain lower case writes the name in one of its ways.

        For one sentence, its stemmed terms `said` may be given: the words of the name may then stand apart.
        """
        if said is not None and self.words <= said:
            return True
        return any(way in text and mentions(way, text) for way in self.ways)

    def opens(self, other: "ProperName") -> bool:
        """True when another name is this one or begins with it, as "Mersey Care NHS Foundation Trust" does."""
        return bool(self.ways & other.ways) or any(
            long.startswith(f"{short} ") for long in other.ways for short in self.ways
        )


def names_in(text: str, index: Index) -> list[ProperName]:
    """The names of a text in reading order: those of the glossary under all their aliases, and capitalised ones.

    A word that begins a sentence counts where no page holds it or where a capitalised one follows.
    """
    lowered = plain(text)
    known = [(alias, name) for alias, name in index.names_in(lowered) if _is_meant(alias, name.section, text)]
    found = [(lowered.find(alias), _known(alias, name.section, text, index)) for alias, name in known]
    for run in _runs(text, index):
        way, words = _POSSESSIVE.sub("", plain(run)), frozenset(terms(run))
        if words and not any(mentions(way, alias) for alias, _ in known):
            found.append((lowered.find(way), ProperName(kind=OTHER, ways=frozenset([way]), words=words)))
    names: dict[frozenset[str], ProperName] = {}
    for _, name in sorted(found, key=lambda one: one[0]):
        names.setdefault(name.ways, name)  # one that is listed as an acronym too counts once
    return list(names.values())


def _is_meant(alias: str, section: str, text: str) -> bool:
    """False for a partner or place written as a common noun: "charities", "the courts"."""
    return (section == "programmes" and " " in alias) or alias not in text


def _known(alias: str, section: str, text: str, index: Index) -> ProperName:
    """A name of the glossary with the aliases of every entry that shares one with it."""
    written = re.search(re.escape(alias), text, re.IGNORECASE)
    capital = written is None or not re.search(r"\b(?!of\b|for\b|and\b|the\b|in\b)[a-z]{2,}", written.group())
    return ProperName(kind=section, ways=_ways(index)[alias], words=frozenset(terms(alias)), capital=capital)


def _ways(index: Index) -> Mapping[str, frozenset[str]]:
    """Every alias of a build's glossary with all that name the same thing, through whichever entries they share."""
    known = _WAYS.get(index)
    if known is None:
        known = {}
        for name in index.glossary.names:
            own = frozenset(plain(alias) for alias in name.all)
            ways = own.union(*(known[way] for way in own if way in known))
            known.update(dict.fromkeys(ways, ways))
        _WAYS[index] = known
    return known


def _runs(text: str, index: Index) -> Iterator[str]:
    """Capitalised words that follow one another, dates and what only begins a sentence left out."""
    dated = text
    for mention in dates_in(text):
        dated = dated[: mention.start] + "-" * (mention.end - mention.start) + dated[mention.end :]
    for match in _RUN.finditer(dated):
        words = match.group().rstrip(".").split()
        if _opens(dated, match.start()):
            words = _without_opener(words, index)
        while words and words[0].lower().rstrip(".") in _TITLES:
            words = words[1:]
        if words and not (len(words) == 1 and words[0].lower().rstrip(".’'s") in _NO_NAMES):
            yield " ".join(words)


def _opens(text: str, start: int) -> bool:
    return not text[:start].strip(" \"'“‘(") or text[:start].rstrip(" \"'“‘(")[-1] in ".!?:|"


def _without_opener(words: list[str], index: Index) -> list[str]:
    first = plain(words[0]).removesuffix("'s")
    if first in _OPENERS or first in STOPWORDS:
        return words[1:]
    if len(words) > 2 and words[1] in _CONNECTORS:  # "Membership of the Garden Club"
        return _without_opener([word for word in words[1:] if word not in _CONNECTORS], index)
    if len(words) == 1 and words[0][1:].islower() and all(index.holds(term) for term in terms(words[0])):
        return []
    return words
