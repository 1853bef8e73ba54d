"""Fitting: the weights of the sentences' features and of the confidence; our own pages and questions are never read.

    python -m evaluation.fitting BENCH [--index DIR]

`BENCH` holds `squad2` and `doc2dial` in the form docs/evaluation.md gives: fitted on the squad2 articles of even index
and every second doc2dial question, reported on the others. The sentences' weights are fitted on the invented trusts
too; the confidence is not, as their near misses share more words with the pages than what can be answered does.
Prints the coefficients for `bot/selection.py` and `bot/confidence.py`, what they reach, and the calibration curve.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.confidence import signals
from bot.gaps import gap
from bot.retrieval import MOST, retrieve
from bot.searching import embedded
from bot.selection import WEIGHTS, Candidate, by_best_sentence, candidates
from bot.understanding import understand
from evaluation.dataset_indexes import OWN, dataset_index
from evaluation.datasets import Dataset, DatasetQuestion, load_dataset
from evaluation.invented import invented_trusts, trust_dataset
from evaluation.relevance import GoldSpan
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import Index
from ingest.pipeline import ingest

Matrix = NDArray[np.float64]
_DEEP = 30  # passages retrieved, so that ten are left when those of the right page are taken away
_RIDGE = 1e-3
_TIMES = {"doc2dial": 2}  # how often a set's questions count: it has few


@dataclass(frozen=True, kw_only=True)
class Example:
    """One question: its sentences as features and labels, and its signals of confidence.

    `fit` says whether it may be fitted on; `here` and `gone` are the signals with the right page and without, and
    `here_gap` and `gone_gap` say whether a rule of `bot/gaps.py` keeps the bot from answering, whatever the signals.
    `page` and `paragraph` are the features and labels of the sentences of the right page or paragraph alone.
    """

    fit: bool
    answerable: bool
    features: Matrix
    right: NDArray[np.bool_]
    here: Mapping[str, float]
    gone: Mapping[str, float] | None
    here_gap: bool
    gone_gap: bool
    page: tuple[Matrix, NDArray[np.bool_]]
    paragraph: tuple[Matrix, NDArray[np.bool_]]


def examples(dataset: Dataset, index: Index, model: EmbeddingModel, fit_ids: set[str]) -> list[Example]:
    """Every question of a dataset as the bot sees it."""
    found = []
    for question in dataset.questions:
        wanted = understand(question.text, index, model, today=date(2024, 1, 1))
        ((vector, words),) = embedded([wanted], index, model)
        everything = retrieve(wanted, vector, index, today=date(2024, 1, 1), most=2 * MOST)
        evidence = everything[:_DEEP]
        _, ranked = by_best_sentence(evidence, candidates(wanted, vector, words, evidence, index))
        if not ranked:
            continue
        pages = {span.document for span in question.gold}
        others = [item for item in evidence if item.document.id not in pages]
        gone = candidates(wanted, vector, words, others, index) if pages and others else []
        _, without = by_best_sentence(others, gone)
        of_page = [item for item in everything if item.document.id in pages]
        page = [one for one in candidates(wanted, vector, words, of_page, index) if not _is_heading(one)]
        paragraph = [one for one in page if _in_right_paragraph(one, question)]
        found.append(
            Example(
                fit=question.id in fit_ids,
                answerable=question.answerable,
                features=_features(ranked),
                right=_right(ranked, question),
                here=signals(wanted, ranked),
                gone=signals(wanted, without) if without else None,
                here_gap=gap(wanted, ranked) is not None,
                gone_gap=bool(without) and gap(wanted, without) is not None,
                page=(_features(page), _right(page, question)),
                paragraph=(_features(paragraph), _right(paragraph, question)),
            )
        )
    return found


def fit_ranking(cases: Sequence[Example]) -> Matrix:
    """Weights that make the right sentences likely among those of their question (a conditional logit)."""
    usable = [(case.features, case.right) for case in cases if case.right.any()]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = _RIDGE * float(weights @ weights) * len(usable), 2 * _RIDGE * weights * len(usable)
        for features, right in usable:
            scores = features @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            mass = max(chances[right].sum(), 1e-12)
            total -= np.log(mass)
            slope -= (chances[right] / mass) @ features[right] - chances @ features
        return total, slope

    start = np.array(list(WEIGHTS.values()))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def fit_confidence(rows: Matrix, answers: NDArray[np.bool_], weights: Matrix) -> tuple[Matrix, float]:
    """Coefficients and intercept of a logistic regression, each case weighted."""

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        logits = rows @ parameters[:-1] + parameters[-1]
        chances = 1 / (1 + np.exp(-logits))
        errors = weights * (chances - answers)
        value = float(
            (weights * np.logaddexp(0, np.where(answers, -logits, logits))).sum() + (parameters[:-1] ** 2).sum()
        )
        return value, np.append(errors @ rows + 2 * parameters[:-1], errors.sum())

    found = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return np.asarray(found[:-1]), float(found[-1])


def auroc(scores: Matrix, answers: NDArray[np.bool_]) -> float:
    """The chance that an answerable case scores above one that is not; ties count half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    _, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ranks[order] = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives = int(answers.sum())
    return float((ranks[answers].sum() - positives * (positives + 1) / 2) / (positives * (len(answers) - positives)))


