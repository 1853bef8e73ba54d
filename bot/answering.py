"""Answering: one question in, exactly one answer out; the same way from every entrance."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock

from bot.answers import REMOVED, Answer, Citation, ClosestPage, Evidence, Question
from bot.composition import cite, in_text, notes_on
from bot.confidence import SURE_ENOUGH, confidence
from bot.prompts import reply
from bot.retrieval import retrieve
from bot.screening import OUTCOMES, Verdict, screen
from bot.selection import Candidate, by_best_sentence, candidates
from bot.threads import parts_of, standing_alone
from bot.understanding import Unit, Wanted, understand
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.index import Index

_CLOSEST = 3
_SHOWN_EVIDENCE = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found for one part of a question."""

    wanted: Wanted
    evidence: Sequence[Evidence]
    candidates: Sequence[Candidate]
    confidence: float

    @property
    def found(self) -> bool:
        """True when the evidence is good enough to be shown."""
        return bool(self.candidates) and self.confidence >= SURE_ENOUGH


class Answerer:
    """Answers questions from the current build of an index folder, and follows the pointer when it moves.

    `today` gives the day for embargoes and "now"; `ask` names whom to ask when nothing is found.
    Raises TrustbotError when there is no build, or it was made with another model. Safe to share between threads.
    """

    def __init__(
        self,
        index: Path,
        model: EmbeddingModel,
        *,
        today: Callable[[], date] = date.today,
        ask: str = "the communications team",
    ) -> None:
        self._builds = Builds(index)
        self._model = model
        self._today = today
        self._ask = ask
        self._lock = Lock()
        self._index = self._open()
        self._readers: dict[int, int] = {}
        self._unusable: str | None = None

    def answer(self, question: Question) -> Answer:
        """Answer a question from one build, whatever happens to the index meanwhile; a fault is an answer too."""
        started = time.perf_counter()
        try:
            with self._reading() as index:
                answer = self._answer(question, index)
        except Exception:  # the edge: whatever breaks, the person who asked is told so
            _log.exception("a question could not be answered")
            answer = self._said(question, "error", None, reply("error", ask=self._ask))
        return replace(answer, seconds=round(time.perf_counter() - started, 4))

    def current_index(self) -> Index:
        """The open current build, for those who look at it between questions."""
        with self._reading() as index:
            return index

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _answer(self, question: Question, index: Index) -> Answer:
        """Screen, complete from the thread, retrieve, compose."""
        verdict = screen(question.text)
        if verdict:
            return self._screened(question, verdict, index)
        asked = standing_alone(question.text, question.history, index)
        findings = self._find(parts_of(asked, index), index)
        evidence = _in_turn([finding.evidence for finding in findings])
        sure = max(finding.confidence for finding in findings)
        found = [finding for finding in findings if finding.found]
        if not found:
            answer = self._not_found(question, evidence, index)
        else:
            answer = self._found(question, findings, found, index)
        return replace(answer, evidence=tuple(evidence[:_SHOWN_EVIDENCE]), confidence=sure)

    def _find(self, parts: Sequence[str], index: Index) -> list[Finding]:
        """Search for each part; all that has to be embedded is embedded in one pass."""
        today = self._today()
        wanteds = [understand(part, index, self._model, today=today) for part in parts]
        new = {unit.word for wanted in wanteds for unit in wanted.units if unit.word and not _known(unit, index)}
        texts = [*(wanted.text for wanted in wanteds), *sorted(new)]
        vectors = dict(zip(texts, self._model.embed_question(*texts), strict=True))
        findings = []
        for wanted in wanteds:
            vector = vectors[wanted.text]
            words = [
                vectors[unit.word] if unit.word in vectors else index.word_vectors(list(unit.ways[0]))[0]
                for unit in wanted.units
                if unit.word
            ]
            evidence = retrieve(wanted, vector, index, today=today)
            ranked = candidates(wanted, vector, words, evidence, index)
            evidence, ranked = by_best_sentence(evidence, ranked)
            sure = confidence(wanted, ranked)
            findings.append(Finding(wanted=wanted, evidence=evidence, candidates=ranked, confidence=sure))
        return findings

    def _found(self, question: Question, findings: Sequence[Finding], found: Sequence[Finding], index: Index) -> Answer:
        citations: tuple[Citation, ...] = cite([(finding.wanted, finding.candidates) for finding in found])
        missing = [finding.wanted.asked for finding in findings if not finding.found]
        notes = notes_on(citations, today=self._today())
        text = in_text(citations)
        if missing:
            text += "\n" + reply("partial", missing=" / ".join(f"“{part}”" for part in missing), ask=self._ask)
        return Answer(
            id=question.id,
            question=question.text,
            status="partial" if missing else "answered",
            answer=text,
            citations=citations,
            as_of=citations[0].as_of,
            notes=notes,
            build=index.build.id,
        )

    def _not_found(self, question: Question, evidence: Sequence[Evidence], index: Index) -> Answer:
        pages = {item.document.id: item.document for item in evidence}
        closest = tuple(
            ClosestPage(document=page.id, title=page.title, url=page.url) for page in list(pages.values())[:_CLOSEST]
        )
        named = "; ".join(f"“{page.title}”" for page in closest)
        text = reply("not_found", ask=self._ask, closest=f"The closest pages are: {named}. " if named else "")
        return replace(self._said(question, "not_found", index, text), closest=closest)

    def _screened(self, question: Question, verdict: Verdict, index: Index) -> Answer:
        outcome = OUTCOMES[verdict]
        shown = replace(question, text=REMOVED) if outcome.status == "refused" else question
        return self._said(shown, outcome.status, index, reply(outcome.reply, ask=self._ask))

    @staticmethod
    def _said(question: Question, status: str, index: Index | None, text: str) -> Answer:
        return Answer(
            id=question.id,
            question=question.text,
            status=status,  # type: ignore[arg-type]
            answer=text,
            build=index.build.id if index else None,
        )

    def _open(self) -> Index:
        return Index(self._builds, self._builds.current(), model_digest=self._model.digest)

    @contextmanager
    def _reading(self) -> Iterator[Index]:
        """The current build for one question; one whose place another took is closed behind its last question."""
        with self._lock:
            self._follow_the_pointer()
            index = self._index
            self._readers[id(index)] = self._readers.get(id(index), 0) + 1
        try:
            yield index
        finally:
            with self._lock:
                self._readers[id(index)] -= 1
                if not self._readers[id(index)]:
                    del self._readers[id(index)]
                    if index is not self._index:
                        index.close()

    def _follow_the_pointer(self) -> None:
        """Open the current build when it is another one; one that cannot be opened leaves the old one in use."""
        current = self._builds.current_id()
        if current in (self._index.build.id, self._unusable, None):
            return
        try:
            old, self._index = self._index, self._open()
        except TrustbotError as error:
            self._unusable = current
            _log.error("build %s cannot be used, %s stays in use: %s", current, self._index.build.id, error)
            return
        if not self._readers.get(id(old)):
            old.close()


def _known(unit: Unit, index: Index) -> bool:
    """True when the index holds a vector of the unit's word already."""
    return all(index.holds(term) for term in unit.ways[0])


def _in_turn(lists: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """The evidence of all parts, the best of each first, no passage twice."""
    longest = max((len(evidence) for evidence in lists), default=0)
    turns = [evidence[i] for i in range(longest) for evidence in lists if i < len(evidence)]
    return list({item.number: item for item in turns}.values())
