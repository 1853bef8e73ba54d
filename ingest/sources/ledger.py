"""The ledger: which file of the corpus came from which page, and what was written into it (`.fetched.json`)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.errors import TrustbotError
from ingest.sources.corpus_files import body_of, fields_of

LEDGER = ".fetched.json"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One fetched page and its file.

    `page` is the digest of what was fetched when the file was last written; `body` and `known` are the digest of the
    body and the front matter that were written then: what differs in the file now was edited by hand. `withdrawn`
    says that a refresh withdrew it.
    """

    file: str
    url: str
    source: str
    page: str
    body: str
    known: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: bool = False


class Ledger:
    """The entries by file; never changed, `with_entries` gives another one."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = {entry.file: entry for entry in entries}
        self.by_url = {entry.url: entry for entry in self.entries.values()}

    def with_entries(self, entries: Iterable[Entry]) -> "Ledger":
        """The ledger with these entries added, or in the place of those of the same files."""
        return Ledger((self.entries | {entry.file: entry for entry in entries}).values())

    def text(self) -> str:
        """The ledger as a file: a page a line, sorted, so that it reads well in a diff."""
        lines = [
            f"{json.dumps(file)}: {json.dumps(_row(entry), ensure_ascii=False, sort_keys=True)}"
            for file, entry in sorted(self.entries.items())
        ]
        return "{\n" + ",\n".join(lines) + "\n}\n"


def read_ledger(corpus: Path) -> Ledger:
    """The ledger of a corpus, empty where none was ever refreshed. Raises TrustbotError when it is damaged."""
    path = corpus / LEDGER
    if not path.is_file():
        return Ledger()
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return Ledger(Entry(file=file, **row) for file, row in rows.items())
    except (ValueError, TypeError, AttributeError) as error:
        raise TrustbotError(
            f"{path} is damaged: put it back as it was, or delete it (fetched pages then count as written by hand)"
        ) from error


def written(text: str) -> tuple[str, dict[str, Any]]:
    """The digest of a file's body, and its front matter without what withdraws it, as the ledger keeps them.

    Raises TrustbotError when the front matter is broken.
    """
    known = {name: _plain(value) for name, value in fields_of(text).items() if name != "withdrawn"}
    return sha256(body_of(text).encode()).hexdigest(), known


def edits(entry: Entry, text: str) -> tuple[bool, dict[str, Any]]:
    """What was edited by hand in a file since it was written: whether its body, and which fields (None: taken out).

    Raises TrustbotError when the front matter is broken.
    """
    body, known = written(text)
    by_hand = {
        name: fields_of(text).get(name)
        for name in entry.known.keys() | known.keys()
        if known.get(name) != entry.known.get(name)
    }
    if fields_of(text).get("withdrawn") and not entry.withdrawn:
        by_hand["withdrawn"] = True
    return body != entry.body, by_hand


def moved_to(entry: Entry, url: str) -> Entry:
    """The entry of a page that is found elsewhere now, its file left as it is."""
    return replace(entry, url=url)


def _row(entry: Entry) -> dict[str, Any]:
    row = {name: value for name, value in asdict(entry).items() if name != "file"}
    return row if entry.withdrawn else {name: value for name, value in row.items() if name != "withdrawn"}


def _plain(value: Any) -> Any:
    """A value of a front matter as JSON has it; dates become text, as they are to us."""
    return json.loads(json.dumps(value, default=str))
