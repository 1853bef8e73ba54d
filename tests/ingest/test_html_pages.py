"""Web pages: their main content and what they say of themselves, without what frames and hides."""

from pathlib import Path

import pytest

from tests.ingest.corpus_files import failure, outline, read

PROSE = (
    "The trust opened a new garden in Larkhill last week, and it has been busy ever since with people who dig, plant,"
    " talk and drink tea. The garden lies behind the old library, which the council had closed some years ago."
)
LONG = "".join(f"<p>{PROSE} That is what visitor number {number} told us.</p>" for number in range(5))


def page(content: str, *, head: str = "<title>The garden</title>") -> str:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{content}</body></html>"


def body(corpus: Path, content: str) -> list[str]:
    return outline(read(corpus, "page.html", page(content))[0])


FRAMED = """
<div class="cookie-banner"><p>We use cookies to make this site work.</p><button>Accept all</button></div>
<a class="skip-link" href="#main">Skip to content</a>
<header><a href="/">Example Trust</a><p>Caring for Larkhill</p></header>
<nav><ul><li><a href="/a">Home</a></li><li><a href="/b">Services</a></li></ul></nav>
<main><article>
<header><h1>The garden</h1><time datetime="2024-05-17">17 May 2024</time></header>
{content}
</article></main>
<aside><h2>Related stories</h2><ul><li><a href="/c">Another story</a></li></ul></aside>
<footer><p>© 2025 Example Trust. Last updated 1 January 2025.</p><a href="/privacy">Privacy policy</a></footer>
<script>var secret = 1;</script>
"""


@pytest.mark.parametrize("content", [LONG, "<p>It is open on Mondays.</p>"])
def test_menus_banners_and_footers_are_left_out_of_long_and_short_pages(tmp_path: Path, content: str) -> None:
    document, _ = read(tmp_path, "page.html", page(FRAMED.format(content=content)))
    assert document.text.startswith((PROSE, "It is open on Mondays."))
    for word in ("cookies", "Accept", "Skip", "Services", "Caring", "Related", "Another", "Privacy", "©", "secret"):
        assert word not in document.text
    assert (document.title, document.published) == ("The garden", "2024-05-17")


def test_a_page_without_marked_content_is_found_by_its_text(tmp_path: Path) -> None:
    lines = body(
        tmp_path,
        "<div id=menu><a href=1>Home</a> <a href=2>Services</a> <a href=3>Contact</a></div>"
        f"<div class=content><h1>The garden</h1>{LONG}</div>"
        "<div class=footer><p>Copyright. All rights reserved.</p></div>",
    )
    assert len(lines) == 5
    assert lines[0].startswith(PROSE)


EVERYTHING = f"""
<h1>The garden</h1>{LONG}
<h2>What   is<br>grown</h2>
<p>Line one
   goes on.<br>Line two.<br><br>A new   paragraph.</p>
<ul><li><p>Beans</p><p>of two sorts</p></li><li>Roots<ul><li>carrots</li><li>beets</li></ul>and tubers</li></ul>
<ol><li>Dig</li><li>Sow</li></ol>
<h3>Numbers</h3>
<table><caption>Visits by year</caption><thead><tr><th>Year<th>Visits</thead>
<tr><td>2021<td><p>1,200</p><p>(estimate)</p><tr><td>2022<td>1,500</table>
<p>Use <code>tool</code>, <b>bold</b> words and <a href=x>links</a>&nbsp;&amp; H<sub>2</sub>O.</p>
<blockquote><p>“It is warm,” said a visitor.</p></blockquote>
<pre>Rows:
  one</pre>
<dl><dt>Phone</dt><dd>0151 000 0000</dd></dl>
<figure><img src=a.png alt="A picture of beans"></figure>
<p>Yes.</p>
"""
AS_READ = [
    "What is grown > Line one goes on. Line two.",
    "What is grown > A new paragraph.",
    "What is grown > • Beans of two sorts",
    "What is grown > • Roots",
    "What is grown > • carrots",
    "What is grown > • beets",
    "What is grown > • and tubers",
    "What is grown > • Dig",
    "What is grown > • Sow",
    "What is grown > Numbers > Visits by year",
    "What is grown > Numbers > | Year | Visits",
    "What is grown > Numbers > | 2021 | 1,200 (estimate)",
    "What is grown > Numbers > | 2022 | 1,500",
    "What is grown > Numbers > Use tool, bold words and links & H2O.",
    "What is grown > Numbers > “It is warm,” said a visitor.",
    "What is grown > Numbers > Rows: one",
    "What is grown > Numbers > Phone",
    "What is grown > Numbers > 0151 000 0000",
    "What is grown > Numbers > Yes.",
]


