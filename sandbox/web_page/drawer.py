"""The drawer: what the app did and was told, call by call, as the page lists it."""

import json
import re
import time
from collections import deque

from sandbox.record import Attempt, Call, Delivery
from sandbox.slack import Slack
from sandbox.wire import Json

MOST = 1000  # entries that are kept; a sandbox may stay open for days
_SECRETS = re.compile(r"\b(xox[a-z]-|xapp-|ticket=)[\w-]+")


class Drawer:
    """The newest entries of the record, each written down as soon as it is settled, without tokens."""

    def __init__(self, slack: Slack) -> None:
        self._record = slack.record
        self._entries: deque[tuple[int, str]] = deque(maxlen=MOST)
        self._count = 0
        self._calls = self._deliveries = self._problems = 0  # how many of each were looked at
        self._unanswered: list[Call] = []
        self._under_way: list[tuple[Delivery, int]] = []  # with how many attempts are written down
        slack.changes.listeners.append(self._look)

    def after(self, number: int) -> str:
        """The entries with a greater number, the oldest first, as JSON."""
        return f'{{"entries": [{", ".join(text for n, text in self._entries if n > number)}]}}'

    def _look(self) -> None:
        record = self._record
        self._unanswered += record.calls[self._calls :]
        self._under_way += [(delivery, 0) for delivery in record.deliveries[self._deliveries :]]
        problems = record.problems[self._problems :]
        self._calls, self._deliveries = len(record.calls), len(record.deliveries)
        self._problems = len(record.problems)
        self._write_calls()
        self._under_way = [self._written(delivery, told) for delivery, told in self._under_way]
        self._under_way = [(delivery, told) for delivery, told in self._under_way if not _is_over(delivery)]
        for text in problems:
            self._write("problem", time.time(), "A rule of Slack was broken", False, {"text": text})

    def _write_calls(self) -> None:
        waiting = []
        for call in self._unanswered:
            if call.response:
                detail = {"args": call.args, "status": call.status, "response": call.response}
                self._write("call", call.at, call.method, call.ok, detail)
            else:
                waiting.append(call)
        self._unanswered = waiting

    def _written(self, delivery: Delivery, told: int) -> tuple[Delivery, int]:
        """Write down the attempts that came to an end, each with those before it."""
        settled = [attempt for attempt in delivery.attempts if attempt.answered is not None or attempt.failed]
        for number, attempt in enumerate(settled[told:], told + 1):
            self._write(
                "delivery",
                attempt.answered or attempt.at,
                _name(delivery),
                _was_acknowledged(attempt),
                {
                    "payload": delivery.payload,
                    "attempts": [vars(each) for each in settled[:number]],
                    "ack_seconds": delivery.ack_seconds,
                    "ack_payload": delivery.ack_payload,
                },
            )
        return delivery, len(settled)

    def _write(self, kind: str, at: float, name: str, ok: bool, detail: Json) -> None:
        self._count += 1
        entry = {"n": self._count, "kind": kind, "at": at, "name": name, "ok": ok, "detail": detail}
        text = _SECRETS.sub(r"\1[removed]", json.dumps(entry, default=str))
        self._entries.append((self._count, text))


def _name(delivery: Delivery) -> str:
    payload = delivery.payload
    if delivery.kind == "slash_commands":
        return f"{delivery.kind} {payload['command']}"
    what = payload["event"] if delivery.kind == "events_api" else payload
    subtype = f".{what['subtype']}" if "subtype" in what else ""
    return f"{delivery.kind} {what['type']}{subtype}"


def _was_acknowledged(attempt: Attempt) -> bool:
    return attempt.answered is not None and (attempt.status or 200) < 300


def _is_over(delivery: Delivery) -> bool:
    return delivery.finished.is_set() or delivery.acked
