"""Web addresses: each is written in one way, none can be read in two, and patterns take in what they say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import TrustbotError
from ingest.sources.addresses import fits, is_taken, site_of, web_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("HTTPS://WWW.Trust.Example:443/News#top", "https://www.trust.example/News"),
        ("http://trust.example", "http://trust.example/"),
        ("http://trust.example.:80/?", "http://trust.example/"),
        ("https://trust.example/a/../b/./c", "https://trust.example/b/c"),
        ("https://trust.example/%7ejo/caf\u00e9 1", "https://trust.example/~jo/caf%C3%A9%201"),
        ("https://trust.example/?id=3&utm_source=feed&fbclid=x", "https://trust.example/?id=3"),
        ("https://trust.example/?q=a%26b", "https://trust.example/?q=a%26b"),
        ("https://m\u00fcnchen.example/", "https://xn--mnchen-3ya.example/"),
        ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("  https://trust.example/a  ", "https://trust.example/a"),
    ],
)
def test_an_address_is_written_in_one_way(written: str, address: str) -> None:
    assert web_address(written) == address
    assert web_address(address) == address


def test_a_relative_address_stands_on_its_page() -> None:
    assert web_address("../b?x=1#y", base="https://trust.example/news/2024/a") == "https://trust.example/news/b?x=1"
    assert web_address("//other.example/b", base="https://trust.example/a") == "https://other.example/b"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "news/a",
        "ftp://trust.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:secret@trust.example/",
        "https://trust.example\\@evil.example/",
        "https://trust.example/\x00",
        "https://trust.example/a\nb",
        "https://trust.example:99999/",
        "https://trust.example:0/",
        "https://trust..example/",
        "https://-/",
        "https:///a",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://\uff11\uff12\uff17.0.0.1/",
        "http://[::1%25lo]/",
        "http://[::1/",
        "https://trust.example/" + "a" * 2000,
    ],
)
def test_what_is_no_address_or_can_be_read_in_two_ways_is_refused(written: str) -> None:
    with pytest.raises(TrustbotError) as raised:
        web_address(written)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 200


@given(st.text(alphabet="htps:/.@\\?#%[]0127fxe a\u00e9\u3002", max_size=40), st.booleans())
def test_whatever_is_written_is_refused_or_settled(written: str, with_scheme: bool) -> None:
    try:
        address = web_address(("http://" if with_scheme else "") + written)
    except TrustbotError:
        return
    assert web_address(address) == address
    assert address.startswith(("http://", "https://"))
    assert address.isascii()
    assert "@" not in site_of(address)


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://trust.example/a", "trust.example"),
        ("http://trust.example:443/", "trust.example:443"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("https://[2001:db8::1]:8443/", "[2001:db8::1]:8443"),
    ],
)
def test_a_site_is_a_host_with_its_port_where_that_is_unusual(address: str, site: str) -> None:
    assert site_of(address) == site


@pytest.mark.parametrize(
    ("pattern", "address", "does"),
    [
        ("/news/*", "https://trust.example/news/a/b", True),
        ("/news/*", "https://trust.example/news", False),
        ("/news/*", "https://trust.example/blog/news/a", False),
        ("*/news/*", "https://trust.example/blog/news/a", True),
        ("/about", "https://trust.example/about/", True),
        ("/about", "https://trust.example/about-us", False),
        ("*?page=*", "https://trust.example/news?page=2", True),
        ("https://trust.example/*", "https://trust.example/a", True),
        ("https://trust.example/*", "https://other.example/a", False),
        ("*.pdf", "board/minutes.pdf", True),
        ("board/*", "board/minutes.pdf", True),
        ("/a.c", "https://trust.example/abc", False),
        ("*", "https://trust.example/", True),
    ],
)
def test_a_pattern_fits_from_end_to_end_and_a_star_is_anything(pattern: str, address: str, does: bool) -> None:
    assert fits(address, pattern) is does


@given(st.text(alphabet="ab*", max_size=8), st.text(alphabet="ab", max_size=12))
def test_patterns_fit_as_regular_expressions_would(pattern: str, path: str) -> None:
    expression = re.escape(pattern).replace(r"\*", ".*")
    assert fits(path, pattern) is bool(re.fullmatch(expression, path))


def test_many_stars_take_no_time() -> None:
    assert not fits("a" * 2000, "*a" * 200 + "b")


def test_all_is_taken_that_is_included_and_not_excluded() -> None:
    address = "https://trust.example/news/a"
    assert is_taken(address, include=(), exclude=())
    assert is_taken(address, include=("/blog/*", "/news/*"), exclude=())
    assert not is_taken(address, include=("/blog/*",), exclude=())
    assert not is_taken(address, include=("/news/*",), exclude=("*/a",))
