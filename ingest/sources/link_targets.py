"""Link targets: where a link of a page leads, written the same at every fetch and safe to stand in Markdown."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from ingest.readers.cleaning import clean_text

_FOLLOWED = {"http", "https", "mailto", "tel"}
# What says who came from where, or which visit this is; it differs between two fetches of the same page.
_OF_A_VISIT = re.compile(
    r"(?:utm_\w*|fbclid|gclid|msclkid|mc_[ce]id|_ga|_gl|igshid|ref_src|phpsessid|jsessionid|aspsessionid\w*|sid|sessionid"
    r"|cfid|cftoken|csrf\w*|nonce|_wpnonce|token|replytocom)=[^&]*",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s<>()\\`|\"'^{}\[\]*~]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LONGEST = 2000  # letters; longer ones carry data, not an address


def link_target(given: str, *, page: str, base: str) -> str | None:
    """The absolute address of a link on the page at `page`, relative to `base`.

    None where a reader of the text cannot follow it, or it leads to another place on the page.
    """
    given = clean_text(given)[0]
    try:
        address = urljoin(base, given)
        if not given or len(address) > _LONGEST or urlsplit(address).scheme not in _FOLLOWED:
            return None
        if urldefrag(address).url in (urldefrag(page).url, urldefrag(base).url):
            return None
        return _UNSAFE.sub(_encoded, _in_ascii(_without_visit(address)))
    except ValueError:
        return None


def _without_visit(address: str) -> str:
    split = urlsplit(_SESSION.sub("", address))
    if split.scheme not in ("http", "https"):
        return address
    query = "&".join(piece for piece in split.query.split("&") if not _OF_A_VISIT.fullmatch(piece))
    return urlunsplit(split._replace(query=query))


def _in_ascii(address: str) -> str:
    """The address as a browser sends it: letters beyond ASCII are encoded, those of its host by their own rules."""
    split = urlsplit(address)
    host = split.netloc if split.netloc.isascii() else split.netloc.encode("idna").decode()
    return _BEYOND_ASCII.sub(_encoded, urlunsplit(split._replace(netloc=host)))


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())
