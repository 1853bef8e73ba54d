"""Fetching from a site that is well, and from one that is not: what comes, how politely it is asked, what is told."""

import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ingest.sources.connecting import Clock, look_up
from ingest.sources.declared import Sources, read_sources
from ingest.sources.fetching import Fetched, Fetcher, FetchFailed
from tests.ingest.website import Website
from tests.ingest.website_faults import Fault

PAGE = "/news/garden-club-grows"


class HandMovedClock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.time, sleep=self.wait)


@pytest.fixture
def sources(website: Website, tmp_path: Path) -> Callable[..., Sources]:
    """The sources of the site, with other manners where they are given."""
    return lambda **known: read_sources(website.write_sources(tmp_path / "corpus", **known))


@pytest.fixture
def fetch(website: Website, sources: Callable[..., Sources]) -> Callable[..., Fetched]:
    """Fetch a path of the site with a new fetcher."""

    def fetch(path: str = PAGE, *, manners: dict[str, Any] | None = None, **known: Any) -> Fetched:
        with Fetcher(sources(**(manners or {}))) as fetcher:
            return fetcher.fetch(website.url(path), **known)

    return fetch


@pytest.fixture
def refused(fetch: Callable[..., Fetched]) -> Callable[..., FetchFailed]:
    """Why a path of the site cannot be fetched."""

    def refused(path: str = PAGE, **known: Any) -> FetchFailed:
        with pytest.raises(FetchFailed) as raised:
            fetch(path, **known)
        assert str(raised.value).isprintable()
        assert raised.value.url.endswith(path)
        return raised.value

    return refused


def test_a_page_comes_with_what_is_known_about_it(website: Website, fetch: Callable[..., Fetched]) -> None:
    fetched = fetch()
    assert (fetched.status, fetched.content_type, fetched.charset) == (200, "text/html", "utf-8")
    assert fetched.content is not None
    assert "52 volunteers" in fetched.content.decode()
    assert (fetched.url, fetched.final_url, fetched.moved) == (website.url(PAGE), website.url(PAGE), False)


def test_a_pdf_comes_as_one(fetch: Callable[..., Fetched]) -> None:
    fetched = fetch("/documents/annual-plan.pdf")
    assert fetched.content_type == "application/pdf"
    assert fetched.content is not None
    assert fetched.content.startswith(b"%PDF-")


@pytest.mark.parametrize("etags", [True, False])
def test_a_page_that_has_not_changed_is_not_sent_again(
    website: Website, fetch: Callable[..., Fetched], *, etags: bool
) -> None:
    website.etags = etags
    first = fetch()
    again = fetch(etag=first.etag, last_modified=first.last_modified)
    assert (again.status, again.content) == (304, None)
    assert website.bodies[PAGE] == 1


def test_a_page_that_has_changed_comes_again(website: Website, fetch: Callable[..., Fetched]) -> None:
    first = fetch()
    website.change(PAGE, "52 volunteers", "60 volunteers")
    again = fetch(etag=first.etag, last_modified=first.last_modified)
    assert again.content is not None
    assert b"60 volunteers" in again.content
    assert again.etag != first.etag


def test_a_date_that_lies_does_not_hide_a_change_where_there_is_an_etag(
    website: Website, fetch: Callable[..., Fetched]
) -> None:
    first = fetch()
    website.change(PAGE, "52 volunteers", "60 volunteers")
    fetch(etag=first.etag, last_modified="Fri, 01 Jan 2100 00:00:00 GMT")
    asked = website.asked[-1][1]
    assert "if-none-match" in asked
    assert "if-modified-since" not in asked


def test_what_is_known_of_a_page_is_not_told_where_it_leads(website: Website, fetch: Callable[..., Fetched]) -> None:
    etag = fetch().etag
    website.move(PAGE, "/news/2024/garden-club-grows")
    fetched = fetch(etag=etag)
    assert fetched.content is not None
    assert "if-none-match" not in website.asked[-1][1]
    again = fetch(etag=fetched.etag, known_at=website.url("/news/2024/garden-club-grows"))
    assert again.content is None


