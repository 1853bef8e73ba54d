"""Probing: whether the language model that the settings name replies, and what to do when it does not."""

import asyncio
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from bot.providers import provider_of
from bot.served_model import is_cut_off, is_too_late, status_of
from bot.settings import Settings
from ingest.errors import TrustbotError

_GUIDE = "docs/models.md says how it is set up"


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What was found, and what to do about it where it is not well. After "failed" the bot does not even start."""

    state: Literal["ok", "note", "failed"]
    found: str
    fix: str = ""


def probe(settings: Settings) -> Probe:
    """Ask the language model for one word. Never raises; no key is ever in what was found."""
    if settings.llm_provider == "none":
        return Probe(state="ok", found="off: the passages answer")
    started = time.perf_counter()
    try:
        asyncio.run(_one_word(settings))
    except TrustbotError as error:
        return Probe(state="failed", found=str(error), fix=_GUIDE)
    except Exception as error:  # providers raise what they like; its message is not shown: it may quote a key
        return _failed(settings, error)
    seconds = time.perf_counter() - started
    return Probe(state="ok", found=f"{settings.llm_model} by {settings.llm_provider}, replied in {seconds:.1f} s")


async def _one_word(settings: Settings) -> None:
    provider = provider_of(settings)
    from llama_index.core.llms import ChatMessage

    async with asyncio.timeout(settings.llm_timeout):
        await provider.llm.achat([ChatMessage(content="Reply with the word yes.")])


def _failed(settings: Settings, error: Exception) -> Probe:
    status = status_of(error)
    where = urlsplit(settings.llm_url or "").hostname or settings.llm_provider
    if status in (401, 403):
        return Probe(
            state="note", found=f"{where} refuses the key", fix="set TRUSTBOT_LLM_KEY or TRUSTBOT_LLM_KEY_FILE anew"
        )
    if status == 404:
        fix = "check TRUSTBOT_LLM_MODEL, and that TRUSTBOT_LLM_URL ends as docs/models.md says"
        return Probe(state="note", found=f"{where} does not know {settings.llm_model}", fix=fix)
    if status is not None:
        return Probe(
            state="note", found=f"{where} answers with status {status}", fix="look into the provider's own logs"
        )
    if is_too_late(error):
        fix = "give it longer with TRUSTBOT_LLM_TIMEOUT, or choose a smaller model"
        return Probe(state="note", found=f"no reply within {settings.llm_timeout:g} s", fix=fix)
    if is_cut_off(error):
        fix = "start it, and check TRUSTBOT_LLM_URL"
        return Probe(state="note", found=f"{where} cannot be reached", fix=fix)
    return Probe(state="note", found=f"{type(error).__name__} from {where}", fix=_GUIDE)
