"""Damaged files: whatever bytes a file holds, a reader gives a page or one error that says what is wrong."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import TrustbotError
from ingest.readers import READERS
from ingest.reading import read_corpus
from tests.ingest.corpus_files import write

FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
MORE = settings(FEW, max_examples=200)

MARKDOWN = b"""---
title: The garden
published: 2024-07-31
programmes: [HOPE(S), 'Life Rooms']
---
# The garden

It is **open**, [every day](https://example.org).<!-- not -->

<div hidden>

secret

</div>

- dig
  1. deep

| Year | Visits |
|------|--------|
| 2021 | 1,200  |

Workstream update (July 2024)

- one

Next.

Workstream update (July 2024)

- two
"""
HTML = b"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>The garden</title>
<meta name="date" content="2024-07-31"><script type="application/ld+json">{"datePublished": "2024"}</script>
<style>.a{display:none}</style></head><body class="x"><nav>menu</nav><main><h1>The garden</h1><time>May 2024</time>
<p style="color:white;font-size:0">secret</p><p>It is <b>open</b> &amp; &#8203;busy.<br>Come.</p><ul><li>dig<ul><li>deep
</ul></ul><table><tr><td>a<td>b<table><tr><td>c</table></table><!-- not --></main></body></html>"""


def word() -> bytes:
    file, document = io.BytesIO(), docx.Document()
    document.add_heading("The garden", 1)
    document.add_paragraph("It is open.").add_run("secret").font.hidden = True
    document.add_paragraph("dig", "List Bullet")
    document.add_table(1, 2).cell(0, 0).text = "a"
    document.save(file)
    unpacked = io.BytesIO()  # stored, so that a changed byte changes the text and not only a checksum
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(unpacked, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels"):
            archive.writestr(name, old.read(name))
    return unpacked.getvalue()


def portable() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=0)
    canvas.drawString(72, 700, "The garden is open.")
    canvas.rect(70, 600, 100, 20, fill=1)
    canvas.showPage()
    canvas.drawString(72, 700, "Come.")
    canvas.save()
    return file.getvalue()


SOUND = {".md": MARKDOWN, ".txt": MARKDOWN, ".html": HTML, ".htm": HTML, ".docx": word(), ".pdf": portable()}


def read_or_refuse(reader: Callable[[Path], object], path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        reader(path)
    except TrustbotError as error:
        assert str(error)
        assert "\n" not in str(error)


@pytest.mark.parametrize("ending", sorted(READERS))
def test_the_sound_file_is_read(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"page{ending}"
    path.write_bytes(SOUND[ending])
    assert READERS[ending](path).parts


@pytest.mark.parametrize("ending", sorted(READERS))
@FEW
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(ending: str, content: bytes, tmp_path: Path) -> None:
    read_or_refuse(READERS[ending], tmp_path / f"page{ending}", content)


@pytest.mark.parametrize("ending", sorted(set(READERS) - {".htm"}))
@MORE
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(ending: str, data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(SOUND[ending])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(place, min(len(content), place + 40)))
        content[place:end] = data.draw(st.binary(max_size=20) | st.just(bytes(content[end : end + 200])))
    read_or_refuse(READERS[ending], tmp_path / f"page{ending}", bytes(content))


@FEW
@given(
    content=st.lists(
        st.sampled_from(
            [
                *"-#*>`|[]()!<>_~&:\n \t",
                "---\n",
                "<!--",
                "-->",
                "<div hidden>",
                "</div>",
                "a",
                "1. ",
                "\n\n",
                "| a |\n",
                "\u200b",
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_any_markup_gives_text_that_its_blocks_tile(content: str, tmp_path: Path) -> None:
    for ending, start in ((".md", "---\ntitle: T\n---\n"), (".txt", ""), (".html", "<title>T</title>")):
        write(tmp_path, f"page-{ending[1:]}{ending}", start + content)
    reading = read_corpus(tmp_path)
    for document in reading.documents:
        end = 0
        for block in document.blocks:
            assert document.text[end : block.start] in (("",) if end == 0 else ("\n", "\n\n"))
            assert document.text[block.start : block.end].strip() == document.text[block.start : block.end] != ""
            assert "\n" not in document.text[block.start : block.end]
            end = block.end
        assert end == len(document.text) > 0
