"""Pacing: nobody asks faster than they may."""

from collections import defaultdict, deque

_A_MINUTE = 60.0


class Pace:
    """Lets everybody ask so many questions a minute.

    It is this process's own memory: nothing of it is stored, and deleting one's history does not begin it anew.
    """

    def __init__(self, a_minute: int) -> None:
        self._let_through: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=a_minute))

    def allows(self, person: str, asked: float) -> bool:
        """Whether a question asked then (seconds since 1970) may be answered; it counts towards the next if so."""
        before = self._let_through[person]
        if len(before) == before.maxlen and asked - before[0] < _A_MINUTE:
            return False
        before.append(asked)
        return True