@pytest.mark.parametrize("frame", ["<main>{}</main>", "<div>{}</div>", "<article>{}</article>"])
def test_every_sort_of_content_is_read_as_it_is_seen(tmp_path: Path, frame: str) -> None:
    assert body(tmp_path, frame.format(EVERYTHING))[5:] == AS_READ


def test_a_short_page_is_read_in_the_same_way(tmp_path: Path) -> None:
    assert body(tmp_path, EVERYTHING.replace(LONG, "<p>Short.</p>"))[1:] == AS_READ


def test_a_table_within_a_table_keeps_a_row_a_line(tmp_path: Path) -> None:
    assert body(
        tmp_path, "<table><tr><td>Ward</td><td>Beds<table><tr><td>day</td><td>4</td></tr></table></td></tr></table>"
    ) == ["| Ward | Beds", "| day | 4"]


def test_a_table_that_lays_out_a_page_is_read_as_a_page(tmp_path: Path) -> None:
    assert body(
        tmp_path,
        "<table><tr><td><h2>One</h2><p>a</p><ul><li>b</li></ul></td><td><h2>Two</h2><p>c</p></td></tr></table>",
    ) == ["One > a", "One > • b", "Two > c"]


def test_empty_cells_keep_their_place(tmp_path: Path) -> None:
    assert body(tmp_path, "<table><tr><td>a</td><td></td><td>c</td></tr><tr><td></td></tr></table>") == ["| a | | c"]


def test_a_form_around_the_page_hides_nothing(tmp_path: Path) -> None:
    assert body(tmp_path, "<form><p>It is open.</p><input value=x><select><option>a</select></form>") == ["It is open."]


HIDDEN = [
    "<p style='display:none'>secret</p>",
    "<p hidden>secret</p>",
    "<p aria-hidden=true>secret</p>",
    "<!-- secret -->",
    "<noscript>secret</noscript>",
    "<style>.a{display:none}</style><p class=a>secret</p>",
    "<p>Words \u200bhere.</p>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("content", [LONG, "<p>Short.</p>"])
def test_hidden_text_is_removed_and_reported(tmp_path: Path, content: str, hidden: str) -> None:
    document, warnings = read(tmp_path, "page.html", page(f"<main>{hidden}{content}{hidden}</main>"))
    assert "secret" not in document.text
    assert "\u200b" not in document.text
    assert len(warnings) == 1
    assert warnings[0].startswith("removed 2 ")


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2024-05-17T10:00:00+01:00">', "2024-05-17"),
        ('<meta name="DC.date.issued" content="2024-05-17">', "2024-05-17"),
        ('<meta name="dcterms.date" content="2024-05">', "2024-05"),
        ('<meta name="date" content="17 May 2024">', "2024-05-17"),
        ('<meta name="date" content="2024">', "2024"),
        ('<meta itemprop="datePublished" content="2024-05-17">', "2024-05-17"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished" : "2024-05-17T09:00:00Z",'
            ' "dateModified": "2025-01-01"}</script>',
            "2024-05-17",
        ),
        ('<meta property="article:modified_time" content="2024-05-17">', None),
        ('<meta name="date" content="soon">', None),
        ('<link rel="canonical" href="https://www.example.org/2024/05/17/garden">', None),
    ],
)
def test_the_publish_date_is_the_one_the_page_states(tmp_path: Path, head: str, published: str | None) -> None:
    document, _ = read(tmp_path, "page.html", page(f"<h1>The garden</h1>{LONG}", head=head))
    assert document.published == published


@pytest.mark.parametrize(
    ("content", "published"),
    [
        ("<h1>T</h1><time datetime='2024-05-17T10:00'>yesterday</time>", "2024-05-17"),
        ("<h1>T</h1><p>By Ann, <time>17 May 2024</time></p>", "2024-05-17"),
        ("<h1>T</h1><p>Published: 17 May 2024</p>", "2024-05-17"),
        (f"<h1>T</h1><p>{PROSE}</p><time datetime='2024-05-17'>17 May</time>", None),
        ("<h1>T</h1><p>Last updated: <time>17 May 2024</time></p>", None),
        ("<h1>T</h1><footer>© 2024 Trust</footer>", None),
        ("<nav><time datetime='2024-05-17'>17 May</time></nav><h1>T</h1>", None),
        ("<h1>T</h1><p>The garden opened in May 2024.</p>", None),
    ],
)
def test_a_date_above_the_text_is_the_publish_date(tmp_path: Path, content: str, published: str | None) -> None:
    document, _ = read(tmp_path, "page.html", page(f"{content}<p>It is open.</p>"))
    assert (document.published, document.published_basis) == (published, None)


