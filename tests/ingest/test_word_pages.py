"""Word pages: headings from styles, outline and bold lines; nothing that Word does not show."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from tests.ingest.corpus_files import failure, outline, read


def saved(word: Word) -> bytes:
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def new() -> Word:
    word = docx.Document()
    word.core_properties.title = "The garden"
    return word


def changed(content: bytes, **parts: Callable[[bytes], bytes] | bytes) -> bytes:
    """A Word file with parts ("word_document" is word/document.xml) replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            change = parts.get(name.removesuffix(".xml").replace("/", "_"), old.read(name))
            archive.writestr(name, change if isinstance(change, bytes) else change(old.read(name)))
    return file.getvalue()


def test_headings_lists_and_tables_are_read_from_their_styles(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph("The garden", "Title")
    word.add_paragraph("A report", "Subtitle")
    word.add_heading("Aims", 1)
    word.add_paragraph("The aims are:")
    word.add_paragraph("dig", "List Bullet")
    word.add_paragraph("deeper", "List Bullet 2")
    word.add_paragraph("plant", "List Number")
    word.add_heading("Numbers", 2)
    table = word.add_table(2, 2)
    for index, text in enumerate(("Year", "Visits", "2021", "1,200\n(estimate)")):
        table.cell(index // 2, index % 2).text = text
    paragraph = word.add_paragraph("Some ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run(" and\u00a0plain words.")
    word.add_heading("End", 1)
    word.add_paragraph("It is open.")
    document, warnings = read(tmp_path, "page.docx", saved(word))
    assert document.title == "The garden"
    assert outline(document) == [
        "A report",
        "Aims > The aims are:",
        "Aims > • dig",
        "Aims > • deeper",
        "Aims > • plant",
        "Aims > Numbers > | Year | Visits",
        "Aims > Numbers > | 2021 | 1,200 (estimate)",
        "Aims > Numbers > Some bold and plain words.",
        "End > It is open.",
    ]
    assert warnings == []


def test_a_table_within_a_table_keeps_a_row_a_line(tmp_path: Path) -> None:
    word = new()
    table = word.add_table(1, 2)
    table.cell(0, 0).text = "Ward"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "day", "4"
    assert outline(read(tmp_path, "page.docx", saved(word))[0]) == ["| Ward |", "| day | 4"]


@pytest.mark.parametrize(
    ("properties", "styled", "title"),
    [
        ("", "The garden", "The garden"),
        ("Letter template", "The garden", "The garden"),
        ("The garden", "", "The garden"),
    ],
)
def test_the_title_that_is_seen_goes_before_that_of_the_properties(
    tmp_path: Path, properties: str, styled: str, title: str
) -> None:
    word = docx.Document()
    word.core_properties.title = properties
    if styled:
        word.add_paragraph(styled, "Title")
    word.add_paragraph("It is open.")
    document, _ = read(tmp_path, "page.docx", saved(word))
    assert (document.title, document.text) == (title, "It is open.")


def test_a_first_heading_serves_as_title(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_heading("The garden", 1)
    word.add_paragraph("It is open.")
    document, _ = read(tmp_path, "page.docx", saved(word))
    assert (document.title, outline(document)) == ("The garden", ["It is open."])


@pytest.mark.parametrize(
    ("written", "author"), [("Ann Lee", "Ann Lee"), ("python-docx", None), ("Admin", None), ("", None)]
)
def test_the_author_is_a_person(tmp_path: Path, written: str, author: str | None) -> None:
    word = new()
    word.core_properties.author = written
    word.add_paragraph("It is open.")
    assert read(tmp_path, "page.docx", saved(word))[0].author == author


def test_a_publish_date_below_the_title_is_read(tmp_path: Path) -> None:
    word = docx.Document()
    for text, style in (("The garden", "Title"), ("Published: 17 May 2024", "Normal"), ("It is open.", "Normal")):
        word.add_paragraph(text, style)
    document, _ = read(tmp_path, "page.docx", saved(word))
    assert (document.title, document.published, document.text) == ("The garden", "2024-05-17", "It is open.")


def test_an_outline_level_makes_a_heading(tmp_path: Path) -> None:
    word = new()
    word.add_paragraph("Aims")._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>'))
    word.add_paragraph("It is open.")
    assert outline(read(tmp_path, "page.docx", saved(word))[0]) == ["Aims > It is open."]


def test_a_short_bold_paragraph_is_a_heading_and_others_are_not(tmp_path: Path) -> None:
    word = new()
    for bold, text in (
        (True, "Aims"),
        (False, "It is open."),
        (True, "It is very important to come on a Monday."),
        (False, "More words."),
        (True, "Ann Lee"),
        (True, "Head of Gardens"),
    ):
        word.add_paragraph().add_run(text).bold = bold
    assert outline(read(tmp_path, "page.docx", saved(word))[0]) == [
        "Aims > It is open.",
        "Aims > It is very important to come on a Monday.",
        "Aims > More words.",
        "Aims > Ann Lee",
        "Aims > Head of Gardens",
    ]


def with_run(word: Word, text: str = "secret") -> tuple[docx.text.paragraph.Paragraph, docx.text.run.Run]:
    paragraph = word.add_paragraph("It is ")
    run = paragraph.add_run(text)
    paragraph.add_run("open.")
    return paragraph, run


def vanished(word: Word) -> None:
    with_run(word)[1].font.hidden = True


def white(word: Word) -> None:
    with_run(word)[1].font.color.rgb = RGBColor(255, 255, 255)


def tiny(word: Word) -> None:
    with_run(word)[1].font.size = Pt(1)


def vanished_by_its_style(word: Word) -> None:
    parent = word.styles.add_style("Hidden", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    parent.font.hidden = True
    style = word.styles.add_style("Also hidden", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    style.base_style = parent
    with_run(word)[1].style = style


@pytest.mark.parametrize("hide", [vanished, white, tiny, vanished_by_its_style])
def test_a_hidden_run_is_removed_and_reported(tmp_path: Path, hide: Callable[[Word], None]) -> None:
    word = new()
    hide(word)
    document, warnings = read(tmp_path, "page.docx", saved(word))
    assert document.text == "It is open."
    assert warnings == ["removed 1 hidden run (“secret”)"]


def test_white_letters_on_a_ground_are_read(tmp_path: Path) -> None:
    word = new()
    cell = word.add_table(1, 1).cell(0, 0)
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:fill="005EB8"/>'))
    cell.paragraphs[0].add_run("Year").font.color.rgb = RGBColor(255, 255, 255)
    styled = word.add_table(1, 1, "Dark List Accent 1").cell(0, 0)
    styled.paragraphs[0].add_run("Visits").font.color.rgb = RGBColor(255, 255, 255)
    document, warnings = read(tmp_path, "page.docx", saved(word))
    assert (document.text, warnings) == ("Year\nVisits", [])


def test_a_run_that_its_style_hides_and_that_is_shown_again_is_read(tmp_path: Path) -> None:
    word = new()
    style = word.styles.add_style("Hidden", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    _, run = with_run(word, "always ")
    run.style, run.font.hidden = style, False
    assert read(tmp_path, "page.docx", saved(word))[0].text == "It is always open."


def test_a_comment_is_removed_and_reported(tmp_path: Path) -> None:
    word = new()
    _, run = with_run(word, "always ")
    word.add_comment(run, text="secret", author="Ann")
    document, warnings = read(tmp_path, "page.docx", saved(word))
    assert (document.text, warnings) == ("It is always open.", ["removed 1 comment (“secret”)"])


def test_tracked_changes_are_read_as_accepted_with_a_warning(tmp_path: Path) -> None:
    word = new()
    paragraph = word.add_paragraph("It costs ")
    for change in (
        "<w:del {} w:id='1'><w:r><w:delText>£5</w:delText></w:r></w:del>",
        "<w:ins {} w:id='2'><w:r><w:t>£6</w:t></w:r></w:ins>",
        "<w:moveFrom {} w:id='3'><w:r><w:t>before</w:t></w:r></w:moveFrom>",
    ):
        paragraph._p.append(parse_xml(change.format(nsdecls("w"))))
    document, warnings = read(tmp_path, "page.docx", saved(word))
    assert document.text == "It costs £6"
    assert warnings == ["it holds tracked changes: it was read as if they were accepted"]


def test_struck_out_words_are_no_evidence(tmp_path: Path) -> None:
    word = new()
    with_run(word, "never ")[1].font.strike = True
    document, warnings = read(tmp_path, "page.docx", saved(word))
    assert (document.text, warnings) == ("It is open.", ["removed 1 struck-out text (“never”)"])


def test_pictures_and_an_embedded_style_map_are_not_looked_at(tmp_path: Path) -> None:
    word = new()
    word.add_paragraph("It is open.")
    file = io.BytesIO(saved(word))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mammoth/style-map", "p => !")
        archive.writestr("word/media/image1.png", b"\0" * 30_000_000)
    assert read(tmp_path, "page.docx", file.getvalue())[0].text == "It is open."


FOOTNOTES = """<?xml version="1.0"?>
<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2"><w:p><w:r>
<w:t>Since 2019.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def test_footnotes_are_read_without_marks_that_look_like_those_of_an_answer(tmp_path: Path) -> None:
    word = new()
    word.add_paragraph("It is open.")._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    rel = f'<Relationship Id="rIdF" Type="{kind}" Target="footnotes.xml"/>'
    file = io.BytesIO(
        changed(
            saved(word),
            **{
                "word__rels_document.xml.rels": lambda old: old.replace(
                    b"</Relationships>", rel.encode() + b"</Relationships>"
                )
            },
        )
    )
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/footnotes.xml", FOOTNOTES)
    document, warnings = read(tmp_path, "page.docx", file.getvalue())
    assert document.text == "It is open.\n\nSince 2019."
    assert warnings == ["removed 1 hidden run (“secret”)"]


def test_an_empty_document_is_refused(tmp_path: Path) -> None:
    assert failure(tmp_path, "page.docx", saved(new())) == "it has no text"


@pytest.mark.parametrize("content", [b"not a zip", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 locked with a password"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert failure(tmp_path, "page.docx", content).startswith("it is not a Word file that can be opened")


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "words")
    assert failure(tmp_path, "page.docx", file.getvalue()).startswith("it is not a Word file that can be opened")


def test_a_broken_document_in_a_sound_archive_is_refused(tmp_path: Path) -> None:
    content = changed(saved(new()), word_document=b"<w:document")
    assert failure(tmp_path, "page.docx", content) == "it is not a Word file that can be opened (XMLSyntaxError)"


def test_an_archive_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path) -> None:
    content = changed(saved(new()), word_document=b" " * 10_000_001)
    assert len(content) < 100_000
    assert failure(tmp_path, "page.docx", content) == "its text unpacks to more than 10 MB: split it"


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><d>&b;</d>'
    reason = failure(tmp_path, "page.docx", changed(saved(new()), word_document=bomb))
    assert reason == "it holds a document type declaration, which Word does not write"
