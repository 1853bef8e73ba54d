"""`make soak`: promises that need time: mutated files, killed ingests, builds that change under questions for long."""

import gc
import os
import resource
import tempfile
import threading
import time
from pathlib import Path

from bot.answering import Answerer
from bot.answers import Question
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.ingest.mutated_files import survive_mutations
from tests.killing import survive
from tests.pages import GARDEN, write_page
from tests.soak_refresh import cut_a_refresh_short, kill_refreshes, refresh_under_questions

KILLS = 30
INGESTS = 60
MUTATED = 1000
ASKING = 3


def main() -> None:
    seed = int(os.environ.get("SOAK_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed} (SOAK_SEED repeats it)", flush=True)
    model = EmbeddingModel()
    with tempfile.TemporaryDirectory() as folder:
        mutate(Path(folder) / "mutated", model, seed)
        kill(Path(folder) / "killed", model, seed)
        ingest_under_questions(Path(folder) / "asked", model)
        refresh_under_questions(Path(folder) / "refreshed", model)
        kill_refreshes(Path(folder) / "killed-refreshes", model, seed)
        cut_a_refresh_short(Path(folder) / "cut-short")


def mutate(folder: Path, model: EmbeddingModel, seed: int) -> None:
    """Bring in mutated files of every type: no crash, and no half build."""
    outcomes = survive_mutations(folder, model, count=MUTATED, seed=seed)
    print(f"{MUTATED} mutated files: {', '.join(f'{count} {name}' for name, count in sorted(outcomes.items()))}")


def kill(folder: Path, model: EmbeddingModel, seed: int) -> None:
    """Kill ingests, and check after each that the old build answers and the next ingest succeeds."""
    for number, killed in enumerate(survive(folder, model, times=KILLS, seed=seed), 1):
        print(f"kill {number} of {KILLS}: {killed.stage}, ended with {killed.code}", flush=True)


def ingest_under_questions(folder: Path, model: EmbeddingModel) -> None:
    """Ingest again and again while threads ask; no answer may mix two builds, and nothing may be left open."""
    corpus, index = folder / "corpus", folder / "index"
    told: dict[str, int] = {}
    write_page(corpus, "programmes/garden-club.md", "The Garden Club has 1000 volunteers.")
    told[str(ingest(corpus, index, model).build)] = 1000
    answerer = Answerer(index, model)
    done = threading.Event()
    heard: set[tuple[str, str]] = set()

    def keep_asking() -> None:
        while not done.is_set():
            answer = answerer.answer(Question(text=GARDEN))
            heard.add((str(answer.build), answer.citations[0].quote))

    threads = [threading.Thread(target=keep_asking, daemon=True) for _ in range(ASKING)]
    for thread in threads:
        thread.start()
    for number in range(1001, 1001 + INGESTS):
        write_page(corpus, "programmes/garden-club.md", f"The Garden Club has {number} volunteers.")
        build = str(ingest(corpus, index, model).build)
        told[build] = number
        while not any(heard_build == build for heard_build, _ in heard.copy()):
            assert all(thread.is_alive() for thread in threads), "a thread that asked has died"
            done.wait(0.01)
        if number % 10 == 0:
            gc.collect()
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"ingest {number - 1000}: {len(os.listdir('/proc/self/fd'))} open files, {memory} MB", flush=True)
    done.set()
    for thread in threads:
        thread.join()
    mixed = [(build, quote) for build, quote in heard if quote != f"The Garden Club has {told[build]} volunteers."]
    assert not mixed, mixed
    assert len(Builds(index).all()) <= 3
    print(f"{len(heard)} answers of {len(told)} builds, none mixed")


if __name__ == "__main__":
    main()
