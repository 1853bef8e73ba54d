"""Updates: a stream that says when there is something new to see, and nothing of what it is."""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

from sandbox.slack import Slack

EVERY = 0.1  # seconds between two of them at least
HEARTBEAT = 15.0  # seconds of silence after which the page is told that nothing is wrong
_TO_SEND = 10.0  # seconds after which a page that takes nothing is given up


async def stream(slack: Slack, request: web.Request, headers: Mapping[str, str]) -> web.StreamResponse:
    """Server-Sent Events until the page goes or the stand-in stops: one at once, then one for each change."""
    response = web.StreamResponse(headers=headers)
    response.content_type = "text/event-stream"
    response.charset = "utf-8"
    await response.prepare(request)
    told, changes = -1, slack.changes
    try:
        while not changes.is_over:
            if changes.revision > told:
                told = changes.revision
                await _send(response, f"event: changed\ndata: {json.dumps({'revision': told})}\n\n")
                await asyncio.sleep(EVERY)
            elif not await changes.beyond(told, HEARTBEAT):
                await _send(response, ": still here\n\n")
                if slack.workspace.drop_faded():
                    changes.note()
    except (ConnectionError, TimeoutError):
        if request.transport:
            request.transport.abort()
    return response


async def _send(response: web.StreamResponse, text: str) -> None:
    await asyncio.wait_for(response.write(text.encode()), _TO_SEND)