def test_a_page_that_moved_for_good_says_where_it_is_now(website: Website, fetch: Callable[..., Fetched]) -> None:
    website.move(PAGE, "/news/2024/a")
    website.move("/news/2024/a", "/news/2024/b")
    fetched = fetch()
    assert (fetched.final_url, fetched.moved) == (website.url("/news/2024/b"), True)


def test_a_page_that_is_elsewhere_for_now_has_not_moved(website: Website, fetch: Callable[..., Fetched]) -> None:
    website.move(PAGE, "/news/2024/a")
    website.move("/news/2024/a", "/news/2024/b", permanent=False)
    fetched = fetch()
    assert (fetched.final_url, fetched.moved) == (website.url("/news/2024/b"), False)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_was_taken_down_is_gone(website: Website, refused: Callable[..., FetchFailed], status: int) -> None:
    website.remove(PAGE, status=status)
    failed = refused()
    assert failed.gone
    assert str(failed) == f"it is no longer there ({status})"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("500", "the site has an error (500) (asked 3 times)"),
        ("503", "the site is busy (503) (asked 3 times)"),
        ("429", "the site is busy (429) (asked 3 times)"),
        ("dropped", "the connection broke off (asked 3 times)"),
        ("truncated", "the connection broke off (asked 3 times)"),
        ("endless", "it is larger than 0.1 MB"),
        ("bomb", "it is larger than 0.1 MB"),
        ("nested bomb", "it is packed in a way that is not known (gzip, gzip)"),
        ("loop", "its redirects lead in a circle"),
        ("on and on", "it leads on more than 5 times"),
        ("to the front page", "it leads to the front page of {site}: the page itself is not there"),
        ("nowhere", "it leads elsewhere and does not say where (301)"),
        ("to a file", "it leads to 'file:///etc/passwd' must begin with https:// or http://"),
        ("log-in", "the site does not let us read it (403)"),
        ("picture", "it is image/png, where a page, a PDF or a Word document is wanted"),
        ("mislabelled", "it is said to be text/html and is not text"),
    ],
)
def test_what_goes_wrong_is_told_in_words_and_the_page_is_not_taken_for_gone(
    website: Website, refused: Callable[..., FetchFailed], fault: Fault, reason: str
) -> None:
    website.fault(PAGE, fault)
    failed = refused(manners={"most_bytes": 100_000})
    assert str(failed) == reason.format(site=website.site)
    assert not failed.gone


@pytest.mark.parametrize("fault", ["silent", "slow"])
def test_a_site_that_takes_its_time_is_left_when_it_is_up(
    website: Website, refused: Callable[..., FetchFailed], fault: Fault
) -> None:
    website.fault(PAGE, fault)
    with stamina.set_testing(True, attempts=1):
        assert str(refused(manners={"timeout": 0.3})) == "the site did not answer in full within 0.3 seconds"


def test_three_answers_in_ten_that_never_come_keep_no_page_back(
    website: Website, sources: Callable[..., Sources]
) -> None:
    website.fault("*", "sometimes silent")
    with stamina.set_testing(True, attempts=10), Fetcher(sources(timeout=0.4)) as fetcher:
        assert all(fetcher.fetch(website.url(path)).content for path in website.pages)
    silent = sum(website.requests[path] for path in website.pages) - website.page_bodies()
    assert silent > 0


def test_an_error_that_passes_is_waited_out(website: Website, fetch: Callable[..., Fetched]) -> None:
    website.fault(PAGE, "500", times=2)
    assert fetch().status == 200
    assert website.requests[PAGE] == 3


def test_a_site_that_asks_for_a_long_rest_is_given_it(website: Website, refused: Callable[..., FetchFailed]) -> None:
    website.retry_after = "3600"
    website.fault(PAGE, "503")
    assert str(refused()) == "the site is busy (503) and asks to be left alone for 60 minutes"
    assert website.requests[PAGE] == 1


