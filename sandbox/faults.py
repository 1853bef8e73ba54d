"""Failures a test orders in advance."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with the next calls of a method; ``*`` is any method."""

    method: str
    error: str | None = None
    status: int = 200
    retry_after: int | None = None
    delay: float = 0.0
    drop: bool = False  # do the work, then hang up without an answer
    times: int = 1

    @property
    def refuses(self) -> bool:
        return not self.drop and (self.error is not None or self.status != 200)


class Faults:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        self._ordered.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault that befalls this call, if any."""
        for fault in self._ordered:
            if fault.method in (method, "*") and fault.times > 0:
                fault.times -= 1
                return fault
        return None
