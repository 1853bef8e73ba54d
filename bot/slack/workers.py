"""Workers: blocking work off the event loop, which must acknowledge every event within three seconds."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_ANSWERING = 4  # questions at a time; more would only share the same processors


class Workers:
    """Threads for answering, and one for the state, which SQLite wants one writer at a time of.

    `waiting` is how many more there are because as many may wait for a language model at once.
    """

    def __init__(self, *, waiting: int = 0) -> None:
        self._answering = ThreadPoolExecutor(_ANSWERING + waiting, "answering")
        self._remembering = ThreadPoolExecutor(1, "remembering")

    async def answer(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run work that takes the model or the index."""
        return await _run(self._answering, partial(work, *args, **options))

    async def remember(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run work that takes the state."""
        return await _run(self._remembering, partial(work, *args, **options))

    def close(self) -> None:
        """Start nothing more; what runs is left to end by itself."""
        for executor in (self._answering, self._remembering):
            executor.shutdown(wait=False, cancel_futures=True)


async def _run(executor: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(executor, work)
