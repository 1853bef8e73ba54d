"""Web addresses: one way to write each, which site it is on, and whether a pattern takes it in."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote, urljoin

import httpx

from ingest.errors import TrustbotError

_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNRESERVED = re.compile(r"%(?:2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
# what newsletters and advertisements add to an address; the page is the same without
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|_ga|_gl", re.IGNORECASE)


def web_address(written: str, *, base: str | None = None) -> str:
    """The one way to write an address: absolute, host in ASCII small letters, without fragment and tracking parameters.

    `base` is the page a relative address stands on. Raises TrustbotError with the reason when it is no address of a
    web page, or one made to be read in two ways (a user name before the host, a number for a host).
    """
    text = written.strip()
    if not text or len(text) > _LONGEST:
        raise TrustbotError(f"{_shown(written)} is not a web address")
    if "\\" in text or not text.isprintable():
        raise TrustbotError(f"{_shown(written)} is not a web address: it holds a character that does not belong there")
    try:
        url = httpx.URL(urljoin(base or "", text))
    except (httpx.InvalidURL, ValueError) as error:
        raise TrustbotError(f"{_shown(written)} is not a web address") from error
    if url.scheme not in _PORTS:
        raise TrustbotError(f"{_shown(written)} must begin with https:// or http://")
    if url.userinfo:
        raise TrustbotError(f"{_shown(written)} holds a user name before its host: leave it out")
    if url.port is not None and not 0 < url.port < 65536:
        raise TrustbotError(f"{_shown(written)} has no usable port")
    host = checked_host(url.raw_host.decode("ascii").rstrip("."))
    site = _bracketed(host) + (f":{url.port}" if url.port not in (None, _PORTS[url.scheme]) else "")
    path, _, query = url.raw_path.decode("ascii").partition("?")
    kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    return f"{url.scheme}://{site}{_escaped(path or '/')}" + (f"?{_escaped('&'.join(kept))}" if kept else "")


def checked_host(host: str) -> str:
    """A host name or IP address as it is, in small letters. Raises TrustbotError when it is neither.

    A last part that is a number must belong to an IPv4 address in full (`127.0.0.1`): `2130706433`, `0x7f.1` and
    `0177.0.0.1` are the same machine to some programs and not to others.
    """
    host = host.lower()
    if len(host) > 253 or not (_HOST.fullmatch(host) or (":" in host and "%" not in host)):
        raise TrustbotError(f"{_shown(host)} is not the name of a host")
    try:
        if ":" in host:
            return str(IPv6Address(host))
        return str(IPv4Address(host)) if _NUMBER.fullmatch(host.rpartition(".")[2]) else host
    except AddressValueError as error:
        raise TrustbotError(f"{_shown(host)} is a number for a host: write its name") from error


def site_of(address: str) -> str:
    """The host of a web address, with its port where that is not the usual one (80, or 443 with https)."""
    url = httpx.URL(address)
    return _bracketed(url.raw_host.decode("ascii")) + (f":{url.port}" if url.port else "")


def root_of(address: str) -> str:
    """The beginning of a web address, up to its path: `https://www.example.org`."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def is_taken(address: str, *, include: tuple[str, ...], exclude: tuple[str, ...]) -> bool:
    """True when some pattern of `include` (or all, where there is none) and no pattern of `exclude` fits."""
    return (not include or any(fits(address, pattern) for pattern in include)) and not any(
        fits(address, pattern) for pattern in exclude
    )


def fits(address: str, pattern: str) -> bool:
    """True when a pattern fits an address (or a file's path) from end to end; `*` stands for anything, also slashes.

    A pattern without a host is compared with what follows the host. A slash at the address' end may be missing.
    """
    text = address if "://" in pattern or "://" not in address else "/" + address.split("/", 3)[-1]
    return _fits(text, pattern) or (text.endswith("/") and _fits(text[:-1], pattern))


def _fits(text: str, pattern: str) -> bool:
    """Piece by piece, since a regular expression with many stars can take for ever."""
    first, *others = pattern.split("*")
    if not others:
        return text == pattern
    *middle, last = others
    if not text.startswith(first) or not text[len(first) :].endswith(last):
        return False
    text = text[len(first) : len(text) - len(last)]
    for piece in middle:
        at = text.find(piece)
        if at < 0:
            return False
        text = text[at + len(piece) :]
    return True


def _escaped(text: str) -> str:
    """Percent-encoding in one way: capital digits, and none where it is not needed."""
    return _ESCAPE.sub(lambda match: match[0].upper(), _UNRESERVED.sub(lambda match: unquote(match[0]), text))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
