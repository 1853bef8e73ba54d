"""Providers: the language model that the settings name, through LlamaIndex. Nothing is imported before it is chosen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.settings import Settings
from ingest.errors import TrustbotError

_AZURE_VERSION = "2024-10-21"  # of Azure's interface: the first that is stable and takes a JSON schema
_OLLAMA = "http://127.0.0.1:11434"

Schema = Mapping[str, Any]
Options = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A LlamaIndex language model, and what a request needs beside its messages so that the reply fits a schema.

    `structured` is None where the provider has no such thing, or LlamaIndex does not hand it on.
    """

    name: str
    llm: Any
    structured: Callable[[str, Schema], Options] | None


def provider_of(settings: Settings) -> Provider:
    """The provider that the settings choose.

    Raises TrustbotError naming the setting, or the extra to install, that is missing.
    """
    kind = settings.llm_provider
    if kind == "none":
        raise TrustbotError("TRUSTBOT_LLM_PROVIDER is none: there is no language model to ask (docs/models.md)")
    if not settings.llm_model:
        raise TrustbotError(f"TRUSTBOT_LLM_MODEL is not set: name the model that {kind} serves")
    make = {
        "openai-like": _openai_like,
        "ollama": _ollama,
        "azure": _azure,
        "anthropic": _anthropic,
        "bedrock": _bedrock,
    }[kind]
    try:
        return make(settings, settings.llm_model)
    except ImportError as error:
        raise TrustbotError(
            f"the provider {kind} is not installed: pip install 'trustbot[{kind}]' (docs/models.md)"
        ) from error
    except ValueError as error:  # what LlamaIndex does not like about a name or an address; it quotes no key
        raise TrustbotError(f"the provider {kind} cannot be set up ({type(error).__name__}): docs/models.md") from error


def _openai_like(settings: Settings, model: str) -> Provider:
    url = _needed(settings.llm_url, "TRUSTBOT_LLM_URL", "such as http://127.0.0.1:8000/v1")
    llm = _class("llama_index.llms.openai_like", "OpenAILike")(
        model=model,
        api_base=url,
        api_key=_key(settings) or "none",  # a value of ours keeps the library from sending OPENAI_API_KEY elsewhere
        is_chat_model=True,
        context_window=settings.llm_context,
        **_limits(settings),
        http_client=httpx.Client(trust_env=not _is_near(url)),
        async_http_client=httpx.AsyncClient(trust_env=not _is_near(url)),
    )
    return Provider(name=model, llm=llm, structured=_response_format)


def _ollama(settings: Settings, model: str) -> Provider:
    url = settings.llm_url or _OLLAMA
    key = _key(settings)
    options = {
        "host": url,
        "timeout": settings.llm_timeout,
        "headers": {"Authorization": f"Bearer {key}"} if key else {},
        "trust_env": not _is_near(url),
    }
    llm = _class("llama_index.llms.ollama", "Ollama")(
        model=model,
        base_url=url,
        temperature=0.0,
        context_window=settings.llm_context,
        request_timeout=settings.llm_timeout,
        additional_kwargs={"num_predict": settings.llm_answer_tokens},
        is_function_calling_model=False,
        client=_class("ollama", "Client")(**options),
        async_client=_class("ollama", "AsyncClient")(**options),
    )
    return Provider(name=model, llm=llm, structured=lambda _, schema: {"format": dict(schema)})


def _azure(settings: Settings, model: str) -> Provider:
    llm = _class("llama_index.llms.azure_openai", "AzureOpenAI")(
        model=model,
        engine=model,
        azure_endpoint=_needed(settings.llm_url, "TRUSTBOT_LLM_URL", "such as https://NAME.openai.azure.com/"),
        api_key=_needed(_key(settings), "TRUSTBOT_LLM_KEY", "the resource's key"),
        api_version=_AZURE_VERSION,
        **_limits(settings),
    )
    return Provider(name=model, llm=llm, structured=_response_format)


def _anthropic(settings: Settings, model: str) -> Provider:
    llm = _class("llama_index.llms.anthropic", "Anthropic")(
        model=model,
        base_url=settings.llm_url,
        api_key=_needed(_key(settings), "TRUSTBOT_LLM_KEY", "the workspace's key"),
        **_limits(settings),
    )
    return Provider(name=model, llm=llm, structured=None)


def _bedrock(settings: Settings, model: str) -> Provider:
    """Keys and region are AWS's own: its environment variables, files or the machine's role."""
    llm = _class("llama_index.llms.bedrock_converse", "BedrockConverse")(
        model=model,
        endpoint_url=settings.llm_url,
        **(_limits(settings) | {"max_retries": 1}),  # the least that it takes
    )
    return Provider(name=model, llm=llm, structured=None)


def _class(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


def _response_format(name: str, schema: Schema) -> Options:
    described = {"name": name, "schema": dict(schema), "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": described}}


def _key(settings: Settings) -> str | None:
    return settings.llm_key.get_secret_value() if settings.llm_key else None


def _limits(settings: Settings) -> dict[str, Any]:
    """What LlamaIndex's own clients are told alike; what is tried again is ours to decide."""
    return {
        "max_tokens": settings.llm_answer_tokens,
        "temperature": 0.0,
        "max_retries": 0,
        "timeout": settings.llm_timeout,
    }


def _needed(value: str | None, setting: str, what: str) -> str:
    if not value:
        raise TrustbotError(f"{setting} is not set: give {what} (docs/models.md)")
    return value


def _is_near(url: str) -> bool:
    """True for this machine: a proxy that the environment names leads away from it."""
    host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
