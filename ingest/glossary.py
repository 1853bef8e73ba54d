"""The glossary: programmes, partners, places and acronyms of the trust, with the other names people use for them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from rapidfuzz import fuzz, process

from ingest.errors import TrustbotError
from ingest.readers.cleaning import clean_text
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
        """The name of a section most like `wanted`, or with an alias most like it, if any is alike."""
        owners = {plain(alias): name.name for name in self.names if name.section == section for alias in name.all}
        found = process.extractOne(plain(wanted), owners.keys(), scorer=fuzz.WRatio, score_cutoff=75)
        return owners[found[0]] if found else None


def _as_names(value: object) -> object:
    """One alias may be given without a list; one left blank is none."""
    if value is None:
        return []
    return [value] if isinstance(value, (str, int)) else value


def _seen(value: object) -> object:
    return clean_text(value)[0] if isinstance(value, str) else value


_Text = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_seen)]
_Names = Annotated[list[_Text], BeforeValidator(_as_names)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    name: _Text
    aliases: _Names = []
    means: _Names = []

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


def read_glossary(path: Path) -> Glossary:
    """Read `glossary.yaml`; an absent file is an empty glossary. Raises TrustbotError naming what is wrong in it."""
    if not path.is_file():
        return Glossary()
    return parse_glossary(read_yaml_mapping(read_utf8(path), name="it"))


def parse_glossary(fields: Mapping[str, Any]) -> Glossary:
    """Validate a glossary's sections; a name may be given as text, as {name, aliases} or as `NAME: [aliases]`."""
    unknown = sorted(str(section) for section in fields if section not in SECTIONS)
    if unknown:
        raise TrustbotError(f"glossary has an unknown section '{unknown[0]}': the sections are {', '.join(SECTIONS)}")
    names: list[Name] = []
    owners: dict[str, Name] = {}
    for section in SECTIONS:
        for entry in _entries(section, fields.get(section) or []):
            name = Name(section=section, name=entry.name, aliases=tuple(dict.fromkeys((*entry.aliases, *entry.means))))
            # an acronym stands again as an alias of its thing, and may share what it means with another
            for alias in name.all if section != "acronyms" else (f"{section} {name.name}",):
                owner = owners.setdefault(plain(alias), name)
                if owner is not name and owner.name == name.name:
                    raise TrustbotError(
                        f"glossary lists '{name.name}' twice, under {owner.section} and {section}: keep one"
                    )
                if owner is not name:
                    raise TrustbotError(f"glossary gives '{alias}' to both '{owner.name}' and '{name.name}': keep one")
            names.append(name)
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
    return next(spans_of(name, text), None) is not None


def spans_of(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Where `name` stands in `text` as whole words, as spans `[start, end)`; both in plain lower case."""
    return (match.span() for match in re.finditer(rf"(?<![\w&]){re.escape(name)}(?![\w&])", text))


def _entries(section: str, listed: object) -> list[_Entry]:
    if isinstance(listed, Mapping):
        listed = [
            {**entry, "name": name} if isinstance(entry, Mapping) else {"name": name, "aliases": entry}
            for name, entry in listed.items()
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
