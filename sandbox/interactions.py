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


def view_closed(user: User, view: Json, *, is_cleared: bool) -> Json:
    """A modal was closed; ``is_cleared`` when others went with it. Nothing can be opened in return."""
    return {**IN_TEAM, "type": "view_closed", "user": _who(user), "view": view, "is_cleared": is_cleared}


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


def pressed(
    blocks: list[Json], action_id: str, value: str | list[str] | None, ts: str, in_block: str | None = None
) -> Json:
    """The action of pressing the element with that action_id; value picks an option or a side.

    Of checkboxes a list says all that are ticked then. ``in_block`` is the block_id where an action_id stands twice."""
    block_id, element = _find_element(blocks, action_id, in_block)
    options = [*(element.get("options") or []), *_grouped(element)]
    action: Json = {"action_id": action_id, "block_id": block_id, "type": element["type"], "action_ts": ts}
    if element["type"] == "feedback_buttons":
        side = _chosen([element["positive_button"], element["negative_button"]], value)
        return action | {"text": side["text"], "value": side["value"]}
    if element["type"] in ("checkboxes", "multi_static_select"):
        values = value if isinstance(value, list) else [value]
        return action | {"selected_options": [_chosen(options, each) for each in values]}
    if options:
        return action | {"selected_option": _chosen(options, value)}
    return action | {"text": element.get("text"), "value": element.get("value") if value is None else value}


def _find_element(blocks: list[Json], action_id: str, in_block: str | None) -> tuple[str, Json]:
    for block in blocks:
        if in_block not in (None, block.get("block_id")):
            continue
        for element in (*(block.get("elements") or []), block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return block.get("block_id", ""), element
    raise AssertionError(f"no element with action_id {action_id!r}: nobody can press it")


def _grouped(element: Json) -> list[Json]:
    return [option for group in element.get("option_groups") or [] for option in group["options"]]


def _chosen(options: list[Json], value: str | list[str] | None) -> Json:
    for option in options:
        if value in (None, option["value"]):
            return option
    raise AssertionError(f"no option with value {value!r}: nobody can choose it")


def _who(user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}
