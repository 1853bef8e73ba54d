"""Selection: which sentences of the evidence answer the question, best first.

Each sentence is described by a few features; their weights were fitted on public question sets and on the invented
trusts by `evaluation/fitting.py` (which also prints the figures): our own pages and questions decide nothing here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answers import Evidence
from bot.understanding import Wanted
from ingest.dates import MONTH_NAMES, first_date, without_dates
from ingest.documents import Document
from ingest.embedding import Vectors
from ingest.index import Index
from ingest.splitting import lead_in
from ingest.words import plain, terms

_COMMON = 1.0  # rarity added to every question's: sharing words that are all common tells little
_UNLIKE = 0.35  # the cosine of two words that have nothing to do with one another
_NOTHING: frozenset[str] = frozenset()
PASSAGES = 10  # of the evidence that may be quoted
_READ = 20  # passages that are read sentence by sentence to find those
_BEST_SENTENCE = 0.05  # what a passage's best sentence counts beside its own score; see docs/answers.md

WEIGHTS: Mapping[str, float] = {
    "cosine": 2.49,
    "beyond_topic": 0.49,
    "words": -0.58,
    "meaning": 1.58,
    "words_above": 2.03,
    "meaning_above": 2.71,
    "words_around": 1.97,
    "passage": 8.02,
    "number": 1.22,
    "date": 1.76,
    "person": 1.12,
    "place": 1.08,
    "length": 0.11,
    "opens": -1.61,
    "organisation": 0.62,
    "money": 1.2,
    "duration": 1.1,
    "head": 0.68,
    "counted": 0.95,
    "listed": 0.48,
}

_NO_EVIDENCE = re.compile(
    r"\b(?:see (?:our|the) (?:web)?site|click here|find out more|read more|visit our|follow (?:the|this) link"
    r"|for more information)\b",
    re.IGNORECASE,
)
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|half|third|quarter"
    "|dozen|once|twice|first|second|all|every|everyone|everybody|none|nobody|no"
)
_CARDINALS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?|hundreds?|thousands?|millions?|dozens?"
)
DOINGS = frozenset(  # verbs that end a head: "how many people work for …"
    terms(
        "work live join attend use take come go get have need want see visit sign train employ wait leave start die"
        " apply complete finish serve treat own buy open hold fit sit cover run answer receive handle",
        stop=False,
    )
)
_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_COUNT = re.compile(
    rf"(?:\d[\d.,]*|\b(?:{_CARDINALS}))"
    r"(?=((?:[ -]+(?!(?:of|on|in|at|for|to|from|with|and|or|who|which|that|were|was|are|is|have|has)\b)"
    r"[\w’'&()-]+){1,4}))"
    r"|((?:[\w’'-]+ ){0,2}[\w’'-]+)(?: (?:is|are|was|were|has|have|ha[sd] (?:risen|fallen|grown) to|rose to|fell to"
    rf"|now))*[,:]? (?:\d|(?:{_CARDINALS})\b)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[£$€]|\b\d[\d.,]*\s?(?:million|billion|m|bn|k)\b|\bfree(?: of charge)?\b|\b(?:pence|pounds?|euros?)\b"
    r"|\bno (?:additional |extra )?(?:costs?|charges?|fees?)\b|\bcovers? the (?:full )?cost\b"
    rf"|\b(?:a|{_NUMBER_WORDS}) (?:million|billion)\b|\bband \d",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"\b(?:\d[\d.,]*|a|an|{_NUMBER_WORDS}|several|few|many|couple of)[\s-]+(?:and a half )?(?:[a-z]+[\s-]+)?(?:minute"
    r"|min|hour|hr|day|night|week|wk|fortnight|month|year|yr|term|session|decade)s?\b|\b(?:until|till|since|overnight)\b"
    r"|\b(?:from|between)\b.{1,40}\b(?:to|until|and)\b.{0,20}\d",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm)\b|\b(?:midnight|noon|midday)\b"
    r"|\b(?:spring|summer|autumn|winter|daily|weekly|monthly|yearly|annually|today|tomorrow|yesterday)\b"
    r"|\bevery (?:day|week|month|year)\b|\b(?:easter|christmas|new year|weekdays?|weekends?|fortnight\w*|dawn|dusk"
    r"|nights?|mornings?|afternoons?|evenings?|round the clock|24/7)\b|\b(?:this|last|next) (?:week|month|year|term)\b"
    r"|\b(?:days|weeks|months|years|decades) ago\b",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b(?:{MONTH_NAMES})\b")
_NAME_INSIDE = re.compile(r"(?<=\s)[A-Z][a-z]+")
_YEAR = re.compile(r"\b[12]\d{3}s?\b|\b\d+ (?:BC|AD)\b|\bcentur(?:y|ies)\b")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that may answer: its span in the stored document, the evidence it stands in, and its score."""

    evidence: Evidence
    start: int
    end: int
    text: str
    score: float
    features: Mapping[str, float]


