"""State: what the bot remembers between two messages and over a restart. Every SQL table is in this module."""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    CursorResult,
    Date,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.sql import Executable

from bot.answers import Answer, Citation, ClosestPage, Turn
from bot.screening import screened
from ingest.errors import TrustbotError

LEASE = 10.0  # seconds for which a question belongs to the process that took it, unless renewed
_PATIENCE = 30  # seconds for which one writer of SQLite waits for another
_REMEMBERED = 6  # earlier turns of a thread that a question is understood with
_WORDLESS = ("signposted",)  # of which nothing is kept but that it was: a crisis is nobody's business
_IN_COMPANY = ("mention", "thread")  # surfaces of which others may go on in the same thread
_REPEATED = 7200.0  # seconds within which Slack may send an event again
_TURNS = ("answered", "partial", "not_found", "clarification")  # what a later question may point back to
_DAY = 86400.0
Once = Literal["shared", "sent_on"]
Begun = Literal["first", "again", "held", "done"]

_tables = MetaData()
_questions = Table(
    "questions",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("ts", String(160), nullable=False),  # of the message, or the trigger of a command
    Column("thread", String(160), nullable=False, index=True),  # ts of the thread's first message
    Column("asker", String(32), index=True),  # null once the asker had it forgotten
    Column("surface", String(16), nullable=False),
    Column("reply_url", Text),  # where the answer to a command goes; dropped once it is there
    Column("turned_away", String(32)),  # why it must not be answered, when the event itself said so
    Column("question", Text),  # screened
    Column("status", String(32)),  # null until answered
    Column("answer", JSON(none_as_null=True)),
    Column("asked", Float, nullable=False),  # seconds since 1970, as every time here
    Column("finished", Float),
    Column("held_until", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("delivering", Boolean, nullable=False),  # the answer may have reached Slack
    Column("interrupted", Boolean, nullable=False),  # people talked to each other since
    Column("shared", Boolean, nullable=False),
    Column("sent_on", Boolean, nullable=False),  # to the communications team
    UniqueConstraint("channel", "ts"),
)
_feedback = Table(
    "feedback",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("question", ForeignKey(_questions.c.id, ondelete="CASCADE"), nullable=False),
    Column("person", String(32)),
    Column("helpful", Boolean, nullable=False),
    Column("reason", Text),  # screened
    Column("given", Float, nullable=False),
    UniqueConstraint("question", "person"),
)
_postings = Table(
    "postings",  # of what is done once with an answer: begun, and maybe in Slack
    _tables,
    Column("question", ForeignKey(_questions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("held_until", Float, nullable=False),
)
_preferences = Table(
    "preferences",
    _tables,
    Column("person", String(32), primary_key=True),
    Column("private", Boolean, nullable=False),
)
_tokens = Table(
    "tokens",  # that the language model took on a day
    _tables,
    Column("day", Date, primary_key=True),
    Column("tokens", Integer, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A question as it arrived, before anything was done about it; `question` is screened."""

    channel: str
    ts: str
    thread: str
    asker: str
    surface: str
    question: str | None
    reply_url: str | None = None
    turned_away: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pending(Arrival):
    """A question this process has taken and not yet finished. `attempts` counts the processes that took it."""

    id: int
    asked: float
    attempts: int
    delivering: bool

    @property
    def still_wanted(self) -> bool:
        """False once its asker had it forgotten."""
        return bool(self.asker)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A question and the answer it got, as kept."""

    id: int
    channel: str
    ts: str
    thread: str
    asker: str | None
    surface: str
    asked: float
    question: str
    answer: Answer | None


@dataclass(frozen=True, kw_only=True)
class ThreadState:
    """Who asked last in a thread of the bot's, and whether people have talked to each other since."""

    last_asker: str | None
    interrupted: bool


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One row of the feedback report: what was said of an answer, or a question that found none."""

    asked: float
    kind: str  # helpful | not helpful | no answer
    question: str
    status: str
    reason: str
    documents: str
    build: str
    sent_on: bool


class State:
    """The bot's memory in one database. Blocking: call it from a thread. Safe to share between threads.

    Raises TrustbotError when the database cannot be opened; `now` tells the seconds since 1970.
    """

    def __init__(self, url: str, *, now: Callable[[], float] = time.time, lease: float = LEASE) -> None:
        self._now, self._lease = now, lease
        self._engine = _engine(url)
        try:
            _tables.create_all(self._engine)
        except SQLAlchemyError as error:
            shown = self._engine.url.render_as_string(hide_password=True)
            raise TrustbotError(
                f"the state in {shown} cannot be opened ({type(error).__name__}): check TRUSTBOT_STATE"
            ) from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # -- one event, one answer

    def take(self, arrival: Arrival) -> Pending | None:
        """Write a question down as this process's own; None when somebody has taken it already."""
        row = asdict(arrival) | {
            "asked": self._now(),
            "held_until": self._now() + self._lease,
            "attempts": 1,
            **dict.fromkeys(("delivering", "interrupted", "shared", "sent_on"), False),
        }
        try:
            with self._engine.begin() as database:
                taken = database.execute(insert(_questions).values(row))
        except IntegrityError:
            return None
        key = taken.inserted_primary_key
        assert key is not None
        return Pending(**asdict(arrival), id=int(key[0]), asked=row["asked"], attempts=1, delivering=False)

    def renew(self, ids: Sequence[int]) -> None:
        """Hold these questions for another lease."""
        if ids:
            self._do(update(_questions).where(_questions.c.id.in_(ids)).values(held_until=self._now() + self._lease))

    def take_over(self) -> list[Pending]:
        """Take the unfinished questions that nobody holds any more, oldest first."""
        now, held = self._now(), _questions.c.held_until
        unheld = (_questions.c.status.is_(None)) & (held < now)
        taken = []
        for row in self._all(select(_questions).where(unheld).order_by(_questions.c.id)):
            mine = update(_questions).where(_questions.c.id == row.id, held == row.held_until)
            if self._do(mine.values(held_until=now + self._lease, attempts=row.attempts + 1)):
                taken.append(replace(_pending(row), attempts=row.attempts + 1))
        return taken

    def delivering(self, question: int) -> None:
        """Say that from now on the answer may have reached Slack."""
        self._do(update(_questions).where(_questions.c.id == question).values(delivering=True))

    def finish(self, question: int, status: str, answer: Answer | None = None) -> None:
        """Write down what became of a question, screened.

        Without an answer, once forgotten, and where the answer was a signpost, the words of both are dropped.
        """
        row = _questions.c
        self._do(
            update(_questions)
            .where(row.id == question)
            .values(status=status, finished=self._now(), reply_url=None, question=None)
        )
        kept = 0
        if answer is not None and status not in _WORDLESS:
            answer = replace(answer, question=screened(answer.question))
            words = {"question": answer.question, "answer": _as_json(answer)}
            kept = self._do(update(_questions).where(row.id == question, row.asker.is_not(None)).values(words))
        if not kept:
            self._wipe()

    # -- threads

    def thread(self, channel: str, thread: str) -> ThreadState | None:
        """The state of a thread that began with a question to the bot; None for every other thread."""
        row = _questions.c
        here = (row.channel == channel) & (row.thread == thread)
        rows = self._all(select(row.ts, row.asker, row.interrupted).where(here).order_by(row.id.desc()))
        if not any(found.ts == thread for found in rows):
            return None
        return ThreadState(last_asker=rows[0].asker, interrupted=rows[0].interrupted)

    def interrupt(self, channel: str, thread: str) -> None:
        """Remember that people talk to each other in a thread: nothing is answered there unasked."""
        row = _questions.c
        here = (row.channel == channel) & (row.thread == thread)
        self._do(update(_questions).where(here).values(interrupted=True))

    def history(self, pending: Pending) -> tuple[Turn, ...]:
        """The earlier turns of a question's thread that were answered, oldest first."""
        row = _questions.c
        here = (row.channel == pending.channel) & (row.thread == pending.thread) & (row.id < pending.id)
        here &= row.status.in_(_TURNS)
        kept = select(row.question, row.answer).where(here, row.question.is_not(None), row.answer.is_not(None))
        rows = self._all(kept.order_by(row.id.desc()).limit(_REMEMBERED))
        return tuple(Turn(question=found.question, answer=found.answer["answer"]) for found in reversed(rows))

    # -- what is done with an answer

    def exchange(self, question: int) -> Exchange | None:
        """A kept question by its number; None once it was forgotten or purged."""
        rows = self._all(select(_questions).where(_questions.c.id == question, _questions.c.question.is_not(None)))
        return _exchange(rows[0]) if rows else None

    def begin(self, question: int, what: Once, seconds: float) -> Begun:
        """Claim, for so many seconds, to share an answer or to send its question on, which is done once.

        `first` and `again` may post; after `again` it may be there already. `held` is somebody else's claim.
        """
        row, until = _postings.c, self._now() + seconds
        begun: Begun = "first"
        try:
            self._do(insert(_postings).values(question=question, what=what, held_until=until))
        except IntegrityError:
            unheld = update(_postings).where(row.question == question, row.what == what, row.held_until < self._now())
            begun = "again" if self._do(unheld.values(held_until=until)) else "held"
        if not self._all(select(_questions.c.id).where(_questions.c.id == question, _questions.c[what])):
            return begun
        self.end(question, what, True)
        return "done"

    def end(self, question: int, what: Once, posted: bool | None) -> None:
        """Say what became of a claim: it is in Slack, it is not, or, with None, it may be: whoever is next looks."""
        row = _postings.c
        own = (row.question == question) & (row.what == what)
        with self._engine.begin() as database:
            if posted is None:
                database.execute(update(_postings).where(own).values(held_until=0.0))
                return
            if posted:
                database.execute(update(_questions).where(_questions.c.id == question).values({what: True}))
            database.execute(delete(_postings).where(own))

    def remark(self, question: int, person: str, *, helpful: bool, reason: str | None = None) -> None:
        """Keep what somebody thinks of an answer; a second opinion replaces their first. `reason` is screened."""
        said = {"helpful": helpful, "reason": reason, "given": self._now()}
        row = _feedback.c
        own = update(_feedback).where(row.question == question, row.person == person)
        if self._do(own.values(said)):
            return
        try:
            self._do(insert(_feedback).values(said | {"question": question, "person": person}))
        except IntegrityError:  # pressed twice at once, or purged meanwhile
            self._do(own.values(said))

    # -- what is known of a person

    def kept_about(self, person: str) -> list[Exchange]:
        """Every question of somebody's that is kept, newest first."""
        row = _questions.c
        own = select(_questions).where(row.asker == person, row.question.is_not(None))
        return [_exchange(found) for found in self._all(own.order_by(row.id.desc()))]

    def forget(self, person: str) -> int:
        """Drop everything somebody asked and said of answers; returns how many questions that were.

        What others said of those answers goes with them. What tells a repeated event from a new one stays, without
        a name and without words: two hours where nobody else was there, whose channel names the asker, else until
        the purge. Whether they want private answers stays as well: it is a wish, and no history.
        """
        row = _questions.c
        count = len(self.kept_about(person))
        own = select(row.id).where(row.asker == person)
        self._do(delete(_feedback).where(or_(_feedback.c.person == person, _feedback.c.question.in_(own))))
        finished = update(_questions).where(row.asker == person, row.status.is_not(None))
        self._do(finished.values(asker=None, question=None, answer=None))
        self._do(update(_questions).where(row.asker == person).values(asker=None))
        self._drop_forgotten()
        self._wipe()
        return count

    def forget_message(self, channel: str, ts: str) -> None:
        """Drop what was kept of one question and said of its answer, because its message was deleted."""
        row = _questions.c
        here = (row.channel == channel) & (row.ts == ts)
        self._do(delete(_feedback).where(_feedback.c.question.in_(select(row.id).where(here))))
        self._do(update(_questions).where(here).values(asker=None, question=None, answer=None))
        self._wipe()

    def is_private(self, person: str) -> bool:
        """Whether somebody wants their answers for themselves."""
        rows = self._all(select(_preferences.c.private).where(_preferences.c.person == person))
        return bool(rows and rows[0].private)

    def set_private(self, person: str, private: bool) -> None:
        """Keep whether somebody wants their answers for themselves."""
        with self._engine.begin() as database:
            database.execute(delete(_preferences).where(_preferences.c.person == person))
            if private:
                database.execute(insert(_preferences).values(person=person, private=True))

    # -- what the language model costs

    def tokens_on(self, day: date) -> int:
        """The tokens the language model took on that day."""
        rows = self._all(select(_tokens.c.tokens).where(_tokens.c.day == day))
        return int(rows[0].tokens) if rows else 0

    def add_tokens(self, day: date, tokens: int) -> None:
        """Count more of them, whichever process they were used by."""
        more = update(_tokens).where(_tokens.c.day == day).values(tokens=_tokens.c.tokens + tokens)
        if self._do(more):
            return
        try:
            self._do(insert(_tokens).values(day=day, tokens=tokens))
        except IntegrityError:  # somebody else has begun the day
            self._do(more)

    # -- the report, and the end of everything

    def remarks(self) -> list[Remark]:
        """What people said of answers, and the questions that found none, oldest first."""
        question, said = _questions.c, _feedback.c
        joined = _questions.outerjoin(_feedback, said.question == question.id)
        wanted = or_(said.id.is_not(None), question.status.in_(("not_found", "partial")))
        rows = self._all(
            select(_questions, said.helpful, said.reason)
            .select_from(joined)
            .where(wanted, question.question.is_not(None))
            .order_by(question.id, said.id)
        )
        return [_remark(row) for row in rows]

    def cited(self) -> Counter[str]:
        """How many of the answers kept rest on each document, by id."""
        rows = self._all(select(_questions.c.answer).where(_questions.c.answer.is_not(None)))
        answers = (_from_json(row.answer) for row in rows if row.answer)
        return Counter(id_ for answer in answers for id_ in {citation.document for citation in answer.citations})

    def purge(self, days: int) -> int:
        """Delete every question older than that, with its feedback; returns how many there were."""
        old = select(_questions.c.id).where(_questions.c.asked < self._now() - days * _DAY)
        with self._engine.begin() as database:
            database.execute(delete(_feedback).where(_feedback.c.question.in_(old)))
            gone = database.execute(delete(_questions).where(_questions.c.id.in_(old)))
        self._drop_forgotten()
        self._wipe()
        return int(gone.rowcount)

    # -- behind it

    def _drop_forgotten(self) -> None:
        """Delete the forgotten questions that nobody goes on from and Slack does not send again."""
        row = _questions.c
        forgotten = row.asker.is_(None) & row.status.is_not(None) & row.surface.not_in(_IN_COMPANY)
        self._do(delete(_questions).where(forgotten, row.asked < self._now() - _REPEATED))

    def _wipe(self) -> None:
        """Leave no copy of what was deleted in SQLite's log, which holds it until it is written over."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as database:
                database.exec_driver_sql("PRAGMA busy_timeout = 500")  # a reader may hold it up; the next one does it
                database.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                database.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")

    def _do(self, statement: Executable) -> int:
        with self._engine.begin() as database:
            done = database.execute(statement)
        return int(done.rowcount) if isinstance(done, CursorResult) else 0

    def _all(self, statement: Executable) -> Sequence[Row[Any]]:
        with self._engine.connect() as database:
            return database.execute(statement).all()


def is_kept(url: str) -> bool:
    """False where the state is a SQLite file that was never written. Raises TrustbotError as `State` does."""
    engine = _engine(url, create=False)
    file = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    engine.dispose()
    return file is None or Path(file).is_file()


def _engine(url: str, *, create: bool = True) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
        if create and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            _create_for_us_alone(Path(parsed.database))
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": _PATIENCE})
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
        raise TrustbotError(
            f"TRUSTBOT_STATE cannot be used ({type(error).__name__}): give a SQLAlchemy URL such as "
            "sqlite:///state.db, and install its driver"
        ) from error

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is deleted is written over

    return engine


def _create_for_us_alone(file: Path) -> None:
    """Make a new database file that nobody else may read; SQLite gives the files beside it the same rights."""
    if not file.exists():
        file.touch(mode=0o600)


def _pending(row: Row[Any]) -> Pending:
    fields = Pending.__dataclass_fields__
    held = {name: value for name, value in row._mapping.items() if name in fields}
    return Pending(**{**held, "asker": row.asker or ""})


def _exchange(row: Row[Any]) -> Exchange:
    fields = set(Exchange.__dataclass_fields__) - {"answer"}
    kept = {name: value for name, value in row._mapping.items() if name in fields}
    return Exchange(**kept, answer=_from_json(row.answer) if row.answer else None)


def _remark(row: Row[Any]) -> Remark:
    answer = _from_json(row.answer) if row.answer else None
    documents = dict.fromkeys(citation.document for citation in answer.citations) if answer else {}
    return Remark(
        asked=row.asked,
        kind="no answer" if row.helpful is None else "helpful" if row.helpful else "not helpful",
        question=row.question,
        status=row.status or "",
        reason=row.reason or "",
        documents=" ".join(documents),
        build=(answer.build or "") if answer else "",
        sent_on=row.sent_on,
    )


def _as_json(answer: Answer) -> Mapping[str, Any]:
    """All of an answer but its evidence."""
    return dict(json.loads(json.dumps(asdict(replace(answer, evidence=())))))


def _from_json(kept: Mapping[str, Any]) -> Answer:
    citations = tuple(
        Citation(**{**citation, "headings": tuple(citation["headings"])}) for citation in kept["citations"]
    )
    closest = tuple(ClosestPage(**page) for page in kept["closest"])
    known = {name: value for name, value in kept.items() if name in Answer.__dataclass_fields__}
    return Answer(
        **{**known, "citations": citations, "closest": closest, "notes": tuple(kept["notes"]), "evidence": ()}
    )
