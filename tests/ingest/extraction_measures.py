"""The extractor measured on pages made for it: `python -m tests.ingest.extraction_measures` prints the table.

Each page says in a comment at its top what is to be known about it, and marks its text with `<!--text-->` and
`<!--/text-->`. These marks are taken out before the extractor sees the page.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import urljoin

from ingest.sources.corpus_files import plain_text
from ingest.sources.extraction import Extracted, extract

PAGES = Path(__file__).parent / "extractor_pages"
_EXPECTED = re.compile(r"\A<!--expected\n(.*?)-->\n", re.DOTALL)
_TEXT = re.compile(r"<!--text-->(.*?)<!--/text-->", re.DOTALL)
_WITHIN_WORDS = re.compile(r"</?(?:a|b|i|em|strong|span|code|font)\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^>]*\bhref=[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HEADING = re.compile(r"<h[1-6]\b[^>]*>(.*?)</h[1-6]>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class MadePage:
    """A page made for the measures: its bytes, and what the extractor should find."""

    name: str
    content: bytes
    title: str
    author: str | None
    published: str | None
    dated_by: str | None
    text: str
    links: tuple[str, ...]
    headings: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"https://www.trust.example/pages/{self.name}"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How much of a page's text was found (`recall`) and how much of what was found is its text (`precision`).

    Words are counted in reading order. `links` and `headings` are the shares of the page's that were kept.
    """

    name: str
    precision: float
    recall: float
    links: float
    headings: float
    title: bool
    author: bool
    date: bool
    dated_by: bool


def made_pages() -> list[MadePage]:
    return [_made_page(path) for path in sorted(PAGES.glob("*.html"))]


def extracted(page: MadePage) -> Extracted:
    return extract(page.content, url=page.url, content_type="text/html")


def measure(page: MadePage) -> Measured:
    found = extracted(page)
    wanted, given = _words(page.text), _words(plain_text(found.body))
    same = sum(block.size for block in SequenceMatcher(None, wanted, given, autojunk=False).get_matching_blocks())
    return Measured(
        name=page.name.removesuffix(".html"),
        precision=same / max(len(given), 1),
        recall=same / len(wanted),
        links=_share([f"]({link})" in found.body for link in page.links]),
        headings=_share(
            [re.search(rf"^#+ .*{re.escape(text)}", _unescaped(found.body), re.M) for text in page.headings]
        ),
        title=found.title == page.title,
        author=found.author == page.author,
        date=found.published == page.published,
        dated_by=found.dated_by == page.dated_by,
    )


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def table(measured: Sequence[Measured]) -> str:
    """The measures as a table, a page a line, the means below."""
    lines = [f"{'page':26} precision  recall   links  headings  title  author  date  dated by"]
    for page in measured:
        marks = "  ".join(
            f"{'yes' if right else 'NO':>5}" for right in (page.title, page.author, page.date, page.dated_by)
        )
        lines.append(
            f"{page.name:26} {page.precision:9.3f} {page.recall:7.3f} {page.links:7.2f} {page.headings:9.2f}  {marks}"
        )
    means = [mean([getattr(page, name) for page in measured]) for name in ("precision", "recall", "links", "headings")]
    right = [mean([getattr(page, name) for page in measured]) for name in ("title", "author", "date", "dated_by")]
    lines.append(
        f"{f'mean of {len(measured)}':26} {means[0]:9.3f} {means[1]:7.3f} {means[2]:7.2f} {means[3]:9.2f}  "
        + "  ".join(f"{share:5.2f}" for share in right)
    )
    return "\n".join(lines)


def _made_page(path: Path) -> MadePage:
    source = path.read_text(encoding="utf-8")
    head = _EXPECTED.match(source)
    assert head, f"{path.name} does not say what is expected of it"
    expected = dict(line.split(": ", 1) for line in head[1].splitlines())
    marked = "\n".join(_TEXT.findall(source))
    assert marked, f"{path.name} does not mark its text"
    url = f"https://www.trust.example/pages/{path.name}"
    return MadePage(
        name=path.name,
        content=re.sub(r"<!--/?text-->\n?", "", source[head.end() :]).encode(expected.get("encoding", "utf-8")),
        title=expected["title"],
        author=expected.get("author"),
        published=expected.get("published"),
        dated_by=expected.get("dated_by"),
        text=_shown(marked),
        links=tuple(urljoin(url, html.unescape(link)) for link in _LINK.findall(marked)),
        headings=tuple(_shown(heading) for heading in _HEADING.findall(marked)),
    )


def _shown(marked: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", _WITHIN_WORDS.sub("", marked))).split())


def _unescaped(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _share(right: Sequence[object]) -> float:
    return mean([float(bool(one)) for one in right]) if right else 1.0


if __name__ == "__main__":
    print(table([measure(page) for page in made_pages()]))
