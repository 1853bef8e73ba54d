"""PDF pages: printed lines become headings, paragraphs and lists; nothing that cannot be seen on the page."""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.colors import Color, black, blue, white
from reportlab.pdfgen.canvas import Canvas

from ingest.readers.lines import Line, parts_of_lines, without_running_lines
from tests.ingest.corpus_files import failure, outline, read

BODY, BOLD = ("Helvetica", 11.0), ("Helvetica-Bold", 11.0)
FULL = "The trust opened a new garden in Larkhill last week, and it has been very busy ever since then"
NEXT = "with people who dig and plant."


class Print:
    """A PDF in the making: lines go from the top of the page down."""

    def __init__(self, *, title: str = "The garden", author: str = "", encrypt: str | None = None) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=(595, 842), encrypt=encrypt, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.y = 780.0

    def line(
        self, text: str, font: tuple[str, float] = BODY, *, gap: float = 0, x: float = 72, colour: Color = black
    ) -> None:
        self.y -= gap + font[1] * 1.2
        self.canvas.setFont(*font)
        self.canvas.setFillColor(colour)
        self.canvas.drawString(x, self.y, text)

    def next_page(self) -> None:
        self.canvas.showPage()
        self.y = 780.0

    def saved(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()


def printed(*lines: str | tuple[str, tuple[str, float]], **known: str) -> bytes:
    """A page of lines; an empty one is a gap."""
    page = Print(**known)
    gap = 0.0
    for line in lines:
        if line:
            text, font = (line, BODY) if isinstance(line, str) else line
            page.line(text, font, gap=gap)
        gap = 0.0 if line else 10.0
    return page.saved()


def test_larger_lines_are_headings_by_their_size_and_bold_ones_below_them(tmp_path: Path) -> None:
    document, warnings = read(
        tmp_path,
        "page.pdf",
        printed(
            ("The garden", ("Helvetica", 24.0)),
            "",
            ("What is grown in the garden all", ("Helvetica", 16.0)),
            ("year round", ("Helvetica", 16.0)),
            "",
            FULL,
            NEXT,
            "",
            ("Beans", BOLD),
            FULL,
            NEXT,
            "",
            ("Next year", ("Helvetica", 16.0)),
            "It is open.",
        ),
    )
    assert document.title == "The garden"
    heading = "What is grown in the garden all year round"
    assert outline(document) == [
        f"{heading} > {FULL} {NEXT}",
        f"{heading} > Beans > {FULL} {NEXT}",
        "Next year > It is open.",
    ]
    assert warnings == []


def test_bold_words_in_a_paragraph_and_a_bold_paragraph_are_no_headings(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path,
        "page.pdf",
        printed(
            FULL,
            ("people and bees who dig and", BOLD),
            FULL,
            NEXT,
            "",
            (FULL, BOLD),
            (NEXT, BOLD),
            "",
            FULL,
            NEXT,
            "",
            FULL,
        ),
    )
    assert {block.headings for block in document.blocks} == {()}


def test_lines_are_joined_to_paragraphs_until_a_gap_or_a_short_last_line(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.pdf", printed(FULL, FULL, NEXT, "It is open.", "", FULL, NEXT))
    assert outline(document) == [f"{FULL} {FULL} {NEXT}", "It is open.", f"{FULL} {NEXT}"]


def test_lines_set_far_apart_are_joined_too(tmp_path: Path) -> None:
    page = Print()
    for text, gap in ((FULL, 0), (FULL, 10), (FULL, 10), (NEXT, 10), (FULL, 30), (FULL, 10), (NEXT, 10)):
        page.line(text, gap=gap)
    assert outline(read(tmp_path, "page.pdf", page.saved())[0]) == [
        f"{FULL} {FULL} {FULL} {NEXT}",
        f"{FULL} {FULL} {NEXT}",
    ]


def test_a_paragraph_goes_on_over_a_page_break(tmp_path: Path) -> None:
    page = Print()
    page.line(FULL)
    page.next_page()
    page.line(NEXT)
    page.line("It is open.", gap=10)
    assert outline(read(tmp_path, "page.pdf", page.saved())[0]) == [f"{FULL} {NEXT}", "It is open."]


def test_a_new_paragraph_on_a_new_page_stays_apart(tmp_path: Path) -> None:
    page = Print()
    page.line(f"{FULL}.")
    page.next_page()
    page.line(FULL)
    assert outline(read(tmp_path, "page.pdf", page.saved())[0]) == [f"{FULL}.", FULL]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (("They are part of a transfor-", "mation of care."), "They are part of a transformation of care."),
        (("They believe in co-", "production of care."), "They believe in co-production of care."),
        (("Care is person-", "centred."), "Care is person-centred."),
        (("From 2019 -", "as planned."), "From 2019 - as planned."),
    ],
)
def test_a_word_broken_at_the_end_of_a_line_is_whole_again(tmp_path: Path, lines: Sequence[str], joined: str) -> None:
    assert read(tmp_path, "page.pdf", printed(*lines))[0].text == joined


