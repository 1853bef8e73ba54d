"""The doctor: every part the bot in Slack needs is looked at, with what to do about what is wrong."""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.probing import probe
from bot.settings import Settings
from bot.slack.calling import new_client
from bot.slack.manifest import MANIFEST
from bot.slack.poster import word_of
from bot.slack.scopes import OPTIONAL, REQUIRED
from bot.state import State
from ingest.builds import Build, Builds
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.index import Index

_AT_MOST = aiohttp.ClientTimeout(total=10)
_OLD = 30  # days after which a build is remarked on
_AWAY = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One part: whether it is well, what was found, and what to do. A "note" works, but not as well as it could."""

    part: str
    state: Literal["ok", "note", "failed"]
    found: str
    fix: str = ""


def examine(settings: Settings) -> list[Check]:
    """Look at tokens, Slack, scopes, socket, channels, index, models and state, in that order. Never raises."""
    checks = asyncio.run(_slack_checks(settings))
    build, index = _index(settings)
    return [*checks, index, _model(settings, build), _language_model(settings), _state(settings)]


def in_lines(checks: Sequence[Check]) -> str:
    """The checks as a person reads them, a line each, with the fix below what is not well."""
    lines = []
    for check in checks:
        lines.append(f"{check.state:6}  {check.part}: {check.found}")
        lines += [f"        -> {check.fix}"] if check.fix else []
    return "\n".join(lines)


# -- Slack


async def _slack_checks(settings: Settings) -> list[Check]:
    tokens = [
        _token("bot token", settings.slack_bot_token, "xoxb-", "TRUSTBOT_SLACK_BOT_TOKEN"),
        _app_token(settings),
    ]
    if not settings.slack_bot_token:
        return tokens
    async with aiohttp.ClientSession(timeout=_AT_MOST) as session:
        client = new_client(settings.slack_bot_token.get_secret_value(), settings, session)
        checks = await _who_and_scopes(client, settings)
        if checks[0].state == "ok":
            checks += [*await _socket(client, settings), *await _channels(client, settings)]
    return [*tokens, *checks]


def _app_token(settings: Settings) -> Check:
    check = _token("app token", settings.slack_app_token, "xapp-", "TRUSTBOT_SLACK_APP_TOKEN")
    if settings.slack_app_token is None and settings.slack_signing_secret is not None:
        return replace(check, state="note", found=f"{check.found}: only `serve --http` works", fix="")
    return check


def _token(part: str, token: SecretStr | None, prefix: str, setting: str) -> Check:
    if token is None:
        return Check(
            part=part,
            state="failed",
            found=f"{setting} is not set",
            fix=f"set {setting} or {setting}_FILE: docs/slack-setup.md says where to find it",
        )
    if not token.get_secret_value().startswith(prefix):
        return Check(
            part=part,
            state="failed",
            found=f"{setting} does not begin with {prefix}",
            fix="copy the right token: docs/slack-setup.md says where it stands",
        )
    return Check(part=part, state="ok", found="set")


async def _who_and_scopes(client: AsyncWebClient, settings: Settings) -> list[Check]:
    try:
        found = await client.auth_test()
    except SlackApiError as error:
        code = word_of(error)
        fix = "install the app again (OAuth & Permissions) and set the new bot token"
        return [Check(part="Slack", state="failed", found=f"refuses the bot token: {code}", fix=fix)]
    except _AWAY as error:
        return [
            Check(
                part="Slack",
                state="failed",
                found=f"{settings.slack_api_url} cannot be reached ({type(error).__name__})",
                fix="let this machine reach slack.com on port 443, or set HTTPS_PROXY",
            )
        ]
    granted = {name.lower(): value for name, value in found.headers.items()}.get("x-oauth-scopes", "")
    who = f"{found.get('user')} in {found.get('team')}"
    return [Check(part="Slack", state="ok", found=who), _scopes({name.strip() for name in granted.split(",")})]


def _scopes(granted: set[str]) -> Check:
    missing = [name for name in REQUIRED if name not in granted]
    declined = [name for name in OPTIONAL if name not in granted]
    if missing:
        why = "; ".join(f"{name} {REQUIRED[name]}" for name in missing)
        fix = f"give the app {MANIFEST} as its manifest, and install it again"
        return Check(part="scopes", state="failed", found=f"missing: {why}", fix=fix)
    if declined:
        why = "; ".join(f"{name} {OPTIONAL[name]}" for name in declined)
        fix = "install the app again and grant the optional scopes, if you want what they are for"
        return Check(part="scopes", state="note", found=f"not granted: {why}", fix=fix)
    return Check(part="scopes", state="ok", found="all of manifest.json")


async def _socket(client: AsyncWebClient, settings: Settings) -> list[Check]:
    if settings.slack_app_token is None:
        return []
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        return [
            Check(
                part="Socket Mode",
                state="failed",
                found=f"refused: {word_of(error)}",
                fix="switch Socket Mode on, and make an app-level token with the scope connections:write",
            )
        ]
    except _AWAY as error:
        return [Check(part="Socket Mode", state="failed", found=type(error).__name__, fix="try again")]
    return [Check(part="Socket Mode", state="ok", found="a connection was granted")]


async def _channels(client: AsyncWebClient, settings: Settings) -> list[Check]:
    wanted = {channel: "channel" for channel in settings.channels}
    if settings.comms_channel:
        wanted[settings.comms_channel] = "comms channel"
    return [await _channel(client, channel, part) for channel, part in wanted.items()]


async def _channel(client: AsyncWebClient, channel: str, part: str) -> Check:
    if not re.fullmatch(r"[CG][A-Z0-9]+", channel):
        fix = "give its id, which its details show at the bottom, such as C0123456789"
        return Check(part=part, state="failed", found=f"'{channel}' is not a channel's id", fix=fix)
    try:
        about = (await client.conversations_info(channel=channel)).get("channel") or {}
    except SlackApiError as error:
        code = word_of(error)
        if code == "missing_scope":
            return Check(part=part, state="note", found=f"{channel} cannot be checked without channels:read")
        fix = "check the id, and invite the bot to it"
        return Check(part=part, state="failed", found=f"{channel}: {code}", fix=fix)
    except _AWAY as error:
        return Check(part=part, state="failed", found=f"{channel}: {type(error).__name__}", fix="try again")
    if not about.get("is_member"):
        return Check(
            part=part,
            state="failed",
            found=f"the bot is not in {channel}",
            fix="invite it there: /invite and its name",
        )
    return Check(part=part, state="ok", found=f"the bot is in {channel}")


# -- what it answers from, and with


def _index(settings: Settings) -> tuple[Build | None, Check]:
    try:
        builds = Builds(settings.index)
        build = builds.current()
        _open(builds, build)
    except TrustbotError as error:
        return None, Check(part="index", state="failed", found=str(error), fix="run `trustbot ingest`")
    made = datetime.fromisoformat(build.created.replace("Z", "+00:00"))
    age = (datetime.now(UTC) - made).days
    found = f"build {build.id}: {build.documents} documents, {build.passages} passages, {age} days old"
    if age > _OLD:
        return build, Check(part="index", state="note", found=found, fix="run `trustbot ingest` now and then")
    return build, Check(part="index", state="ok", found=found)


def _open(builds: Builds, build: Build) -> None:
    """Open a build as the bot does; whether its model is the one asked for is the next check."""
    with closing(Index(builds, build, model_digest=build.model_digest)) as index:
        held = min(len(index.passages), index.count())
    if held < build.passages:
        raise TrustbotError(f"build {build.id} is damaged ({held} of its {build.passages} passages are there)")


def _model(settings: Settings, build: Build | None) -> Check:
    started = time.perf_counter()
    try:
        model = EmbeddingModel(settings.model)
        model.embed_question("Is anybody there?")
    except TrustbotError as error:
        return Check(part="model", state="failed", found=str(error), fix="install it, or set TRUSTBOT_MODEL")
    if build and model.digest != build.model_digest:
        return Check(
            part="model",
            state="failed",
            found=f"{settings.model} is not what build {build.id} was made with ({build.model})",
            fix="run `trustbot ingest`, or set TRUSTBOT_MODEL back",
        )
    return Check(part="model", state="ok", found=f"{settings.model}, ready in {time.perf_counter() - started:.1f} s")


def _language_model(settings: Settings) -> Check:
    """A bot whose language model is away still answers: that is worth a note, and no failure."""
    found = probe(settings)
    return Check(part="language model", state=found.state, found=found.found, fix=found.fix)


def _state(settings: Settings) -> Check:
    try:
        shown = make_url(settings.state).render_as_string(hide_password=True)
        state = State(settings.state)
        with closing(state):
            state.set_private("doctor", True)
            state.set_private("doctor", False)
    except (TrustbotError, SQLAlchemyError, ArgumentError) as error:
        fix = "set TRUSTBOT_STATE to a database that can be written, such as sqlite:///.state/trustbot.db"
        return Check(part="state", state="failed", found=str(error).splitlines()[0], fix=fix)
    return Check(part="state", state="ok", found=shown)
