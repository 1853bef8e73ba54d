"""Promise 4: a question sees one whole build, and what was removed, withdrawn or is embargoed is not quoted."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import read_stored
from ingest.pipeline import ingest
from tests.pages import GARDEN, NIGHT_BUS, ROSEHIP, write_page

GARDEN_PAGE = "programmes/garden-club.md"
EMBARGOED = "eleven days"
WITHDRAWN = "£3"
PROMOTIONS = 24


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_page(tmp_path / "corpus", GARDEN_PAGE, "The Garden Club has 31 volunteers.")
    write_page(tmp_path / "corpus", "news/night-bus.md", "The night bus to Larkhill costs £3.")
    return tmp_path / "corpus"


@pytest.fixture
def index(tmp_path: Path, corpus: Path, model: EmbeddingModel) -> Path:
    ingest(corpus, tmp_path / "index", model)
    return tmp_path / "index"


@pytest.fixture
def stayed_open(index: Path, model: EmbeddingModel) -> Iterator[Answerer]:
    """An Answerer that has answered from the first build and is never opened again."""
    answerer = Answerer(index, model)
    assert "31 volunteers" in ask(answerer, GARDEN).answer
    assert WITHDRAWN in ask(answerer, NIGHT_BUS).answer
    yield answerer
    answerer.close()


def ask(answerer: Answerer, question: str) -> Answer:
    return answerer.answer(Question(text=question))


def told(answer: Answer) -> str:
    """All that a person may read of an answer."""
    return str(answer.as_json())


def test_an_answerer_that_stays_open_answers_from_the_new_build(
    stayed_open: Answerer, corpus: Path, index: Path, model: EmbeddingModel
) -> None:
    write_page(corpus, GARDEN_PAGE, "The Garden Club has 52 volunteers.")
    report = ingest(corpus, index, model)
    answer = ask(stayed_open, GARDEN)
    assert answer.build == report.build
    assert "52 volunteers" in answer.answer
    assert "31 volunteers" not in told(answer)


def test_a_removed_page_is_not_quoted_again(
    stayed_open: Answerer, corpus: Path, index: Path, model: EmbeddingModel
) -> None:
    (corpus / "news/night-bus.md").unlink()
    ingest(corpus, index, model)
    assert "night-bus" not in told(ask(stayed_open, NIGHT_BUS))
    assert WITHDRAWN not in told(ask(stayed_open, NIGHT_BUS))


def test_a_withdrawn_page_is_not_quoted_again(
    stayed_open: Answerer, corpus: Path, index: Path, model: EmbeddingModel
) -> None:
    write_page(corpus, "news/night-bus.md", "The night bus to Larkhill costs £3.", withdrawn=True)
    ingest(corpus, index, model)
    assert "night-bus" not in told(ask(stayed_open, NIGHT_BUS))
    assert WITHDRAWN not in told(ask(stayed_open, NIGHT_BUS))


def test_after_a_rollback_the_old_build_answers(
    stayed_open: Answerer, corpus: Path, index: Path, model: EmbeddingModel
) -> None:
    write_page(corpus, GARDEN_PAGE, "The Garden Club has 52 volunteers.")
    ingest(corpus, index, model)
    assert "52 volunteers" in ask(stayed_open, GARDEN).answer
    Builds(index).rollback()
    assert "31 volunteers" in ask(stayed_open, GARDEN).answer


def test_an_ingest_that_fails_leaves_the_old_build_answering(
    stayed_open: Answerer, corpus: Path, index: Path, model: EmbeddingModel
) -> None:
    for page in corpus.rglob("*.md"):
        page.unlink()
    with pytest.raises(Exception, match="no document"):
        ingest(corpus, index, model)
    assert "31 volunteers" in ask(stayed_open, GARDEN).answer


def test_an_ingest_that_changes_nothing_does_not_disturb_who_is_asking(
    stayed_open: Answerer, corpus: Path, index: Path, model: EmbeddingModel
) -> None:
    before = ask(stayed_open, GARDEN).build
    ingest(corpus, index, model)
    assert ask(stayed_open, GARDEN).build == before


def test_an_embargo_is_judged_on_the_day_of_the_question(trust_index: Path, model: EmbeddingModel) -> None:
    today = date(2026, 1, 30)
    answerer = Answerer(trust_index, model, today=lambda: today)
    assert EMBARGOED not in told(ask(answerer, ROSEHIP))
    assert "rosehip" not in told(ask(answerer, "What is new?"))
    today = date(2026, 1, 31)
    assert EMBARGOED in ask(answerer, ROSEHIP).answer
    today = date(2026, 1, 30)
    assert EMBARGOED not in told(ask(answerer, ROSEHIP))


def test_a_withdrawn_page_was_never_there(trust_index: Path, model: EmbeddingModel) -> None:
    answer = ask(Answerer(trust_index, model), NIGHT_BUS)
    assert WITHDRAWN not in told(answer)
    assert "night-bus" not in told(answer)


def test_questions_asked_during_promotions_never_mix_two_builds(
    corpus: Path, index: Path, model: EmbeddingModel
) -> None:
    builds = Builds(index)
    volunteers = {builds.current().id: "31"}
    write_page(corpus, GARDEN_PAGE, "It was raining. The Garden Club has 52 volunteers.")
    ingest(corpus, index, model)
    volunteers[builds.current().id] = "52"
    answers = ask_during_promotions(index, model, list(volunteers), times=PROMOTIONS)
    assert {answer.build for answer in answers} == set(volunteers)
    for answer in answers:
        assert f"{volunteers[str(answer.build)]} volunteers" in answer.answer
        for citation in answer.citations:
            document, _ = read_stored(builds, builds.get(str(answer.build)), citation.document)
            assert document.text[citation.start : citation.end] == citation.quote


def ask_during_promotions(index: Path, model: EmbeddingModel, build_ids: list[str], *, times: int) -> list[Answer]:
    """What two threads were told that asked one Answerer all the time, while builds took turns to be current."""
    answerer = Answerer(index, model)
    answers: list[Answer] = []
    failures: list[Exception] = []
    done = threading.Event()

    def keep_asking() -> None:
        try:
            while not done.is_set():
                answers.append(ask(answerer, GARDEN))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=keep_asking) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(times):
        answered = len(answers)
        Builds(index).promote(build_ids[turn % len(build_ids)])
        while len(answers) < answered + 4 and not failures:
            done.wait(0.001)
    done.set()
    for thread in threads:
        thread.join()
    answerer.close()
    assert failures == []
    return answers
