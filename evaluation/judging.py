"""Judging: LlamaIndex's own evaluators, which have a language model say whether answers are faithful and relevant.

They are a second opinion. What may be shown is decided by `bot/verifying/verification.py` alone.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.answers import Answer
from evaluation.measures import ANSWERED

Judge = Callable[[Sequence[Answer]], list[Mapping[str, float | None]]]
_AT_ONCE = 4
_log = logging.getLogger(__name__)


def judge_with(llm: Any) -> Judge:
    """A judge of answers by that LlamaIndex language model.

    It gives `faithful` (the quotes bear the answer out) and `relevant` (it fits the question and the quotes), 1.0
    or 0.0, for each answer in order; None for one that is no answer, and where the model did not reply.
    """
    return lambda answers: asyncio.run(_judge_all(llm, answers))


def what_was_said(answer: Answer) -> str:
    """What a judge reads: the sentences a language model wrote, or the quotes where the passages answer."""
    if answer.answered_by == "passages":
        return answer.answer
    first = min((answer.answer.find(f"“{citation.quote}”") for citation in answer.citations), default=-1)
    written = answer.answer[:first] if first > 0 else answer.answer
    return written.rpartition("\n")[0] or written


async def _judge_all(llm: Any, answers: Sequence[Answer]) -> list[Mapping[str, float | None]]:
    from llama_index.core.evaluation import FaithfulnessEvaluator, RelevancyEvaluator

    evaluators = {"faithful": FaithfulnessEvaluator(llm=llm), "relevant": RelevancyEvaluator(llm=llm)}
    places = asyncio.Semaphore(_AT_ONCE)

    async def judged(answer: Answer) -> Mapping[str, float | None]:
        if answer.status not in ANSWERED or not answer.citations:
            return dict.fromkeys(evaluators)
        async with places:
            return {name: await _score(evaluator, answer) for name, evaluator in evaluators.items()}

    return list(await asyncio.gather(*(judged(answer) for answer in answers)))


async def _score(evaluator: Any, answer: Answer) -> float | None:
    try:
        result = await evaluator.aevaluate(
            query=answer.question,
            response=what_was_said(answer),
            contexts=[
                f"{citation.title}, {citation.as_of or 'undated'}: {citation.quote}" for citation in answer.citations
            ],
        )
    except Exception as error:  # providers raise what they like; one judgement less is no reason to lose a run
        _log.warning("an answer could not be judged: %s", type(error).__name__)
        return None
    return float(result.score)
