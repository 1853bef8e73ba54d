"""The rules of a modal and of an App Home."""

import json

from sandbox.block_kit.blocks import IN_HOME, IN_MODAL, check_blocks
from sandbox.block_kit.checks import PLAIN_TEXT, Checks
from sandbox.limits import Limits
from sandbox.wire import Json


def view_errors(view: object, limits: Limits) -> list[str]:
    """What Slack would say against this view."""
    checks = Checks(limits)
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        checks.bad("/view/type", "must be a valid enum value")
        return checks.errors
    for name, most in (
        ("private_metadata", limits.view_private_metadata),
        ("callback_id", limits.view_callback_id),
    ):
        checks.optional_length(f"/view/{name}", view.get(name), most, least=0)
    if view["type"] == "modal":
        _check_modal(checks, view)
    else:
        _check_home(checks, view)
    return checks.errors


def is_too_large(view: Json, limits: Limits) -> bool:
    return len(json.dumps(view)) > limits.view_bytes


def _check_modal(checks: Checks, view: Json) -> None:
    checks.text("/view/title", view.get("title"), checks.limits.view_title, PLAIN_TEXT)
    for name in ("submit", "close"):
        checks.optional_text(f"/view/{name}", view.get(name), checks.limits.view_title, PLAIN_TEXT)
    blocks = view.get("blocks")
    check_blocks(checks, "/view/blocks", blocks, checks.limits.view_blocks, IN_MODAL)
    kinds = [b.get("type") for b in blocks if isinstance(b, dict)] if isinstance(blocks, list) else []
    if "input" in kinds and not view.get("submit"):
        checks.bad("/view", "submit is required when an input block is present")  # [docs]


def _check_home(checks: Checks, view: Json) -> None:
    if view.get("submit") or view.get("close"):
        checks.bad("/view", "home view cannot have submit and close")
    check_blocks(checks, "/view/blocks", view.get("blocks"), checks.limits.view_blocks, IN_HOME)
