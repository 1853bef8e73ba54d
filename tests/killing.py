"""Killing an ingest: what is left of a real `trustbot ingest` that got SIGKILL at some moment of its work."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.answering import Answerer
from bot.answers import Question
from ingest.builds import KEPT, Builds
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import write_page

ROOT = Path(__file__).parents[1]
BELLS = "How many bells does the clock tower have?"
_LONGEST_DELAY = 0.4  # seconds after a stage was seen


@dataclass(frozen=True, kw_only=True)
class Killed:
    """One ingest that was killed: at which stage, and how it ended (negative: by a signal)."""

    stage: str
    code: int


def survive(folder: Path, model: EmbeddingModel, *, times: int, seed: int) -> Iterator[Killed]:
    """Kill `times` ingests at random moments of each stage in turn, and check what every one of them leaves.

    After each the old build still answers, from an Answerer that stayed open too, and the next ingest succeeds.
    """
    dice = random.Random(seed)
    corpus, index = folder / "corpus", folder / "index"
    _write_round(corpus, 0)
    ingest(corpus, index, model)
    stayed_open = Answerer(index, model)
    for number in range(1, times + 1):
        stages = list(_stages(index))
        stage = stages[(number - 1) % len(stages)]
        _write_round(corpus, number)
        killed = _kill(corpus, index, stage, delay=dice.uniform(0, _LONGEST_DELAY))
        freshly_opened = Answerer(index, model)
        for answerer in (stayed_open, freshly_opened):
            _check(answerer, index, {number - 1, number})
        freshly_opened.close()
        report = ingest(corpus, index, model)
        assert report.build == Builds(index).current().id
        _check(stayed_open, index, {number})
        builds = list((index / "builds").iterdir())
        assert len(builds) <= KEPT
        assert all((build / "build.json").is_file() for build in builds)
        yield killed
    stayed_open.close()


def _write_round(corpus: Path, number: int) -> None:
    """A page that says which round it is, and one with enough new sentences to take a while."""
    write_page(corpus, "news/clock.md", f"The clock tower has {number + 100} bells.", title="The clock tower")
    sentences = [f"In week {week} of year {number} the gardener planted a row of leeks." for week in range(12)]
    write_page(corpus, "news/garden.md", "\n\n".join(sentences))


def _stages(index: Path) -> dict[str, Callable[[], object]]:
    """The moments of an ingest, each with what is seen on the disk once it has come."""
    vectors, builds = set(index.rglob("*.npz")), set((index / "builds").iterdir())

    def new_build(part: str) -> bool:
        return any((build / part).exists() for build in set((index / "builds").iterdir()) - builds)

    return {
        "it holds the lock": (index / "writer").exists,
        "vectors are kept": lambda: set(index.rglob("*.npz")) - vectors,
        "a build is begun": lambda: new_build("chroma"),
        "the build is written": lambda: new_build("glossary.json"),
        "the build is complete": lambda: new_build("build.json"),
    }


def _kill(corpus: Path, index: Path, stage: str, *, delay: float) -> Killed:
    has_come = _stages(index)[stage]
    command = [sys.executable, str(ROOT / "trustbot.py"), "ingest", "--corpus", str(corpus), "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=corpus) as process:
        while process.poll() is None and not has_come():
            time.sleep(0.001)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
    return Killed(stage=stage, code=process.returncode)


def _check(answerer: Answerer, index: Path, rounds: set[int]) -> None:
    answer = answerer.answer(Question(text=BELLS))
    assert answer.status == "answered"
    assert answer.build == Builds(index).current().id
    assert answer.citations[0].quote in {f"The clock tower has {number + 100} bells." for number in rounds}