def candidates(
    wanted: Wanted, vector: Vectors, words: Sequence[Vectors], evidence: Sequence[Evidence], index: Index
) -> list[Candidate]:
    """The sentences of the passages that are read, best first.

    `vector` is the question's, shape (dimension,); `words` are those of its units that have a word, in order.
    """
    nearness = _Nearness(wanted, words, index)
    found: dict[tuple[str, int], Candidate] = {}
    described = [(item, features_of(wanted, vector, nearness, item, index)) for item in evidence[:_READ]]
    apart = _apart_from_the_topic(vector, [index.sentence_vectors(item.number) for item, _ in described])
    for (item, features), beyond in zip(described, apart, strict=True):
        for (start, end), feature, own in zip(item.passage.sentences, features, beyond, strict=True):
            text = item.document.text[start:end]
            if (item.document.id, start) in found or _NO_EVIDENCE.search(text) or _is_table_head(item.document, start):
                continue
            feature["beyond_topic"] = own
            score = sum(weight * feature[name] for name, weight in WEIGHTS.items())
            found[item.document.id, start] = Candidate(
                evidence=item, start=start, end=end, text=text, score=score, features=feature
            )
    return sorted(found.values(), key=lambda one: (-one.score, one.evidence.document.id, one.start))


def by_best_sentence(
    evidence: Sequence[Evidence], ranked: Sequence[Candidate]
) -> tuple[list[Evidence], list[Candidate]]:
    """The evidence ordered again with the score of each passage's best sentence, and the candidates of its first.

    `ranked` are the candidates of this evidence, best first; passages that were not read stay behind the others.
    """
    best: dict[int, float] = {}
    for candidate in ranked:
        best.setdefault(candidate.evidence.number, candidate.score)
    read = [item for item in evidence if item.number in best]
    read.sort(key=lambda item: -(item.score + _BEST_SENTENCE * best[item.number]))
    ordered = [*read, *(item for item in evidence if item.number not in best)]
    quotable = {item.number for item in ordered[:PASSAGES]}
    return ordered, [one for one in ranked if one.evidence.number in quotable]


def features_of(
    wanted: Wanted, vector: Vectors, nearness: "_Nearness", item: Evidence, index: Index
) -> list[dict[str, float]]:
    """The features of each sentence of a passage, in reading order; every share is by rarity of what was asked."""
    document = item.document
    cosines = index.sentence_vectors(item.number) @ vector
    above = index.terms_above(item.number)
    texts = [document.text[start:end] for start, end in item.passage.sentences]
    words = index.sentence_terms(item.number)
    asked = plain(wanted.text)
    lists = bool(wanted.asks & {"list", "partners"})
    counted = _counted(wanted)
    described: list[dict[str, float]] = []
    for position, text in enumerate(texts):
        lead = lead_in(document, item.passage.sentences[position][0])
        if lead:
            before = frozenset(terms(document.text[lead[0] : lead[1]]))
        else:
            before = words[position - 1] if position else _NOTHING
        own = words[position]
        after = words[position + 1] if position + 1 < len(words) else _NOTHING
        named = any(name.lower() not in asked for name in _NAME_INSIDE.findall(text))
        described.append(
            {
                "cosine": float(cosines[position]),
                "words": _share(wanted, own),
                "meaning": nearness.share(own),
                "meaning_above": nearness.share(own, before, above),
                "head": nearness.head(own),
                "counted": float(any(_is_counted_in(text, way) for way in counted)),
                "words_above": _share(wanted, own | before | above),
                "words_around": _share(wanted, own | before | above | after),
                "passage": item.score,
                "number": float("number" in wanted.asks and bool(_NUMBER.search(text))),
                "date": float("date" in wanted.asks and _says_when(text)),
                "person": float("person" in wanted.asks and named),
                "place": float("place" in wanted.asks and named),
                "organisation": float("organisation" in wanted.asks and named),
                "money": float("money" in wanted.asks and bool(_MONEY.search(text))),
                "duration": float("duration" in wanted.asks and bool(_DURATION.search(text))),
                "length": min(len(text.split()), 60) / 60,
                "opens": float(text.endswith("?") or (text.endswith(":") and not lists)),
                "listed": float(lists and (lead is not None or text.endswith(":"))),
                "meaning_around": nearness.share(own, before, above, after),
            }
        )
    return described


def _counted(wanted: Wanted) -> list[frozenset[str]]:
    """The ways to say what a question wants counted; none where it wants nothing counted."""
    if "number" not in wanted.asks or not wanted.head:
        return []
    noun = next((term for term in reversed(wanted.head) if term not in DOINGS), wanted.head[0])
    ways = [way for unit in wanted.units if any(noun in way for way in unit.ways) for way in unit.ways]
    return [frozenset([noun]), *ways]


