"""What a site sent: unpacked within limits, and of a kind that can be read."""

import codecs
import zlib
from collections.abc import Iterable, Iterator
from email.message import Message
from urllib.parse import urlsplit

from ingest.errors import TrustbotError

HTML = "text/html"
XHTML = "application/xhtml+xml"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
PAGES = frozenset((HTML, XHTML, PDF, WORD, PLAIN, MARKDOWN))

XML = "application/xml"
GZIP = "application/gzip"
LISTINGS = frozenset(
    (XML, "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml", GZIP, PLAIN, HTML)
)

_OTHER_NAMES = {"application/x-gzip": GZIP, "text/x-markdown": MARKDOWN, "application/x-pdf": PDF}
_UNSAID = ("", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/download")
_BY_ENDING = {"pdf": PDF, "docx": WORD, "md": MARKDOWN, "txt": PLAIN, "html": HTML, "htm": HTML, "xml": XML, "gz": GZIP}
_AT_ONCE = 65_536  # bytes unpacked in one step
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # the marks of UTF-32 begin with them


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what gzip packed, a little at a time, so that whoever counts can stop at any size.

    Raises EOFError when it ends too early and TrustbotError when it is not gzip.
    """
    unpacker, begun = zlib.decompressobj(wbits=31), False
    for piece in pieces:
        while piece:
            if unpacker.eof:  # one may follow the other
                unpacker = zlib.decompressobj(wbits=31)
            begun = True
            try:
                yield unpacker.decompress(piece, _AT_ONCE)
            except zlib.error as error:
                raise TrustbotError("it cannot be unpacked") from error
            piece = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while begun and not unpacker.eof:
        more = unpacker.decompress(b"", _AT_ONCE)
        if not more and not unpacker.eof:
            raise EOFError("it ends too early")
        yield more


def within(pieces: Iterable[bytes], *, packed: str, most_bytes: int, cut: bool = False) -> Iterator[bytes]:
    """Yield a body, unpacked as `packed` (its Content-Encoding) says, counting what is unpacked.

    Raises TrustbotError when it is larger than `most_bytes`, or with `cut` leaves the rest; raises EOFError when it
    ends too early.
    """
    encoding = packed.strip().lower()
    if encoding in ("gzip", "x-gzip"):
        pieces = unpacked(pieces)
    elif encoding not in ("", "identity"):
        raise TrustbotError(f"it is packed in a way that is not known ({encoding[:40]})")
    left = most_bytes
    for piece in pieces:
        if len(piece) > left:
            if not cut:
                raise TrustbotError(f"it is larger than {most_bytes / 1e6:.3g} MB")
            yield piece[:left]
            return
        left -= len(piece)
        yield piece


def said_type(header: str) -> tuple[str, str | None]:
    """The content type and the encoding that a header states, in small letters; an unknown encoding is none."""
    message = Message()
    message["Content-Type"] = header
    type_ = header.partition(";")[0].strip().lower()
    charset = message.get_param("charset")
    try:
        known = codecs.lookup(charset.strip()).name if isinstance(charset, str) else None
    except (LookupError, ValueError):
        known = None
    return _OTHER_NAMES.get(type_, type_), known


def check_type(type_: str, *, taken: frozenset[str]) -> None:
    """Raises TrustbotError when a content type that is stated is not one of those taken."""
    if type_ not in taken and type_ not in _UNSAID:
        what = "a sitemap or feed" if taken is LISTINGS else "a page, a PDF or a Word document"
        raise TrustbotError(f"it is {type_[:80]}, where {what} is wanted")


def real_type(type_: str, content: bytes, *, url: str) -> str:
    """The content type, also where none or another was stated. Raises TrustbotError when the bytes contradict it."""
    start = content[:1024].lstrip()
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"\x1f\x8b") and type_ in LISTINGS | set(_UNSAID):
        return GZIP
    if type_ in _UNSAID:
        type_ = _BY_ENDING.get(ending) or (HTML if start.startswith(b"<") else type_)
    if type_ == PLAIN and ending == "md":
        type_ = MARKDOWN
    if type_ in _UNSAID:
        raise TrustbotError("it does not say what it is")
    if type_ == PDF or (type_ == WORD and not start.startswith(b"PK")):
        raise TrustbotError(f"it is said to be a {'PDF' if type_ == PDF else 'Word document'} and is not")
    if type_ not in (WORD, GZIP) and b"\0" in content[:1024] and not content.startswith(_WIDE_MARKS):
        raise TrustbotError(f"it is said to be {type_} and is not text")
    return type_
