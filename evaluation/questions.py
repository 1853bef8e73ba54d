"""The question set: questions with their judgements, in the form that `docs/evaluation.md` describes."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Self, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.answers import Question, Status, Turn
from ingest.errors import TrustbotError

_FLAGS = re.IGNORECASE | re.DOTALL


def _pattern(value: str) -> str:
    try:
        re.compile(value, _FLAGS)
    except re.error as error:
        raise ValueError(f"'{value}' is not a regular expression: {error}") from error
    return value


Text = Annotated[str, Field(min_length=1)]
Pattern = Annotated[Text, AfterValidator(_pattern)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class GoldQuote(_Part):
    """Words of a stored document that carry the answer; where they stand is found anew in every build."""

    document: Text
    quote: Text


class EarlierTurn(_Part):
    """An earlier question of the same thread and what it was answered with."""

    question: str
    answer: str


class JudgedQuestion(_Part):
    """A question and what is right: patterns for the answer's text, documents, gold quotes, statuses.

    `expect` are groups of patterns, each of which wants a match; `repeat` is how often the text is repeated.
    """

    id: Text
    question: str
    kind: Text
    answerable: bool
    note: str | None = None
    needs: tuple[Text, ...] = ()
    expect: tuple[Annotated[tuple[Pattern, ...], Field(min_length=1)], ...] = ()
    sources: tuple[Text, ...] = ()
    superseded: tuple[Pattern, ...] = ()
    history: tuple[EarlierTurn, ...] = ()
    expect_status: tuple[Status, ...] = ()
    admits: tuple[Pattern, ...] = ()
    forbid: tuple[Pattern, ...] = ()
    gold: tuple[GoldQuote, ...] = ()
    repeat: int = Field(1, ge=1, le=100_000)

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        if self.answerable and not self.expect:
            raise ValueError("an answerable question needs 'expect'")
        if not self.answerable and not self.expect_status:
            raise ValueError("a question that is not answerable needs 'expect_status'")
        if self.superseded and not self.expect:
            raise ValueError("'superseded' needs a first group of 'expect' to come before")
        return self

    def asked(self) -> Question:
        """The question as somebody asks it."""
        turns = tuple(Turn(question=turn.question, answer=turn.answer) for turn in self.history)
        return Question(id=self.id, text=self.question * self.repeat, history=turns)


def first_match(patterns: Sequence[str], text: str) -> int | None:
    """Where the first match of any pattern begins in `text`, whatever its case; a dot matches line ends."""
    found = [match.start() for pattern in patterns if (match := re.search(pattern, text, _FLAGS))]
    return min(found, default=None)


def packaged_questions() -> Path:
    """The folder of the question set that comes with the bot."""
    return Path(str(files("evaluation").joinpath("questions")))


def load_questions(path: Path) -> list[JudgedQuestion]:
    """The questions of a YAML file, or of all YAML files of a folder in order of name.

    Raises TrustbotError naming the file, the question and the field that cannot be used.
    """
    if not path.exists():
        raise TrustbotError(f"there are no questions at {path}: name a YAML file or a folder of them")
    paths = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    questions = [question for file in paths for question in _read(file)]
    if not questions:
        raise TrustbotError(f"{path} holds no question: name a YAML file or a folder of them")
    twice = [id_ for id_, times in Counter(question.id for question in questions).items() if times > 1]
    if twice:
        raise TrustbotError(f"{path} gives the id '{twice[0]}' to two questions: rename one of them")
    return questions


def questions_digest(questions: Sequence[JudgedQuestion]) -> str:
    """One digest for a whole set, of every field of every question."""
    rows = json.dumps([question.model_dump(mode="json") for question in questions], sort_keys=True)
    return hashlib.sha256(rows.encode()).hexdigest()


def _read(path: Path) -> list[JudgedQuestion]:
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TrustbotError(f"{path} cannot be read as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(rows, list):
        raise TrustbotError(f"{path} is not a list of questions")
    return [_question(row, number, path) for number, row in enumerate(rows, 1)]


def _question(row: Any, number: int, path: Path) -> JudgedQuestion:
    try:
        return JudgedQuestion.model_validate(row)
    except ValidationError as error:
        named = row.get("id", f"number {number}") if isinstance(row, dict) else f"number {number}"
        raise TrustbotError(f"{path.name}, question {named}: {_in_words(error)}") from error


def _in_words(error: ValidationError) -> str:
    problem = error.errors()[0]
    field = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"there is no field '{field}'; the fields are {', '.join(JudgedQuestion.model_fields)}"
    if problem["type"] == "literal_error":
        return f"{field}: {problem['input']!r} is no status; they are {', '.join(get_args(Status))}"
    said = problem["msg"].removeprefix("Value error, ")
    return f"{field}: {said}" if field else said
