"""Measures of one answered question: what its answer says, cites and quotes, against what is right."""

from collections.abc import Mapping

from bot.answers import Answer
from evaluation.questions import JudgedQuestion, first_match
from evaluation.relevance import RECALL
from ingest.documents import Document

ANSWERED = ("answered", "partial")
LOWER_IS_BETTER = ("over_refusal", "forbidden")
COUNTS = ("words",)
MEASURES = (
    *RECALL,
    "facts",
    "facts_all",
    "source",
    "citation_precision",
    "verbatim",
    "newest_first",
    "refusals",
    "over_refusal",
    "forbidden",
    "words",
)
WRITING = ("written", "faithful", "relevant")  # of runs with a language model; the last two are a judge's
# A page cited beside a right one is no failure of the question, so citation_precision is not here.
_FAILS_BELOW_ONE = ("facts", "source", "verbatim", "newest_first", "refusals")


def measure_answer(
    question: JudgedQuestion, answer: Answer, documents: Mapping[str, Document]
) -> dict[str, float | None]:
    """Every measure of an answer but those of retrieval, 0 to 1; None where one does not apply.

    `words` is a count. `documents` are the stored documents of the build that was asked.
    """
    said = answer.status in ANSWERED
    facts = _facts(question, answer) if question.answerable else None
    return {
        "facts": facts,
        "facts_all": None if facts is None else float(facts == 1),
        "source": _source(question, answer),
        "citation_precision": _citation_precision(question, answer),
        "verbatim": _verbatim(answer, documents),
        "newest_first": _newest_first(question, answer),
        "refusals": None if question.answerable else float(_is_rightly_refused(question, answer)),
        "over_refusal": float(not said) if question.answerable else None,
        "forbidden": float(_says(question.forbid, answer)) if question.forbid else None,
        "words": float(len(answer.answer.split())) if said else None,
    }


def measure_writing(answer: Answer) -> dict[str, float | None]:
    """`written`: 1 where a language model worded the answer, 0 where the passages had to; None without a model."""
    asked = answer.status in ANSWERED and answer.prompts is not None
    return {"written": float(answer.answered_by != "passages") if asked else None}


def failures(measures: Mapping[str, float | None]) -> list[str]:
    """The names of the measures that fell short; `r@10` where no gold is among the ten best passages."""
    names = [name for name in _FAILS_BELOW_ONE if (value := measures.get(name)) is not None and value < 1]
    names += [name for name in LOWER_IS_BETTER if measures.get(name)]
    return ["r@10", *names] if measures.get("r@10") == 0 else names


def _facts(question: JudgedQuestion, answer: Answer) -> float:
    """The share of groups matched; the text of a refusal matches none, whatever pages it happens to name."""
    if answer.status not in ANSWERED:
        return 0.0
    return sum(_says(group, answer) for group in question.expect) / len(question.expect)


def _source(question: JudgedQuestion, answer: Answer) -> float | None:
    if not (question.answerable and question.sources):
        return None
    return float(any(citation.document in question.sources for citation in answer.citations))


def _citation_precision(question: JudgedQuestion, answer: Answer) -> float | None:
    """Cited documents that are sources, over cited documents; an answer without citations has none right."""
    if not (question.answerable and question.sources) or answer.status not in ANSWERED:
        return None
    cited = {citation.document for citation in answer.citations}
    return len(cited & set(question.sources)) / len(cited) if cited else 0.0


def _verbatim(answer: Answer, documents: Mapping[str, Document]) -> float | None:
    """The share of citations whose quote is the stored text at its span and stands in the answer."""
    if not answer.citations:
        return None
    right = [
        (document := documents.get(citation.document)) is not None
        and citation.quote == document.text[citation.start : citation.end]
        and citation.quote in answer.answer
        for citation in answer.citations
    ]
    return sum(right) / len(right)


def _newest_first(question: JudgedQuestion, answer: Answer) -> float | None:
    """0 where an older value stands before the newest or without it; None where an answer gives neither."""
    if not (question.answerable and question.superseded) or answer.status not in ANSWERED:
        return None
    newest = first_match(question.expect[0], answer.answer)
    older = first_match(question.superseded, answer.answer)
    if newest is None:
        return None if older is None else 0.0
    return float(older is None or newest <= older)


def _is_rightly_refused(question: JudgedQuestion, answer: Answer) -> bool:
    if _says(question.forbid, answer):
        return False
    if answer.status in ANSWERED and _says(question.admits, answer):
        return True
    if answer.status not in question.expect_status:
        return False
    return answer.status != "signposted" or all(_says(group, answer) for group in question.expect)


def _says(patterns: tuple[str, ...], answer: Answer) -> bool:
    return first_match(patterns, answer.answer) is not None
