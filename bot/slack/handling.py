"""Handling: one question, from the desk to the person who asked it, ending in exactly one answer."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from bot.answers import REMOVED, Answer, Question
from bot.prompts import reply
from bot.screening import screen
from bot.slack.logs import log, log_failure
from bot.slack.messages import Message, answer_messages, note
from bot.slack.parts import Parts
from bot.slack.poster import (
    InThread,
    Lost,
    MaybeDelivered,
    OnlyFor,
    Place,
    Refused,
    ReplyUrl,
    Revoked,
)
from bot.slack.progress import Progress
from bot.state import Pending

_ANSWERING = 120.0  # seconds after which an answer is no longer waited for
_SOON = 1.5  # seconds after which somebody who sees no status line is told that the bot is at work
_A_REMARK = 3.0  # seconds that an answer waits at most for such a remark
_TOO_LATE = 600.0  # seconds after which an interrupted question is apologised for and not answered
_MOST_ATTEMPTS = 3  # a question that ended as many processes is not tried again
_HELP = frozenset({"", "?", "help", "/help", "help me", "what can you do", "what can you do?"})
_DELETED = frozenset({"invalid_thread_ts", "thread_not_found", "message_not_found"})


@dataclass(eq=False)
class Job:
    """A question under way. Once `delivering` it is too late to stop it; `ended` says why it was stopped."""

    pending: Pending
    text: str
    turn: asyncio.Lock  # of its thread: the questions of one thread are answered in order
    task: asyncio.Task[None] | None = None
    messages: list[Message] = field(default_factory=list)
    shows_progress: bool = False
    delivering: bool = False
    delivered: bool = False
    ended: str | None = None


class Handler:
    """Answers questions and delivers the answers."""

    def __init__(self, parts: Parts, progress: Progress) -> None:
        self._settings, self._knowing, self._state = parts.settings, parts.knowing, parts.state
        self._workers, self._poster, self._people = parts.workers, parts.poster, parts.people
        self._measures, self._pace, self._progress = parts.measures, parts.pace, progress

    async def handle(self, job: Job) -> None:
        """Bring a question to its end. What cannot be ended now is left to whoever takes it over."""
        try:
            try:
                async with job.turn:
                    await self._work(job)
            except asyncio.CancelledError:
                if job.ended is None or job.task is None:
                    raise
                job.task.uncancel()
                await self._stopped(job)
            except Exception as error:
                await self._mend(job, error)
            await self._end_progress(job)
        except Exception as error:
            log_failure("question left", error, question=job.pending.id)

    # -- the usual way

    async def _work(self, job: Job) -> None:
        pending = job.pending
        if pending.attempts > 1 and await self._given_up(job):
            return
        turned_away = pending.turned_away or await self._turned_away(pending)
        if turned_away:
            await self._say(job, turned_away, "turned_away", place=_remark_place(pending))
            return
        place = await self._place(pending)
        answer = await self._answer_showing_progress(job, place)
        thanks = answer.status == "help" and screen(job.text) == "thanks"
        if pending.surface == "thread" and thanks:  # nobody asked for a reply
            await self._finish(job, answer.status, answer)
        else:
            job.messages = self._messages(pending, answer, place)
            await self._deliver(job, place)
            await self._finish(job, answer.status, answer)

    async def _turned_away(self, pending: Pending) -> str | None:
        person = await self._people.who(pending.asker)
        if person.turned_away:
            return person.turned_away
        return None if self._pace.allows(pending.asker, pending.asked) else "slack_slow_down"

    async def _place(self, pending: Pending) -> Place:
        """Where the answer goes: to all in the thread, or to the asker alone who wants it so."""
        seen_by_all = pending.surface in ("mention", "thread")
        if seen_by_all and await self._workers.remember(self._state.is_private, pending.asker):
            return _remark_place(pending)
        if pending.reply_url:
            return ReplyUrl(url=pending.reply_url)
        return InThread(channel=pending.channel, thread=pending.thread)

    async def _answer_showing_progress(self, job: Job, place: Place) -> Answer:
        """The answer; where people see the thread, a status line shows at once, and is there before the answer is."""
        if not isinstance(place, InThread):
            return await self._answer(job, place)
        job.shows_progress = True
        found = asyncio.Event()
        showing = asyncio.create_task(self._progress.show(job.pending.channel, job.pending.thread, until=found))
        try:
            return await self._answer(job, place)
        finally:
            found.set()
            await showing

    async def _answer(self, job: Job, place: Place) -> Answer:
        if job.text.strip(" .!").lower() in _HELP:
            return Answer(id=None, question=job.text, status="help", answer=self._reply("slack_help"))
        history = await self._workers.remember(self._state.history, job.pending)
        question = Question(text=job.text, id=str(job.pending.id), history=history)
        answering = asyncio.create_task(self._workers.answer(self._knowing.answer, question))
        try:
            if not isinstance(place, InThread):
                done, _ = await asyncio.wait({answering}, timeout=_SOON)
                if not done:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_A_REMARK):
                            await self._poster.tell(place, note(self._reply("slack_still_looking")))
            return await asyncio.wait_for(answering, _ANSWERING)
        finally:
            question.stop.wish()  # a language model that is still writing is told to end
            answering.cancel()

    def _messages(self, pending: Pending, answer: Answer, place: Place) -> list[Message]:
        private = not isinstance(place, InThread)
        heading = self._reply("slack_you_asked", question=answer.question)
        return answer_messages(
            answer,
            number=pending.id,
            heading=heading if private and answer.question not in ("", REMOVED) else None,
            may_share=private and answer.status != "signposted" and not pending.channel.startswith("D"),
            may_send_on=bool(self._settings.comms_channel),
        )

    async def _deliver(self, job: Job, place: Place) -> None:
        pending = job.pending
        job.delivering = True
        await self._workers.remember(self._state.delivering, pending.id)
        await self._poster.post(place, job.messages, key=pending.ts, look_first=pending.delivering)
        job.delivered = True

    async def _finish(self, job: Job, status: str, answer: Answer | None = None) -> None:
        pending = job.pending
        job.delivering = True
        await self._workers.remember(self._state.finish, pending.id, status, answer)
        seconds = time.time() - pending.asked
        self._measures.questions.labels(pending.surface, status).inc()
        if answer and answer.citations:
            self._measures.answered_by.labels("passages" if answer.answered_by == "passages" else "model").inc()
        self._measures.seconds.observe(seconds)
        log(
            "question finished",
            question=pending.id,
            surface=pending.surface,
            status=status,
            seconds=round(seconds, 3),
            citations=len(answer.citations) if answer else 0,
            messages=len(job.messages),
            attempts=pending.attempts,
        )

    # -- the other ways

    async def _given_up(self, job: Job) -> bool:
        """Close what another process left and this one should not, or cannot, answer any more."""
        pending = job.pending
        place = await self._place(pending)
        job.shows_progress = isinstance(place, InThread)  # by the other process
        if not pending.still_wanted:
            await self._finish(job, "withdrawn")
            return True
        if pending.delivering and not isinstance(place, InThread):
            raise MaybeDelivered("interrupted while it was delivered")
        too_late = time.time() - pending.asked > _TOO_LATE or pending.attempts > _MOST_ATTEMPTS
        if pending.turned_away is None and (too_late or job.text == REMOVED):
            await self._say(job, "slack_interrupted", "interrupted")
            return True
        return False

    async def _stopped(self, job: Job) -> None:
        if job.ended == "stopped":
            await self._say(job, "slack_stopped", "stopped")
        else:
            await self._finish(job, "withdrawn")

    async def _end_progress(self, job: Job) -> None:
        if job.shows_progress:
            await self._progress.end(job.pending.channel, job.pending.thread, answered=job.delivered)

    async def _mend(self, job: Job, error: Exception) -> None:
        """Tell the asker what went wrong, once, if that can be done."""
        pending = job.pending
        match error:
            case Lost() | SQLAlchemyError() | Revoked():  # Slack or the state is away: later, by looking first
                log_failure("question left", error, question=pending.id)
            case MaybeDelivered():
                await self._say_unsure(pending)
                await self._finish(job, "maybe_delivered")
            case Refused():
                if str(error) not in _DELETED:
                    await self._answer_directly(job, error.shown)
                await self._finish(job, "undeliverable")
            case _ if job.delivered:
                log_failure("question left", error, question=pending.id)
            case _:
                log_failure("question failed", error, question=pending.id)
                await self._say(job, "error", "error")

    async def _say_unsure(self, pending: Pending) -> None:
        """Tell the asker that the answer may not have arrived: where it would be, or else in their Messages tab.

        Raises Lost or MaybeDelivered where that may not have arrived either, so that it is told again later.
        """
        remark = [note(self._reply("slack_maybe_lost"))]
        try:
            await self._poster.post(_remark_place(pending), remark, key=f"unsure:{pending.ts}")
        except (Refused, Lost, MaybeDelivered):
            with contextlib.suppress(Refused):
                await self._poster.post(
                    InThread(channel=pending.asker, thread=None), remark, key=f"unsure:{pending.ts}"
                )

    async def _answer_directly(self, job: Job, shown: int) -> None:
        """The bot cannot answer where it was asked: it does so in the asker's Messages tab, if it can.

        `shown` messages of the answer were seen already.
        """
        place = InThread(channel=job.pending.asker, thread=None)
        try:
            await self._poster.post(place, job.messages[shown:], key=job.pending.ts)
        except (Refused, Lost, MaybeDelivered) as error:
            log_failure("answer not delivered", error, question=job.pending.id)

    async def _say(self, job: Job, name: str, status: str, *, place: Place | None = None) -> None:
        """End a question with a canned reply."""
        job.messages = [note(self._reply(name))]
        await self._deliver(job, place or await self._place(job.pending))
        await self._finish(job, status)

    def _reply(self, name: str, **more: str) -> str:
        return reply(
            name,
            ask=self._settings.ask,
            length=f"{self._settings.question_length:,}",
            most=str(self._settings.questions_a_minute),
            **more,
        )


def _remark_place(pending: Pending) -> Place:
    """Where a remark to the asker alone goes; a thread without replies would not show one."""
    if pending.reply_url:
        return ReplyUrl(url=pending.reply_url)
    if pending.surface == "direct":
        return InThread(channel=pending.channel, thread=pending.thread)
    in_thread = pending.thread if pending.ts != pending.thread else None
    return OnlyFor(channel=pending.channel, person=pending.asker, thread=in_thread)
