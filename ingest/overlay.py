"""Overlays: a corpus as it would be with other files in the place of some of its own."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """Files below `folder`, by path, that take the place of a corpus' own, and the paths that are `gone` from it."""

    folder: Path
    files: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
