"""Settings: one frozen object, from flags, then the environment, then `.env`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ingest.embedding import DEFAULT_MODEL
from ingest.errors import TrustbotError

_SECRETS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "llm_key")


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
    today: date | None = Field(None, description="The day it is taken to be (YYYY-MM-DD); the real one if empty.")
    ask: str = Field("the communications team", description="Whom to ask when nothing was found.")

    llm_provider: Literal["none", "openai-like", "ollama", "azure", "anthropic", "bedrock"] = Field(
        "none",
        description="Who serves a language model that may write answers: none, openai-like, ollama, azure, anthropic"
        " or bedrock; see docs/models.md.",
    )
    llm_model: str | None = Field(None, description="The language model's name, as its provider knows it.")
    llm_url: str | None = Field(
        None, description="Where the provider is, such as http://127.0.0.1:8000/v1; Ollama's usual address if empty."
    )
    llm_key: SecretStr | None = Field(None, description="The provider's key, if it wants one.")
    llm_key_file: Path | None = Field(None, description="A file that holds the provider's key.")
    llm_timeout: float = Field(
        30, gt=0, le=100, description="For how many seconds, in all, a question waits for the language model."
    )
    llm_at_once: int = Field(
        4, ge=1, le=64, description="How many requests to the language model may be under way at once."
    )
    llm_tokens_a_day: int = Field(
        1_000_000, ge=0, description="How many tokens the language model may take in a day; 0 for any number."
    )
    llm_context: int = Field(8192, ge=2048, description="How many tokens the language model reads and writes at once.")
    llm_answer_tokens: int = Field(
        1000, ge=100, description="How many tokens a reply may have; more for a model that thinks aloud."
    )

    slack_bot_token: SecretStr | None = Field(None, description="Slack: the bot's token, xoxb-…")
    slack_bot_token_file: Path | None = Field(None, description="Slack: a file that holds the bot's token.")
    slack_app_token: SecretStr | None = Field(
        None, description="Slack: the app-level token, xapp-…, with connections:write; for Socket Mode."
    )
    slack_app_token_file: Path | None = Field(None, description="Slack: a file that holds the app-level token.")
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack: the signing secret; only for `serve --http`."
    )
    slack_signing_secret_file: Path | None = Field(None, description="Slack: a file that holds the signing secret.")
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Slack: where its Web API is; another one for GovSlack."
    )
    state: str = Field(
        "sqlite:///.state/trustbot.db",
        description="Where questions and feedback are kept: a SQLAlchemy URL, SQLite or PostgreSQL.",
    )
    channels: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Channel ids the bot may answer in, with commas between; empty: wherever it is invited.",
    )
    comms_channel: str | None = Field(
        None, description="The id of the channel that questions without an answer may be sent to."
    )
    refreshers: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="The Slack ids of those who may bring the pages up to date from the Home tab, with commas between.",
    )
    allow_guests: bool = Field(False, description="Whether guests of the workspace are answered.")
    allow_shared_channels: bool = Field(
        False, description="Whether channels shared with other organisations, and their people, are answered."
    )
    question_length: int = Field(
        1000, gt=0, le=4000, description="How many characters a question may have, 4000 at most."
    )
    questions_a_minute: int = Field(10, gt=0, description="How many questions one person may ask in a minute.")
    retention_days: int = Field(90, gt=0, description="For how many days questions, answers and feedback are kept.")
    health: str = Field(
        "127.0.0.1:8080", description="Where /healthz and /metrics are served, HOST:PORT; `off` for nowhere."
    )

    @field_validator("channels", "refreshers", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take each secret that is not given itself from its file."""
        for name in _SECRETS:
            file = values.get(f"{name}_file")
            if file and not values.get(name):
                try:
                    values[name] = Path(file).read_text(encoding="utf-8").strip()
                except OSError as error:
                    raise ValueError(f"{name}_file cannot be read: {file} ({error.strerror})") from error
        return values

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
