"""What the app posts to a response_url: an answer only the asker sees, or one for all."""

import asyncio
import time

from aiohttp import web

from sandbox.message_content import message_content
from sandbox.record import Call
from sandbox.response_urls import ResponseUrl
from sandbox.slack import Slack
from sandbox.wire import Json, Refusal


async def handle(slack: Slack, request: web.Request) -> web.Response:
    call = Call("response_url", await request.json(), time.time())
    slack.record.calls.append(call)
    fault, headers = slack.faults.take(call.method), {}
    if fault:
        await asyncio.sleep(fault.delay)
    if fault and fault.refuses:
        headers = fault.refuse(call)
    else:
        _answer(slack, request.match_info["key"], call)
    slack.changes.note()
    if fault and fault.drop and request.transport:
        request.transport.abort()
    if call.status != 200:
        return web.json_response(call.response, status=call.status, headers=headers)
    return web.Response(text="ok")


def _answer(slack: Slack, key: str, call: Call) -> None:
    try:
        show_response(slack, slack.response_urls.use(key), call.args)
    except Refusal as refusal:
        call.status, call.response = 404, refusal.response()
    else:
        call.status, call.response = 200, {"ok": True}


def show_response(slack: Slack, url: ResponseUrl, payload: Json) -> None:
    """Put an answer on the screen; a slash command's acknowledgement may hold one too."""
    if payload.get("delete_original"):
        slack.workspace.forget(url.channel, url.message_ts or "")
        return
    content = message_content(payload, slack.limits, slack.record.problems)
    original = slack.workspace.find(url.channel, url.message_ts) if url.message_ts else None
    if payload.get("replace_original") and original is not None:
        original.pop("blocks", None)
        original.update(content)
        return
    message = slack.bot_message(content)
    if payload.get("thread_ts"):
        message["thread_ts"] = payload["thread_ts"]
    if payload.get("response_type") == "in_channel":
        slack.post(slack.workspace.channels[url.channel], message)
    else:
        slack.workspace.ephemerals.append(message | {"ephemeral_to": url.user, "channel": url.channel})
