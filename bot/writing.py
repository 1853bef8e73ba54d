"""Writing: a language model writes an answer from numbered passages, and what code finds in them is kept."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, zip_longest

from bot.answers import Citation, Evidence, Question, Turn
from bot.drafts import SCHEMA, read_draft
from bot.language_model import LanguageModel, Patience, Prompt, Unwritten, Why, estimated_tokens
from bot.prompts import check_prompts, digest_of, reply
from bot.quoting import Marked, Part, quote
from bot.rephrasing import PROMPTS as REPHRASING
from bot.rephrasing import rephrase, turns_as_data, without_links
from bot.screening import tries_to_turn
from bot.understanding import Wanted
from bot.verifying.verification import Claim, Ruling, newest_first, verify
from ingest.dates import first_date, in_words, last_day
from ingest.embedding import EmbeddingModel
from ingest.index import Index
from ingest.words import terms

MOST_PASSAGES = 8
_INSTRUCTIONS = ("write_task", "write_grounding", "write_newest", "write_data", "write_form")
_PROMPTS = {
    **dict.fromkeys(_INSTRUCTIONS, ()),
    "write_question": ("today", "passages", "turns", "question"),
    **REPHRASING,
}
_NOTES = {
    "written": ("model",),
    "passages_instead": ("why",),
    "sentences_left_out": ("count",),
    "model_misses_something": (),
}
_BECAUSE: Mapping[Why, str] = {
    "slow": "the language model took too long",
    "busy": "the language model was busy with other questions",
    "away": "the language model could not be reached",
    "spent": "the language model has written as much today as it may",
    "stopped": "the question was called off",
    "unreadable": "the language model wrote nothing that could be read",
    "too much": "the language model wrote far too much",
    "nothing": "the language model found no answer in these passages",
    "unverified": "too much of what the language model wrote is not borne out by the pages",
    "failed": "the language model failed",
}
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|half|third|quarter|dozen"
    r"|once|twice|all|every|none|no)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"£|\b(?:pounds?|pence|euros?|free)\b|\d\s?(?:m|bn|k|million|billion)\b", re.IGNORECASE)
_KINDS: Mapping[str, Callable[[str], object]] = {
    "number": _FIGURE.search,
    "money": _MONEY.search,
    "date": first_date,
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a model wrote and code let stand: the sentences with their markers, the quotes, and what to note."""

    text: str
    citations: tuple[Citation, ...]
    notes: tuple[str, ...]


class Writer:
    """Has a language model write, and lets nothing through that is not in the passages.

    `seconds` is how long one question may take it in all; `context` how many tokens the model reads at once, of
    which `answer_tokens` are for what it writes. Raises TrustbotError when a prompt asks for what it is not given.
    """

    def __init__(
        self,
        model: LanguageModel,
        embedding: EmbeddingModel,
        *,
        seconds: float = 30.0,
        context: int = 8192,
        answer_tokens: int = 1000,
    ) -> None:
        check_prompts(_PROMPTS | _NOTES)
        self._model, self._embedding = model, embedding
        self._seconds, self._room = seconds, context - answer_tokens
        self.name = model.name
        self.prompts = digest_of(_PROMPTS)

    def patience(self, question: Question) -> Patience:
        """How long this question may take the model from now on."""
        return Patience(ends=time.monotonic() + self._seconds, stop=question.stop)

    def close(self) -> None:
        """Let go of the model."""
        self._model.close()

    def rephrase(self, question: Question, by_code: str, patience: Patience, *, today: date) -> str | None:
        """A follow-up made to stand on its own; None where code's own version has to do, or does as well."""
        try:
            asked = rephrase(self._model, question.text, by_code, question.history, patience, today=today)
        except Unwritten:
            return None
        return asked if asked != by_code else None

    def write(
        self,
        text: str,
        history: Sequence[Turn],
        parts: Sequence[Part],
        evidence: Sequence[Evidence],
        usual: Sequence[Citation],
        index: Index,
        patience: Patience,
        *,
        today: date,
    ) -> Written:
        """An answer to `text` from the evidence that was found for its `parts`.

        `usual` are the quotes that answer it without a model. Raises Unwritten when the passages have to answer:
        the model did not reply, or what was asked for, or more than half, of what it wrote does not stand.
        """
        passages = _shown(parts, evidence)
        if not passages:
            raise Unwritten("nothing")
        prompt, shown = self._prompt(text, history, passages, today)
        draft = read_draft(self._model.reply(prompt, patience).text)
        if not draft.claims:
            raise Unwritten("nothing")
        rulings = verify(draft.claims, shown, index, self._embedding)
        standing = [ruling for ruling in newest_first(rulings, shown) if ruling.stands]
        if not _answers(rulings, standing, shown, parts, usual):
            raise Unwritten("unverified")
        marked, citations = quote([ruling.claim for ruling in standing], shown, parts, usual, index)
        if not _leads_with_the_newest(marked[0], citations, parts, usual):
            raise Unwritten("unverified")
        notes = [reply("written", model=self.name)]
        if left_out := len(rulings) - len(standing):
            notes.append(reply("sentences_left_out", count=str(left_out)))
        if draft.missing:
            notes.append(reply("model_misses_something"))
        return Written(text=" ".join(_sentence(*one) for one in marked), citations=citations, notes=tuple(notes))

    def _prompt(
        self, text: str, history: Sequence[Turn], passages: Sequence[Evidence], today: date
    ) -> tuple[Prompt, Sequence[Evidence]]:
        """The prompt, and those of the passages for which there is room in it."""
        system = "\n\n".join(reply(name) for name in _INSTRUCTIONS)
        about = {"today": in_words(today.isoformat()), "question": without_links(text)}
        turns = turns_as_data(history)
        room = self._room - estimated_tokens(system + turns + text)
        lines: list[str] = []
        for number, evidence in enumerate(passages, 1):
            line = _as_data(number, evidence)
            room -= estimated_tokens(line)
            if lines and room < 0:
                break
            lines.append(line)
        user = reply("write_question", passages="\n".join(lines), turns=turns, **about)
        return Prompt(name="answer", system=system, user=user, schema=SCHEMA), passages[: len(lines)]


