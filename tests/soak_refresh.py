"""The refresh in `make soak`: fifty under questions, twenty killed, one cut short wherever it writes."""

import threading
from datetime import date
from pathlib import Path

import stamina

from bot.answering import Answerer
from bot.answers import Question
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.sources.refreshing import refresh
from tests.ingest.cut_short import cut_short
from tests.ingest.refreshed_trust import RefreshedTrust
from tests.ingest.website import Website
from tests.killing_refreshes import survive_refreshes

REFRESHES, KILLS, ASKING = 50, 20, 3
TODAY = date(2026, 11, 21)
BUS = "How often does the night bus run?"


def refresh_under_questions(folder: Path, model: EmbeddingModel) -> None:
    """Refresh again and again while threads ask; no question may fail, and no answer mix two builds."""
    corpus, index = folder / "corpus", folder / "index"
    with Website() as site:
        site.write_sources(corpus)
        told = {str(refresh(corpus, index, model, today=TODAY).build): 30}
        answerer = Answerer(index, model)
        done = threading.Event()
        heard: list[tuple[str, str, str]] = []

        def keep_asking() -> None:
            while not done.is_set():
                answer = answerer.answer(Question(text=BUS))
                quote = answer.citations[0].quote if answer.citations else ""
                heard.append((answer.status, str(answer.build), quote))

        threads = [threading.Thread(target=keep_asking, daemon=True) for _ in range(ASKING)]
        for thread in threads:
            thread.start()
        for number in range(30, 30 + REFRESHES):
            site.change("/news/night-bus", f"every {number} minutes", f"every {number + 1} minutes")
            build = str(refresh(corpus, index, model, today=TODAY).build)
            told[build] = number + 1
            while not any(heard_build == build for _, heard_build, _ in heard[-50:]):
                assert all(thread.is_alive() for thread in threads), "a thread that asked has died"
                done.wait(0.01)
        done.set()
        for thread in threads:
            thread.join()
        answerer.close()
    failed = [answer for answer in heard if answer[0] != "answered"]
    mixed = [answer for answer in heard if f"every {told[answer[1]]} minutes" not in answer[2]]
    assert not failed and not mixed, (failed[:3], mixed[:3])
    assert len(Builds(index).all()) <= 3
    print(
        f"{REFRESHES} refreshes, {len(heard)} questions asked meanwhile: none failed, none mixed two builds", flush=True
    )


def kill_refreshes(folder: Path, model: EmbeddingModel, seed: int) -> None:
    """Kill real refreshes, and check what each leaves."""
    for number, killed in enumerate(survive_refreshes(folder, model, times=KILLS, seed=seed), 1):
        print(f"refresh killed {number} of {KILLS}: {killed.stage}, ended with {killed.code}", flush=True)


def cut_a_refresh_short(folder: Path) -> None:
    """Cut one refresh short before every change it makes to the disk."""
    with stamina.set_testing(True, attempts=3), Website() as site:
        trust = RefreshedTrust(site=site, home=folder)
        moments = list(cut_short(trust, every=1))
    print(
        f"a refresh was cut short at each of its {len(moments)} changes to the disk: the next run carried on",
        flush=True,
    )
