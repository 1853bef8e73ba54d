"""The labelled pairs hold what the verification promises, on the half that nothing was fitted on."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answers import Evidence
from bot.verifying.moments import figures_and_moments
from bot.verifying.verification import Claim, Ruling, verify
from evaluation.support import Pair, evidence_of, load_pairs, rulings_on
from evaluation.support_curve import curve, fit, sample
from evaluation.verifier import EXACT, PROMISED, main, promised, usual_answers
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel, Vectors
from ingest.errors import TrustbotError
from ingest.index import Index


@pytest.fixture(scope="module")
def index(corpus_index: Path, model: EmbeddingModel) -> Index:
    builds = Builds(corpus_index)
    return Index(builds, builds.current(), model_digest=model.digest)


@pytest.fixture(scope="module")
def reported() -> list[Pair]:
    return [pair for pair in load_pairs() if not pair.fit]


@pytest.fixture(scope="module")
def rulings(reported: Sequence[Pair], index: Index, model: EmbeddingModel) -> list[Ruling]:
    return rulings_on(reported, index, model)


def test_there_are_pairs_of_every_kind_in_both_halves() -> None:
    pairs = load_pairs()
    kinds = [Counter(pair.kind for pair in pairs if pair.fit is half) for half in (True, False)]
    for count in kinds:
        assert sum(count.values()) >= 200
        assert min(count[kind] for kind in (*EXACT, "direction", "plan", "unsupported", "wrong passage")) >= 3
        assert {"stands", "link", "mention", "instruction", "language", "markup"} <= set(count)
    assert not {pair.entry for pair in pairs if pair.fit} & {pair.entry for pair in pairs if not pair.fit}
    assert len({(pair.text, pair.cites) for pair in pairs}) == len(pairs)


@pytest.mark.parametrize("name", PROMISED)
def test_the_reported_half_keeps_what_is_promised(
    reported: Sequence[Pair], rulings: Sequence[Ruling], name: str
) -> None:
    wrong = [
        f"{pair.kind}, ruled {ruling.reason}: {pair.text}"
        for pair, ruling in zip(reported, rulings, strict=True)
        if ruling.stands != pair.supported
    ]
    assert promised(reported, rulings)[name].value >= PROMISED[name], "\n".join(wrong)


def test_the_weights_in_use_are_those_that_the_fitted_half_gives(index: Index, model: EmbeddingModel) -> None:
    from bot.verifying.support import SUPPORTED, WEIGHTS

    weights, threshold = fit(sample([pair for pair in load_pairs() if pair.fit], index, model))
    assert weights == pytest.approx(WEIGHTS, abs=0.05)
    assert threshold == pytest.approx(SUPPORTED, abs=0.1)


def test_a_higher_threshold_keeps_less_and_catches_more(
    reported: Sequence[Pair], index: Index, model: EmbeddingModel
) -> None:
    points = curve(sample(reported[:60], index, model))
    assert [point.kept for point in points] == sorted((point.kept for point in points), reverse=True)
    assert [point.caught for point in points] == sorted(point.caught for point in points)
    assert points[0].kept > points[-1].kept and points[0].caught < points[-1].caught


def test_every_sentence_of_a_page_stands_on_its_own_passage_and_falls_with_another_digit(
    index: Index, model: EmbeddingModel
) -> None:
    whole = [(number, text) for number, text in _sentences(index) if text.endswith(".") and _with_another_digit(text)]
    assert len(whole) > 60
    fallen = [text for number, text in whole if not _ruling(text, number, index, model).stands]
    assert fallen == []
    altered = [(number, _with_another_digit(text)) for number, text in whole]
    standing = [text for number, text in altered if _ruling(text, number, index, model).stands]
    assert len(standing) <= len(altered) // 50, standing


def test_a_usual_answer_is_embedded_at_most_once_and_mostly_not_at_all(
    reported: Sequence[Pair], index: Index, model: EmbeddingModel
) -> None:
    class Counting:
        passes = 0
        texts = 0

        def embed_question(self, *texts: str) -> Vectors:
            self.passes += 1
            self.texts += len(texts)
            return model.embed_question(*texts)

    counting, answers = Counting(), usual_answers(reported, index)
    for claims, passages in answers:
        verify(claims, passages, index, counting)  # type: ignore[arg-type]
    assert counting.passes <= len(answers)
    assert counting.texts <= sum(len(claims) for claims, _ in answers) / 2


def test_a_pair_whose_passage_is_gone_is_named(index: Index) -> None:
    pair = Pair(entry="x", kind="stands", text="So.", cites=(("cqc-2015-blog", "no such words"),), fit=True)
    with pytest.raises(TrustbotError, match="no passage of 'cqc-2015-blog' holds “no such words”"):
        evidence_of(pair, index)


def test_the_command_prints_the_tables_and_ends_well(
    corpus_index: Path, model: EmbeddingModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("evaluation.verifier.EmbeddingModel", lambda: model)
    assert main(["--index", str(corpus_index)]) == 0
    printed = capsys.readouterr().out
    for said in ("by kind of alteration", "swapped", "On the reported half", "Support alone", "times the"):
        assert said in printed


def _with_another_digit(text: str) -> str:
    """The sentence with the first digit of its first figure raised; empty where no figure is written in digits."""
    for figure in figures_and_moments(text)[0]:
        digit = re.search(r"[0-9]", text[figure.start : figure.end])
        if digit:
            place = figure.start + digit.start()
            return f"{text[:place]}{int(text[place]) % 9 + 1}{text[place + 1 :]}"
    return ""


def _sentences(index: Index) -> list[tuple[int, str]]:
    return [
        (number, index.documents[passage.document].text[start:end])
        for number, passage in enumerate(index.passages)
        for start, end in passage.sentences
    ]


def _ruling(text: str, number: int, index: Index, model: EmbeddingModel) -> Ruling:
    passage = index.passages[number]
    page = index.documents[passage.document]
    item = Evidence(number=number, passage=passage, document=page, score=0.0, cosine=0.0, words=0.0)
    return verify([Claim(text=text, passages=(1,))], [item], index, model)[0]