def test_a_site_that_answers_nothing_three_times_in_a_row_is_left_for_now(
    website: Website, sources: Callable[..., Sources]
) -> None:
    reasons = []
    with Fetcher(sources()) as fetcher:
        fetcher.fetch(website.url(PAGE))
        website.fault("*", "dropped")
        for path in website.pages:
            with pytest.raises(FetchFailed) as raised:
                fetcher.fetch(website.url(path))
            reasons.append(str(raised.value))
    assert reasons[:3] == ["the connection broke off (asked 3 times)"] * 3
    assert set(reasons[3:]) == {f"{website.site} did not answer for 3 pages in a row: left for now"}


def test_pages_that_are_broken_do_not_keep_the_others_of_their_site_back(
    website: Website, sources: Callable[..., Sources]
) -> None:
    broken = [path for path in website.pages if path.startswith("/news/")]
    for path in broken:
        website.fault(path, "500")
    with Fetcher(sources()) as fetcher:
        for path in broken:
            with pytest.raises(FetchFailed, match="the site has an error"):
                fetcher.fetch(website.url(path))
        assert fetcher.fetch(website.url("/programmes/garden-club")).status == 200


def test_a_site_that_answers_now_and_then_is_not_given_up(website: Website, sources: Callable[..., Sources]) -> None:
    silent = [path for path in website.pages if path.startswith("/news/")]
    for path in silent:
        website.fault(path, "dropped")
    with Fetcher(sources()) as fetcher:
        for path in silent:
            with pytest.raises(FetchFailed, match="the connection broke off"):
                fetcher.fetch(website.url(path))
            assert fetcher.fetch(website.url("/programmes/garden-club")).status == 200


@pytest.mark.parametrize(
    ("fault", "charset"),
    [("windows-1252", "cp1252"), ("windows-1252 unsaid", None), ("latin-1 as utf-8", "utf-8"), ("utf-16", None)],
)
def test_a_page_comes_in_the_bytes_of_its_encoding_and_with_the_one_its_site_states(
    website: Website, fetch: Callable[..., Fetched], fault: Fault, charset: str | None
) -> None:
    website.fault("/blog/chief-executive-june-2024", fault)
    fetched = fetch("/blog/chief-executive-june-2024")
    assert (fetched.content_type, fetched.charset) == ("text/html", charset)


def test_a_page_without_a_label_is_known_by_its_looks(website: Website, fetch: Callable[..., Fetched]) -> None:
    website.fault(PAGE, "unlabelled")
    website.fault("/documents/annual-plan.pdf", "unlabelled")
    assert fetch().content_type == "text/html"
    assert fetch("/documents/annual-plan.pdf").content_type == "application/pdf"


def test_a_packed_answer_is_unpacked(website: Website, fetch: Callable[..., Fetched]) -> None:
    plain = fetch().content
    website.packs = True
    assert fetch().content == plain
    assert website.asked[-1][1]["accept-encoding"] == "gzip"


# manners


def test_pages_that_robots_txt_closes_are_not_asked_for(website: Website, refused: Callable[..., FetchFailed]) -> None:
    website.robots = "User-agent: trustbot\nDisallow: /news/\n\nUser-agent: *\nDisallow:\n"
    assert str(refused()) == f"robots.txt of {website.site} asks us not to fetch it"
    assert website.requests[PAGE] == 0


def test_a_redirect_does_not_lead_round_robots_txt(website: Website, refused: Callable[..., FetchFailed]) -> None:
    website.robots = "User-agent: *\nDisallow: /private/\n"
    website.move(PAGE, "/private/garden")
    assert "asks us not to fetch" in str(refused())
    assert website.requests["/private/garden"] == 0


def test_robots_txt_is_asked_for_once(website: Website, sources: Callable[..., Sources]) -> None:
    with Fetcher(sources()) as fetcher:
        for path in website.pages:
            fetcher.fetch(website.url(path))
    assert website.requests["/robots.txt"] == 1


@pytest.mark.parametrize("fault", ["no such page", "gone", "log-in", "elsewhere", "loop"])
def test_a_site_without_robots_txt_may_be_read(website: Website, fetch: Callable[..., Fetched], fault: Fault) -> None:
    website.fault("/robots.txt", fault)
    assert fetch().status == 200