def test_bullets_and_numbers_begin_items_that_can_have_several_lines(tmp_path: Path) -> None:
    page = Print()
    page.line("The aims of the garden are:")
    page.line("• dig the ground over, which takes a good deal of time and of tea for the people there", x=80, gap=4)
    page.line("and for their friends", x=92)
    page.line("• plant", x=80)
    page.line("1. first", x=80)
    page.line("2) second", x=80)
    page.line(FULL, gap=10)
    page.line(NEXT)
    assert outline(read(tmp_path, "page.pdf", page.saved())[0]) == [
        "The aims of the garden are:",
        "• dig the ground over, which takes a good deal of time and of tea for the people there and for their friends",
        "• plant",
        "• first",
        "• second",
        f"{FULL} {NEXT}",
    ]


def grid(page: Print, rows: Sequence[Sequence[str]], *, width: float = 150) -> None:
    """A ruled table below the last line."""
    top = page.y - 10
    for row in rows:
        for column, text in enumerate(row):
            page.canvas.rect(72 + column * width, page.y - 30, width, 20)
            page.canvas.drawString(76 + column * width, page.y - 24, text)
        page.y -= 20
    page.canvas.rect(72, page.y - 10, width * len(rows[0]), top - page.y + 10)
    page.y -= 10


def test_one_row_of_a_ruled_table_is_one_line(tmp_path: Path) -> None:
    page = Print()
    page.line("The visits of every year:")
    grid(page, [["Year", "Visits", ""], ["2021", "1,200", "(estimate)"], ["2022", "1,500", ""]])
    page.line("It is open.", gap=10)
    assert outline(read(tmp_path, "page.pdf", page.saved())[0]) == [
        "The visits of every year:",
        "| Year | Visits |",
        "| 2021 | 1,200 | (estimate)",
        "| 2022 | 1,500 |",
        "It is open.",
    ]


def test_a_frame_around_a_text_is_no_table(tmp_path: Path) -> None:
    page = Print()
    page.canvas.rect(60, 700, 500, 90)
    page.line(FULL)
    page.line(NEXT)
    assert outline(read(tmp_path, "page.pdf", page.saved())[0]) == [f"{FULL} {NEXT}"]


def test_a_file_of_nothing_but_a_table_is_read(tmp_path: Path) -> None:
    page = Print()
    page.line("")
    grid(page, [["Year", "Visits"], ["2021", "1,200"]])
    assert outline(read(tmp_path, "page.pdf", page.saved())[0]) == ["| Year | Visits", "| 2021 | 1,200"]


def test_running_headers_footers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    page = Print()
    for number in range(1, 5):
        page.line("Example Trust", ("Helvetica", 9.0))
        page.line(f"Annual report {2020 + number}", ("Helvetica", 9.0))
        page.line(f"{FULL} {number}", gap=20)
        page.line(f"Ward {'ABCD'[number - 1]} opened.", gap=600)
        page.line("www.example.org", ("Helvetica", 9.0), gap=20)
        page.line(f"Page {number} of 4", ("Helvetica", 9.0))
        page.next_page()
    document, _ = read(tmp_path, "page.pdf", page.saved())
    assert (document.text.count(FULL), document.text.count("opened.")) == (4, 4)
    for word in ("Example Trust", "Annual report", "www.example.org", "Page"):
        assert word not in document.text


def test_a_page_number_alone_is_left_out_of_a_single_page(tmp_path: Path) -> None:
    assert read(tmp_path, "page.pdf", printed("It is open.", "", "- 3 -"))[0].text == "It is open."


def test_a_year_at_the_end_of_a_page_is_text(tmp_path: Path) -> None:
    assert read(tmp_path, "page.pdf", printed("It opened in", "2024"))[0].text == "It opened in 2024"


def test_letters_that_cannot_be_seen_are_removed_and_reported(tmp_path: Path) -> None:
    page = Print()
    page.line("It is open.")
    page.line("white words", colour=white)
    page.line("tiny words", ("Helvetica", 1.0))
    page.line("far away", x=700)
    text = page.canvas.beginText(72, 500)
    text.setTextRenderMode(3)
    text.textLine("not painted")
    page.canvas.drawText(text)
    document, warnings = read(tmp_path, "page.pdf", page.saved())
    assert document.text == "It is open."
    assert len(warnings) == 1
    assert warnings[0].startswith("removed 36 letters that a reader of the page cannot see (“white words")


