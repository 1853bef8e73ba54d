"""Connecting: to public addresses, or private ones that are named, and never for longer than is left."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

LookUp = Callable[[str, int], Sequence[str]]
_USUAL_PORTS = (80, 443)
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # between a provider and its customers (RFC 6598)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address behind NAT64 (RFC 6052)


class AddressRefused(Exception):
    """A host turned out to be at an address that must not be asked; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The time in seconds, and how to let it pass; tests hand in another."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the system's order of preference. Raises OSError when it has none."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def may_connect(address: str, *, private: bool) -> bool:
    """True for a public IP address; with `private` also for one of a private network or of this machine.

    Never for link-local addresses (a cloud's secrets live there), multicast, 0.0.0.0 and reserved ones. An IPv4
    address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is judged for itself.
    """
    ip = ipaddress.ip_address(address)
    inner = _within(ip)
    if inner is not None:
        return may_connect(str(inner), private=private)
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    if ip.is_loopback:
        return private
    if isinstance(ip, ipaddress.IPv4Address):
        return (ip.is_global and not ip.is_reserved) or (private and (_is_private_use(ip) or ip in _SHARED))
    return (ip.is_global and ip in _GLOBAL_UNICAST) or (private and _is_private_use(ip))


class GuardedTransport(httpx.BaseTransport):
    """Carries httpx's requests; the address that was judged is the one connected to, so no second look-up can differ.

    `private_sites` are hosts (with their port where it is not 80 or 443) that may be at a private address.
    """

    def __init__(
        self, private_sites: Collection[str] = (), *, clock: Clock | None = None, look_up: LookUp = look_up
    ) -> None:
        self._backend = _GuardedBackend(frozenset(private_sites), clock or Clock(), look_up)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=4,
            keepalive_expiry=5,
            network_backend=self._backend,
        )

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Whatever is done inside ends in a timeout after so many seconds, however slowly bytes trickle in."""
        before = self._backend.ends_at
        self._backend.ends_at = self._backend.clock.now() + seconds
        try:
            yield
        finally:
            self._backend.ends_at = before

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises httpx's errors, and AddressRefused."""
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        with _errors_of_httpx():
            answer = self._pool.handle_request(asked)
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _GuardedBackend(httpcore.NetworkBackend):
    """Looks names up, judges every address, connects to one that was judged."""

    def __init__(self, private_sites: frozenset[str], clock: Clock, look_up: LookUp) -> None:
        self._private_sites = private_sites
        self._look_up = look_up
        self._plain = httpcore.SyncBackend()
        self.clock = clock
        self.ends_at = float("inf")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._plain.connect_tcp(
                    address, port, self.left(timeout, httpcore.ConnectTimeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
                continue
            return _TimedStream(stream, self)
        raise problem or httpcore.ConnectError(f"there is no host of the name {host}")

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            found = self._look_up(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"there is no host of the name {host}") from error
        name = f"[{host}]" if ":" in host else host
        private = f"{name}:{port}" in self._private_sites or (port in _USUAL_PORTS and name in self._private_sites)
        refused = next((address for address in found if not may_connect(address, private=private)), None)
        if refused is not None:
            raise AddressRefused(refused)
        return found

    def left(self, timeout: float | None, too_late: type[Exception]) -> float | None:
        """The seconds the next step may take. Raises `too_late` when none are left."""
        left = self.ends_at - self.clock.now()
        if left <= 0:
            raise too_late("the time is up")
        return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every step ends when the time is up."""

    def __init__(self, stream: httpcore.NetworkStream, backend: _GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._backend.left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _errors_of_httpx():
            yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    """The two libraries call their errors by the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise getattr(httpx, type(error).__name__, httpx.TransportError)(str(error)) from error


def _within(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _TRANSLATED:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _is_private_use(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """True in the networks set aside for private use (RFC 1918, RFC 4193)."""
    return any(ip in network for network in _PRIVATE_USE)


_PRIVATE_USE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
