"""Driving the stand-in from another process: POST /_control/user_says {"user": ..., "text": ...}."""

import inspect
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.standin import SlackStandin
from sandbox.wire import Json

USER_VERBS = (
    *("says", "edits", "deletes", "opens", "stops", "clicks", "clicks_in_view", "submits", "closes"),
    *("commands", "uses_shortcut", "sees"),
)


def control_routes(slack: SlackStandin) -> list[web.RouteDef]:
    """What to add to the stand-in's own routes."""

    async def control(request: web.Request) -> web.Response:
        return await _control(slack, request)

    return [web.post("/_control/{verb}", control)]


async def _control(slack: SlackStandin, request: web.Request) -> web.Response:
    args: Json = await request.json() if request.can_read_body else {}
    try:
        act = _verb(slack, request.match_info["verb"], args)
        result = act(**args)
        if inspect.isawaitable(result):
            result = await result
    except LookupError as unknown:
        return web.json_response({"error": f"unknown: {unknown}"}, status=404)
    return web.Response(text=json.dumps({"result": result}, default=str), content_type="application/json")


def _verb(slack: SlackStandin, name: str, args: Json) -> Callable[..., Any]:
    """What the verb does; the user of a ``user_`` verb is taken out of the arguments."""
    if name.startswith("user_") and name.removeprefix("user_") in USER_VERBS:
        act: Callable[..., Any] = getattr(slack.person(args.pop("user")), name.removeprefix("user_"))
        return act
    others: dict[str, Callable[..., Any]] = {
        "admin_uninstalls": slack.admin_uninstalls,
        "cut": slack.socket_mode.cut,
        "disconnect": slack.socket_mode.disconnect,
        "fail": slack.fail,
        "other_bot_says": slack.other_bot_says,
        "state": lambda: _state(slack),
    }
    return others[name]


def _state(slack: SlackStandin) -> Json:
    record, workspace = slack.record, slack.workspace
    return {
        "calls": [vars(call) for call in record.calls],
        "problems": record.problems,
        "notified": record.notified,
        "user_errors": record.user_errors,
        "messages": workspace.messages,
        "ephemerals": workspace.ephemerals,
        "connections": len(slack.socket_mode.connections),
    }