@pytest.mark.parametrize("fault", ["500", "dropped"])
def test_a_site_whose_robots_txt_cannot_be_had_is_not_read(
    website: Website, refused: Callable[..., FetchFailed], fault: Fault
) -> None:
    website.fault("/robots.txt", fault)
    failed = refused()
    assert str(failed).startswith("its robots.txt cannot be had: ")
    assert not failed.gone
    assert website.requests[PAGE] == 0


def test_a_site_too_busy_for_its_robots_txt_is_not_read(website: Website, refused: Callable[..., FetchFailed]) -> None:
    website.retry_after = "3600"
    website.fault("/robots.txt", "503")
    assert "asks to be left alone for 60 minutes" in str(refused())
    assert (website.requests["/robots.txt"], website.requests[PAGE]) == (1, 0)


def test_only_the_beginning_of_an_endless_robots_txt_is_read(website: Website, fetch: Callable[..., Fetched]) -> None:
    website.fault("/robots.txt", "endless")
    assert fetch().status == 200


def test_a_site_is_given_time_between_two_requests(website: Website, sources: Callable[..., Sources]) -> None:
    hand = HandMovedClock()
    with Fetcher(sources(delay=2), clock=hand.clock) as fetcher:
        fetcher.fetch(website.url(PAGE))
        fetcher.fetch(website.url("/news/night-bus"))
    assert hand.waits == [2.0, 2.0]  # robots.txt, two pages


def test_a_site_that_asks_for_more_time_gets_it_up_to_half_a_minute(
    website: Website, sources: Callable[..., Sources]
) -> None:
    for asked_for, given in (("7", 7.0), ("3600", 30.0)):
        website.robots = f"User-agent: *\nCrawl-delay: {asked_for}\n"
        hand = HandMovedClock()
        with Fetcher(sources(), clock=hand.clock) as fetcher:
            fetcher.fetch(website.url(PAGE))
            fetcher.fetch(website.url("/news/night-bus"))
        assert hand.waits == [given]


def test_the_site_is_told_who_asks(website: Website, sources: Callable[..., Sources]) -> None:
    with Fetcher(sources(contact="comms@trust.example")) as fetcher:
        fetcher.fetch(website.url(PAGE))
    assert website.asked[-1][1]["user-agent"] == "trustbot (+comms@trust.example)"


def test_nothing_a_site_leaves_with_us_is_given_back(website: Website, sources: Callable[..., Sources]) -> None:
    website.cookie = "visitor=1"
    with Fetcher(sources()) as fetcher:
        fetcher.fetch(website.url(PAGE))
        fetcher.fetch(website.url(PAGE))
    assert not any("cookie" in headers for _, headers in website.asked)


# where it may not go


@pytest.mark.parametrize(
    ("fault", "site"),
    [("to loopback", "127.0.0.1:9"), ("to metadata", "169.254.169.254"), ("elsewhere", "evil.example")],
)
def test_a_redirect_to_a_host_that_nobody_named_is_not_followed(
    website: Website, refused: Callable[..., FetchFailed], fault: Fault, site: str
) -> None:
    website.fault(PAGE, fault)
    assert f"{site} is not named in sources.yaml: add it under hosts:" in str(refused())


def test_a_named_host_at_a_private_address_is_not_asked(website: Website) -> None:
    with pytest.raises(FetchFailed) as raised, Fetcher(Sources(hosts=(website.site,), delay=0)) as fetcher:
        fetcher.fetch(website.url(PAGE))
    assert str(raised.value) == (
        f"it is at a private address (127.0.0.1), which is refused: name {website.site} under private_hosts:"
        " in sources.yaml if that is meant"
    )
    assert website.asked == []


