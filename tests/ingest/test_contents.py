"""What a site sent is unpacked bit by bit, and is what it is said to be."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import TrustbotError
from ingest.sources.contents import LISTINGS, PAGES, WORD, check_type, real_type, said_type, unpacked, within

URL = "https://trust.example/a"


@given(st.binary(max_size=2000), st.integers(1, 50))
def test_what_was_packed_comes_back_however_it_is_cut(content: bytes, size: int) -> None:
    packed = gzip.compress(content, mtime=0)
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert b"".join(unpacked(pieces)) == content


def test_two_packed_parts_are_one_content() -> None:
    assert b"".join(unpacked([gzip.compress(b"one ") + gzip.compress(b"two")])) == b"one two"


def test_a_bomb_goes_off_a_little_at_a_time() -> None:
    first = next(unpacked([gzip.compress(bytes(50_000_000), mtime=0)]))
    assert 0 < len(first) <= 65_536


@pytest.mark.parametrize("packed", ["", "identity", "gzip", "X-Gzip"])
def test_a_body_may_be_as_large_as_its_limit_and_no_larger(packed: str) -> None:
    content = b"52 volunteers"
    sent = gzip.compress(content) if "zip" in packed.lower() else content
    assert b"".join(within([sent], packed=packed, most_bytes=13)) == content
    with pytest.raises(TrustbotError, match="it is larger than"):
        list(within([sent], packed=packed, most_bytes=12))
    assert b"".join(within([sent], packed=packed, most_bytes=12, cut=True)) == content[:12]


@pytest.mark.parametrize("packed", ["br", "deflate", "gzip, gzip", "gzip,identity"])
def test_what_was_packed_otherwise_than_we_asked_is_refused(packed: str) -> None:
    with pytest.raises(TrustbotError, match="it is packed in a way that is not known"):
        list(within([b"..."], packed=packed, most_bytes=100))


@given(st.binary(min_size=1, max_size=500), st.data())
def test_what_ends_too_early_is_not_taken_for_whole(content: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(content, mtime=0)
    cut = packed[: data.draw(st.integers(1, len(packed) - 1))]
    with pytest.raises(EOFError):
        list(unpacked([cut]))


def test_what_was_not_packed_is_said_not_to_be() -> None:
    with pytest.raises(TrustbotError, match="it cannot be unpacked"):
        list(unpacked([b"<html>plain</html>"]))


@pytest.mark.parametrize(
    ("header", "type_", "charset"),
    [
        ("text/html; charset=UTF-8", "text/html", "utf-8"),
        ('Text/HTML;charset="windows-1252"', "text/html", "cp1252"),
        ("text/html; charset=no-such", "text/html", None),
        ("text/html; charset=a\x00b", "text/html", None),
        ("application/x-gzip", "application/gzip", None),
        ("", "", None),
        (";;;", "", None),
    ],
)
def test_the_label_is_read(header: str, type_: str, charset: str | None) -> None:
    assert said_type(header) == (type_, charset)


@given(st.text(max_size=60))
def test_no_label_is_too_odd(header: str) -> None:
    assert isinstance(said_type(header)[0], str)


def test_pictures_and_programs_are_not_taken() -> None:
    for type_ in ("image/png", "application/zip", "application/x-msdownload", "video/mp4", "application/json"):
        with pytest.raises(TrustbotError, match="where a page, a PDF or a Word document is wanted"):
            check_type(type_, taken=PAGES)
    with pytest.raises(TrustbotError, match="where a sitemap or feed is wanted"):
        check_type("application/pdf", taken=LISTINGS)


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("said", "content", "url", "real"),
    [
        ("text/html", b"<!doctype html><p>52 volunteers", URL, "text/html"),
        ("text/html", b"%PDF-1.7 ...", URL, "application/pdf"),
        ("application/octet-stream", b"%PDF-1.7 ...", URL, "application/pdf"),
        ("application/octet-stream", zipped(), URL + ".docx?download=1", WORD),
        ("", b"\n <html>", URL, "text/html"),
        ("", b"Words", URL + ".txt", "text/plain"),
        ("text/plain", b"# Words", URL + ".md", "text/markdown"),
        ("application/xml", gzip.compress(b"<urlset/>"), URL + ".xml.gz", "application/gzip"),
        ("text/html", "\ufeff<html>".encode("utf-16-le"), URL, "text/html"),
        ("text/html", b"", URL, "text/html"),
    ],
)
def test_the_type_is_what_the_bytes_are(said: str, content: bytes, url: str, real: str) -> None:
    assert real_type(said, content, url=url) == real


@pytest.mark.parametrize(
    ("said", "content", "reason"),
    [
        ("application/pdf", b"<html>Log in</html>", "it is said to be a PDF and is not"),
        (WORD, b"<html>Log in</html>", "it is said to be a Word document and is not"),
        ("text/html", b"\x89PNG\r\n\x1a\n\0\0", "it is said to be text/html and is not text"),
        ("text/plain", zipped(), "it is said to be text/plain and is not text"),
        ("", b"who knows", "it does not say what it is"),
    ],
)
def test_a_wrong_label_is_not_believed(said: str, content: bytes, reason: str) -> None:
    with pytest.raises(TrustbotError, match=reason):
        real_type(said, content, url=URL)
