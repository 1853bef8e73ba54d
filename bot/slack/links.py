"""Links: only to web pages, and to the very words on the page where it is the original."""

import re
from urllib.parse import quote, urlsplit

from bot.answers import Citation

_LONGEST = 3000  # what Slack takes
_WHOLE = 60  # characters of a quote that is given whole in a text fragment
_WORDS = 4  # of the beginning and end of a longer one


def page(url: str | None) -> str | None:
    """The address of a web page in a form Slack takes whole, or None where it is not one."""
    if not url or not url.isprintable() or len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return quote(url.strip(), safe=":/?#[]@!$&'()*+,;=%-._~")


def to_quote(citation: Citation) -> str | None:
    """The address of a citation's page, at the quoted words where the page is the original."""
    url = page(citation.url)
    if url is None or citation.summary:
        return url
    fragment = _text_fragment(citation.quote)
    if not fragment:
        return url
    whole = f"{url}{'' if '#' in url else '#'}:~:text={fragment}"
    return whole if len(whole) <= _LONGEST else url


def _text_fragment(quoted: str) -> str:
    lines = [line.strip() for line in quoted.splitlines() if line.strip()]
    if not lines or "|" in lines[0] or "|" in lines[-1]:  # table rows read otherwise on the page
        return ""
    if len(lines) == 1 and len(lines[0]) <= _WHOLE:
        return _encoded(lines[0])
    first, last = lines[0].split()[:_WORDS], lines[-1].split()[-_WORDS:]
    return f"{_encoded(' '.join(first))},{_encoded(' '.join(last))}"


def _encoded(text: str) -> str:
    """Percent-encoded; a dash, too, means something in a text fragment."""
    return re.sub("-", "%2D", quote(text, safe=""))
