"""Furniture: elements of a web page that by their name or role frame its text, from menus to comments."""

import re
from collections.abc import Mapping

from lxml import etree
from lxml.html import HtmlElement

from ingest.readers.trees import drop_elements

_ROLES = {"alert", "banner", "complementary", "contentinfo", "navigation", "search", "toolbar"}


def _named(*patterns: str) -> re.Pattern[str]:
    """Matches an id or class that is one of the patterns, or has it between hyphens: `site-footer`, `footer`."""
    return re.compile(rf"(?:^|[-_ ])(?:{'|'.join(patterns)})(?=$|[-_ ])", re.IGNORECASE)


# These hold nothing of the text, however long they are.
_ALWAYS = _named(
    r"cookies?(?:-?\w+)?",
    r"consent|gdpr|onetrust\w*",
    r"comments?(?:-?(?:area|list|form|section|thread|respond))?|disqus|respond",
    r"breadcrumbs?|crumbs|skip-?links?",
)
_FURNITURE = _named(
    r"share(?:-?(?:this|bar|buttons?|links?|tools|icons?))?|sharing|sharedaddy|addtoany|addthis",
    r"social(?:-?(?:media|share|sharing|links?|icons?|bar|buttons?))?",
    r"related(?:-?(?:posts?|news|articles?|content|stories|links|pages))?|relatedposts|yarpp|recommended|recommendations",
    r"(?:more|latest|recent|other|popular)-?(?:news|posts|stories|articles|blogs)|also-like|teasers?|promo(?:-?box)?",
    r"side-?bar|widget-area|(?:section|sub|side|left|local|main|site|mobile)-?nav(?:igation)?",
    r"nav-?(?:bar|menu|links)?|navigation|top-?nav|(?:main|site|mega|mobile)-?menu|menu|toc|table-of-contents",
    r"site-?header|top-?bar|header-?bar|masthead|strapline|tagline",
    r"(?:sub|pre|site|page)?-?footer|foot|bottom-links|colophon",
    r"newsletter(?:-?sign-?up)?|sign-?up|subscribe|subscription",
    r"pagination|pager|post-?nav(?:igation)?|post-navigation|prev-?next|back-to-(?:top|news)|backtotop",
    r"tag-?(?:list|cloud|links)|tags|cat-links|post-tags",
    r"was-this-(?:page-)?(?:helpful|useful)|page-feedback|feedback-form|survey|reactions|likes",
    r"search(?:-?(?:form|box|bar))?|site-search|language-(?:switcher|selector)|translate",
    r"accessibility-(?:tools|bar)|recite-?me|browsealoud|print(?:-?(?:link|page|button))?",
    r"author-(?:box|bio|profile)|about-author|(?:twitter|facebook|instagram)-?(?:feed|timeline|widget)|tweets",
    r"pop-?up|modal|overlay|toast|advert(?:isement)?s?|sponsored",
)
_IN_USE = re.compile(r"(?:^|[-_ ])(?:has|no|with|without|hide|show|is)-\w+(?=$|[-_ ])", re.IGNORECASE)
_CONTENT = _named(r"(?:article|entry|post|story|blog|news|page|main|body)-?(?:body|content|text|copy)")
_BYLINES = _named(
    r"by-?line|dateline|submitted|posted-(?:on|by)|(?:news-|post-|entry-)?dates?|authors?|published(?:-?(?:date|on))?",
    r"(?:entry|post|article|news|page|blog|publication)-?(?:meta|date|dates|author|info|details|published)",
    r"meta(?:-?(?:data|info))?|(?:last-)?(?:updated|modified)|read(?:ing)?-time",
)
_BYLINE_WORDS = 40
_PROSE = 20  # words; a paragraph of more is text
_SENTENCE = 10  # words; fewer may be a menu's
_MOST = 0.4  # of a page's sentences; an element with more is not furniture, whatever it is called


def remove_furniture(root: HtmlElement) -> None:
    """Remove what frames the text, in place. An element that holds much of the text, or its title, stays."""
    weights = _weights(root)
    most = _MOST * weights[root]
    titled = {around for title in root.iter("main", "h1") for around in (title, *title.iterancestors())}
    gone: list[etree._Element] = []
    waiting = list(reversed(root))
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        if element not in titled and _is_furniture(element, is_light=weights[element] <= most):
            gone.append(element)
        else:
            waiting.extend(reversed(element))
    drop_elements(root, gone)


def remove_bylines(root: HtmlElement) -> None:
    """Remove the elements above the text that say who wrote it and when, in place."""
    gone: list[etree._Element] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if is_byline(element):
            gone.append(element)
        elif element.tag in ("p", "li") and words_in(element) > _PROSE:
            break
    drop_elements(root, gone)


def is_byline(element: etree._Element) -> bool:
    """True for a short element that is named for the author or the date of the page."""
    said = element.get("itemprop", "").lower()
    if said not in ("author", "datepublished") and not _BYLINES.search(_names(element)):
        return False
    if element.tag in ("html", "body", "main", "article", "h1") or words_in(element) > _BYLINE_WORDS:
        return False
    return not any(True for _ in element.iter("h1", "h2", "h3", "table"))


def words_in(element: etree._Element) -> int:
    """How many words an element holds, with all below it."""
    return sum(len(text.split()) for text in element.itertext())


def sentence_words(element: etree._Element) -> int:
    """How many of the words of an element stand in pieces long enough for a sentence."""
    return _weights(element)[element]


def _is_furniture(element: etree._Element, *, is_light: bool) -> bool:
    if element.tag in ("html", "body", "article"):
        return False
    names = _names(element)
    if _ALWAYS.search(names) and element.tag != "form":
        return True
    if not is_light or _CONTENT.search(names):
        return False
    is_role = element.tag == "nav" or element.get("role", "").lower() in _ROLES
    return is_role or _FURNITURE.search(_IN_USE.sub(" ", names)) is not None


def _weights(root: etree._Element) -> Mapping[etree._Element, int]:
    """For every element the words in it that stand in long pieces, counted in one sweep from the leaves."""
    weights: dict[etree._Element, int] = {}
    for element in reversed(list(root.iter())):
        weights[element] = _long(element.text) if isinstance(element.tag, str) else 0
        weights[element] += sum(weights[child] + _long(child.tail) for child in element)
    return weights


def _long(text: str | None) -> int:
    count = len((text or "").split())
    return count if count >= _SENTENCE else 0


def _names(element: etree._Element) -> str:
    return f"{element.get('id', '')} {element.get('class', '')}"
