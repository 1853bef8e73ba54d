"""What the app is told when a person presses, submits, commands or picks a shortcut."""

from sandbox.ids import APP, TEAM
from sandbox.wire import Json
from sandbox.workspace import Channel, User

IN_TEAM: Json = {
    "team": {"id": TEAM, "domain": "standin"},
    "enterprise": None,
    "is_enterprise_install": False,
    "api_app_id": APP,
    "token": "verification",
}


def interaction(kind: str, user: User, trigger_id: str) -> Json:
    """What every interaction has; the rest depends on where it happened."""
    return {**IN_TEAM, "type": kind, "user": _who(user), "trigger_id": trigger_id}


def in_message(channel: Channel, message: Json, response_url: str) -> Json:
    """A press in a message."""
    is_ephemeral = "ephemeral_to" in message
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
        "thread_ts": message.get("thread_ts"),
    }
    return {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": {}},
        "response_url": response_url,
        **({} if is_ephemeral else {"message": message}),
    }


def in_view(view: Json) -> Json:
    """A press in a modal or in the Home."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def on_message(channel: Channel, message: Json, response_url: str, callback_id: str, ts: str) -> Json:
    """A message shortcut."""
    return {
        "callback_id": callback_id,
        "response_url": response_url,
        "channel": {"id": channel.id, "name": channel.name},
        "action_ts": ts,
        "message_ts": message["ts"],
        "message": message,
    }


def in_channel(channel: Channel, user: User, trigger_id: str, response_url: str) -> Json:
    """A slash command, but for its words; it is a flat form, unlike the others."""
    return {
        "token": "verification",
        "team_id": TEAM,
        "team_domain": "standin",
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def pressed(blocks: list[Json], action_id: str, value: str | None, ts: str) -> Json:
    """The action of pressing the element with that action_id; value picks an option or a side."""
    block_id, element = _find_element(blocks, action_id)
    action: Json = {"action_id": action_id, "block_id": block_id, "type": element["type"], "action_ts": ts}
    if element["type"] == "feedback_buttons":
        side = _chosen([element["positive_button"], element["negative_button"]], value)
        return action | {"text": side["text"], "value": side["value"]}
    if element["type"] in ("checkboxes", "multi_static_select"):
        return action | {"selected_options": [_chosen(element["options"], value)]}
    if element.get("options"):
        return action | {"selected_option": _chosen(element["options"], value)}
    return action | {"text": element.get("text"), "value": element.get("value") if value is None else value}


def _find_element(blocks: list[Json], action_id: str) -> tuple[str, Json]:
    for block in blocks:
        for element in (*(block.get("elements") or []), block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return block.get("block_id", ""), element
    raise AssertionError(f"no element with action_id {action_id!r}: nobody can press it")


def _chosen(options: list[Json], value: str | None) -> Json:
    for option in options:
        if value in (None, option["value"]):
            return option
    raise AssertionError(f"no option with value {value!r}: nobody can choose it")


def _who(user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}
