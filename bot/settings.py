"""Settings: one frozen object, from flags, then the environment, then `.env`."""

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.embedding import DEFAULT_MODEL
from ingest.errors import TrustbotError


class Settings(BaseSettings):
    """Every setting, each a variable `TRUSTBOT_<NAME>`; `.env.example` lists them with a comment."""

    model_config = SettingsConfigDict(
        env_prefix="TRUSTBOT_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    corpus: Path = Field(Path("corpus"), description="The folder of pages to answer from.")
    index: Path = Field(Path(".index"), description="The folder that holds the builds.")
    model: str = Field(
        DEFAULT_MODEL, description="The embedding model: a sentence-transformers model's name or its folder."
    )
    today: date | None = Field(
        None, description="The day it is taken to be (YYYY-MM-DD); the real one if empty."
    )
    ask: str = Field("the communications team", description="Whom to ask when nothing was found.")

    @property
    def day(self) -> date:
        """The day for age notes, embargoes and "now"."""
        return self.today or date.today()


def load_settings(**flags: Any) -> Settings:
    """Settings with the flags that were given on top. Raises TrustbotError listing every value that cannot be used."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"TRUSTBOT_{'.'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors()
        )
        raise TrustbotError(f"settings cannot be used: {problems}") from error
