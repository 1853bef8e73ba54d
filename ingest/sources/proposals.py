"""Proposals: names that recur in the pages and that the glossary does not know.

A name is a run of words with capitals ("Bellfield Hospice", "University of Orrin", "LSHP"). Left out are people,
job titles, months, the trust itself, and what the same pages write in small letters too.
"""

import re
from calendar import day_name, month_name
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.documents import Document
from ingest.glossary import Glossary, mentions
from ingest.sentences import sentence_spans
from ingest.sources.report import ProposedName
from ingest.words import STOPWORDS, plain

MIN_DOCUMENTS = 3
MOST_PROPOSED = 20
_EXAMPLE = 300  # characters of a sentence that are quoted

_CALENDAR = "|".join(name for names in (month_name, day_name) for name in names if name)
_CAPITAL = rf"(?!(?:{_CALENDAR})\b)[A-ZÀ-ÖØ-Þ][\w’'&@-]*(?:\(\w{{1,3}}\))?"
_JOINTS = ("and", "&"), ("of", "for", "the", "in", "with", "at", "on")
_JOINT_WORDS = frozenset(word for words in _JOINTS for word in words)
_JOINT = "(?:and|&|(?:of|for|in|with|at|on)(?: the)?)"
_RUN = re.compile(rf"(?<![\w&’'@.-]){_CAPITAL}(?: (?:{_JOINT} )?{_CAPITAL}){{0,11}}")
_OWNED = re.compile(r"[’']s?$")
_IN_SMALL_LETTERS = re.compile(r"(?<![\w’'-])[a-zà-öø-ÿ][a-zà-öø-ÿ’'-]+")
_PLACED = re.compile(r"\b(?:in|at|near|across|around|throughout) $")
_POST_NAMES = (
    "director co-director officer executive ceo chair chairman chairwoman manager minister secretary president mayor"
    " governor consultant head lead designate"
)
_BEFORE_A_NAME = (
    "chief deputy associate non-executive medical operating finance board nurse professor prof dr mr mrs ms miss sir"
    " dame lord lady baroness cllr councillor rev"
)
_COMMON = (
    "nhs uk england britain british english gp gps foundation trust service services care health mental hospital"
    " covid covid-19 christmas easter mp mps"
)
_POSTS = frozenset(_POST_NAMES.split())
_ROLES = _POSTS | frozenset(_BEFORE_A_NAME.split())
_SAYS_NOTHING = frozenset(_COMMON.split()) | _ROLES | _JOINT_WORDS
_SHORT_FORM = re.compile(r" (?:NHS|Foundation|University|Trust)\b.*")
_OF_A_PERSON = re.compile(
    r",? (?:who |has |had )?(?:said|says|added|adds|argued|argues|explained|explains|thanked|thanks|told|wrote|writes"
    r"|described|describes|believes|joined|retired|stepped down|became)\b"
    r"|, (?:(?:the|our|its|then|a) )?(?:[\w’'-]+ ){0,3}(?:chief|director|chair\w*|officer|nurse|minister|professor|lead"
    r"|manager|consultant|head|president|mayor|secretary)\b",
    re.IGNORECASE,
)

_Words = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """One run of words with capitals, and where it begins in its document's text."""

    document: Document
    words: _Words
    start: int
    opens_sentence: bool

    @property
    def end(self) -> int:
        """Where it ends; its words stand one space apart."""
        return self.start + len(" ".join(self.words))


def proposed_names(documents: Sequence[Document], glossary: Glossary) -> tuple[ProposedName, ...]:
    """Up to MOST_PROPOSED names that stand in MIN_DOCUMENTS pages or more, those in most pages first."""
    runs = [run for document in documents for run in _runs(document)]
    small = _small_letters(documents)
    people = _people(documents, runs, small)
    known = [*_own_names(documents), *(plain(alias) for name in glossary.names for alias in name.all)]
    recurring = sorted(_recurring(runs).items(), key=lambda each: (-len(_documents(each[1])), -len(each[1]), each[0]))
    names = (
        _proposed(words, standing)
        for words, standing in recurring
        if _is_a_name(words, standing, small) and not _is_of(words, people) and not _is_known(words, known)
    )
    return tuple(islice(names, MOST_PROPOSED))


# Where the runs stand


def _runs(document: Document) -> Iterator[_Standing]:
    """The runs of a document's text, cut behind a possessive ("the Trust's Life Rooms" is two)."""
    for match in _RUN.finditer(document.text):
        start, opens, words = match.start(), _opens_sentence(document.text, match.start()), list[str]()
        at = start
        for word in match.group().split(" "):
            bare = _OWNED.sub("", word)
            words.append(bare)
            at += len(word) + 1
            if bare != word:
                yield from _trimmed(document, words, start, opens)
                start, opens, words = at, False, []
        yield from _trimmed(document, words, start, opens)


def _trimmed(document: Document, words: Sequence[str], start: int, opens: bool) -> Iterator[_Standing]:
    """A run without an article or the like before it."""
    first = next((index for index, word in enumerate(words) if not _is_no_beginning(word)), len(words))
    if first < len(words):
        start += sum(len(word) + 1 for word in words[:first])
        yield _Standing(document=document, words=tuple(words[first:]), start=start, opens_sentence=opens and not first)