def test_a_date_alone_on_a_line_is_only_about_right(tmp_path: Path) -> None:
    document, warnings = read(tmp_path, "page.html", page("<h1>The garden</h1><p>17 May 2024</p><p>It is open.</p>"))
    assert (document.published, document.published_basis, document.text) == ("2024-05-17", "inferred", "It is open.")
    assert warnings == ["its line “17 May 2024” was taken for its date"]


def test_title_author_publisher_and_address_are_read(tmp_path: Path) -> None:
    document, warnings = read(
        tmp_path,
        "page.html",
        page(
            f"<h1>The garden</h1>{LONG}",
            head='<title>The garden | Example Trust</title><meta name="author" content="Ann Lee">'
            '<meta property="og:site_name" content="Example Trust">'
            '<link rel="canonical" href="https://www.example.org/garden">',
        ),
    )
    assert (document.title, document.author, document.publisher) == ("The garden", "Ann Lee", "Example Trust")
    assert document.url == "https://www.example.org/garden"
    assert warnings == []
    assert document.blocks[0].headings == ()


def test_an_address_is_not_a_publisher(tmp_path: Path) -> None:
    head = '<title>T</title><link rel="canonical" href="https://www.example.org/garden">'
    document, _ = read(tmp_path, "page.html", page("<p>It is open.</p>", head=head))
    assert document.publisher is None


def test_a_page_without_a_title_takes_its_heading(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.html", page("<h1>The garden</h1><p>It is open.</p>", head=""))
    assert (document.title, document.text) == ("The garden", "It is open.")


def test_what_a_page_says_of_itself_and_cannot_be_used_is_left_out_with_a_warning(tmp_path: Path) -> None:
    head = f"<title>{'T' * 2000}</title>"
    document, warnings = read(tmp_path, "page.html", page("<p>It is open.</p>", head=head))
    assert document.title == "It is open"
    assert warnings[0] == "the title that the file itself gives cannot be used"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<meta charset=utf-8><p>Café — “warm”".encode(), "Café — “warm”"),
        ("\ufeff<p>Café — “warm”".encode(), "Café — “warm”"),
        ("<p>Café — “warm”".encode(), "Café — “warm”"),
        ("<p>Café – “warm” £5".encode("cp1252"), "Café – “warm” £5"),
        ("<meta charset='iso-8859-1'><p>Café – “warm” £5".encode("cp1252"), "Café – “warm” £5"),
        ("<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'><p>Łódź".encode("iso-8859-2"), "Łódź"),
        ("<p>Café — “warm”".encode("utf-16"), "Café — “warm”"),
        ("<?xml version='1.0' encoding='utf-8'?><html><body><p>Café</p></body></html>".encode(), "Café"),
    ],
)
def test_a_page_is_read_in_the_encoding_it_is_in(tmp_path: Path, content: bytes, text: str) -> None:
    document, _ = read(tmp_path, "page.html", content)
    assert document.text == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<meta charset=utf-8><p>Caf\xe9", "it is not in the encoding it declares (utf-8): save it as UTF-8"),
        (b"<meta charset=klingon><p>Caf\xe9", "it is not in the encoding it declares (klingon): save it as UTF-8"),
        (b"<meta charset=undefined><p>Caf\xe9", "it is not in the encoding it declares (undefined): save it as UTF-8"),
        (b"<p>Caf\x81", "it is not in the encoding it declares (cp1252): save it as UTF-8"),
        (b"<p>a\x00b", "it holds NUL characters: save it as UTF-8 text"),
        (b"   ", "it holds no readable HTML"),
        (b"<!-- only a comment -->", "it holds no readable HTML"),
        (b"<html><body><nav>menu</nav></body></html>", "it has no text"),
        (
            b"<div>" * 300 + b"deep",
            "it is nested too deeply, or one piece of it is over 10 MB: save it as a plainer page",
        ),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    assert failure(tmp_path, "page.html", content) == reason


def test_htm_and_capital_endings_are_web_pages_too(tmp_path: Path) -> None:
    assert read(tmp_path, "page.HTM", page("<p>It is open.</p>"))[0].id == "page"


def test_text_after_a_head_without_an_end_is_read(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.html", "<meta charset=utf-8><title>T</title><main><p>It is open.</p></main>")
    assert document.text == "It is open."


def test_a_table_row_that_holds_no_cells_loses_no_words(tmp_path: Path) -> None:
    content = "<p>It is open.</p><div><tr><div>Come <b>soon</b>.</div><ul><li>Dig</li></ul></tr></div>"
    assert body(tmp_path, content) == ["It is open.", "Come soon.", "• Dig"]
