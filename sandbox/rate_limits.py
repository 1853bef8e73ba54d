"""How often each method may be called, for the whole workspace."""

import math
import time
from collections.abc import Mapping

from sandbox.limits import Limits

# Requests a minute, from each method's page on docs.slack.dev
TIER_2, TIER_3, TIER_4 = 20, 50, 100
METHOD_TIER: dict[str, int] = {
    "apps.connections.open": TIER_3,
    "assistant.threads.setSuggestedPrompts": TIER_4,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "team.info": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
POSTS_A_SECOND = 1.0  # in each channel [docs]


class RateLimits:
    """A token bucket for each method, and for chat.postMessage one for each channel."""

    def __init__(self, limits: Limits) -> None:
        self._post_burst = limits.post_burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def seconds_to_wait(self, method: str, args: Mapping[str, object]) -> int:
        """0 when the call may go ahead, else what Retry-After says."""
        if method == "chat.postMessage":
            return self._take(f"{method} {args.get('channel')}", float(self._post_burst), POSTS_A_SECOND)
        if method in METHOD_TIER:
            return self._take(method, float(METHOD_TIER[method]), METHOD_TIER[method] / 60)
        return 0

    def _take(self, bucket: str, size: float, per_second: float) -> int:
        now = time.monotonic()
        left, at = self._buckets.get(bucket, (size, now))
        left = min(size, left + (now - at) * per_second)
        if left < 1:
            self._buckets[bucket] = (left, now)
            return max(1, math.ceil((1 - left) / per_second))
        self._buckets[bucket] = (left - 1, now)
        return 0
