"""The sources comms declare in `sources.yaml`: where pages live and how they are to be fetched."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ingest.errors import TrustbotError
from ingest.metadata import KIND_OF_FOLDER
from ingest.readers.markdown import read_utf8, read_yaml_mapping
from ingest.reading import MOST_BYTES
from ingest.sources.addresses import site_of, web_address

FOLDER_OF_KIND = {kind: folder for folder, kind in KIND_OF_FOLDER.items()}
_PLAINLY = {
    "missing": "it is missing",
    "tuple_type": "write a list, each entry on a line that begins with '- '",
    "model_type": "write its fields as 'name: value' lines",
    "string_type": "write text",
    "string_too_short": "it is empty",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_parsing": "write a number",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
}
_WAYS = ("pages", "sitemap", "feed", "folder")


def _as_tuple(value: object) -> object:
    """One value may be given without a list; one left blank is none."""
    if value is None:
        return ()
    return (value,) if isinstance(value, (str, int)) else value


Text = Annotated[str, Field(min_length=1, max_length=1000)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_tuple)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True)


class Source(_Declared):
    """One place pages come from: a list of pages, a sitemap, a feed or a folder of files, and what they have in common.

    `folder` is absolute once read. `include` and `exclude` are patterns as `addresses.fits` explains; in a folder they
    are compared with the path below it.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    pages: Texts = ()
    sitemap: Text | None = None
    feed: Text | None = None
    folder: Path | None = None
    include: Texts = ()
    exclude: Texts = ()
    kind: Literal["blog", "ceo-update", "programme", "news"] | None = None
    publisher: Text | None = None
    programmes: Texts = ()
    partners: Texts = ()
    selector: Text | None = None
    complete: bool | None = None
    into: Text | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The web addresses it names itself; none for a folder."""
        return tuple(address for address in (*self.pages, self.sitemap, self.feed) if address)

    @property
    def is_complete(self) -> bool:
        """True when a page that is missing from its listing is gone; a feed names only the newest."""
        return self.feed is None if self.complete is None else self.complete

    @property
    def corpus_folder(self) -> str:
        """The folder of the corpus that its pages are put into."""
        return self.into or FOLDER_OF_KIND[self.kind or "news"]

    @field_validator("pages", "sitemap", "feed")
    @classmethod
    def _an_address(cls, value: Any) -> Any:
        try:
            if isinstance(value, tuple):
                return tuple(dict.fromkeys(web_address(written) for written in value))
            return web_address(value) if value is not None else None
        except TrustbotError as error:
            raise ValueError(str(error)) from error

    @field_validator("folder", mode="before")
    @classmethod
    def _beside_the_file(cls, value: object, info: ValidationInfo) -> object:
        """Relative to the file it is written in, and apart from the corpus, whose own pages it would bring in again."""
        if not isinstance(value, str) or not value.strip():
            raise ValueError("the path of a folder is missing")
        home = (info.context or {}).get("home", Path.cwd()).resolve()
        folder = (home / Path(value.strip()).expanduser()).resolve()
        if folder == home or folder in home.parents or (home in folder.parents and not _is_passed_over(folder, home)):
            raise ValueError(f"'{value}' is or holds part of the corpus: keep the files to bring in somewhere else")
        return folder

    @field_validator("into")
    @classmethod
    def _a_folder_of_the_corpus(cls, value: str | None) -> str | None:
        parts = (value or "").split("/")
        if value is not None and (not all(parts) or any(part[0] in "._~" or "\\" in part for part in parts)):
            raise ValueError(f"'{value}' is not a folder of the corpus: write a name such as news")
        return value

    @field_validator("selector")
    @classmethod
    def _of_css(cls, value: str | None) -> str | None:
        try:
            if value is not None:
                CSSSelector(value)
        except (SelectorError, XPathError) as error:
            raise ValueError(f"'{value}' is not a CSS selector: write one such as article or #content") from error
        return value

    @model_validator(mode="after")
    def _one_way_and_a_place(self) -> Self:
        given = [way for way in _WAYS if getattr(self, way)]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(_WAYS[:-1])} and {_WAYS[-1]}; it has {len(given)}")
        if not self.kind and not self.into:
            raise ValueError(f"give its pages a kind: {', '.join(FOLDER_OF_KIND)} (or a folder with into:)")
        return self


class Sources(_Declared):
    """All sources, and the manners and limits of fetching.

    `hosts` are allowed besides those of the addresses; `private_hosts` may also be on a private network or this
    machine. Both are a host, or `host:port` where the port is not the usual one. `delay` and `timeout` are seconds.
    with `review_after_months` of 0 no page is due for being old.
    """

    sources: Annotated[tuple[Source, ...], BeforeValidator(lambda value: () if value is None else value)] = ()
    hosts: Texts = ()
    private_hosts: Texts = ()
    delay: Annotated[float, Field(ge=0, le=60)] = 1.0
    timeout: Annotated[float, Field(gt=0, le=600)] = 30.0
    most_bytes: Annotated[int, Field(ge=1000, le=200_000_000)] = MOST_BYTES
    review_after_months: Annotated[int, Field(ge=0, le=120)] = 12
    contact: Text | None = None

    @property
    def named_hosts(self) -> frozenset[str]:
        """Every host (or host:port) that may be asked."""
        of_addresses = (site_of(address) for source in self.sources for address in source.addresses)
        return frozenset((*of_addresses, *self.hosts, *self.private_hosts))

    def only(self, names: Sequence[str]) -> Self:
        """The same with the named sources only, all where none is named. Raises TrustbotError for an unknown name."""
        known = {source.name for source in self.sources}
        unknown = [name for name in names if name not in known]
        if unknown:
            names_known = ", ".join(f"'{name}'" for name in sorted(known)) or "none"
            raise TrustbotError(f"there is no source '{unknown[0]}' in sources.yaml; its sources are: {names_known}")
        kept = tuple(source for source in self.sources if not names or source.name in names)
        return self.model_copy(update={"sources": kept, "hosts": tuple(sorted(self.named_hosts))})

    @field_validator("hosts", "private_hosts")
    @classmethod
    def _a_host(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(_host(written) for written in value)
        except TrustbotError as error:
            raise ValueError(str(error)) from error

    @field_validator("contact")
    @classmethod
    def _fits_in_a_header(cls, value: str | None) -> str | None:
        if value is not None and not (value.isascii() and value.isprintable() and len(value) <= 200):
            raise ValueError("write an e-mail or web address, in plain letters")
        return value

    @field_validator("sources")
    @classmethod
    def _each_name_once(cls, value: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [source.name for source in value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"two sources are named '{twice}': give each a name of its own")
        return value


def read_sources(path: Path) -> Sources:
    """Read `sources.yaml`. Raises TrustbotError, one sentence a mistake, with the place and what to write instead."""
    if not path.is_file():
        raise TrustbotError(f"{path} does not exist: say in it where the pages live (docs/refresh.md says how)")
    try:
        fields = read_yaml_mapping(read_utf8(path), name="it")
        return Sources.model_validate(fields, context={"home": path.parent})
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False)
        sentences = dict.fromkeys(
            _sentence(problem["loc"], problem["msg"], problem["type"], fields) for problem in problems
        )
        raise TrustbotError(f"{path.name} cannot be used: {'; '.join(sentences)}") from error
    except TrustbotError as error:
        raise TrustbotError(f"{path.name} cannot be used: {error}") from error


def _sentence(place: Sequence[int | str], problem: str, kind: str, fields: dict[str, Any]) -> str:
    """One mistake, with its place as a person finds it: `source 2 ('Trust news'), feed: …`."""
    where = list(place)
    words: list[str] = []
    if where[:1] == ["sources"] and len(where) > 1 and isinstance(where[1], int):
        entry = fields["sources"][where[1]]
        name = entry.get("name") if isinstance(entry, dict) else None
        words.append(f"source {where[1] + 1}" + (f" ('{name}')" if isinstance(name, str) else ""))
        where = where[2:]
    known = Source.model_fields if words else Sources.model_fields
    problem = re.sub("^Input should be", "it should be", _PLAINLY.get(kind, problem))
    if kind == "extra_forbidden":
        nearest = get_close_matches(str(where[-1]).lower(), list(known), n=1)
        problem = "there is no such field" + (f"; did you mean '{nearest[0]}'?" if nearest else "")
    words.extend(f"entry {part + 1}" if isinstance(part, int) else part for part in where)
    sentence = f"{', '.join(words)}: {problem.removeprefix('Value error, ')}".removeprefix(": ")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in sentence).split())[:400]


def _host(written: str) -> str:
    """A host, with its port where one is given. Raises TrustbotError when it is written otherwise."""
    try:
        address = web_address(f"http://{written}/")
    except TrustbotError as error:
        raise TrustbotError(f"'{written}' is not a host: write a name such as www.example.org") from error
    if address.count("/") > 3 or "?" in address or "://" in written:
        raise TrustbotError(f"'{written}' is not a host: leave out https:// and what follows the name")
    return site_of(address)


def _is_passed_over(folder: Path, corpus: Path) -> bool:
    """True for a folder below the corpus that is not read as part of it."""
    return any(part.startswith((".", "_")) for part in folder.relative_to(corpus).parts)