def top(lists: Sequence[tuple[Matrix, NDArray[np.bool_]]], weights: Matrix) -> Matrix:
    """The share of lists of sentences, features and labels, with a right one among the first one, two and three."""
    hits = []
    for features, right in lists:
        order = np.argsort(-(features @ weights), kind="stable")
        hits.append([right[order[:most]].any() for most in (1, 2, 3)])
    return np.asarray(np.mean(hits, axis=0))


def _features(ranked: Sequence[Candidate]) -> Matrix:
    return np.array([[one.features[name] for name in WEIGHTS] for one in ranked]).reshape(-1, len(WEIGHTS))


def _right(ranked: Sequence[Candidate], question: DatasetQuestion) -> NDArray[np.bool_]:
    return np.array([_is_right(one, question) for one in ranked], dtype=bool)


def _is_heading(candidate: Candidate) -> bool:
    """True for the line above a paragraph, which datasets do not tell from its text."""
    document = candidate.evidence.document
    block = document.blocks[document.block_at(candidate.start)]
    return candidate.end <= document.text.find("\n", block.start, block.end)


def _in_right_paragraph(candidate: Candidate, question: DatasetQuestion) -> bool:
    document = candidate.evidence.document
    block = document.blocks[document.block_at(candidate.start)]
    return any(block.start <= span.start < block.end for span in question.gold)


def _is_right(candidate: Candidate, question: DatasetQuestion) -> bool:
    return any(_overlap(candidate, span) for span in question.gold)


def _overlap(candidate: Candidate, span: GoldSpan) -> bool:
    shared = min(candidate.end, span.end) - max(candidate.start, span.start)
    half = min(candidate.end - candidate.start, span.end - span.start) / 2
    return candidate.evidence.document.id == span.document and bool(shared >= max(1.0, half))


def _cases(
    sets: Mapping[str, Sequence[Example]], names: Sequence[str], *, fit: bool
) -> tuple[Matrix, NDArray[np.bool_], Matrix]:
    """Signals, answers and weights of all cases: near misses, and pages taken away; each set weighs the same."""
    rows, answers, weights = [], [], []
    for cases in sets.values():
        here = [(case.here, case.answerable) for case in cases if case.fit == fit]
        gone = [(case.gone, False) for case in cases if case.fit == fit and case.gone]
        for group in (here, gone):
            rows += [[signal[name] for name in names] for signal, _ in group]
            answers += [answer for _, answer in group]
            weights += [1000 / max(1, len(group))] * len(group)
    return np.array(rows), np.array(answers), np.array(weights)


