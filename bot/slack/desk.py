"""The desk: takes every question in exactly once, and knows which are under way."""

import asyncio
import time
from collections.abc import Sequence
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError

from bot.screening import screened
from bot.slack.deciding import Asked, is_for_the_bot
from bot.slack.handling import Handler, Job
from bot.slack.logs import log, log_failure
from bot.slack.parts import Parts
from bot.state import Arrival, Pending

_AN_HOUR = 3600.0


class Desk:
    """Takes questions in and has each handled, those of one thread one after the other."""

    def __init__(self, parts: Parts, handler: Handler) -> None:
        self._state, self._workers, self._handler = parts.state, parts.workers, handler
        self._measures, self._settings = parts.measures, parts.settings
        self._jobs: dict[int, Job] = {}
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._judging: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._is_open, self._is_closed = True, False
        parts.measures.under_way.set_function(lambda: len(self._jobs))

    # -- taking in

    async def take_in(self, asked: Asked) -> Pending | None:
        """Write a question down, before its event is acknowledged; None if it is not for the bot, or taken already.

        An error here leaves the event without an acknowledgement, so that Slack sends it again.
        """
        if asked.surface == "thread" and not await self._goes_on(asked):
            return None
        too_long = len(asked.text) > self._settings.question_length
        turned_away = asked.turned_away or ("slack_too_long" if too_long else None)
        arrival = Arrival(
            channel=asked.channel,
            ts=asked.ts,
            thread=asked.thread,
            asker=asked.asker,
            surface=asked.surface,
            question=None if turned_away else screened(asked.text),
            reply_url=asked.reply_url,
            turned_away=turned_away,
        )
        pending = await self._workers.remember(self._state.take, arrival)
        if pending is None:
            self._measures.repeats.inc()
        return pending

    async def _goes_on(self, asked: Asked) -> bool:
        """Whether a message without a mention is for the bot. If it is not, the bot stays out from then on."""
        where = asked.channel, asked.thread
        async with self._judging.setdefault(where, asyncio.Lock()):  # in the order they were said
            thread = await self._workers.remember(self._state.thread, *where)
            if is_for_the_bot(asked, thread) and not asked.turned_away:
                return True
            if thread is not None and not thread.interrupted:
                await self._workers.remember(self._state.interrupt, *where)
            return False

    def start(self, pending: Pending, text: str) -> None:
        """Begin to answer a question that was taken in, unless all has ended; `text` is what was asked."""
        if self._is_closed:
            log("left to the next process", question=pending.id)
            return
        turn = self._turns.setdefault((pending.channel, pending.thread), asyncio.Lock())
        job = Job(pending, text, turn)
        self._jobs[pending.id] = job
        job.task = asyncio.create_task(self._handler.handle(job))
        job.task.add_done_callback(lambda _: self._jobs.pop(pending.id))

    # -- what is under way

    @property
    def under_way(self) -> int:
        """How many questions are being answered."""
        return len(self._jobs)

    def stop(self, channel: str, thread: str) -> bool:
        """Somebody pressed the stop button of a thread; False when nothing is under way there any more."""
        here = [job for job in self._jobs.values() if (job.pending.channel, job.pending.thread) == (channel, thread)]
        for job in here:
            _end(job, "stopped")
        return bool(here)

    async def withdraw(self, channel: str, ts: str) -> None:
        """Somebody deleted their question: it is not answered any more, and forgotten."""
        for job in list(self._jobs.values()):
            if (job.pending.channel, job.pending.ts) == (channel, ts):
                _end(job, "withdrawn")
        await self._workers.remember(self._state.forget_message, channel, ts)

    async def drain(self, seconds: float) -> None:
        """Take nothing over any more, and wait for what is under way; what is not done is left to the next process."""
        self._is_open = False
        end = time.monotonic() + seconds
        while self._jobs and time.monotonic() < end:
            tasks = [job.task for job in self._jobs.values() if job.task]
            await asyncio.wait(tasks, timeout=end - time.monotonic())
        for job in self._jobs.values():
            log("left to the next process", question=job.pending.id)
            if job.task:
                job.task.cancel()
        self._is_closed = True

    # -- what others left

    async def tend(self, lease: float) -> None:
        """For ever: hold what is under way, take over what a process that died left, delete what is old."""
        purged = -_AN_HOUR
        while True:
            try:
                await self._workers.remember(self._state.renew, list(self._jobs))
                self._take_over(await self._workers.remember(self._state.take_over))
                if time.monotonic() - purged > _AN_HOUR:
                    gone = await self._workers.remember(self._state.purge, self._settings.retention_days)
                    purged = time.monotonic()
                    log("purged", questions=gone)
            except SQLAlchemyError as error:
                log_failure("state failed", error)
            await asyncio.sleep(lease / 3)

    def _take_over(self, left: Sequence[Pending]) -> None:
        for pending in left:
            if self._is_open and pending.id not in self._jobs:
                log("taken over", question=pending.id, attempts=pending.attempts)
                self.start(pending, pending.question or "")


def _end(job: Job, why: str) -> None:
    if job.task and not job.delivering and not job.ended:
        job.ended = why
        job.task.cancel()
