"""views.*: modals and the App Home."""

import secrets
import time

from sandbox.block_kit.views import is_too_large, view_errors
from sandbox.ids import APP, BOT, TEAM
from sandbox.slack import Slack
from sandbox.web_api.arguments import require
from sandbox.wire import Json, Refusal


def open_modal(slack: Slack, args: Json) -> Json:
    view = _checked(slack, args, expected="modal")
    require(args, "trigger_id")
    return {"view": new_view(slack, view, slack.triggers.use(args["trigger_id"]))}


def push(slack: Slack, args: Json) -> Json:
    view = _checked(slack, args, expected="modal")
    require(args, "trigger_id")
    user = slack.triggers.use(args["trigger_id"])
    below = len(slack.workspace.modals(user))
    if not below:
        raise Refusal("not_found")  # [assumed] the name
    if below >= slack.limits.pushed_views:
        raise Refusal("push_limit_reached")
    return {"view": new_view(slack, view, user)}


def update(slack: Slack, args: Json) -> Json:
    view = _checked(slack, args)
    found = slack.workspace.views.get(args.get("view_id") or "") or _by_external_id(slack, args)
    if found is None:
        raise Refusal("not_found")
    _check_hash(args, found)
    return {"view": replaced(slack, found, view)}


def publish(slack: Slack, args: Json) -> Json:
    require(args, "user_id")
    user = args["user_id"]
    view = _checked(slack, args, expected="home")
    if not slack.app.home_tab:
        raise Refusal("not_enabled")
    if user not in slack.workspace.users:
        raise Refusal("user_not_found")
    _check_hash(args, slack.workspace.homes.get(user))
    old = slack.workspace.homes.get(user)
    slack.workspace.homes[user] = new_view(slack, view | ({"id": old["id"]} if old else {}), user)
    return {"view": slack.workspace.homes[user]}


def _checked(slack: Slack, args: Json, expected: str | None = None) -> Json:
    require(args, "view")
    errors = view_errors(args["view"], slack.limits)
    if not errors and expected not in (None, args["view"]["type"]):
        errors = [f"expected {expected} [json-pointer:/view/type]"]
    if errors:
        raise Refusal("invalid_arguments", errors)
    view: Json = args["view"]
    if is_too_large(view, slack.limits):
        raise Refusal("view_too_large")
    return view


def new_view(slack: Slack, view: Json, user: str) -> Json:
    """The view as Slack keeps it, now on that person's screen."""
    made = {
        "id": f"V{secrets.token_hex(5).upper()}",
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": BOT,
        "hash": _hash(),
        "state": {"values": {}},
        "private_metadata": "",
        "callback_id": "",
        "opened_by": user,
        **view,
    }
    slack.workspace.views[made["id"]] = made
    return made


def replaced(slack: Slack, found: Json, view: Json) -> Json:
    """The app's new view in the place of another: what it leaves out is gone, such as the button to submit it."""
    made = new_view(slack, view | {"id": found["id"]}, found["opened_by"])
    found.clear()
    found.update(made)
    slack.workspace.views[found["id"]] = found  # a Home is this very object
    return found


def _by_external_id(slack: Slack, args: Json) -> Json | None:
    wanted = args.get("external_id")
    views = slack.workspace.views.values()
    return next((v for v in views if wanted and v.get("external_id") == wanted), None)


def _hash() -> str:
    return f"{time.time():.6f}"


def _check_hash(args: Json, view: Json | None) -> None:
    if args.get("hash") and view and args["hash"] != view["hash"]:
        raise Refusal("hash_conflict")


METHODS = {
    "views.open": open_modal,
    "views.publish": publish,
    "views.push": push,
    "views.update": update,
}
