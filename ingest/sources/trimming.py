"""Trimming: parts of a web page that are not its text, known by their words: "Related news", "Back to top", bylines."""

import re
from collections.abc import Sequence

from ingest.dates import dates_in
from ingest.readers.pages import Part


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)


_COMMENTS = _any_of(
    r"(?:\d+ )?(?:comments?|responses?|replies|thoughts? on .{1,200})(?: \(\d+\))?",
    r"(?:leave|post|add) a (?:reply|comment)",
)
_TEASERS = _any_of(
    r"related(?: (?:news|articles?|stories|posts?|content|links?|pages?|information|topics))?",
    r"(?:you )?(?:may|might) (?:also )?(?:like|be interested in|interest you)",
    r"(?:more|latest|recent|other|further) (?:news|stories|posts|articles|blogs|updates|from .{1,40})"
    r"(?: (?:from|in|about) .{1,40})?",
    r"(?:read|see|what['’]s|up) next|see also|don['’]t miss.{0,20}",
    r"most (?:read|popular|viewed)|trending(?: now)?|popular (?:posts|pages|news)|tweets(?: by .{1,40})?",
    r"share (?:this|on|via)(?: .{1,30})?|share|follow us(?: .{1,30})?",
    r"(?:connect|stay (?:connected|in touch))(?: with us)?",
    r"tags|tagged|categories|filed under|topics|archives?|in this section|on this page|contents|page navigation",
    r"(?:sign up|subscribe)(?: .{1,60})?|(?:our )?newsletter|(?:give|page) feedback|post navigation",
    r"(?:was|is) this (?:page|article|information) (?:helpful|useful) ?\?",
    r"about (?:cookies|the author|our cookies)|cookies?(?: (?:on this site|settings|policy|preferences))?",
    r"(?:back|return) to .{1,40}|quick links|site map|search",
)
_NETWORK = (
    r"(?:facebook|twitter|x|linked-?in|instagram|you-?tube|whats-?app|e-?mail|pinterest|reddit|bluesky|threads|tik-?tok"
    r"|print|copy(?: link)?|messenger)"
)
_THING = r"(?:page|article|story|post|news|blog|entry)"
_LINES = _any_of(
    rf"(?:(?:share|tweet|follow|like)(?: (?:this|us|it|{_THING}|on|via|with|by)){{0,4}} ?:? ?)?"
    rf"(?:{_NETWORK}[ |,/·•]*){{1,12}}(?:share)?",
    rf"(?:share|tweet)(?: (?:this|it))?(?: {_THING})?(?: (?:on|via|with).{{0,30}})? ?:?",
    r"(?:back|return|skip) to (?:the )?(?:top|main content|content|navigation|(?:all )?(?:news|blogs?|stories|articles)"
    r"(?: .{1,20})?|.{0,20}\blisting)(?: of page)?",
    r"[<«‹←] ?(?:back|previous|all news).{0,60}|(?:older|newer) (?:posts?|entries|stories)",
    rf"(?:previous|next)(?: {_THING})? ?[:»›→>].{{0,200}}|(?:previous|next)(?: {_THING})?|prev",
    rf"print(?: (?:this|friendly))?(?: {_THING})?(?: version)?|(?:save|download) (?:this )?{_THING}(?: as pdf)?",
    r"(?:listen to|translate) this page|advertisement|loading\W{0,3}|close|menu|search|(?:un)?subscribe|see all",
    r"\W{1,5}",
    r"you (?:have )?receive[d]? this (?:e-?mail|bulletin|newsletter|message).{0,200}",
    r"accept(?: all)?(?: cookies)?|manage cookies|(?:no|leave a|add a|post a|\d+) comments?",
    r"(?:approx(?:imately)?\.? )?\d+[ -]min(?:ute)?s?(?: read)?|(?:estimated )?read(?:ing)? time ?:.{0,20}",
    r"(?:posted |published |updated )?(?:\d+|an?) (?:second|minute|hour|day|week|month|year)s? ago",
    r"(?:[\d,.]+k? (?:views?|likes?|shares?|comments?|reads)[ |·•]*){1,6}",
    r"(?:views|likes|shares|comments|page views|visitors?) ?: ?[\d,.]+k?",
    r"(?:tags?|tagged|categor(?:y|ies)|filed (?:under|in)|posted in|topics?) ?:.{0,200}",
    r"(?:was|did|is) (?:this|you)\b.{0,40}\b(?:helpful|useful|looking for) ?\?(?: ?(?:yes|no)\W{0,2}){0,2}|yes ?/? ?no",
    r"(?:page |date |content )?(?:(?:last|next) )?(?:updated|modified|reviewed|edited|review(?: due| date)?|changed)"
    r"(?: (?:on|date|due))? ?:.{0,80}",
    r"(?:page )?last (?:updated|modified|reviewed|edited|changed)(?: on)? .{0,60}",
    r"(?:you are here|breadcrumb) ?:?.{0,200}|home ?(?:[>»›/→|].{0,200})",
    r"(?:©|copyright\b|all rights reserved).{0,200}",
)
_LINE_LETTERS = 250
_ABOVE = 15  # parts that can stand above the title
_PROSE = 20  # words; a part of more is text
_MOST = 0.5  # of a page's words; below a heading with more of them is the text itself
_OF_BYLINES = re.compile(
    r"\b(?:by|written|posted|published|publish|publication|first|last|updated|reviewed|modified|submitted|author|date|on"
    r"|at|in|and|blogs?|news|stories|read|mins?|minutes?|am|pm|gmt|bst|\d{1,2}[:.]\d\d)\b",
    re.IGNORECASE,
)
_OF_EVENTS = re.compile(r"\b(?:event|deadline|closing|closes|opens?|expires?|meeting|from|until|to)\b", re.IGNORECASE)
_BYLINE_REST = 4  # words that a byline has besides its name and date: "Chief Executive"
_LEGAL = re.compile(r"©|\bregister|\bcharity\b|\bcopyright\b|\brights\b|\btele?phone\b|\bpostcode\b", re.IGNORECASE)