def _is_no_beginning(word: str) -> bool:
    return word in _JOINT_WORDS or word.lower() in STOPWORDS


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(' “‘"(')
    return not before or before[-1] in ".!?:…\n|"


def _recurring(runs: Sequence[_Standing]) -> Mapping[_Words, list[_Standing]]:
    """The runs that stand in enough documents; a rarer one counts for its parts: "Orrin and Larkhill" for two."""
    found: dict[_Words, list[_Standing]] = {}
    rest = list(runs)
    for joints in ((), *_JOINTS):
        parts = defaultdict[_Words, list[_Standing]](list)
        for run in rest:
            for part in _split(run, joints):
                parts[part.words].append(part)
        enough = {words for words, standing in parts.items() if len(_documents(standing)) >= MIN_DOCUMENTS}
        found |= {words: [*found.get(words, []), *parts[words]] for words in enough}
        rest = [run for words, standing in parts.items() if words not in enough for run in standing]
    return found


def _split(run: _Standing, joints: Sequence[str]) -> Iterator[_Standing]:
    """The parts of a run between these joints; the run itself where it has none."""
    if not any(word in joints for word in run.words):
        yield run
        return
    start, at, words = run.start, run.start, list[str]()
    for word in (*run.words, *joints[:1]):
        at += len(word) + 1
        if word in joints:
            yield from _trimmed(run.document, words, start, run.opens_sentence and start == run.start)
            start, words = at, []
        else:
            words.append(word)


def _documents(standing: Sequence[_Standing]) -> Collection[str]:
    return dict.fromkeys(one.document.id for one in standing)


# Which of them are names to propose


def _small_letters(documents: Sequence[Document]) -> Counter[str]:
    """In how many documents each word is written in small letters."""
    return Counter(word for document in documents for word in set(_IN_SMALL_LETTERS.findall(document.text)))


def _is_a_name(words: _Words, standing: Sequence[_Standing], small: Counter[str]) -> bool:
    """False for job titles, months and the like, for what only opens sentences, and for words of everyday."""
    within = [one for one in standing if not one.opens_sentence]
    if not within or all(word.lower() in _SAYS_NOTHING for word in words) or _is_a_job(words):
        return False
    if len(words) > 1:
        return True
    (word,) = words
    if sum(character.isupper() for character in word) > 1:
        return len(word) > 1
    placed = [one for one in within if _PLACED.search(one.document.text, max(0, one.start - 12), one.start)]
    return len(word) > 2 and not small[word.lower()] and len(_documents(placed)) > 1


def _is_a_job(words: _Words) -> bool:
    """True for "Estates Director" and for "Executive Director of Workforce at Tidewater"."""
    following = (*words[1:], "of")
    return any(word.lower() in _POSTS and below in ("of", "for") for word, below in zip(words, following, strict=True))


def _own_names(documents: Sequence[Document]) -> list[str]:
    """What the trust itself is called, long and short: the publisher of most of the pages."""
    publishers = Counter(document.publisher.partition("(")[0].strip() for document in documents if document.publisher)
    return [plain(name) for own, _ in publishers.most_common(1) for name in (own, _SHORT_FORM.sub("", own))]


def _is_known(words: _Words, known: Sequence[str]) -> bool:
    """True when the names known say all of it but for joints and words such as "NHS" or "director"."""
    rest = plain(" ".join(words))
    if any(mentions(rest, name) for name in known):
        return True
    for name in sorted(known, key=len, reverse=True):
        if len(name) > 1 and name in rest and mentions(name, rest):
            rest = rest.replace(name, " ")
    return all(word in _SAYS_NOTHING for word in rest.split())


def _people(documents: Sequence[Document], runs: Sequence[_Standing], small: Counter[str]) -> frozenset[_Words]:
    """Names of people, whole and in parts: authors, those with a title or a job before them, those who speak."""
    found = {tuple(document.author.split()) for document in documents if document.author}
    for run in runs:
        words = run.words
        while words and words[0].lower() in _ROLES:
            words = words[1:]
        is_titled = words != run.words
        is_like_one = 1 < len(words) < 4 and not any(small[word.lower()] or word.isupper() for word in words)
        if is_like_one and (is_titled or _OF_A_PERSON.match(run.document.text, run.end)):
            found.add(words)
    return frozenset(part for name in found for part in _parts(name))


def _is_of(words: _Words, people: Collection[_Words]) -> bool:
    """True for a person's name, a part of it such as a surname, and for what holds two words of one."""
    return words in people or any(len(part) > 1 and part in people for part in _parts(words))


def _parts(words: _Words) -> Iterator[_Words]:
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            yield words[start:end]


def _proposed(words: _Words, standing: Sequence[_Standing]) -> ProposedName:
    return ProposedName(
        name=" ".join(words),
        documents=tuple(_documents(standing)),
        times=len(standing),
        example=_sentence_around(standing[0]),
    )


def _sentence_around(one: _Standing) -> str:
    text = one.document.text
    block = one.document.blocks[one.document.block_at(one.start)]
    spans = sentence_spans(text, block.start, block.end)
    start, end = next(((start, end) for start, end in spans if start <= one.start < end), (one.start, one.end))
    return text[start:end] if end - start <= _EXAMPLE else f"{text[start : start + _EXAMPLE].rstrip()}…"
