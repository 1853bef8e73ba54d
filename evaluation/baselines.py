"""Baselines: dense, BM25 and plain RRF on public datasets, as their libraries document them, beside our retrieval.

Nobody should tune to our own pages alone: `python -m evaluation.baselines FOLDER` re-measures all of them on the
same passages. FOLDER holds one folder per dataset.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from rich.table import Table

from evaluation.dataset_indexes import Splitting, dataset_index
from evaluation.dataset_measures import measure_rankings, our_ranking
from evaluation.datasets import load_dataset
from evaluation.tables import make_console, new_table
from ingest.builds import Builds
from ingest.embedding import DEFAULT_MODEL, EmbeddingModel, Vectors
from ingest.errors import TrustbotError
from ingest.index import Index

RETRIEVERS = ("dense", "BM25", "plain RRF", "ours")
_FUSED = 10  # passages of either list that RRF fuses: LlamaIndex' similarity_top_k
_K = 60.0
_SHOWN = {"hit@1": "R@1", "hit@5": "R@5", "rr": "RR@10", "ndcg@10": "nDCG@10"}
_SMALL, _LARGE = Splitting(size=256, overlap=20), Splitting(size=1024, overlap=200)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table: a dataset, whether whole articles or paragraphs are its pages, and how it is split."""

    dataset: str
    splitting: Splitting
    whole: bool = True


ROWS = (
    Row(dataset="squad2", splitting=_SMALL),
    Row(dataset="squad2", splitting=_SMALL, whole=False),
    Row(dataset="chunking_evaluation", splitting=_SMALL),
    Row(dataset="doc2dial", splitting=_SMALL),
    Row(dataset="doc2dial", splitting=_LARGE),
    Row(dataset="conditionalqa", splitting=_SMALL),
)


def measure_baselines(
    row: Row, bench: Path, home: Path, model: EmbeddingModel, *, held_out: bool = True, most: int | None = None
) -> dict[str, Any]:
    """All RETRIEVERS on one row, over the same passages: `retrievers` {name: {measure: {value, low, high, n}}}.

    Indexes are kept below `home`; `most` limits the questions.
    """
    dataset = load_dataset(bench / row.dataset, whole=row.whole, held_out=held_out, most=most)
    builds = Builds(dataset_index(dataset, row.splitting, home, model))
    index = Index(builds, builds.current(), model_digest=model.digest)
    try:
        texts = [question.text for question in dataset.questions if question.gold]
        rankings = _rank(texts, index, model)
        measured = {name: measure_rankings(dataset, index.passages, rankings[name]) for name in RETRIEVERS}
    finally:
        index.close()
    return {
        "dataset": dataset.name,
        "splitting": row.splitting.name,
        "held_out": dataset.held_out,
        "questions": len(texts),
        "passages": len(index.passages),
        "retrievers": measured,
    }


def fuse(*rankings: Sequence[int]) -> list[int]:
    """Reciprocal rank fusion of rankings of passage numbers, best first; ties keep the first ranking's order."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking):
            scores[number] = scores.get(number, 0.0) + 1.0 / (rank + _K)
    return sorted(scores, key=lambda number: -scores[number])


def _rank(texts: Sequence[str], index: Index, model: EmbeddingModel) -> dict[str, list[list[int]]]:
    vectors = model.embed_question(*texts)
    dense, words = _dense(vectors, index), _bm25(texts, index)
    return {
        "dense": dense,
        "BM25": words,
        "plain RRF": [fuse(by_meaning, by_words) for by_meaning, by_words in zip(dense, words, strict=True)],
        "ours": [our_ranking(text, index, model, today=date.today()) for text in texts],
    }


def _dense(vectors: Vectors, index: Index) -> list[list[int]]:
    """By cosine, exactly: what Chroma finds by approximation."""
    passages = index.passage_vectors(range(len(index.passages)))
    return [np.argsort(-(passages @ vector), kind="stable")[:_FUSED].tolist() for vector in vectors]


def _bm25(texts: Sequence[str], index: Index) -> list[list[int]]:
    """As in the library's own example: English stop words, Snowball stems, its own k1 and b."""
    stemmer = Stemmer.Stemmer("english")
    passages = [index.documents[one.document].text[one.start : one.end] for one in index.passages]
    words = bm25s.BM25()
    words.index(bm25s.tokenize(passages, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    asked = bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, show_progress=False)
    numbers, _ = words.retrieve(asked, k=min(_FUSED, len(passages)), show_progress=False)
    return [row.tolist() for row in numbers]


def _table(results: Sequence[dict[str, Any]]) -> Table:
    table = new_table("Retrieval, with bootstrap 95 % intervals", "set", "passages", "by", *_SHOWN.values())
    for result in results:
        name = f"{result['dataset']} {result['splitting']}"
        for retriever, measures in result["retrievers"].items():
            figures = [
                f"{measures[one]['value']:.3f} ({measures[one]['low']:.3f}–{measures[one]['high']:.3f})"
                for one in _SHOWN
            ]
            table.add_row(name, str(result["passages"]), retriever, *figures)
        table.add_section()
    return table


def main() -> int:
    """Measure every row whose dataset is there; prints a table, and writes the figures where `--out` says."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.baselines", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder that holds the datasets")
    parser.add_argument("--index", type=Path, default=Path(".index"), help="where their indexes are kept")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the embedding model")
    parser.add_argument("--most", type=int, help="at most so many questions of each set")
    parser.add_argument("--all", action="store_true", help="also the questions that fitting may use")
    parser.add_argument("--only", help="only datasets whose name begins so")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    options = parser.parse_args()
    results = []
    try:
        model = EmbeddingModel(options.model)
        for row in ROWS:
            if (options.folder / row.dataset).is_dir() and row.dataset.startswith(options.only or ""):
                print(f"{row.dataset}, {row.splitting.name} …", file=sys.stderr)
                results.append(
                    measure_baselines(
                        row, options.folder, options.index, model, held_out=not options.all, most=options.most
                    )
                )
    except TrustbotError as error:
        print(f"baselines: {error}", file=sys.stderr)
        return 1
    make_console().print(_table(results))
    if options.out:
        options.out.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
