"""Checking the question set against the pages: what is said to be right stands there, and nowhere else."""

from collections.abc import Iterator, Mapping, Sequence

from evaluation.anchoring import anchor_gold, find_quote, lost_gold
from evaluation.questions import JudgedQuestion, first_match
from ingest.documents import Document
from ingest.sentences import sentence_spans


def check_questions(questions: Sequence[JudgedQuestion], documents: Mapping[str, Document]) -> list[str]:
    """One line for each thing in the set that does not agree with the stored documents."""
    return [problem for question in questions for problem in _problems(question, documents)]


def missing_documents(question: JudgedQuestion, documents: Mapping[str, Document]) -> list[str]:
    """A line for each document that a question names and the build lacks."""
    named = dict.fromkeys((*question.needs, *question.sources, *(gold.document for gold in question.gold)))
    return [f"{question.id}: there is no document '{name}'" for name in named if name not in documents]


def _problems(question: JudgedQuestion, documents: Mapping[str, Document]) -> Iterator[str]:
    yield from missing_documents(question, documents)
    yield from lost_gold(question, anchor_gold(question, documents))
    if question.answerable:
        yield from _unproven(question, documents)
        yield from _superseded(question, documents)
    elif question.kind == "unanswerable":
        yield from _answered_by_a_page(question, documents)


def _unproven(question: JudgedQuestion, documents: Mapping[str, Document]) -> Iterator[str]:
    """Each group of `expect` has a match in the gold quotes, or without gold on the pages it needs."""
    quotes = "\n".join(gold.quote for gold in question.gold)
    proof = quotes or _pages(question.needs or question.sources, documents)
    for number, group in enumerate(question.expect, 1):
        if first_match(group, proof) is None:
            yield f"{question.id}: group {number} of expect {list(group)} matches nothing in the gold"
    for pattern in question.forbid:
        if first_match([pattern], proof) is not None:
            yield f"{question.id}: '{pattern}' is forbidden but stands in the gold"
    for gold in question.gold:
        if question.sources and gold.document not in question.sources:
            yield f"{question.id}: gold stands in '{gold.document}', which is not among its sources"


def _superseded(question: JudgedQuestion, documents: Mapping[str, Document]) -> Iterator[str]:
    """The gold leads with the newest value, and the older ones do stand on some page."""
    if not question.superseded:
        return
    gold = "\n".join(quote.quote for quote in question.gold)
    newest, older = first_match(question.expect[0], gold), first_match(question.superseded, gold)
    if newest is not None and older is not None and older < newest:
        yield f"{question.id}: a superseded value stands before the newest one in the gold"
    for quote in (gold.quote for gold in question.gold):
        if first_match(question.superseded, quote) is not None and not _is_expected(question, quote):
            yield f"{question.id}: the gold “{quote}” gives only a superseded value"
    if all(first_match(question.superseded, document.text) is None for document in documents.values()):
        yield f"{question.id}: no page holds a superseded value {list(question.superseded)}"


def _is_expected(question: JudgedQuestion, text: str) -> bool:
    return any(first_match(group, text) is not None for group in question.expect)


def _answered_by_a_page(question: JudgedQuestion, documents: Mapping[str, Document]) -> Iterator[str]:
    """No sentence may pass for a plain admission, unless it is one: then it is given as gold."""
    for document in documents.values():
        quotes = [gold.quote for gold in question.gold if gold.document == document.id]
        gold = [find_quote(quote, document.text) for quote in quotes]
        for span in sentence_spans(document.text):
            sentence = document.text[slice(*span)]
            if span not in gold and first_match(question.admits, sentence) is not None:
                yield f"{question.id}: admits is matched by {document.id}: “{sentence}”"


def _pages(ids: Sequence[str], documents: Mapping[str, Document]) -> str:
    pages = [documents[id_] for id_ in ids if id_ in documents]
    return "\n".join(f"{page.title}\n{page.text}" for page in pages)
