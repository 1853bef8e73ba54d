"""Settings: `.env.example` lists every one of them, as the code describes it and with its default."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from ingest.errors import TrustbotError

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def listed() -> dict[str, str]:
    """Each variable of `.env.example` with the comment above it."""
    found = re.finditer(r"((?:^#.*\n)+)^#?(TRUSTBOT_\w+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {match.group(2): " ".join(match.group(1).replace("#", " ").split()) for match in found}


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert list(listed()) == [f"TRUSTBOT_{name.upper()}" for name in Settings.model_fields]


def test_the_comments_of_the_example_are_the_descriptions_of_the_settings() -> None:
    described = {f"TRUSTBOT_{name.upper()}": field.description for name, field in Settings.model_fields.items()}
    assert listed() == described


def test_the_values_of_the_example_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    defaults = load_settings()
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_settings() == defaults


def test_one_error_lists_every_value_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRUSTBOT_TODAY", "tomorrow")
    monkeypatch.setenv("TRUSTBOT_RETENTION_DAYS", "many")
    with pytest.raises(TrustbotError, match=r"TRUSTBOT_TODAY: .+; TRUSTBOT_RETENTION_DAYS: "):
        load_settings()