def instead(failure: Unwritten) -> str:
    """The note under the passages that answer where a model should have."""
    return reply("passages_instead", why=_BECAUSE[failure.why])


def _shown(parts: Sequence[Part], evidence: Sequence[Evidence]) -> list[Evidence]:
    """The passages a model is shown: those of the best sentences of each part in turn, then the next best.

    One that tells bots what to do is not among them: what it says is only ever quoted.
    """
    best = [[one.evidence for one in candidates] for _, candidates in parts]
    in_turn = [item for row in zip_longest(*best) for item in row if item is not None]
    ordered = {item.number: item for item in (*in_turn, *evidence)}.values()
    return list(islice((item for item in ordered if not tries_to_turn(_text(item))), MOST_PASSAGES))


def _text(evidence: Evidence) -> str:
    return evidence.document.text[evidence.passage.start : evidence.passage.end]


def _as_data(number: int, evidence: Evidence) -> str:
    """A passage as one line of JSON: its number, title, date, headings and text."""
    document, passage = evidence.document, evidence.passage
    day = passage.as_of or document.published
    about = "about " if document.published_basis == "inferred" and day == document.published else ""
    return json.dumps(
        {
            "number": number,
            "title": without_links(document.title),
            "date": f"{about}{in_words(day)}" if day else "undated",
            "headings": [without_links(heading) for heading in passage.headings],
            "text": without_links(_text(evidence)),
        },
        ensure_ascii=False,
    )


def _answers(
    rulings: Sequence[Ruling],
    standing: Sequence[Ruling],
    passages: Sequence[Evidence],
    parts: Sequence[Part],
    usual: Sequence[Citation],
) -> bool:
    """True when what was asked for stands: the sentence the model led with, at least half, and each part's kind."""
    if not standing or not rulings[0].stands or len(standing) * 2 < len(rulings):
        return False
    said = " ".join(ruling.claim.text for ruling in standing)
    cited = {passages[number - 1].number for ruling in standing for number in ruling.claim.passages}
    quoted = " ".join(citation.quote for citation in usual)
    return all(
        _holds_what_is_asked(wanted, said, quoted)
        and (len(parts) == 1 or any(one.evidence.number in cited for one in candidates))
        for wanted, candidates in parts
    )


def _holds_what_is_asked(wanted: Wanted, said: str, quoted: str) -> bool:
    """True unless a figure, amount or date is asked for that the quotes hold, and the sentences do not."""
    return all(there(said) or not there(quoted) for kind, there in _KINDS.items() if kind in wanted.asks)


def _leads_with_the_newest(
    first: Marked, citations: Sequence[Citation], parts: Sequence[Part], usual: Sequence[Citation]
) -> bool:
    """True unless the usual answer leads with something newer than all that the first sentence rests on.

    That counts where the newest is asked for, or where it tells the same thing as the sentence.
    """
    if not usual or usual[0].as_of is None:
        return True
    claim, numbers = first
    rests_on = [citations[number - 1] for number in numbers]
    if any(one.document == usual[0].document and one.start <= usual[0].start < one.end for one in rests_on):
        return True
    newest = max((last_day(one.as_of) for one in rests_on if one.as_of), default=None)
    if newest is not None and newest >= last_day(usual[0].as_of):
        return True
    return not (any(wanted.newest for wanted, _ in parts) or _tells_the_same(claim.text, usual[0].quote))


def _tells_the_same(text: str, other: str) -> bool:
    """True when most words of a text, figures aside, stand in another one: "has 31 volunteers", "has 52 volunteers"."""
    words = {term for term in terms(text) if not any(character.isdigit() for character in term)}
    return 2 * len(words & set(terms(other))) > len(words)


def _sentence(claim: Claim, numbers: Sequence[int]) -> str:
    """A sentence with its markers before the full stop."""
    text = claim.text
    end = text[-1] if text[-1:] in ".!?" else "."
    return f"{text.rstrip('.!?')} {''.join(f'[{number}]' for number in numbers)}{end}"
