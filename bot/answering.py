"""Answering: one question in, exactly one answer out; the same way from every entrance."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

from bot.answers import Answer, ClosestPage, Evidence, Question
from bot.composition import cite, in_text
from bot.prompts import reply
from bot.retrieval import retrieve
from bot.selection import candidates
from bot.understanding import understand
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import Index

_CLOSEST = 3


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
        self._opening = Lock()
        self._index = self._open()

    def answer(self, question: Question) -> Answer:
        """Answer a question from one build, whatever happens to the index meanwhile."""
        started = time.perf_counter()
        answer = self._answer(question, self.current_index())
        return replace(answer, seconds=round(time.perf_counter() - started, 4))

    def current_index(self) -> Index:
        """The open current build. One that another build took the place of is left to questions still in it."""
        if self._builds.current_id() not in (self._index.build.id, None):
            with self._opening:
                if self._builds.current_id() not in (self._index.build.id, None):
                    self._index = self._open()
        return self._index

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _open(self) -> Index:
        return Index(self._builds, self._builds.current(), model_digest=self._model.digest)

    def _answer(self, question: Question, index: Index) -> Answer:
        today = self._today()
        wanted = understand(question.text, index, today=today)
        vector = self._model.embed_question(wanted.text)
        evidence = retrieve(wanted, vector, index, today=today)
        found = candidates(wanted, vector, evidence, index)
        if not found or not wanted.terms or (found[0].cosine < 0.3 and found[0].coverage < 0.5):
            return self._not_found(question, evidence, index)
        citations = cite(wanted, found)
        return Answer(
            id=question.id,
            question=question.text,
            status="answered",
            answer=in_text(citations),
            citations=citations,
            as_of=citations[0].as_of,
            build=index.build.id,
            evidence=tuple(evidence[:10]),
        )

    def _not_found(self, question: Question, evidence: Sequence[Evidence], index: Index) -> Answer:
        pages = {item.document.id: item.document for item in evidence}
        closest = tuple(
            ClosestPage(document=page.id, title=page.title, url=page.url)
            for page in list(pages.values())[:_CLOSEST]
        )
        named = "; ".join(f"“{page.title}”" for page in closest)
        text = reply("not_found", ask=self._ask, closest=f"The closest pages are: {named}. " if named else "")
        return Answer(
            id=question.id,
            question=question.text,
            status="not_found",
            answer=text,
            closest=closest,
            build=index.build.id,
            evidence=tuple(evidence[:10]),
        )
