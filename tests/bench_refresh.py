"""What a refresh costs when nothing or one page of ten thousand changed, against the first ingest of them all."""

import multiprocessing
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from ingest.builds import Builds
from ingest.embedding import EmbeddingModel, Vectors
from ingest.sources.refreshing import refresh
from ingest.sources.report import RefreshReport
from tests.bench import CORPUS, Line, Perturbed, timed, write_copies
from tests.ingest.website import Website
from tests.ingest.website_pages import WebPage

PAGES = 10_000
MEASURED_ON = 1500  # texts, of those that were to be embedded
TODAY = date(2026, 11, 21)


@dataclass
class Stages:
    """When each stage of a refresh was last heard of, in seconds."""

    heard: dict[str, float] = field(default_factory=dict)

    def __call__(self, what: str, done: int, total: int) -> None:
        self.heard[what] = time.perf_counter()


class Counting(Perturbed):
    """Embeds nothing and keeps what it was given; its tokenizer is the real one, since splitting is measured too."""

    def __init__(self, base: Vectors) -> None:
        super().__init__(base)
        self.given: list[str] = []

    def pieces(self, text: str) -> list[int]:
        return EmbeddingModel.pieces(self, text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        return super().embed(texts)


def measure_refresh(pages: int = PAGES) -> list[Line]:
    """Two lines: nothing changed, and one page changed, embedding counted at the rate measured here."""
    sender, receiver = multiprocessing.Pipe()
    site = multiprocessing.get_context("spawn").Process(target=_serve, args=(receiver, pages), daemon=True)
    site.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _measure(Path(folder), sender, pages)
    finally:
        sender.send(None)
        site.join(30)


def _measure(folder: Path, site: Connection, pages: int) -> list[Line]:
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    (corpus / "sources.yaml").write_text(site.recv(), encoding="utf-8")
    model = Counting(_unit_vectors())
    first, stages, started = Stages(), Stages(), time.perf_counter()
    _refresh(corpus, index, model, first)
    ingest_seconds = time.perf_counter() - first.heard["Fetching"]
    print(f"{pages:,} pages: fetched and read in {first.heard['Fetching'] - started:.0f} s", flush=True)
    rate = _embedded_a_second(model.given)
    full = ingest_seconds + len(model.given) / rate
    model.given.clear()
    nothing = _refresh(corpus, index, model, stages)
    builds = len(Builds(index).all())
    site.send("change")
    site.recv()
    started = time.perf_counter()
    one = _refresh(corpus, index, model, stages)
    seconds = time.perf_counter() - started + len(model.given) / rate
    assert [page.document for page in one.changed] == ["page-0"]
    return [
        Line(
            what=f"refresh, {pages:,} pages, nothing changed",
            floor="",
            ours=f"{nothing.requests.downloaded} bodies, {nothing.passages.embedded} embedded, {builds - 1} builds"
            f" ({nothing.seconds:.0f} s)",
            ratio=None,
            wanted="0, 0, 0",
        ),
        Line(
            what=f"refresh, one page of {pages:,} changed",
            floor=f"{full:.0f} s",
            ours=f"{seconds:.1f} s",
            ratio=seconds / full,
            wanted="≤ 0.03",
        ),
    ]


def _refresh(corpus: Path, index: Path, model: EmbeddingModel, stages: Stages) -> RefreshReport:
    return refresh(corpus, index, model, today=TODAY, progress=stages)


def _embedded_a_second(texts: Sequence[str]) -> float:
    """How many of these texts the real model embeds in a second, measured on some, drawn evenly from short to long."""
    model = EmbeddingModel()
    model.embed(["to load the model"])
    chosen = sorted(texts, key=len)[:: max(1, len(texts) // MEASURED_ON)]
    return len(chosen) / timed(lambda: model.embed(chosen))


def _unit_vectors() -> Vectors:
    vectors = np.random.default_rng(0).standard_normal((500, 384)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _serve(orders: Connection, pages: int) -> None:
    """A web site of so many pages in a process of its own; sends its sources.yaml, and changes a page when told to."""
    with Website(pages=_web_pages(pages)) as website, tempfile.TemporaryDirectory() as folder:
        sources = [{"name": "All", "sitemap": website.url("/sitemap-news.xml"), "kind": "news"}]
        orders.send(website.write_sources(Path(folder), sources=sources).read_text(encoding="utf-8"))
        while orders.recv():
            page = website.pages["/news/page-0"]
            website.change("/news/page-0", page.main, f"{page.main}<p>The garden was dug over by a gardener.</p>")
            orders.send("changed")


def _web_pages(pages: int) -> dict[str, WebPage]:
    """Pages of the corpus again and again, with other words of the same length."""
    with tempfile.TemporaryDirectory() as folder:
        write_copies(Path(folder), -(-pages // len(list(CORPUS.rglob("*/*.md")))))
        files = sorted(Path(folder).rglob("*/*.md"))[:pages]
        texts = [file.read_text(encoding="utf-8").split("\n---\n", 1)[1] for file in files]
    return {
        f"/news/page-{number}": WebPage(title=f"Page {number}", published="2024-05-01", main=_html(text))
        for number, text in enumerate(texts)
    }


def _html(markdown: str) -> str:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", markdown) if block.strip()]
    return "".join(
        f"<h2>{escape(block.lstrip('# '))}</h2>" if block.startswith("#") else f"<p>{escape(block)}</p>"
        for block in blocks
    )


if __name__ == "__main__":
    from tests.bench import print_table

    print_table(measure_refresh())
