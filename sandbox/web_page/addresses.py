"""Addresses: whom the page is shown to. A site elsewhere must not read or press anything here."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = "127.0.0.1"


def is_loopback(host: str) -> bool:
    """True for a name or number of this machine that no other machine reaches."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def why_not(request: web.Request, host: str) -> str | None:
    """Why a request is refused, or None. ``host`` is what the stand-in listens on.

    A name that somebody else owns may point to this machine, so the Host is checked (DNS rebinding); and a page of
    another site may send requests here, so an Origin has to be this page's own.
    """
    asked = request.headers.get("Host", "")
    if not _is_ours(_hostname(asked), host):
        return "This page is open by its own address only: the one that was printed when it was started."
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != asked:
        return "Another site may not use this page."
    return None


def _is_ours(asked: str, host: str) -> bool:
    if is_loopback(asked):
        return True
    if is_loopback(host):
        return False
    return asked in (host, socket.gethostname().lower()) or _is_number(asked)  # nobody can own a number


def _hostname(netloc: str) -> str:
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
