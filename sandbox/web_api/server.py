"""The Web API over HTTP: each call is recorded, limited, authorised and answered by its method."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable

from aiohttp import web

from sandbox.record import Call
from sandbox.slack import Slack
from sandbox.web_api import agents, app, chat, conversations, views
from sandbox.web_api.arguments import decoded
from sandbox.wire import Json, Refusal

METHODS: dict[str, Callable[[Slack, Json], Json]] = {
    **agents.METHODS,
    **app.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **views.METHODS,
}


class WebApi:
    """Answers the app's calls."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            args, token = await _arguments(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        call = Call(request.match_info["method"], args, time.time())
        self._slack.record.calls.append(call)
        headers = {
            "X-OAuth-Scopes": ",".join(sorted(self._slack.app.scopes)),
            "X-Slack-Req-Id": secrets.token_hex(8),
        }
        fault = self._slack.faults.take(call.method)
        if fault:
            await asyncio.sleep(fault.delay)
        if fault and fault.refuses:
            headers |= fault.refuse(call)
        else:
            headers |= self._answer(call, token)
        self._slack.changes.note()
        if fault and fault.drop and request.transport:
            request.transport.abort()
        if fault and fault.cut:
            return web.Response(text='{"ok": ', content_type="application/json", headers=headers)
        return web.json_response(call.response, status=call.status, headers=headers)

    def _answer(self, call: Call, token: str) -> dict[str, str]:
        """Fill in the call's response; returns the headers that belong to it."""
        limits = self._slack.rate_limits
        wait = limits.seconds_to_wait(call.method, call.args) if limits else 0
        if wait:
            call.status, call.response = 429, {"ok": False, "error": "ratelimited"}
            return {"Retry-After": str(wait)}
        try:
            self._slack.app.authorize(call.method, token)
            call.response = {"ok": True, **self._method(call.method)(self._slack, decoded(call.args))}
        except Refusal as refusal:
            call.response = refusal.response()
        call.status = 200  # last: a call with a status is answered, for those who look on
        return {}

    def _method(self, name: str) -> Callable[[Slack, Json], Json]:
        if name not in METHODS:
            self._slack.record.problems.append(f"the stand-in has no method {name}")
            raise Refusal("unknown_method")
        return METHODS[name]


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """The arguments and the token, from the query, a JSON body or a form; ValueError for broken JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        args |= json.loads(text) if text else {}
    elif request.can_read_body:
        args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    in_form = str(args.pop("token", ""))
    return args, request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or in_form
