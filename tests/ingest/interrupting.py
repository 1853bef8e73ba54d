"""Interrupting: work that is cut short just before one of its changes to the disk, any of them, as a crash would."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

_CHANGES = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NOT_COUNTED = {"writer", "refresher", "lock", "refresh.lock"}  # what the system lets go of when a process dies


class Interrupted(BaseException):
    """The moment of the crash; no exception that anybody expects."""


class Disk:
    """Counts the changes that this thread makes below a folder, and interrupts before a chosen one."""

    def __init__(self) -> None:
        self._below = ""
        self._left = -1
        self.changes: list[str] = []
        sys.addaudithook(self._heard)

    def watch(self, folder: Path, work: Callable[[], object], *, interrupt_before: int | None = None) -> bool:
        """Do the work; True when it was interrupted before the change of that number, from 0."""
        self.changes = []
        self._left = -1 if interrupt_before is None else interrupt_before
        self._below, self._thread = f"{folder}{os.sep}", threading.get_ident()
        try:
            work()
        except Interrupted:
            return True
        finally:
            self._below = ""
        return False

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._below or event not in _CHANGES or threading.get_ident() != self._thread:
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITING):
            return
        path = str(arguments[1] if event == "os.rename" else arguments[0])
        if not path.startswith(self._below) or Path(path).name in _NOT_COUNTED:
            return
        if len(self.changes) == self._left:
            self._below = ""
            raise Interrupted(f"before {event} of {path}")
        self.changes.append(f"{event} {path.removeprefix(self._below)}")
