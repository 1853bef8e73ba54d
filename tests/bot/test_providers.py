"""Which language model writes is chosen by the settings, and what is missing is said with the setting's name."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.probing import probe
from bot.providers import provider_of
from bot.settings import Settings, load_settings
from ingest.errors import TrustbotError
from tests.language_model import STALL, ScriptedModel


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **({"llm_model": "scripted"} | changes))  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"llm_provider": "openai-like", "llm_model": None}, "TRUSTBOT_LLM_MODEL is not set"),
        ({"llm_provider": "openai-like"}, "TRUSTBOT_LLM_URL is not set: give such as http://127.0.0.1:8000/v1"),
        ({"llm_provider": "none"}, "TRUSTBOT_LLM_PROVIDER is none"),
    ],
)
def test_a_setting_that_is_missing_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(TrustbotError, match=said):
        provider_of(settings(**changes))


@pytest.mark.parametrize("provider", ["azure", "anthropic", "bedrock"])
def test_a_provider_that_is_not_installed_is_said_with_the_extra_to_install(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("azure_openai", "anthropic", "bedrock_converse"):
        monkeypatch.setitem(sys.modules, f"llama_index.llms.{module}", None)
    with pytest.raises(TrustbotError, match=rf"pip install 'trustbot\[{provider}\]'"):
        provider_of(settings(llm_provider=provider, llm_url="https://trust.example/", llm_key="k"))


def test_an_unknown_provider_is_refused_with_those_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRUSTBOT_LLM_PROVIDER", "oracle")
    with pytest.raises(TrustbotError, match=r"TRUSTBOT_LLM_PROVIDER: .*'openai-like', 'ollama'"):
        load_settings()


def test_the_key_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-from-a-file\n")
    with ScriptedModel() as script:
        assert probe(script.settings(llm_key_file=tmp_path / "key")).state == "ok"
    assert script.asked[0].headers["authorization"] == "Bearer sk-from-a-file"


def test_without_a_provider_no_library_of_one_is_imported() -> None:
    imports = (
        "import sys, trustbot, bot.answering, bot.writing, bot.served_model, evaluation.command, evaluation.judging"
    )
    heavy = "[name for name in sys.modules if name in ('openai', 'ollama') or name.startswith('llama_index.llms')]"
    found = subprocess.run(
        [sys.executable, "-c", f"{imports}; print({heavy})"], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


# -- the doctor's look at it


def test_the_doctor_says_that_no_model_is_wanted() -> None:
    found = probe(settings(llm_provider="none"))
    assert (found.state, found.found) == ("ok", "off: the passages answer")


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_the_doctor_says_that_a_model_replied(provider: str) -> None:
    with ScriptedModel(part=lambda _: "yes") as script:
        found = probe(script.settings(provider))
    assert found.state == "ok"
    assert found.found.startswith(f"scripted by {provider}, replied in ")


@pytest.mark.parametrize(
    ("played", "said", "fix"),
    [
        (401, "127.0.0.1 refuses the key", "set TRUSTBOT_LLM_KEY or"),
        (404, "127.0.0.1 does not know scripted", "check TRUSTBOT_LLM_MODEL"),
        (500, "127.0.0.1 answers with status 500", "look into the provider's own logs"),
        (STALL, "no reply within 0.3 s", "TRUSTBOT_LLM_TIMEOUT"),
    ],
)
@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_the_doctor_says_why_a_model_does_not_reply_and_never_shows_the_key(
    provider: str, played: str | int, said: str, fix: str
) -> None:
    with ScriptedModel(part=lambda _: played) as script:
        found = probe(script.settings(provider, llm_timeout=0.3 if played == STALL else 20, llm_key="sk-secret"))
    assert (found.state, found.found) == ("note", said)
    assert fix in found.fix
    assert "sk-secret" not in str(found)


def test_the_doctor_says_that_nobody_listens() -> None:
    with ScriptedModel() as script:
        gone = script.settings()
    found = probe(gone)
    assert (found.state, found.found) == ("note", "127.0.0.1 cannot be reached")


def test_a_set_up_that_the_bot_would_not_start_with_is_a_failure() -> None:
    assert probe(settings(llm_provider="openai-like")).state == "failed"
