"""Events as Slack words them."""

import secrets
import time

from sandbox.ids import APP, BOT_USER, TEAM
from sandbox.wire import Json
from sandbox.workspace import Channel


def message_posted(channel: Channel, message: Json) -> Json:
    return {**message, "type": "message", **_where(channel)}


def message_changed(channel: Channel, new: Json, old: Json, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": new,
        "previous_message": old,
        "ts": ts,
        **_where(channel),
    }


def message_deleted(channel: Channel, old: Json, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": old["ts"],
        "previous_message": old,
        "ts": ts,
        **_where(channel),
    }


def app_mention(channel: Channel, message: Json) -> Json:
    return {**message, "type": "app_mention", "channel": channel.id}


def event_callback(event: Json, *, shared_channel: bool) -> Json:
    """The body an event arrives in."""
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "verification",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": shared_channel,
        "event_context": secrets.token_hex(8),
    }


def _where(channel: Channel) -> Json:
    return {"channel": channel.id, "channel_type": channel.kind}
