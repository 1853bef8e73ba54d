"""Whole files: each is replaced in one step and synced, so that a crash leaves the old one or the new, never a part."""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from ingest.errors import TrustbotError


def write_whole(path: Path, text: str) -> None:
    """Replace a file by one with this text, in one step."""
    partial = path.with_name(f"{path.name}.partial")
    write_synced(partial, text.encode())
    partial.replace(path)
    sync_folder(path.parent)


def replace_whole(target: Path, source: Path | None) -> None:
    """Make a file what another one is, or delete it, in one step; `sync_folder` makes that last."""
    if source is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        write_synced(partial, source.read_bytes())
        if target.exists():
            shutil.copymode(target, partial)
        partial.replace(target)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise


def write_synced(path: Path, content: bytes) -> None:
    """Write a file, and its folders where they are missing, and wait until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until what was replaced in a folder is so on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def digest_of_file(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def within(folder: Path, path: str) -> Path:
    """The file of that path below a folder. Raises TrustbotError for a path that leads out of it."""
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()) or target == folder.resolve():
        raise TrustbotError(f"'{path}' leads out of {folder}: nothing is written there")
    return target