def main() -> None:
    """Fit, and print coefficients and figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("--index", type=Path, default=Path(".bench"))
    parser.add_argument("--most", type=int, default=1500, help="questions of each set, spread evenly")
    options = parser.parse_args()
    model = EmbeddingModel()
    sets: dict[str, list[Example]] = {}
    for name in ("squad2", "doc2dial"):
        dataset = load_dataset(options.bench / name, held_out=False, most=options.most)
        index = _open(dataset_index(dataset, OWN, options.index, model), model)
        sets[name] = examples(dataset, index, model, _fit_ids(dataset, options.bench / name))
    fitted = [case for name in sets for case in sets[name] * _TIMES.get(name, 1) if case.fit]
    weights = fit_ranking([*fitted, *_invented(options.index, model)])
    print("WEIGHTS", {name: round(float(value), 2) for name, value in zip(WEIGHTS, weights, strict=True)})
    for name, cases in sets.items():
        held_out = [case for case in cases if not case.fit and case.answerable]
        print(name, "right sentence among the first 1, 2, 3")
        print("  from retrieval:", top([(case.features, case.right) for case in held_out], weights).round(3))
        print("  within the page, headings left out:", top([case.page for case in held_out], weights).round(3))
        print("  within the paragraph:", top([case.paragraph for case in held_out], weights).round(3))
    names = list(sets["squad2"][0].here)
    rows, answers, share = _cases(sets, names, fit=True)
    coefficients, intercept = fit_confidence(rows, answers, share)
    print(
        "COEFFICIENTS",
        {name: round(float(c), 2) for name, c in zip(names, coefficients, strict=True)},
        round(intercept, 2),
    )
    for name, cases in sets.items():
        _report(name, [case for case in cases if not case.fit], names, coefficients, intercept)


def _open(folder: Path, model: EmbeddingModel) -> Index:
    builds = Builds(folder)
    return Index(builds, builds.current(), model_digest=model.digest)


def _invented(home: Path, model: EmbeddingModel) -> list[Example]:
    """The questions of the invented trusts as the bot sees them."""
    found = []
    for folder in invented_trusts():
        ingest(folder / "corpus", home / "invented" / folder.name, model)
        index = _open(home / "invented" / folder.name, model)
        dataset = trust_dataset(folder, index.documents)
        found += examples(dataset, index, model, {question.id for question in dataset.questions})
    return found


def _fit_ids(dataset: Dataset, folder: Path) -> set[str]:
    """The questions that may be fitted on: those on articles of even index, or every second one."""
    if dataset.name.startswith("squad2"):
        kept = {question.id for question in load_dataset(folder, held_out=True).questions}
        return {question.id for question in dataset.questions} - kept
    return {question.id for question in dataset.questions[::2]}


def _report(name: str, cases: Sequence[Example], names: Sequence[str], coefficients: Matrix, intercept: float) -> None:
    def chances(signals_: Sequence[Mapping[str, float]]) -> Matrix:
        rows = np.array([[signal[key] for key in names] for signal in signals_])
        return np.asarray(1 / (1 + np.exp(-(rows @ coefficients + intercept))))

    here, answers = chances([case.here for case in cases]), np.array([case.answerable for case in cases])
    gone = chances([case.gone for case in cases if case.gone])
    away = auroc(np.append(here[answers], gone), np.arange(answers.sum() + len(gone)) < answers.sum())
    misses = f"near misses {auroc(here, answers):.3f}, " if not answers.all() else ""
    print(f"{name} AUROC: {misses}page taken away {away:.3f}")
    gaps = np.array([case.here_gap for case in cases])
    shares = {"answerable": gaps[answers], "near misses": gaps[~answers]}
    shares["page taken away"] = np.array([case.gone_gap for case in cases if case.gone])
    print("  seen by bot/gaps.py:", {one: f"{some.sum()} of {len(some)}" for one, some in shares.items() if len(some)})
    scores, truth = np.append(here, gone), np.append(answers, np.zeros(len(gone), dtype=bool))
    for low in np.arange(0, 1, 0.1):
        inside = (scores >= low) & (scores < low + 0.1)
        if inside.any():
            print(
                f"  confidence {low:.1f}-{low + 0.1:.1f}: {truth[inside].mean():.2f} answerable of {int(inside.sum())}"
            )


if __name__ == "__main__":
    main()
