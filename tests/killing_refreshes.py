"""Killing a refresh: what is left of a real `trustbot refresh` that got SIGKILL at some moment of its work."""

import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bot.answering import Answerer
from bot.answers import Question
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import stored_documents
from ingest.pipeline import ingest
from ingest.sources.refreshing import refresh
from tests.ingest.website import Website
from tests.ingest.website_pages import WebPage
from tests.killing import BELLS, ROOT, Killed

TODAY = date(2026, 11, 21)
ROOMS = 30
NO_QUESTION = '- {id: bells, question: "How many bells?", kind: progress, answerable: true, expect: [[bells]]}\n'
_LONGEST_DELAY = {"it is decided": 0.05}  # seconds after a stage was seen; what follows is over in no time
_USUAL_DELAY = 0.4


def survive_refreshes(folder: Path, model: EmbeddingModel, *, times: int, seed: int) -> Iterator[Killed]:
    """Kill `times` refreshes at random moments of each stage in turn, and check what every one of them leaves.

    Every page of the site changes in every round. After a kill whole rounds are answered from, by an Answerer that
    stayed open too; then an ingest or a refresh, in turn, leaves files and build of one and the same round.
    """
    dice = random.Random(seed)
    corpus, index = folder / "corpus", folder / "index"
    with Website(pages={}) as site:
        sources = [{"name": "News", "sitemap": site.url("/sitemap-news.xml"), "kind": "news"}]
        site.write_sources(corpus, sources=sources)
        (folder / "questions.yaml").write_text(NO_QUESTION)
        _write_round(site, 0)
        refresh(corpus, index, model, today=TODAY)
        stayed_open = Answerer(index, model)
        for number in range(1, times + 1):
            stage = _STAGES[(number - 1) % len(_STAGES)]
            _write_round(site, number)
            killed = _kill(folder, stage, delay=dice.uniform(0, _LONGEST_DELAY.get(stage, _USUAL_DELAY)))
            _check(stayed_open, index, {number - 1, number})
            if number % 2:
                ingest(corpus, index, model)
                assert len(_rounds(corpus, index)) == 1
            refresh(corpus, index, model, today=TODAY, yes=True)
            assert _rounds(corpus, index) == {number}
            _check(stayed_open, index, {number})
            assert not (index / "refreshes/journal").exists()
            assert not [path for path in corpus.rglob("*") if path.name.endswith(".partial")]
            yield killed
        stayed_open.close()


def _write_round(site: Website, number: int) -> None:
    """Pages that say which round it is: one about the clock tower, and many rooms."""
    bells = f"<p>The clock tower has {number + 100} bells.</p>"
    site.write("/news/clock", WebPage(title="The clock tower", published="2024-05-01", main=bells))
    for room in range(ROOMS):
        chairs = f"<p>In room {room} of the house there are {number + 100} chairs.</p>"
        site.write(f"/news/room-{room}", WebPage(title=f"Room {room}", published="2024-05-01", main=chairs))


_STAGES = ("a build is begun", "it is decided", "pages arrive", "files are staged", "the build is complete")


def _seen(index: Path, stage: str) -> Callable[[], object]:
    """What is seen on the disk once a stage has come."""
    fetched = {path: path.stat().st_mtime_ns for path in (index / "fetched").glob("*.json")}
    staged, builds = set((index / "refreshes").glob("*/after")), set((index / "builds").iterdir())

    def arrived() -> bool:
        return any(path.stat().st_mtime_ns != then for path, then in fetched.items() if path.exists())

    def new_build(part: str) -> bool:
        return any((build / part).exists() for build in set((index / "builds").iterdir()) - builds)

    return {
        "pages arrive": arrived,
        "files are staged": lambda: set((index / "refreshes").glob("*/after")) - staged,
        "a build is begun": lambda: new_build("chroma"),
        "the build is complete": lambda: new_build("build.json"),
        "it is decided": (index / "refreshes/journal").exists,
    }[stage]


def _kill(folder: Path, stage: str, *, delay: float) -> Killed:
    has_come = _seen(folder / "index", stage)
    options = ["--corpus", "corpus", "--index", "index", "--questions", "questions.yaml", "--yes"]
    command = [sys.executable, str(ROOT / "trustbot.py"), "refresh", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        while process.poll() is None and not has_come():
            time.sleep(0.001)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
    return Killed(stage=stage, code=process.returncode)


def _rounds(corpus: Path, index: Path) -> set[int]:
    """The rounds that the files of the corpus and the documents of the current build are of."""
    builds = Builds(index)
    files = [path.read_text(encoding="utf-8") for path in corpus.rglob("*.md")]
    stored = [document.text for document in stored_documents(builds, builds.current())]
    assert len(files) == len(stored) == ROOMS + 1
    found = [re.findall(r"(\d+) (?:bells|chairs)", text) for text in (*files, *stored)]
    return {int(counts[0]) - 100 for counts in found}


def _check(answerer: Answerer, index: Path, rounds: set[int]) -> None:
    answer = answerer.answer(Question(text=BELLS))
    assert answer.status == "answered"
    assert answer.build == Builds(index).current().id
    assert answer.citations[0].quote in {f"The clock tower has {number + 100} bells." for number in rounds}
