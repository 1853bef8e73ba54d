"""Failures a test orders in advance."""

from dataclasses import dataclass

from sandbox.record import Call


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with the next calls of a method, or of ``response_url``; ``*`` is any of them."""

    method: str
    error: str | None = None
    status: int = 200
    retry_after: int | None = None
    delay: float = 0.0
    drop: bool = False  # do the work, then hang up without an answer
    cut: bool = False  # do the work, then answer with half of what should be JSON
    times: int = 1

    @property
    def refuses(self) -> bool:
        return not (self.drop or self.cut) and (self.error is not None or self.status != 200)

    def refuse(self, call: Call) -> dict[str, str]:
        """Answer the call with the failure; returns the headers that belong to it."""
        call.status, call.response = self.status, {"ok": False, "error": self.error or "internal_error"}
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


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