def trimmed(parts: Sequence[Part], *, title: str | None, author: str | None, site: str | None) -> list[Part]:
    """The parts that are the page's text; `title`, `author` and `site` are what is known of the page."""
    lines = [part for part in _without_teasers(_from_title(parts, title)) if not is_framing_line(part)]
    start = next((index for index, part in enumerate(lines) if not _is_above(part, title, author, site)), 0)
    kept = [part for part in lines[:start] if part.kind == "heading"] + lines[start:]
    while kept and (kept[-1].kind == "heading" or _is_below(kept[-1], site)):
        kept.pop()
    return kept


def is_framing_line(part: Part) -> bool:
    """True for one line that only serves to get about, to share the page or to count its readers."""
    if part.kind in ("heading", "row") or len(part.text) > _LINE_LETTERS:
        return False
    return _LINES.fullmatch(part.text) is not None


def _from_title(parts: Sequence[Part], title: str | None) -> list[Part]:
    """The parts from the page's title on, where nothing but short lines stands above it."""
    for index, part in enumerate(parts[:_ABOVE]):
        if part.kind == "heading" and part.text.casefold() == (title or "").casefold():
            return list(parts[index:])
        if part.kind != "heading" and _count(part) > _PROSE:
            break
    return list(parts)


def _without_teasers(parts: Sequence[Part]) -> list[Part]:
    """Without what stands below headings such as "Related news", up to the next heading of the same height.

    A teaser's own title may stand as high; it is known by being a link.
    """
    kept: list[Part] = []
    most = _MOST * sum(map(_count, parts))
    index = 0
    while index < len(parts):
        end = index + 1
        heading = parts[index].text.rstrip(" :…»")
        is_comments = _COMMENTS.fullmatch(heading) is not None
        if parts[index].kind == "heading" and (is_comments or _TEASERS.fullmatch(heading)):
            while end < len(parts) and not _ends_teasers(parts[end], parts[index].level):
                end += 1
            if is_comments or sum(map(_count, parts[index:end])) <= most:
                index = end
                continue
            end = index + 1
        kept.extend(parts[index:end])
        index = end
    return kept


def _ends_teasers(part: Part, level: int) -> bool:
    return part.kind == "heading" and part.level <= level and not _is_all_link(part)


def _is_above(part: Part, title: str | None, author: str | None, site: str | None) -> bool:
    """True for what may stand between a page's title and its text: its own title, bylines, menus."""
    text = part.text.casefold()
    if part.kind == "heading":
        return text == (title or "").casefold()
    if part.kind == "row" or _count(part) > _PROSE:
        return False
    return _is_all_link(part) or text in ((site or "").casefold(), (title or "").casefold()) or _is_byline(part, author)


def _is_below(part: Part, site: str | None) -> bool:
    """True for a footer's line: "All news", or the trust's name and address."""
    if part.kind == "row" or _count(part) > _PROSE:
        return False
    if _is_all_link(part):
        return (
            re.match(r"(?:(?:see |view |read )?(?:all|more|back)|next|previous|home|privacy)\b", part.text, re.I)
            is not None
        )
    is_of_site = bool(site) and part.text.casefold().startswith(str(site).casefold())
    return is_of_site and (_LEGAL.search(part.text) is not None or not part.text.endswith((".", "!", "?", "”")))


def _is_byline(part: Part, author: str | None) -> bool:
    """True for a line of names, dates and what joins them, which is no sentence."""
    text = part.text
    dates = list(dates_in(text))
    has_author = bool(author) and str(author) in text
    if text.endswith((".", "!", "?", "”")) or _OF_EVENTS.search(text):
        return False
    if not (dates or has_author or re.match(r"by\s", text, re.IGNORECASE)):
        return False
    rest = text.replace(author, " ") if author and has_author else text
    for date in reversed(list(dates_in(rest))):
        rest = f"{rest[: date.start]} {rest[date.end :]}"
    return len(re.findall(r"\w+", _OF_BYLINES.sub(" ", rest))) <= _BYLINE_REST


def _is_all_link(part: Part) -> bool:
    return bool(part.links) and sum(link.end - link.start for link in part.links) >= 0.9 * len(part.text)


def _count(part: Part) -> int:
    return len(part.text.split())
