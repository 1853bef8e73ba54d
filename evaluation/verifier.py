"""The verifier measured: what it keeps and catches of the labelled pairs, the curve of support, and what it costs.

    python -m evaluation.verifier --index DIR [--fit]

Half of the entries of `evaluation/pairs/` are fitted on, the other half is reported. `--fit` prints the weights and
the threshold for `bot/verifying/support.py`. Exits 1 when a figure on the reported half is below what is promised.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answers import Evidence
from bot.verifying.support import SUPPORTED
from bot.verifying.verification import Claim, Ruling, verify
from evaluation.support import STANDS, Pair, evidence_of, load_pairs, rulings_on
from evaluation.support_curve import curve, fit, sample
from evaluation.tables import make_console, new_table
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import Index

EXACT = ("figure", "swapped", "date", "name", "partner", "negation")  # kinds of which hardly any may stand
PROMISED: Mapping[str, float] = {"supported kept": 0.95, "exact caught": 0.98, "others caught": 0.90}
DEAREST = 3.0  # times one query embedding that a usual answer's verification may cost
_CLAIMS = 4  # of a usual answer
_QUESTION = "How many staff have been trained in HOPE(S)?"


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of some pairs were ruled right."""

    right: int
    pairs: int

    @property
    def value(self) -> float:
        """The share, 1 where there are none."""
        return self.right / self.pairs if self.pairs else 1.0


def by_kind(pairs: Sequence[Pair], rulings: Sequence[Ruling]) -> Mapping[str, Share]:
    """Of each kind of pair the share ruled right: supported ones that stand, altered ones that fall."""
    kinds = dict.fromkeys(pair.kind for pair in pairs)
    return {kind: _share(pairs, rulings, lambda pair, kind=kind: pair.kind == kind) for kind in kinds}  # type: ignore[misc]


def promised(pairs: Sequence[Pair], rulings: Sequence[Ruling]) -> Mapping[str, Share]:
    """What PROMISED names, measured."""
    return {
        "supported kept": _share(pairs, rulings, lambda pair: pair.supported),
        "exact caught": _share(pairs, rulings, lambda pair: pair.kind in EXACT),
        "others caught": _share(pairs, rulings, lambda pair: not pair.supported and pair.kind not in EXACT),
    }


def usual_answers(pairs: Sequence[Pair], index: Index) -> list[tuple[list[Claim], list[Evidence]]]:
    """Answers of a few supported sentences with their passages, as a model would write them."""
    right = [pair for pair in pairs if pair.supported]
    answers = []
    for begin in range(0, len(right) - _CLAIMS + 1, _CLAIMS):
        claims: list[Claim] = []
        passages: list[Evidence] = []
        for pair in right[begin : begin + _CLAIMS]:
            found = evidence_of(pair, index)
            numbers = tuple(range(len(passages) + 1, len(passages) + len(found) + 1))
            claims.append(Claim(text=pair.text, passages=numbers))
            passages += found
        answers.append((claims, passages))
    return answers


def cost(pairs: Sequence[Pair], index: Index, model: EmbeddingModel) -> tuple[float, float]:
    """Median seconds to embed a question and to verify a usual answer, taken in turn."""
    model.embed_question(_QUESTION)
    floors, ours = [], []
    for claims, passages in usual_answers(pairs, index):
        floors.append(_timed(lambda: model.embed_question(_QUESTION)))
        ours.append(_timed(lambda c=claims, p=passages: verify(c, p, index, model)))  # type: ignore[misc]
    return statistics.median(floors), statistics.median(ours)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path(".index"), help="an index of corpus/")
    parser.add_argument("--fit", action="store_true", help="print weights and threshold for bot/verifying/support.py")
    given = parser.parse_args(arguments)
    model = EmbeddingModel()
    builds = Builds(given.index)
    index = Index(builds, builds.current(), model_digest=model.digest)
    pairs = load_pairs()
    fitted, reported = [pair for pair in pairs if pair.fit], [pair for pair in pairs if not pair.fit]
    seconds = cost(pairs, index, model)  # first: afterwards every passage has been read
    rulings = [rulings_on(half, index, model) for half in (fitted, reported)]
    _print_kinds(by_kind(fitted, rulings[0]), by_kind(reported, rulings[1]))
    kept = _print_promised(promised(reported, rulings[1]))
    _print_curve(reported, index, model)
    if given.fit:
        weights, threshold = fit(sample(fitted, index, model))
        make_console().print(f"Fitted: WEIGHTS = {dict(weights)}, SUPPORTED = {threshold}")
    question, answer = seconds
    make_console().print(
        f"An answer of {_CLAIMS} sentences is verified in {answer * 1000:.0f} ms, {answer / question:.2f} times the "
        f"{question * 1000:.0f} ms of embedding one question (promised: at most {DEAREST:g})."
    )
    return 0 if kept else 1


def _share(pairs: Sequence[Pair], rulings: Sequence[Ruling], chosen: Callable[[Pair], bool]) -> Share:
    right = [ruling.stands == pair.supported for pair, ruling in zip(pairs, rulings, strict=True) if chosen(pair)]
    return Share(right=sum(right), pairs=len(right))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _print_kinds(fitted: Mapping[str, Share], reported: Mapping[str, Share]) -> None:
    table = new_table("Sentences ruled right, by kind of alteration", "kind", "reported", "share", "fitted on", "share")
    for kind in dict.fromkeys((*fitted, *reported)):
        name = "supported" if kind == STANDS else kind
        cells = []
        for share in (reported.get(kind, Share(right=0, pairs=0)), fitted.get(kind, Share(right=0, pairs=0))):
            cells += [f"{share.right} of {share.pairs}", f"{share.value:.3f}" if share.pairs else "–"]
        table.add_row(name, *cells)
    make_console().print(table)


def _print_promised(measured: Mapping[str, Share]) -> bool:
    table = new_table("On the reported half", "what", "share", "of", "promised")
    for name, share in measured.items():
        table.add_row(name, f"{share.value:.3f}", str(share.pairs), f"≥ {PROMISED[name]:.2f}")
    make_console().print(table)
    return all(share.value >= PROMISED[name] for name, share in measured.items())


def _print_curve(reported: Sequence[Pair], index: Index, model: EmbeddingModel) -> None:
    table = new_table(f"Support alone, reported half (in use: {SUPPORTED})", "threshold", "kept", "caught")
    for point in curve(sample(reported, index, model)):
        table.add_row(f"{point.threshold:.2f}", f"{point.kept:.3f}", f"{point.caught:.3f}")
    make_console().print(table)


if __name__ == "__main__":
    sys.exit(main())