def test_a_public_page_that_leads_to_a_private_name_is_not_followed(website: Website) -> None:
    port = website.site.partition(":")[2]
    website.move(PAGE, f"http://inside.example:{port}{PAGE}")
    sources = Sources(private_hosts=(website.site,), hosts=(f"inside.example:{port}",), delay=0)
    with (
        pytest.raises(FetchFailed, match="at a private address"),
        asking(sources, {"inside.example": ["127.0.0.1"]}) as f,
    ):
        f.fetch(website.url(PAGE))
    assert [path for path, _ in website.asked] == ["/robots.txt", PAGE]


def test_a_name_that_changes_its_address_between_two_look_ups_gains_nothing(website: Website) -> None:
    """The address that was judged is the one that is connected to: nobody looks the name up again."""
    port = website.site.partition(":")[2]
    answers = iter([["203.0.113.9", "127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]])
    sources = Sources(hosts=(f"two-faced.example:{port}",), delay=0)
    with Fetcher(sources, look_up=lambda host, _: next(answers)) as fetcher:
        for _ in range(2):
            with pytest.raises(FetchFailed, match="at a private address"):
                fetcher.fetch(f"http://two-faced.example:{port}/")
    assert website.asked == []


def test_a_named_private_host_is_asked_at_the_address_it_was_looked_up_at(website: Website) -> None:
    port = website.site.partition(":")[2]
    sources = Sources(private_hosts=(f"intranet.example:{port}",), delay=0)
    with asking(sources, {"intranet.example": ["127.0.0.1"]}) as fetcher:
        assert fetcher.fetch(f"http://intranet.example:{port}{PAGE}").status == 200
    assert website.asked[-1][1]["host"] == f"intranet.example:{port}"


def test_a_second_address_is_tried_where_the_first_does_not_answer(website: Website) -> None:
    port = website.site.partition(":")[2]
    sources = Sources(private_hosts=(f"intranet.example:{port}",), delay=0)
    with asking(sources, {"intranet.example": ["127.0.0.99", "127.0.0.1"]}) as fetcher:
        assert fetcher.fetch(f"http://intranet.example:{port}{PAGE}").status == 200


def test_a_host_that_does_not_exist_is_said_not_to() -> None:
    sources = Sources(hosts=("nowhere.example",), delay=0)
    once, missing = stamina.set_testing(True, attempts=1), r"there is no host of the name nowhere\.example"
    with once, pytest.raises(FetchFailed, match=missing) as raised, asking(sources, {}) as fetcher:
        fetcher.fetch("https://nowhere.example/a")
    assert not raised.value.gone


@pytest.mark.parametrize("url", ["ftp://trust.example/", "file:///etc/passwd", "https://u:p@trust.example/", "news/a"])
def test_what_is_no_web_address_is_not_asked_for(url: str) -> None:
    with pytest.raises(FetchFailed), Fetcher(Sources(hosts=("trust.example",)), look_up=no_look_up) as fetcher:
        fetcher.fetch(url)


def test_a_site_is_believed_by_its_certificate_which_is_for_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path, "intranet.example")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    names = {"intranet.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
    with Website(tls=tls) as website:
        port = website.site.partition(":")[2]
        sources = Sources(private_hosts=(f"intranet.example:{port}", f"other.example:{port}"), delay=0)
        untrusted = "its certificate is not one to be trusted"
        with pytest.raises(FetchFailed, match=untrusted), asking(sources, names) as fetcher:
            fetcher.fetch(f"https://intranet.example:{port}{PAGE}")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with asking(sources, names) as fetcher:
            assert fetcher.fetch(f"https://intranet.example:{port}{PAGE}").status == 200
            with pytest.raises(FetchFailed, match=untrusted):
                fetcher.fetch(f"https://other.example:{port}{PAGE}")


def write_certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for a host, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject_name=whose, issuer_name=whose)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return path


def no_look_up(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host}:{port} was looked up")


def asking(sources: Sources, names: dict[str, list[str]]) -> Fetcher:
    """A fetcher in a world where names have these addresses, and numbers are themselves."""

    def found(host: str, port: int) -> Sequence[str]:
        if host[0].isdigit():
            return look_up(host, port)
        if host not in names:
            raise OSError("no such name")
        return names[host]

    return Fetcher(sources, look_up=found)
