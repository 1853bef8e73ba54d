"""Logs: one JSON object a line, with numbers, statuses and durations and never a word of anybody's."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

_logger = logging.getLogger("trustbot")
QUIET = logging.getLogger("slack")  # for Slack's libraries, which describe whole requests when they may
QUIET.setLevel(logging.WARNING)


def log(event: str, *, level: int = logging.INFO, **numbers: int | float | bool | str | None) -> None:
    """Write an event and its numbers. Strings are for our own words only: statuses, methods, error codes."""
    _logger.log(level, event, extra={"numbers": numbers})


def log_failure(event: str, error: BaseException, **numbers: int | float | bool | str | None) -> None:
    """Write that something broke: the kind of error and where, not its message, which may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    log(event, level=logging.ERROR, error=type(error).__name__, where=where, **numbers)


class JsonLines(logging.Formatter):
    """Our own records whole; of other libraries' only where they come from, for their messages may hold text."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"time": time, "level": record.levelname.lower()}
        if record.name == _logger.name:
            line |= {"event": record.msg, **getattr(record, "numbers", {})}
        else:
            line |= {"event": "library", "logger": record.name, "where": f"{record.module}:{record.lineno}"}
            if record.exc_info and record.exc_info[0]:
                line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def write_logs(*, level: int = logging.INFO) -> None:
    """Send every record of this process to stderr in this form; of the bot's own those of that level and above."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _logger.setLevel(level)
