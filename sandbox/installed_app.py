"""The app as installed: what its manifest asks for, what the admin granted, its secrets."""

import secrets
from collections.abc import Iterable

from sandbox.ids import APP
from sandbox.scopes import EVENT_SCOPE, METHOD_SCOPES
from sandbox.wire import Json, Refusal


class ManifestError(ValueError):
    """Slack would refuse this manifest, or the manifest does not declare what is being used."""


class InstalledApp:
    """One app, installed in the one workspace with the scopes it was granted."""

    def __init__(self, manifest: Json, *, declined_scopes: Iterable[str] = ()) -> None:
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        self.features: Json = features
        self.name: str = features.get("bot_user", {}).get("display_name", "bot")
        self.is_agent = "agent_view" in features
        self.commands = {c["command"] for c in features.get("slash_commands", [])}
        self.shortcuts = {s["callback_id"] for s in features.get("shortcuts", [])}
        self.home_tab: bool = home.get("home_tab_enabled", False)
        self.messages_tab: bool = home.get("messages_tab_enabled", False)
        self.takes_messages = self.messages_tab and not home.get("messages_tab_read_only_enabled", False)
        self.is_interactive: bool = settings.get("interactivity", {}).get("is_enabled", False)
        self.socket_mode: bool = settings.get("socket_mode_enabled", False)

        asked = manifest.get("oauth_config", {}).get("scopes", {})
        self._optional = set(asked.get("bot_optional", []))  # [docs] an admin may decline each
        self.scopes = set(asked.get("bot", [])) | (self._optional - set(declined_scopes))
        subscribed = settings.get("event_subscriptions", {}).get("bot_events", [])
        self.events = {event for event in subscribed if self._may_receive(event)}
        self._check(features)

        self.bot_token = f"xoxb-{secrets.token_hex(8)}"
        self.app_token = f"xapp-1-{APP}-{secrets.token_hex(8)}"
        self.signing_secret = secrets.token_hex(16)
        self.revoked: str | None = None  # the error every call gets after an uninstall

    def _may_receive(self, event: str) -> bool:
        if event not in EVENT_SCOPE:
            raise ManifestError(f"bot_events: the stand-in does not send {event}")
        needed = EVENT_SCOPE[event]
        if needed and needed not in self.scopes | self._optional:
            raise ManifestError(f"bot_events: {event} needs the scope {needed}")
        return needed is None or needed in self.scopes  # declined: simply not sent [assumed]

    def _check(self, features: Json) -> None:
        if "assistant_view" in features:
            raise ManifestError("features: assistant_view is the legacy panel; declare agent_view")
        if self.commands and "commands" not in self.scopes:
            raise ManifestError("slash_commands need the scope commands")
        if self.is_agent and "assistant:write" not in self.scopes:
            raise ManifestError("features.agent_view needs the scope assistant:write")

    def authorize(self, method: str, token: str) -> None:
        """Refuse a call whose token is missing, wrong, revoked or without the scope."""
        if not token:
            raise Refusal("not_authed")
        opens_socket = method == "apps.connections.open"
        right, wrong = (self.app_token, self.bot_token) if opens_socket else (self.bot_token, self.app_token)
        if token == wrong:
            raise Refusal("not_allowed_token_type")
        if token != right:
            raise Refusal("invalid_auth")
        if opens_socket and not self.socket_mode:
            raise Refusal("socket_mode_not_enabled")  # [assumed] the name
        if self.revoked and not opens_socket:
            raise Refusal(self.revoked)
        self.need(*METHOD_SCOPES.get(method, ()))

    def need(self, *scopes: str) -> None:
        """Refuse unless one of the scopes was granted."""
        if scopes and not self.scopes & set(scopes):
            raise Refusal("missing_scope", needed=scopes[0], provided=",".join(sorted(self.scopes)))
