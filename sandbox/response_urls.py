"""The response_url of each interaction: five uses, thirty minutes."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox.limits import Limits
from sandbox.wire import Refusal


@dataclass
class ResponseUrl:
    """Who sees an ephemeral answer, where, and which message it may replace."""

    user: str
    channel: str
    message_ts: str | None
    key: str = field(default_factory=lambda: secrets.token_hex(12))
    made: float = field(default_factory=time.time)
    uses: int = 0

    @property
    def path(self) -> str:
        return f"/response/{self.key}"


class ResponseUrls:
    """All that were handed out, by their key."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._urls: dict[str, ResponseUrl] = {}

    def new(self, user: str, channel: str, message_ts: str | None = None) -> ResponseUrl:
        url = ResponseUrl(user, channel, message_ts)
        self._urls[url.key] = url
        return url

    def use(self, key: str) -> ResponseUrl:
        url = self._urls.get(key)
        if url is None:
            raise Refusal("invalid_url")
        if time.time() - url.made > self._limits.response_url_ttl:
            raise Refusal("expired_url")
        if url.uses >= self._limits.response_url_uses:
            raise Refusal("used_url")
        url.uses += 1
        return url
