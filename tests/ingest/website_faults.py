"""What can go wrong with the web site for tests."""

import gzip
from dataclasses import dataclass, replace
from email.utils import formatdate
from functools import cache
from typing import Literal

from tests.ingest.website_content import EPOCH

Fault = Literal[
    "500",  # an error of the server
    "503",  # busy, with a Retry-After of no seconds
    "429",  # asked too often
    "silent",  # it takes the question and never answers
    "sometimes silent",  # for three requests in ten
    "dropped",  # the connection is closed without an answer
    "slow",  # a byte now and then, for ever
    "endless",  # a body that never ends
    "truncated",  # a body that ends before its time
    "bomb",  # a small answer that unpacks to a gigabyte
    "nested bomb",  # the same, packed twice
    "loop",  # it leads to itself
    "on and on",  # it leads to ever another address
    "to loopback",  # it leads to another port of this machine
    "to metadata",  # it leads to the address of a cloud's secrets
    "elsewhere",  # it leads to a host that nobody named
    "to a file",  # it leads to file:///etc/passwd
    "to the front page",  # where sites send people who ask for a page that was taken down
    "nowhere",  # a redirect that does not say where
    "empty",  # a listing without entries, or a page without text, with status 200
    "no such page",  # 404
    "gone",  # 410
    "log-in",  # 403
    "picture",  # an image where a page should be
    "mislabelled",  # says text/html, and is a picture
    "unlabelled",  # does not say what it is
    "latin-1 as utf-8",  # its letters are in another encoding than it says
    "windows-1252",  # in that encoding, and says so
    "windows-1252 unsaid",  # in that encoding, and does not say so
    "utf-16",  # in that encoding, with its mark
    "frozen date",  # no ETag, and a Last-Modified that never moves
    "running date",  # no ETag, and a Last-Modified that is always new
    "restless",  # no validators, and something of its chrome is new every time
    "broken xml",  # a feed or sitemap cut in the middle
    "entities",  # a feed or sitemap that unfolds to gigabytes
]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is sent, and in what way."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = "text/html; charset=utf-8"
    location: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    encoding: str | None = None
    retry_after: str | None = None
    way: Literal["plainly", "silently", "dropping", "slowly", "endlessly", "truncated"] = "plainly"


_PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
ERRORS: dict[str | None, Answer] = {
    "500": Answer(status=500, body=b"<h1>Internal server error</h1>"),
    "503": Answer(status=503, body=b"<h1>Busy</h1>", retry_after="0"),
    "429": Answer(status=429, body=b"<h1>Too many requests</h1>", retry_after="0"),
    "no such page": Answer(status=404, body=b"<h1>Page not found</h1>"),
    "gone": Answer(status=410, body=b"<h1>Gone</h1>"),
    "log-in": Answer(status=403, body=b"<h1>Log in</h1>"),
    "nowhere": Answer(status=301),
    "silent": Answer(way="silently"),
    "dropped": Answer(way="dropping"),
    "slow": Answer(way="slowly"),
    "endless": Answer(way="endlessly"),
}
REDIRECTS: dict[str | None, str] = {
    "loop": "{path}",
    "on and on": "{path}?{count}",
    "to loopback": "http://127.0.0.1:9/admin",
    "to metadata": "http://169.254.169.254/latest/meta-data/",
    "elsewhere": "https://evil.example/page",
    "to the front page": "/",
    "to a file": "file:///etc/passwd",
}


def spoiled(answer: Answer, fault: Fault | None, *, count: int) -> Answer:
    """A good answer as the fault makes it; `count` is another number for every request."""
    text = answer.body.decode("utf-8", "replace")
    if fault == "truncated":
        return replace(answer, way="truncated")
    if fault in ("bomb", "nested bomb"):
        encoding = "gzip" if fault == "bomb" else "gzip, gzip"
        return replace(answer, body=_bomb(nested=fault == "nested bomb"), encoding=encoding, etag=None)
    if fault == "picture":
        return replace(answer, body=_PNG, content_type="image/png", etag=None)
    if fault == "mislabelled":
        return replace(answer, body=_PNG, etag=None)
    if fault == "unlabelled":
        return replace(answer, content_type=None)
    if fault == "latin-1 as utf-8":
        return replace(answer, body=text.encode("latin-1", "replace"))
    if fault in ("windows-1252", "windows-1252 unsaid"):
        said = "text/html; charset=windows-1252" if fault == "windows-1252" else "text/html"
        body = text.replace('<meta charset="utf-8">', "").encode("windows-1252", "replace")
        return replace(answer, body=body, content_type=said)
    if fault == "utf-16":
        body = text.replace('<meta charset="utf-8">', "").encode("utf-16")
        return replace(answer, body=body, content_type="text/html")
    if fault == "frozen date":
        return replace(answer, etag=None, last_modified=formatdate(EPOCH, usegmt=True))
    if fault == "running date":
        return replace(answer, etag=None, last_modified=formatdate(EPOCH + 60 * count, usegmt=True))
    if fault == "restless":
        token = f"<footer>Page {count}"
        return replace(answer, body=text.replace("<footer>", token).encode(), etag=None, last_modified=None)
    if fault == "broken xml":
        return replace(answer, body=answer.body[: len(answer.body) * 2 // 3])
    if fault == "entities":
        return replace(answer, body=_entities(text).encode())
    return answer


def unless_known(answer: Answer, headers: dict[str, str]) -> Answer:
    """304 where the asker has this version, by ETag or else by date."""
    known = headers.get("if-none-match")
    if known is None and "if-modified-since" in headers:
        same = answer.last_modified is not None and headers["if-modified-since"] == answer.last_modified
    else:
        same = answer.etag is not None and known == answer.etag
    return replace(answer, status=304, body=b"") if same else answer


@cache
def _bomb(*, nested: bool) -> bytes:
    """A gigabyte of nothing, packed: 128 times the same 8 MB."""
    packed = gzip.compress(bytes(8_000_000), mtime=0) * 128
    return gzip.compress(packed, mtime=0) if nested else packed


def _entities(text: str) -> str:
    """An XML text that says the same, and an entity of entities of entities."""
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 11))
    declaration = f'<!DOCTYPE x [<!ENTITY l0 "Larkhill">{levels}]>'
    head, mark, rest = text.partition("?>")
    return head + mark + declaration + rest.replace("</", "&l10;</", 1)