def _is_counted_in(text: str, thing: frozenset[str]) -> bool:
    """True where a number stands right before the thing, or the thing right before a number: "staff are 4,150"."""
    for found in _COUNT.finditer(without_dates(text)):
        words = terms(found[1] or found[2], stop=False)
        if thing.issubset(words) and (found[1] or words[-1] in thing):
            return True
    return False


def _says_when(text: str) -> bool:
    return bool(first_date(text) or _YEAR.search(text) or _MONTH.search(text) or _WHEN.search(text))


def _apart_from_the_topic(vector: Vectors, sentences: Sequence[Vectors]) -> list[list[float]]:
    """Cosines of question and sentences once what all the sentences share, the topic, is taken out of both.

    Without this a sentence that repeats the name asked about beats the one that says something of it.
    """
    if not any(len(vectors) for vectors in sentences):
        return [[] for _ in sentences]
    topic = np.concatenate([vectors for vectors in sentences if len(vectors)]).mean(axis=0)
    topic /= np.linalg.norm(topic) + 1e-9
    asked = vector - (vector @ topic) * topic
    asked /= np.linalg.norm(asked) + 1e-9
    apart = []
    for vectors in sentences:
        rest = vectors - np.outer(vectors @ topic, topic)
        apart.append(((rest @ asked) / (np.linalg.norm(rest, axis=1) + 1e-9)).tolist())
    return apart


def _is_table_head(document: Document, start: int) -> bool:
    block = next((i for i, block in enumerate(document.blocks) if block.start == start), None)
    if block is None or document.blocks[block].kind != "row":
        return False
    return (
        block == 0
        or document.blocks[block - 1].kind != "row"
        or (document.blocks[block - 1].headings != document.blocks[block].headings)
    )


class _Nearness:
    """How much of what was asked is said in words of the same or a like meaning."""

    def __init__(self, wanted: Wanted, words: Sequence[Vectors], index: Index) -> None:
        self._index = index
        self._units = wanted.units
        self._head = set(wanted.head)
        self._asked = np.stack(words) if words else np.zeros((0, 1), dtype=np.float32)
        self._rarity = np.array([unit.rarity for unit in wanted.units], dtype=np.float32)
        self._worded = np.array([unit.word is not None for unit in wanted.units], dtype=bool)
        self._weight = self._rarity.sum() + np.float32(_COMMON)
        self._known: dict[str, Vectors] = {}
        self._likes: dict[frozenset[str], Vectors] = {}

    def share(self, *groups: frozenset[str]) -> float:
        """The share of the units, by rarity, that the terms of all groups say or nearly say; 0 to 1."""
        together = groups[0].union(*groups[1:])
        said = np.array([unit.stands_in(together) for unit in self._units], dtype=np.float32)
        if len(self._asked):
            for group in groups:
                said[self._worded] = np.maximum(said[self._worded], self._like(group))
        return float(said @ self._rarity / self._weight)

    def head(self, terms: frozenset[str]) -> float:
        """How nearly `terms` say the thing asked for, 0 to 1; 0 where the question names none."""
        if not self._head or not terms:
            return 0.0
        if self._head & terms or any(_is_compound(term, head) for head in self._head for term in terms):
            return 1.0
        rows = [row for row, unit in enumerate(unit for unit in self._units if unit.word) if self._head & unit.ways[0]]
        if not rows:
            return 0.0
        self._learn(terms)
        return float(max(self._known[term][rows].max() for term in terms))

    def _like(self, terms: frozenset[str]) -> Vectors:
        """How nearly `terms` say each unit that has a word, shape (those units,)."""
        if terms not in self._likes:
            self._learn(terms)
            nothing = np.zeros(len(self._asked), dtype=np.float32)
            self._likes[terms] = np.max([self._known[term] for term in terms], axis=0) if terms else nothing
        return self._likes[terms]

    def _learn(self, terms: frozenset[str]) -> None:
        new = [term for term in terms if term not in self._known]
        if new:
            cosines = self._index.word_vectors(new) @ self._asked.T
            self._known.update(zip(new, np.clip((cosines - _UNLIKE) / (1 - _UNLIKE), 0, 1), strict=True))


def _is_compound(term: str, head: str) -> bool:
    """True for "bedroom", which begins with "bed"."""
    return len(head) > 2 and len(term) - len(head) > 3 and term.startswith(head)


def _share(wanted: Wanted, words: frozenset[str]) -> float:
    """How much of what was asked, by rarity, stands in `words`; 0 to 1."""
    total = sum(unit.rarity for unit in wanted.units)
    return sum(unit.rarity for unit in wanted.units if unit.stands_in(words)) / (total + _COMMON)
