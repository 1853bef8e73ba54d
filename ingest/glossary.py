"""The glossary: programmes, partners, places and acronyms of the trust, with the other names people use for them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from rapidfuzz import fuzz, process

from ingest.errors import TrustbotError
from ingest.readers.markdown import read_utf8, read_yaml_mapping
from ingest.words import plain

SECTIONS = ("programmes", "partners", "places", "acronyms")


@dataclass(frozen=True, kw_only=True)
class Name:
    """One thing of the trust: its section, its name, and every other name it goes by."""

    section: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """The named things of a corpus, in the order comms wrote them."""

    names: tuple[Name, ...] = ()

    def nearest(self, wanted: str, section: str) -> str | None:
        """The name of a section most like `wanted`, if any is alike."""
        choices = [alias for name in self.names if name.section == section for alias in name.all]
        found = process.extractOne(wanted, choices, scorer=fuzz.WRatio, score_cutoff=60)
        return found[0] if found else None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    name: str
    aliases: list[str] = []
    means: list[str] = []

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, Mapping):
            return {
                key: [item] if key in ("aliases", "means") and isinstance(item, str) else item
                for key, item in value.items()
            }
        return value


def read_glossary(path: Path) -> Glossary:
    """Read `glossary.yaml`; an absent file is an empty glossary. Raises TrustbotError naming what is wrong in it."""
    if not path.is_file():
        return Glossary()
    return parse_glossary(read_yaml_mapping(read_utf8(path)))


def parse_glossary(fields: Mapping[str, Any]) -> Glossary:
    """Validate a glossary's sections; a name may be given as text, as {name, aliases} or as `NAME: [aliases]`."""
    unknown = sorted(str(section) for section in fields if section not in SECTIONS)
    if unknown:
        raise TrustbotError(
            f"glossary has an unknown section '{unknown[0]}': the sections are {', '.join(SECTIONS)}"
        )
    names: list[Name] = []
    owners: dict[str, str] = {}
    for section in SECTIONS:
        for entry in _entries(section, fields.get(section) or []):
            name = Name(
                section=section, name=entry.name, aliases=tuple(dict.fromkeys((*entry.aliases, *entry.means)))
            )
            names.append(name)
            for alias in name.all if section != "acronyms" else ():
                owner = owners.setdefault(plain(alias), entry.name)
                if owner != entry.name:
                    raise TrustbotError(
                        f"glossary gives '{alias}' to both '{owner}' and '{entry.name}': keep one"
                    )
    return Glossary(names=tuple(names))


def unknown_names(glossary: Glossary, section: str, names: Iterable[str]) -> list[str]:
    """A warning for each of a page's programmes or partners that the glossary does not know, with the nearest name."""
    if not glossary.names:
        return []
    known = {plain(alias) for name in glossary.names for alias in name.all}
    warnings = []
    for name in names:
        if plain(name) not in known:
            nearest = glossary.nearest(name, section)
            hint = f"; did you mean '{nearest}'?" if nearest else ""
            warnings.append(f"{section.removesuffix('s')} '{name}' is not in the glossary{hint}")
    return warnings


def mentions(name: str, text: str) -> bool:
    """True when `name` stands in `text` as whole words; both in plain lower case."""
    return re.search(rf"(?<![\w&]){re.escape(name)}(?![\w&])", text) is not None


def _entries(section: str, listed: object) -> list[_Entry]:
    if isinstance(listed, Mapping):
        listed = [
            {"name": name, **aliases}
            if isinstance(aliases, Mapping)
            else {"name": name, "aliases": aliases or []}
            for name, aliases in listed.items()
        ]
    if not isinstance(listed, list):
        raise TrustbotError(f"glossary section '{section}' is not a list of names")
    entries = []
    for number, entry in enumerate(listed, 1):
        try:
            entries.append(_Entry.model_validate(entry))
        except ValidationError as error:
            problem = error.errors()[0]
            raise TrustbotError(
                f"glossary, {section}, entry {number}: {problem['msg']} (write name: and aliases: [...])"
            ) from error
    return entries
