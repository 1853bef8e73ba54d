"""Fetching: pages from the hosts that are named, politely, within limits, and only when they have changed."""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx
import stamina

from ingest.errors import TrustbotError
from ingest.sources.addresses import root_of, site_of, web_address
from ingest.sources.connecting import AddressRefused, Clock, GuardedTransport, LookUp, look_up
from ingest.sources.contents import PAGES, check_type, real_type, said_type, within
from ingest.sources.declared import Sources
from ingest.sources.manners import GIVEN_UP_AFTER, ROBOT, Manners

_ATTEMPTS = 4
_MOST_REDIRECTS = 5
_LONGEST_WAIT = 60.0  # seconds, when a site says after how long to ask again
_MOST_ROBOTS = 512_000  # bytes of robots.txt that are read (RFC 9309 asks for 500 KiB at least)
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_GONE = (404, 410)
_LATER = (408, 425, 429)

# Without any handler Python prints stamina's notes on every retry to the terminal.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What a site answered: the page's bytes, or None where it has not changed since the last time.

    `moved` is True when there were redirects and every one on the way to `final_url` was permanent (301 or 308).
    `content_type` is what the bytes are (one of `contents.PAGES`), "" where there are none.
    """

    url: str
    final_url: str
    moved: bool
    status: int
    content: bytes | None
    content_type: str
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class FetchFailed(TrustbotError):
    """Why a page could not be had, in words for comms; `gone` when its site says that it is no longer there."""

    def __init__(self, reason: str, *, url: str, gone: bool = False) -> None:
        super().__init__(reason)
        self.url = url
        self.gone = gone


class _Passing(FetchFailed):
    """It may be well in a moment; `after` is the seconds the site asks us to wait."""

    def __init__(self, reason: str, *, url: str, after: float | None = None, silent: bool = False) -> None:
        super().__init__(reason, url=url)
        self.after = after
        self.silent = silent  # the site as a whole seems not to be there


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int
    headers: httpx.Headers
    content: bytes = b""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What is asked for: the headers that say which version is known, and what is taken."""

    taken: frozenset[str] | None
    most_bytes: int
    known: dict[str, str]
    known_at: str


