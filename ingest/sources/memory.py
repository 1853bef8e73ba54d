"""The memory of sites: what each page answered last, so that it is not downloaded or read a second time."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.sources.extraction import Extracted

TRUSTED_FOR = 30  # days that a page's own word of having no newer version is taken without an ETag


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What a page answered last, and what was made of it.

    `digest` is that of its bytes and `settings` that of everything else that decides `extracted`; where nothing could
    be made of it, `reason` says why. `title`, `published` and `modified` are as its listing said, `downloaded` the
    day its bytes came.
    """

    url: str
    final_url: str
    digest: str
    settings: str
    downloaded: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    extracted: Extracted | None = None
    reason: str | None = None

    @property
    def canonical(self) -> str | None:
        """The address the page names as its own."""
        return self.extracted.canonical if self.extracted else None

    def can_be_asked_about(self, *, settings: str, modified: str | None, today: date) -> bool:
        """True when "not modified" would be an answer: a date is not believed for ever, nor against the listing."""
        if self.settings != settings or self._is_dated_otherwise(modified):
            return False
        if self.etag:
            return True
        recent = (today - date.fromisoformat(self.downloaded)).days < TRUSTED_FOR
        return bool(self.last_modified) and recent and modified == self.modified

    def says_the_same_as(self, before: "Remembered") -> bool:
        """True when the page need not be read again: its bytes and all else that decides are as they were."""
        is_same = (self.digest, self.settings, self.final_url) == (before.digest, before.settings, before.final_url)
        return is_same and not before._is_dated_otherwise(self.modified)

    def _is_dated_otherwise(self, modified: str | None) -> bool:
        """True when the page took its date from its listing, and the listing now gives another one."""
        return self.extracted is not None and self.extracted.dated_by == "sitemap" and modified != self.modified


class PageMemory:
    """One small file a page, below `folder`. Losing any of it costs only a download."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str) -> Remembered | None:
        """What is remembered of an address; nothing where it cannot be read."""
        try:
            fields = json.loads(self._path(url).read_text(encoding="utf-8"))
            extracted = fields.pop("extracted")
            return Remembered(**fields, extracted=extracted and as_extracted(extracted))
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def keep(self, remembered: Remembered) -> None:
        """Remember a page; not synced, since a torn file is one that is not there."""
        self._folder.mkdir(parents=True, exist_ok=True)
        fields = {name: value for name, value in vars(remembered).items() if name != "extracted"}
        extracted = remembered.extracted and extracted_fields(remembered.extracted)
        path = self._path(remembered.url)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(fields | {"extracted": extracted}, ensure_ascii=False), encoding="utf-8")
        partial.replace(path)

    def forget_others(self, urls: Collection[str]) -> None:
        """Forget every page but these."""
        kept = {self._path(url).name for url in urls}
        for path in self._folder.glob("*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        return self._folder / f"{sha256(url.encode()).hexdigest()[:32]}.json"


def extracted_fields(extracted: Extracted) -> dict[str, Any]:
    """A page's extraction as JSON holds it."""
    fields: dict[str, Any] = json.loads(
        json.dumps(vars(extracted) | {"known": dict(extracted.known)}, default=str, sort_keys=True)
    )
    return fields


def as_extracted(fields: dict[str, Any]) -> Extracted:
    """The extraction that JSON holds."""
    return Extracted(**{**fields, "remarks": tuple(fields["remarks"])})


def digest_of_page(extracted: Extracted, **besides: Any) -> str:
    """One digest for everything that decides a page's file, and for what is to be told about it."""
    return sha256(json.dumps([extracted_fields(extracted), besides], sort_keys=True, default=str).encode()).hexdigest()


def settings_digest(**settings: Any) -> str:
    """One digest for settings."""
    return sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