def test_white_letters_on_a_coloured_ground_are_read(tmp_path: Path) -> None:
    page = Print()
    page.canvas.setFillColor(blue)
    page.canvas.rect(60, 700, 400, 100, stroke=0, fill=1)
    page.line("It is open.", colour=white)
    document, warnings = read(tmp_path, "page.pdf", page.saved())
    assert (document.text, warnings) == ("It is open.", [])


def test_the_text_layer_of_a_recognised_scan_is_read(tmp_path: Path) -> None:
    page = Print()
    page.canvas.drawInlineImage(_grey(), 0, 0, 595, 842)
    text = page.canvas.beginText(72, 500)
    text.setTextRenderMode(3)
    text.textLine("It is open.")
    page.canvas.drawText(text)
    document, warnings = read(tmp_path, "page.pdf", page.saved())
    assert (document.text, warnings) == ("It is open.", [])


def _grey() -> "object":
    from PIL import Image

    return Image.new("L", (8, 8), 200)


def test_a_page_that_does_not_begin_at_nought_is_read(tmp_path: Path) -> None:
    page = Print()
    page.canvas.setCropBox((50, 50, 500, 800))
    page.line("It is open.", x=100)
    page.line("Cut off.", x=520)
    assert read(tmp_path, "page.pdf", page.saved())[0].text == "It is open."


@pytest.mark.parametrize(
    ("title", "author", "read_title", "read_author"),
    [
        ("The garden", "Ann Lee", "The garden", "Ann Lee"),
        ("Microsoft Word - garden.docx", "(anonymous)", "It is open", None),
        ("untitled", "User", "It is open", None),
    ],
)
def test_title_and_author_are_not_those_of_the_program(
    tmp_path: Path, title: str, author: str, read_title: str, read_author: str | None
) -> None:
    document, _ = read(tmp_path, "page.pdf", printed("It is open.", title=title, author=author))
    assert (document.title, document.author) == (read_title, read_author)


def test_a_scan_without_text_is_refused(tmp_path: Path) -> None:
    page = Print()
    page.canvas.drawInlineImage(_grey(), 0, 0, 595, 842)
    assert failure(tmp_path, "page.pdf", page.saved()) == (
        "it holds no text that can be seen: a scan has to go through text recognition first"
    )


def test_a_locked_file_is_refused(tmp_path: Path) -> None:
    page = Print(encrypt="secret")
    page.line("It is open.")
    assert failure(tmp_path, "page.pdf", page.saved()) == "it is locked with a password: save it without one"


@pytest.mark.parametrize("content", [b"%PDF-1.7\nbroken", b"no PDF at all", printed("It is open.")[:400]])
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert failure(tmp_path, "page.pdf", content).startswith("it is not a PDF that can be opened")


def test_more_pages_than_a_person_reads_are_refused(tmp_path: Path) -> None:
    page = Print()
    for _ in range(301):
        page.line("It is open.")
        page.next_page()
    assert failure(tmp_path, "page.pdf", page.saved()) == "it has more than 300 pages: split it"


def test_a_stream_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path) -> None:
    packed = zlib.compress(zlib.compress(b" " * 110_000_000))
    content = (
        b"%PDF-1.7\n1 0 obj\n<</Filter [/FlateDecode /FlateDecode]>>\nstream\n" + packed + b"\nendstream\nendobj\n"
    )
    assert len(content) < 100_000
    assert failure(tmp_path, "page.pdf", content) == "it unpacks to more than 100 MB: save it smaller"


def line(text: str, *, top: float, page: int = 1, size: float = 11, x1: float = 500) -> Line:
    return Line(text=text, size=size, bold=False, page=page, top=top, bottom=top + size, x0=72, x1=x1)


def test_a_first_page_may_have_no_header() -> None:
    texts = ["One", "Two", "Three"]
    pages = [[line("Cover", top=0)], *([line("Trust", top=0), line(text, top=90)] for text in texts)]
    assert [kept.text for kept in without_running_lines(pages)] == ["Cover", *texts]


def test_pages_that_are_all_alike_are_kept() -> None:
    pages = [[line("Trust", top=0), line("To be filled in", top=90), line(str(page), top=800)] for page in range(3)]
    assert [kept.text for kept in without_running_lines(pages)] == ["Trust", "To be filled in"] * 3


def test_no_lines_are_no_parts() -> None:
    assert parts_of_lines([]) == []
    assert without_running_lines([]) == []
    assert without_running_lines([[], []]) == []