class Fetcher:
    """Fetches pages one after the other; not to be shared between threads.

    with Fetcher(sources) as fetcher:
        fetched = fetcher.fetch("https://www.example.org/news/a-page", etag=etag)
    """

    def __init__(self, sources: Sources, *, clock: Clock | None = None, look_up: LookUp = look_up) -> None:
        self._sources = sources
        self._hosts = sources.named_hosts
        self._clock = clock or Clock()
        self._transport = GuardedTransport(sources.private_hosts, clock=self._clock, look_up=look_up)
        contact = f" (+{sources.contact})" if sources.contact else ""
        self._client = httpx.Client(
            transport=self._transport,
            headers={"User-Agent": f"{ROBOT}{contact}", "Accept-Encoding": "gzip", "Accept-Language": "en-GB, en"},
            timeout=sources.timeout,
            trust_env=False,
        )
        self._manners = Manners(delay=sources.delay, clock=self._clock)

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        known_at: str | None = None,
        taken: frozenset[str] = PAGES,
        most_bytes: int | None = None,
    ) -> Fetched:
        """Fetch a page, or learn that it is the one known by `etag` or `last_modified`.

        These are sent to `known_at` only, the address that gave them where it is not `url` itself. `taken` are the
        content types that can be used. Raises FetchFailed with the reason.
        """
        address = _address(url, url=url)
        wanted = _Wanted(
            taken=taken,
            most_bytes=most_bytes or self._sources.most_bytes,
            known=_conditions(etag, last_modified),
            known_at=known_at or address,
        )
        return self._until_answered(address, wanted)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _until_answered(self, address: str, wanted: _Wanted) -> Fetched:
        """Ask again, with growing pauses, while there is hope."""
        if self._manners.has_given_up(address):
            site = site_of(address)
            raise FetchFailed(f"{site} did not answer for {GIVEN_UP_AFTER} pages in a row: left for now", url=address)
        asked = 0
        try:
            for attempt in stamina.retry_context(
                on=_is_worth_another, attempts=_ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=10, wait_jitter=0.5
            ):
                with attempt:
                    asked += 1
                    fetched = self._follow(address, wanted)
        except _Passing as failed:
            if failed.silent:
                self._manners.note(address, silent=True)
            times = f" (asked {asked} times)" if asked > 1 else ""
            raise FetchFailed(f"{failed}{times}", url=address) from failed
        return fetched

    def _follow(self, url: str, wanted: _Wanted) -> Fetched:
        """Ask once, and go where the answer leads, within the time one page may take."""
        address, seen, permanent = url, [url], True
        left = self._sources.timeout
        while True:
            self._check(address, url=url, robots=wanted.taken is not None)
            self._manners.take_turn(address)
            started = self._clock.now()
            with self._transport.at_most(left):
                answer = self._ask(address, wanted, url=url)
            left -= self._clock.now() - started
            if answer.status < 500 and answer.status not in _LATER:
                self._manners.note(address, silent=False)
            if answer.status not in _REDIRECTS:
                _check_landing(address, url=url)
                return _fetched(answer, url=url, final_url=address, moved=len(seen) > 1 and permanent, wanted=wanted)
            permanent = permanent and answer.status in _PERMANENT
            address = _next_address(answer, address, seen, url=url)

    def _check(self, address: str, *, url: str, robots: bool) -> None:
        """Raises FetchFailed when an address is not to be asked for."""
        site = site_of(address)
        if site not in self._hosts:
            leads = "" if address == url else f"it leads to {address[:200]}: "
            raise FetchFailed(
                f"{leads}{site} is not named in sources.yaml: add it under hosts: if its pages are wanted", url=url
            )
        if robots:
            if not self._manners.knows_rules_for(address):
                self._read_robots(address)
            refusal = self._manners.refusal(address, what=_what(address, url))
            if refusal:
                raise FetchFailed(refusal, url=url)

    def _read_robots(self, address: str) -> None:
        """Learn a site's rules: without the file all is allowed, and while the site cannot give it nothing is."""
        wanted = _Wanted(taken=None, most_bytes=_MOST_ROBOTS, known={}, known_at="")
        try:
            fetched = self._until_answered(f"{root_of(address)}/robots.txt", wanted)
            self._manners.learn_rules(address, fetched.content)
        except FetchFailed as failed:
            if isinstance(failed.__cause__, _Passing) or self._manners.has_given_up(address):
                self._manners.learn_no_rules(address, str(failed))
            else:
                self._manners.learn_rules(address, None)

    def _ask(self, address: str, wanted: _Wanted, *, url: str) -> _Answer:
        """One request and its answer; a body is read only where it is wanted, and no further than its limit."""
        self._client.cookies.clear()
        headers = {"Accept": "*/*"} | (wanted.known if address == wanted.known_at else {})
        try:
            with self._client.stream("GET", address, headers=headers) as response:
                answer = _Answer(status=response.status_code, headers=response.headers)
                if response.status_code == 304:
                    response.read()  # nothing, but only then is the connection kept for the next page
                if response.status_code != 200:
                    return answer
                if wanted.taken is not None:
                    check_type(said_type(response.headers.get("content-type", ""))[0], taken=wanted.taken)
                pieces = within(
                    response.iter_raw(),
                    packed=response.headers.get("content-encoding", ""),
                    most_bytes=wanted.most_bytes,
                    cut=wanted.taken is None,  # rules beyond the limit do not count
                )
                return replace(answer, content=b"".join(pieces))
        except AddressRefused as error:
            raise FetchFailed(
                f"{_what(address, url)} is at a private address ({error}), which is refused: name {site_of(address)}"
                " under private_hosts: in sources.yaml if that is meant",
                url=url,
            ) from error
        except httpx.TimeoutException as error:
            raise _Passing(
                f"the site did not answer in full within {self._sources.timeout:g} seconds", url=url, silent=True
            ) from error
        except (httpx.NetworkError, httpx.RemoteProtocolError, EOFError) as error:
            raise _broken(error, url=url) from error
        except (httpx.HTTPError, httpx.InvalidURL, TrustbotError) as error:
            raise FetchFailed(str(error) or "the site's answer cannot be understood", url=url) from error


