"""Answering: one question in, exactly one answer out; the same way from every entrance."""

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

from bot.answers import REMOVED, Answer, Citation, ClosestPage, Evidence, Question, Turn
from bot.composition import cite, in_text, notes_on
from bot.gaps import only_plans
from bot.language_model import Patience, Unwritten
from bot.likeness import Likeness
from bot.prompts import reply
from bot.screening import MOST_CHARACTERS, OUTCOMES, Verdict, screen
from bot.searching import Finding, search
from bot.threads import parts_of, standing_alone
from bot.writing import Writer, instead
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.index import Index

_CLOSEST = 3
_SHOWN_EVIDENCE = 10
_log = logging.getLogger(__name__)


class Answerer:
    """Answers questions from the current build of an index folder, and follows the pointer when it moves.

    `today` gives the day for embargoes and "now"; `ask` names whom to ask when nothing is found; a question has
    `most` characters at most; with a `writer` a language model words the answers, and the passages still answer
    wherever it fails.
    Raises TrustbotError when there is no build, or it was made with another model. Safe to share between threads.
    """

    def __init__(
        self,
        index: Path,
        model: EmbeddingModel,
        *,
        today: Callable[[], date] = date.today,
        ask: str = "the communications team",
        most: int = MOST_CHARACTERS,
        writer: Writer | None = None,
    ) -> None:
        self._builds = Builds(index)
        self._model = model
        self._today = today
        self._ask = ask
        self._most = most
        self._writer = writer
        self._likeness = Likeness(model)
        self._lock = Lock()
        self._index = self._open()
        self._readers: dict[int, int] = {}
        self._unusable: str | None = None

    def answer(self, question: Question) -> Answer:
        """Answer a question from one build, whatever happens to the index meanwhile; a fault is an answer too."""
        started = time.perf_counter()
        verdict = screen(question.text, most=self._most)
        try:
            verdict = verdict or self._likeness.verdict(question.text)
            with self._reading() as index:
                answer = self._screened(question, verdict, index) if verdict else self._answer(question, index)
        except Exception:  # the edge: whatever breaks, the person who asked is told so
            _log.exception("a question could not be answered")
            if verdict:  # which needs no index: somebody in a crisis is told where to go, and personal data is removed
                answer = self._screened(question, verdict, None)
            else:
                answer = self._said(question, "error", None, reply("error", ask=self._ask))
        return replace(answer, seconds=round(time.perf_counter() - started, 4))

    def wake(self) -> None:
        """Load what questions need now, and not when somebody waits for an answer."""
        self._likeness.verdict("I am here")
        with self._reading() as index:
            search(["Who works where?"], index, self._model, today=self._today())

    def current_index(self) -> Index:
        """The open current build, for those who look at it between questions."""
        with self._reading() as index:
            return index

    def close(self) -> None:
        """Let go of the index and the language model."""
        self._index.close()
        if self._writer:
            self._writer.close()

    def _answer(self, question: Question, index: Index) -> Answer:
        """Complete from the thread, retrieve, compose, and have a language model word it where there is one."""
        question = replace(question, history=_allowed(question.history))
        patience = self._writer.patience(question) if self._writer else None
        for asked in self._standing_alone(question, patience, index):
            findings = search(parts_of(asked, index), index, self._model, today=self._today())
            found = [finding for finding in findings if finding.found]
            if found:
                break
        evidence = _in_turn([finding.evidence for finding in findings])
        sure = max(finding.confidence for finding in findings)
        if not found:
            answer = self._not_found(question, evidence, index)
        else:
            answer = self._found(question, findings, found, index)
            answer = self._worded(answer, asked, question, found, patience, index)
        return replace(answer, evidence=tuple(evidence[:_SHOWN_EVIDENCE]), confidence=sure)

    def _standing_alone(self, question: Question, patience: Patience | None, index: Index) -> Iterator[str]:
        """The question as it is searched for: by the language model where it is sound, and by code."""
        by_code = standing_alone(question.text, question.history, index)
        if self._writer and patience and question.history:
            by_model = self._writer.rephrase(question, by_code, patience, today=self._today())
            if by_model:
                yield by_model
        yield by_code

    def _found(self, question: Question, findings: Sequence[Finding], found: Sequence[Finding], index: Index) -> Answer:
        citations: tuple[Citation, ...] = cite(
            [(finding.wanted, finding.candidates) for finding in found],
            looked_up=findings[0].looked_up if len(findings) == 1 else (),
        )
        missing = [_as_typed(finding.wanted.asked, question.text) for finding in findings if not finding.found]
        read_as = [f"The time asked about was read as: {one.wanted.event}." for one in found if one.wanted.event]
        notes = (*read_as, *notes_on(citations, today=self._today()))
        text = in_text(citations)
        planned = any(only_plans(finding.wanted, finding.candidates) for finding in found)
        if planned:
            text = reply("only_plans", ask=self._ask) + "\n" + text
        if missing:
            text += "\n" + reply("partial", missing=" / ".join(f"“{part}”" for part in missing), ask=self._ask)
        return Answer(
            id=question.id,
            question=question.text,
            status="partial" if missing or planned else "answered",
            answer=text,
            citations=citations,
            as_of=citations[0].as_of,
            notes=notes,
            build=index.build.id,
        )

    def _worded(
        self,
        answer: Answer,
        asked: str,
        question: Question,
        found: Sequence[Finding],
        patience: Patience | None,
        index: Index,
    ) -> Answer:
        """The answer in a language model's words above its quotes; as it is, with a note, where that fails."""
        if self._writer is None or patience is None:
            return answer
        parts = [(finding.wanted, finding.candidates) for finding in found]
        evidence = _in_turn([finding.evidence for finding in found])
        today = self._today()
        try:
            written = self._writer.write(
                asked, question.history, parts, evidence, answer.citations, index, patience, today=today
            )
        except Unwritten as failure:
            return replace(answer, notes=(instead(failure), *answer.notes), prompts=self._writer.prompts)
        except Exception as error:  # the edge to the model: whatever it makes break, the passages answer
            _log.error("what a language model wrote could not be used: %s", type(error).__name__)
            return replace(answer, notes=(instead(Unwritten("failed")), *answer.notes), prompts=self._writer.prompts)
        before, _, after = answer.answer.partition(in_text(answer.citations))
        return replace(
            answer,
            answer=f"{before}{written.text}\n{in_text(written.citations)}{after}",
            citations=written.citations,
            as_of=written.citations[0].as_of,
            notes=(*written.notes, *notes_on(written.citations, today=today)),
            answered_by=self._writer.name,
            prompts=self._writer.prompts,
        )

    def _not_found(self, question: Question, evidence: Sequence[Evidence], index: Index) -> Answer:
        pages = {item.document.id: item.document for item in evidence}
        closest = tuple(
            ClosestPage(document=page.id, title=page.title, url=page.url) for page in list(pages.values())[:_CLOSEST]
        )
        named = "; ".join(f"“{page.title}”" for page in closest)
        text = reply("not_found", ask=self._ask, closest=f"The closest pages are: {named}. " if named else "")
        return replace(self._said(question, "not_found", index, text), closest=closest)

    def _screened(self, question: Question, verdict: Verdict, index: Index | None) -> Answer:
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


def _allowed(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns that may be looked at: one that was refused, or only said thanks, is as if it had never been."""
    return tuple(turn for turn in history if turn.question != REMOVED and _says_something(turn.question))


def _says_something(text: str) -> bool:
    verdict = screen(text, most=len(text))
    return verdict is None or (OUTCOMES[verdict].status != "refused" and verdict not in ("help", "thanks"))


def _as_typed(part: str, text: str) -> str:
    """A part of a question without what was added to it from elsewhere."""
    return part if part in text else re.sub(r" \([^()]*\)\??$", "?", part)


def _in_turn(lists: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """The evidence of all parts, the best of each first, no passage twice."""
    longest = max((len(evidence) for evidence in lists), default=0)
    turns = [evidence[i] for i in range(longest) for evidence in lists if i < len(evidence)]
    return list({item.number: item for item in turns}.values())
