"""What is measured on a dataset, on three made-up questions."""

from datetime import date
from pathlib import Path

import pytest

from evaluation.baselines import RETRIEVERS, Row, fuse, measure_baselines
from evaluation.command import evaluate
from evaluation.dataset_indexes import Splitting
from evaluation.dataset_measures import measure_answers, measure_rankings
from evaluation.datasets import Dataset, DatasetQuestion
from evaluation.relevance import GoldSpan
from tests.evaluation.examples import WordModel, make_answer, make_document, make_passage

_PAGE = make_document("page", "The keeper was Tobias Finch.")
_KEEPER = DatasetQuestion(
    id="keeper", text="who?", gold=(GoldSpan(document="page", start=15, end=27),), answerable=True
)
_OWNER = DatasetQuestion(id="owner", text="who owns it?", gold=(), answerable=False)


def _dataset(*questions: DatasetQuestion) -> Dataset:
    return Dataset(name="made-up", documents=(_PAGE,), questions=questions, share=1.0)


def test_a_ranking_hits_with_the_first_passage_that_holds_any_gold_span() -> None:
    passages = [make_passage("page", 0, 20), make_passage("page", 10, 28), make_passage("page", 12, 28)]

    measured = measure_rankings(_dataset(_KEEPER, _OWNER), passages, [[0, 2, 1]])

    assert {name: interval["value"] for name, interval in measured.items() if name != "ndcg@10"} == {
        "hit@1": 0.0,
        "hit@5": 1.0,
        "rr": 0.5,
    }
    assert measured["rr"]["n"] == 1


def test_answers_are_measured_by_their_quotes_and_by_what_confidence_is_worth() -> None:
    answers = {
        "keeper": make_answer("", _PAGE, confidence=0.9),
        "owner": make_answer("", status="not_found", confidence=0.2),
    }

    measured = measure_answers(_dataset(_KEEPER, _OWNER), answers)

    assert {name: interval["value"] for name, interval in measured.items()} == {
        "answered": 1.0,
        "evidence@1": 1.0,
        "evidence@2": 1.0,
        "evidence@3": 1.0,
        "false_answers": 0.0,
        "auroc": 1.0,
    }


def test_an_answer_without_a_confidence_counts_as_having_none() -> None:
    answers = {"keeper": make_answer("", _PAGE), "owner": make_answer("", _PAGE)}

    measured = measure_answers(_dataset(_KEEPER, _OWNER), answers)

    assert measured["auroc"]["value"] == 0.5
    assert measured["false_answers"]["value"] == 1.0


def test_a_quote_from_elsewhere_is_no_evidence() -> None:
    other = make_document("other", "The keeper was Tobias Finch.")

    assert measure_answers(_dataset(_KEEPER), {"keeper": make_answer("", other)})["evidence@1"]["value"] == 0.0


def test_a_dataset_runs_through_the_same_retrieval_and_answering(
    spans: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    results = evaluate(index=tmp_path, model=WordModel(), dataset=spans, today=date(2024, 7, 31))

    assert (results["dataset"], results["questions"]) == ("spans", 3)
    assert results["measures"]["hit@1"]["value"] == 1.0
    assert results["measures"]["evidence@1"]["value"] == 1.0
    assert "spans: 3 questions" in capsys.readouterr().out


def test_fusion_sums_reciprocal_ranks() -> None:
    assert fuse([1, 2, 3], [3, 1]) == [1, 3, 2]
    assert fuse([1], [2]) == [1, 2]


def test_baselines_are_measured_on_the_same_passages_as_ours(spans: Path, tmp_path: Path) -> None:
    row = Row(dataset="spans", splitting=Splitting(size=64, overlap=8))

    measured = measure_baselines(row, spans.parent, tmp_path, WordModel())

    assert tuple(measured["retrievers"]) == RETRIEVERS
    assert (measured["questions"], measured["splitting"]) == (2, "64-8")
    assert [measured["retrievers"][name]["hit@5"]["value"] for name in RETRIEVERS] == [1.0] * 4