def _address(written: str, *, url: str, base: str | None = None) -> str:
    try:
        return web_address(written, base=base)
    except TrustbotError as error:
        raise FetchFailed(str(error) if base is None else f"it leads to {error}", url=url) from error


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers that ask for another version only; the ETag alone where there is one, since dates may lie."""
    named = {"If-None-Match": etag} if etag else {"If-Modified-Since": last_modified}
    return {name: value for name, value in named.items() if value and value.isascii() and value.isprintable()}


def _is_worth_another(error: Exception) -> bool | float:
    if not isinstance(error, _Passing) or (error.after or 0) > _LONGEST_WAIT:
        return False
    return True if error.after is None else error.after


def _next_address(answer: _Answer, address: str, seen: list[str], *, url: str) -> str:
    """Where a redirect leads. Raises FetchFailed when it leads nowhere, in a circle, or on and on."""
    location = answer.headers.get("location")
    if not location:
        raise FetchFailed(f"it leads elsewhere and does not say where ({answer.status})", url=url)
    target = _address(location, url=url, base=address)
    if target in seen:
        raise FetchFailed("its redirects lead in a circle", url=url)
    if len(seen) > _MOST_REDIRECTS:
        raise FetchFailed(f"it leads on more than {_MOST_REDIRECTS} times", url=url)
    seen.append(target)
    return target


def _check_landing(address: str, *, url: str) -> None:
    """Raises FetchFailed at a site's front page, where sites send people who ask for a page that was taken down."""
    if address == f"{root_of(address)}/" and url != f"{root_of(url)}/":
        raise FetchFailed(f"it leads to the front page of {site_of(address)}: the page itself is not there", url=url)


def _fetched(answer: _Answer, *, url: str, final_url: str, moved: bool, wanted: _Wanted) -> Fetched:
    """The answer as a page, or as one that has not changed. Raises FetchFailed when it is neither."""
    fetched = Fetched(
        url=url,
        final_url=final_url,
        moved=moved,
        status=answer.status,
        content=None,
        content_type="",
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
    )
    if answer.status == 304 and wanted.known:
        return fetched
    if answer.status != 200:
        raise _failure(answer, url=url)
    type_, charset = said_type(answer.headers.get("content-type", ""))
    if wanted.taken is not None:
        try:
            type_ = real_type(type_, answer.content, url=final_url)
            check_type(type_, taken=wanted.taken)
        except TrustbotError as error:
            raise FetchFailed(str(error), url=url) from error
    return replace(fetched, content=answer.content, content_type=type_, charset=charset)


def _failure(answer: _Answer, *, url: str) -> FetchFailed:
    status = answer.status
    if status in _GONE:
        return FetchFailed(f"it is no longer there ({status})", url=url, gone=True)
    if status in (401, 403):
        return FetchFailed(f"the site does not let us read it ({status})", url=url)
    if status in _LATER or status >= 500:
        reason = f"the site is busy ({status})" if status in (*_LATER, 503) else f"the site has an error ({status})"
        after = _seconds(answer.headers.get("retry-after"))
        if after is not None and after > _LONGEST_WAIT:
            reason += f" and asks to be left alone for {after / 60:.0f} minutes"
        return _Passing(reason, url=url, after=after, silent=status in (429, 503))
    return FetchFailed(f"the site answered {status}", url=url)


def _seconds(retry_after: str | None) -> float | None:
    """What Retry-After says, in seconds from now; it may be a number or a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _broken(error: Exception, *, url: str) -> FetchFailed:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return FetchFailed("its certificate is not one to be trusted", url=url)
    if isinstance(error, httpx.ConnectError):
        return _Passing(f"the site cannot be reached: {str(error)[:200]}", url=url, silent=True)
    return _Passing("the connection broke off", url=url, silent=isinstance(error, httpx.RemoteProtocolError))


def _what(address: str, url: str) -> str:
    return "it" if address == url else f"{address[:200]}, where it leads,"
