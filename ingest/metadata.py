"""Metadata: what is known about a page, checked where it enters."""

import datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ingest.dates import is_partial_date
from ingest.errors import TrustbotError

KIND_OF_FOLDER = {"blogs": "blog", "ceo-updates": "ceo-update", "programmes": "programme", "news": "news"}


def _as_text(value: object) -> object:
    """YAML reads 2024-07-31 as a date and 2024 as a number; both are dates to us."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_list(value: object) -> object:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=1000), BeforeValidator(_as_text)]
Names = Annotated[list[Text], BeforeValidator(_as_list)]


class Metadata(BaseModel):
    """Front matter of a page (or of the YAML file beside it); every field but the title is optional."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    title: Text
    kind: Literal["blog", "ceo-update", "programme", "news"] | None = None
    author: Text | None = None
    publisher: Text | None = None
    published: Text | None = None
    published_basis: Literal["stated", "inferred"] | None = None
    dated_by: Literal["meta", "json-ld", "visible text", "feed", "sitemap", "file"] | None = None
    summary: bool = False
    url: Text | None = None
    programmes: Names = []
    partners: Names = []
    embargo_until: Text | None = None
    review_by: Text | None = None
    withdrawn: bool = False

    @field_validator("published", "embargo_until", "review_by")
    @classmethod
    def _a_real_date(cls, value: str | None) -> str | None:
        if value is not None and not is_partial_date(value):
            raise ValueError(f"'{value[:40]}' is not a date: write YYYY-MM-DD, YYYY-MM or YYYY")
        return value

    @field_validator("url")
    @classmethod
    def _a_web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("url must begin with https:// or http://")
        if value is not None and any(character.isspace() or character in "<>|" for character in value):
            raise ValueError("url must not hold spaces, '<', '>' or '|'")
        if value is not None and not urlsplit(value).hostname:
            raise ValueError("url names no site")
        return value


def check_metadata(fields: dict[str, Any]) -> tuple[Metadata, list[str]]:
    """Validate `fields`; returns them with a warning for each field that is not known.

    Raises TrustbotError naming every field that cannot be used.
    """
    unknown = sorted(name for name in fields if name not in Metadata.model_fields)
    try:
        metadata = Metadata.model_validate({k: v for k, v in fields.items() if k in Metadata.model_fields})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_context=False)
        )
        raise TrustbotError(f"front matter cannot be used: {' '.join(problems.split())}") from error
    return metadata, [_unknown_field(name) for name in unknown]


def _unknown_field(name: str) -> str:
    nearest = get_close_matches(name.lower(), list(Metadata.model_fields), n=1)
    hint = f"; did you mean '{nearest[0]}'?" if nearest else ""
    return f"front matter has an unknown field '{' '.join(name.split())[:40]}'; it is ignored{hint}"
