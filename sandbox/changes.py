"""Changes: a number that grows with everything that happens, for those who want to know when to look again."""

import asyncio
from collections.abc import Callable


class Changes:
    """Counts what happens. It lives on the stand-in's event loop, and only there is it touched."""

    def __init__(self) -> None:
        self.revision = 0
        self.is_over = False  # nothing will happen any more: the stand-in stops
        self.listeners: list[Callable[[], None]] = []  # each called at every change
        self._next = asyncio.Event()

    def note(self) -> None:
        """Something has changed that somebody may see."""
        self.revision += 1
        for listener in self.listeners:
            listener()
        self._wake()

    def end(self) -> None:
        """Let go of everybody who waits."""
        self.is_over = True
        self._wake()

    async def beyond(self, revision: int, timeout: float) -> bool:
        """Wait until the number is greater, or there is an end; False when that took longer than so many seconds."""
        try:
            async with asyncio.timeout(timeout):
                while self.revision <= revision and not self.is_over:
                    await self._next.wait()
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        waiting, self._next = self._next, asyncio.Event()
        waiting.set()
