"""Mutated files: sound files of every type that comes in, changed at random, and what must be true of each.

`survive_mutations` is the fuzz of the tests (200 files) and of `make soak` (1,000).
"""

import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import docx
from reportlab.pdfgen.canvas import Canvas

from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.index import stored_documents
from ingest.pipeline import ingest
from ingest.reading import read_corpus, read_document
from ingest.sources.corpus_files import corpus_file, plain_text
from ingest.sources.declared import Source, read_sources
from ingest.sources.extraction import extract
from ingest.sources.fetching import Fetched
from ingest.sources.listing import list_pages
from tests.ingest.corpus_files import write

SITE = "https://www.trust.example"
GOOD = "---\ntitle: The Garden Club\n---\n\nThe Garden Club has 31 volunteers.\n"
BATCH = 100  # mutated files that are ingested together

MARKDOWN = b"""---
title: The garden
published: 2024-07-31
programmes: [HOPE(S), 'Life Rooms']
---
# The garden

It is **open**, [every day](https://example.org).

- dig
  1. deep

| Year | Visits |
|------|--------|
| 2021 | 1,200  |
"""
HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>The garden | Trust</title>
<link rel="canonical" href="/news/garden"><meta property="article:published_time" content="2024-07-31T09:00:00+01:00">
<script type="application/ld+json">{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ann Lee"}}</script>
<style>.a{display:none}</style></head><body class="x"><nav><a href="/">menu</a></nav><main><h1>The garden</h1>
<p class="byline">By Ann Lee, <time datetime="2024-07-31">31 July</time></p><p style="font-size:0">secret</p>
<p>It is <b>open</b> &amp; &#8203;busy, as <a href="/plan?utm_source=x&amp;a=1">the plan</a> says.<br>Come – £5.</p>
<ul><li>dig<ol><li>deep</ol></ul><table><tr><th>a<th>b<tr><td>1<td>2<table><tr><td>c</table></table>
<button aria-controls="p" aria-expanded="false">More</button><div id="p" hidden>Every day.</div>
<div class="related"><h2>Related news</h2></div></main></body></html>""".encode()
TEXT = b"The garden\nPublish date: 31 July 2024\n\nIt is open.\n\n- dig\n- sow\n"
BESIDE = b"title: The report\npublished: 2024-07\nprogrammes: [HOPE(S)]\nembargo_until: 2026-01-31\n"
GLOSSARY = b"programmes:\n  - name: The Garden Club\n    aliases: [garden group]\npartners:\n  - name: Orrin Council\n"
SOURCES = b"""hosts: [www.trust.example]
delay: 0.5
sources:
  - name: News
    feed: https://www.trust.example/feed.xml
    kind: news
    include: ["*/news/*"]
  - name: Programmes
    pages: [https://www.trust.example/a, https://www.trust.example/b]
    kind: programme
    selector: main
"""
FEED = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>
<item><title>The garden</title><link>https://www.trust.example/news/garden</link>
<pubDate>Wed, 31 Jul 2024 09:00:00 +0100</pubDate></item>
<item><title>The bus</title><link>https://www.trust.example/news/bus</link></item></channel></rss>"""
SITEMAP = b"""<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://www.trust.example/news/garden</loc><lastmod>2024-07-31</lastmod></url>
<url><loc>https://www.trust.example/news/bus</loc></url></urlset>"""


def word() -> bytes:
    file, document = io.BytesIO(), docx.Document()
    document.core_properties.title = "The garden"
    document.add_heading("The garden", 1)
    document.add_paragraph("It is open.").add_run("secret").font.hidden = True
    document.add_paragraph("dig", "List Bullet")
    document.add_table(1, 2).cell(0, 0).text = "a"
    document.save(file)
    return file.getvalue()


def portable() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=0, invariant=1)
    canvas.drawString(72, 700, "The garden is open.")
    canvas.rect(70, 600, 100, 20, fill=1)
    canvas.showPage()
    canvas.drawString(72, 700, "Come.")
    canvas.save()
    return file.getvalue()


SOUND = {
    "page.html": HTML,
    "page.md": MARKDOWN,
    "page.txt": TEXT,
    "page.pdf": portable(),
    "page.docx": word(),
    "page.yaml": BESIDE,
    "glossary.yaml": GLOSSARY,
    "sources.yaml": SOURCES,
    "feed.xml": FEED,
    "sitemap.xml": SITEMAP,
}
TYPES = {
    ".html": "text/html",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
BYTES = (
    b"\x00",
    b"\xff",
    b"<",
    b">",
    b"&#0;",
    b"\xe2\x80\x8b",
    b"---\n",
    b": ",
    b"'",
    b'"',
    b"[",
    b"%PDF",
    b"PK\x03\x04",
)
LETTERS = (b"a", b" ", b"7", b"\n", b"\xc3\xa9", b"2024", b"*", b"|", b"_")


def mutations(seed: int) -> Iterator[tuple[str, bytes]]:
    """Changed files without end, each with the name of the sound one; the types come round in turn."""
    dice = random.Random(seed)
    while True:
        for name, sound in SOUND.items():
            inside = name == "page.docx" and dice.random() < 0.7
            yield name, mutated_inside(sound, dice) if inside else mutated(sound, dice)


def mutated(sound: bytes, dice: random.Random) -> bytes:
    """Some bytes replaced, taken out, doubled, moved or cut off."""
    content = bytearray(sound)
    for _ in range(dice.choice((1, 1, 2, 4))):
        start = dice.randint(0, len(content))
        end = min(len(content), start + dice.choice((0, 1, 1, 4, 40, 400)))
        piece = bytes(content[start:end])
        content[start:end] = dice.choice(
            (
                b"",
                piece * 2,
                piece * 50,
                piece[::-1],
                dice.randbytes(len(piece)),
                dice.choice(BYTES),
                dice.choice(LETTERS),
            )
        )
    return bytes(content[: dice.randint(0, len(content))] if dice.random() < 0.1 else content)


def mutated_inside(archive: bytes, dice: random.Random) -> bytes:
    """A Word file one of whose texts was changed before it was packed; else a checksum gives every change away."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(packed, "w") as new:
        chosen = dice.choice(["word/document.xml", *old.namelist()])
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, mutated(content, dice) if name == chosen else content)
    return packed.getvalue()


def survive_mutations(folder: Path, model: EmbeddingModel, *, count: int, seed: int) -> Counter[str]:
    """Bring in `count` mutated files; returns how many of each type were taken and how many refused.

    Each is taken or refused with one sentence; what was taken can be read from the corpus; and after every batch the
    index has one whole build of what can be read, or the one it had before.
    """
    outcomes: Counter[str] = Counter()
    changed = list(islice(mutations(seed), count))
    for start in range(0, count, BATCH):
        corpus = folder / f"corpus-{start}"
        write(corpus, "news/good.md", GOOD)
        for number, (name, content) in enumerate(changed[start : start + BATCH]):
            taken = _is_taken(_CHECKS.get(name, _check_page), folder / "one", name, content)
            outcomes[f"{name} {'taken' if taken else 'refused'}"] += 1
            _add(corpus, name, content, number)
        _check_ingest(corpus, folder / "index", model)
    return outcomes


def _is_taken(check: Callable[[Path, str, bytes], None], folder: Path, name: str, content: bytes) -> bool:
    try:
        check(folder, name, content)
    except TrustbotError as error:
        assert str(error) and "\n" not in str(error), (name, content, str(error))
        return False
    return True


def _check_page(folder: Path, name: str, content: bytes) -> None:
    """A page that is taken gives a corpus file of the same words, and the same at every fetch."""
    kind, url = TYPES[Path(name).suffix], f"{SITE}/{name}"
    found = extract(content, url=url, content_type=kind)
    assert extract(content, url=url, content_type=kind) == found
    source = Source(name="S", pages=(SITE,), kind="news")
    path = write(folder, "news/page.md", corpus_file(found, source=source, url=url))
    document, _, _ = read_document(path, folder)
    without_headings = re.sub(r"^#{1,6} .*$", "", found.body, flags=re.MULTILINE)
    assert re.findall(r"\w+", document.text) == re.findall(r"\w+", plain_text(without_headings)), (name, content)


def _check_beside(folder: Path, name: str, content: bytes) -> None:
    write(folder, "beside/page.pdf", SOUND["page.pdf"])
    write(folder, "beside/page.yaml", content)
    read_document(folder / "beside" / "page.pdf", folder / "beside")


def _check_glossary(folder: Path, name: str, content: bytes) -> None:
    from ingest.glossary import read_glossary

    read_glossary(write(folder, "names/glossary.yaml", content))


def _check_sources(folder: Path, name: str, content: bytes) -> None:
    read_sources(write(folder, "declared/sources.yaml", content))


def _check_listing(folder: Path, name: str, content: bytes) -> None:
    """A listing that fails, or lists nothing, never says that pages are gone."""
    address = f"{SITE}/{name}"
    source = Source(name="S", kind="news", **{"feed" if name == "feed.xml" else "sitemap": address})
    listing = list_pages(source, _Canned(content))  # type: ignore[arg-type]
    assert not (listing.complete and (listing.failed or not listing.pages)), (name, content)
    assert all(page.url.startswith(("http://", "https://")) for page in listing.pages), (name, content)
    if listing.failed:
        raise TrustbotError(listing.failed)


class _Canned:
    """A fetcher that is always answered with the same bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def fetch(self, url: str, **_: Any) -> Fetched:
        return Fetched(
            url=url, final_url=url, moved=False, status=200, content=self._content, content_type="application/xml"
        )


_CHECKS = {
    "page.yaml": _check_beside,
    "glossary.yaml": _check_glossary,
    "sources.yaml": _check_sources,
    "feed.xml": _check_listing,
    "sitemap.xml": _check_listing,
}


def _add(corpus: Path, name: str, content: bytes, number: int) -> None:
    """Put a mutated file where it would stand in a corpus; listings and sources never come there."""
    ending = Path(name).suffix
    if name == "glossary.yaml":
        write(corpus, name, content)
    elif name == "page.yaml":
        write(corpus, f"news/beside-{number}.pdf", SOUND["page.pdf"])
        write(corpus, f"news/beside-{number}.yaml", content)
    elif name.startswith("page"):
        write(corpus, f"news/page-{number}{ending}", content)


def _check_ingest(corpus: Path, index: Path, model: EmbeddingModel) -> None:
    builds = Builds(index)
    before = builds.current_id()
    try:
        ingest(corpus, index, model)
    except TrustbotError as error:
        assert "\n" not in str(error)
        assert builds.current_id() == before
        (corpus / "glossary.yaml").unlink()  # the one file that holds up all others
        ingest(corpus, index, model)
    current = builds.current()
    stored = stored_documents(builds, current)
    assert {document.id: document.text for document in stored} == {
        document.id: document.text for document in read_corpus(corpus).documents
    }
    assert "good" in {document.id for document in stored}
    assert all((build / "build.json").is_file() for build in (index / "builds").iterdir())
