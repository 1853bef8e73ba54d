"""The trigger_id of each interaction: good once, for three seconds."""

import secrets
import time
from dataclasses import dataclass

from sandbox.limits import Limits
from sandbox.wire import Refusal


@dataclass
class Trigger:
    user: str
    made: float
    is_used: bool = False


class Triggers:
    """All that were handed out, by their id."""

    def __init__(self, limits: Limits) -> None:
        self._ttl = limits.trigger_ttl
        self._triggers: dict[str, Trigger] = {}

    def new(self, user: str) -> str:
        trigger_id = f"{secrets.randbelow(10**6)}.{secrets.randbelow(10**6)}.{secrets.token_hex(8)}"
        self._triggers[trigger_id] = Trigger(user, time.time())
        return trigger_id

    def use(self, trigger_id: str) -> str:
        """The user whose interaction it was."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.is_used:
            raise Refusal("exchanged_trigger_id")
        if time.time() - trigger.made > self._ttl:
            raise Refusal("expired_trigger_id")
        trigger.is_used = True
        return trigger.user
