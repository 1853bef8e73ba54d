"""What the web site for tests sends: pages with what stands round their text, PDFs, sitemaps and feeds."""

import io
import json
import time
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.website_pages import WebPage

EPOCH = 1_700_000_000  # 14 November 2023: the day before the first version of every page


def newest(pages: dict[str, WebPage]) -> dict[str, WebPage]:
    """News and blogs, the newest first."""
    dated = [(where, page) for where, page in pages.items() if page.section in ("news", "blog")]
    return dict(sorted(dated, key=lambda item: item[1].published or "", reverse=True))


def sitemap_index(base: str, parts: list[str]) -> bytes:
    """A sitemap of sitemaps."""
    entries = "".join(f"<sitemap><loc>{base}{part}</loc></sitemap>" for part in parts)
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>')


def sitemap(base: str, pages: dict[str, WebPage]) -> bytes:
    """A sitemap that says when each page was last changed."""
    entries = "".join(
        f"<url><loc>{escape(base + where)}</loc>"
        f"<lastmod>{time.strftime('%Y-%m-%d', time.gmtime(EPOCH + page.version * 86400))}</lastmod></url>"
        for where, page in pages.items()
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>')


def rss(base: str, pages: dict[str, WebPage]) -> bytes:
    """An RSS feed."""
    items = "".join(
        f"<item><title>{escape(page.title)}</title><link>{escape(base + where)}?utm_source=rss</link>"
        f"<guid>{escape(base + where)}</guid><pubDate>{_as_in_mail(page.published)}</pubDate>"
        f"<description>{escape(page.title)}: read more</description></item>"
        for where, page in pages.items()
    )
    return _xml(
        f'<rss version="2.0"><channel><title>Larkhill Trust</title><link>{base}/</link>'
        f"<description>News</description>{items}</channel></rss>"
    )


def atom(base: str, pages: dict[str, WebPage]) -> bytes:
    """An Atom feed, with relative links."""
    entries = "".join(
        f"<entry><title>{escape(page.title)}</title><id>{escape(base + where)}</id>"
        f'<link rel="alternate" href={quoteattr(where)}/><updated>{page.published}T09:00:00+01:00</updated>'
        f"<published>{page.published}T00:30:00+01:00</published></entry>"
        for where, page in pages.items()
    )
    return _xml(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}/"><title>Larkhill Trust</title>'
        f"<id>{base}/</id><updated>2024-06-14T09:00:00Z</updated>{entries}</feed>"
    )


def _as_in_mail(published: str | None) -> str:
    return time.strftime("%a, %d %b %Y 00:30:00 +0100", time.strptime(published or "2020-01-01", "%Y-%m-%d"))


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def list_page(pages: dict[str, WebPage]) -> bytes:
    """The page people look for news on: titles, dates and teasers."""
    items = "".join(
        f'<li><a href="{where}">{escape(page.title)}</a> <time>{page.published}</time>'
        f"<p>Find out more about {escape(page.title)}.</p></li>"
        for where, page in pages.items()
    )
    return _around("News", f"<main><h1>News</h1><ul class='news-list'>{items}</ul></main>", "").encode()


def html_page(base: str, path: str, page: WebPage) -> str:
    """A page with what stands round its text on a trust's site."""
    canonical = base + (page.canonical or path)
    known = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "datePublished": page.published,
    }
    head = f'<link rel="canonical" href="{canonical}">'
    if page.published:
        head += f'<meta property="article:published_time" content="{page.published}T09:00:00+00:00">'
        head += f'<script type="application/ld+json">{json.dumps(known, ensure_ascii=False)}</script>'
    byline = f'<p class="byline">By {escape(page.author)}</p>' if page.author else ""
    if page.published:
        when = time.strptime(page.published, "%Y-%m-%d")
        shown = time.strftime("%d %B %Y", when).lstrip("0")
        byline += f'<p class="date"><time datetime="{page.published}">{shown}</time></p>'
    main = (
        '<nav class="breadcrumb" aria-label="Breadcrumb"><ol><li><a href="/">Home</a></li>'
        f'<li><a href="/{page.section}">{page.section.capitalize()}</a></li></ol></nav>'
        f'<main id="main"><article><h1>{escape(page.title)}</h1>{byline}<div class="body">{page.main}</div></article>'
        '<div class="share"><a href="https://social.example/share">Share on social media</a>'
        '<a href="#">Print this page</a></div></main>'
        '<aside class="related"><h2>Related news</h2><ul><li><a href="/news/older">Car park closed for a week</a>'
        "<p>The car park at the main entrance is closed while it is repainted.</p></li></ul></aside>"
    )
    return _around(page.title, main, head)


def _around(title: str, main: str, head: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(title)} | Larkhill Trust</title>"
        f'{head}<style>.sr{{position:absolute}}</style></head><body><a class="skip" href="#main">Skip to content</a>'
        '<div id="cookie-banner" role="dialog" aria-label="Cookies"><p>We use cookies to make this site work. You can'
        " accept or reject analytics cookies.</p><button>Accept all cookies</button></div><header>"
        '<nav aria-label="Main"><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li>'
        '<li><a href="/programmes">Programmes</a></li><li><a href="/contact">Contact us</a></li></ul></nav>'
        '<form role="search"><input name="q"></form></header>'
        f"{main}<footer><p>© Larkhill Trust. Trust headquarters, 1 Larkhill Way.</p>"
        '<ul><li><a href="/privacy">Privacy</a></li></ul></footer>'
        '<script>window.dataLayer = ["page"];</script></body></html>\n'
    )


@cache
def pdf(title: str, lines: tuple[str, ...], made_on: str) -> bytes:
    """A PDF of one page, made on a day; the same lines give the same bytes."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)  # which dates it to the first day of 2000
    canvas.setTitle(title)
    for number, line in enumerate(lines):
        canvas.setFont("Helvetica-Bold" if number == 0 else "Helvetica", 18 if number == 0 else 11)
        canvas.drawString(72, 760 - 30 * number, line)
    canvas.showPage()
    canvas.save()
    return made.getvalue().replace(b"D:20000101", b"D:" + made_on.replace("-", "").encode())
