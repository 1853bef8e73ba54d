"""Serving the page: its files, what a person sees, what they do, and the record."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.standin import SlackStandin
from sandbox.web_page.acts import Impossible, act
from sandbox.web_page.addresses import LOOPBACK, why_not
from sandbox.web_page.drawer import Drawer
from sandbox.web_page.state import seen_by
from sandbox.web_page.updates import stream

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FILES = Path(__file__).parent


class WebPage:
    """A Slack to try an app in, in a browser: add ``routes()`` to the stand-in's own.

    ``host`` is what the stand-in listens on: while that is loopback, nobody is answered who asks by another name.
    ``sends_to`` names who else gets to see what is asked, if the app hands it on; the page says so.
    """

    def __init__(self, slack: SlackStandin, *, host: str = LOOPBACK, sends_to: str | None = None) -> None:
        self._slack, self._host, self._sends_to = slack, host, sends_to
        self._drawer = Drawer(slack)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._guarded(self._index)),
            web.get("/web/state", self._guarded(self._state)),
            web.get("/web/updates", self._guarded(self._updates)),
            web.get("/web/record", self._guarded(self._record)),
            web.post("/web/act", self._guarded(self._act)),
            web.get("/web/{file}", self._guarded(self._file)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            refused = why_not(request, self._host)
            return _refusal(refused, 403) if refused else await handler(request)

        return answer

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return _file("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return _file(request.match_info["file"])

    async def _state(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("user", "")
        if user not in self._slack.workspace.users:
            return _refusal("There is nobody of that name here.", 404)
        return _json(json.dumps(seen_by(self._slack, user) | {"sends_to": self._sends_to}))

    async def _updates(self, request: web.Request) -> web.StreamResponse:
        return await stream(self._slack, request, HEADERS)

    async def _record(self, request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "0")
        if not after.isdecimal():
            return _refusal("after is the number of an entry.", 400)
        return _json(self._drawer.after(int(after)))

    async def _act(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":  # which a form of another site cannot send
            return _refusal("An act is sent as JSON.", 415)
        try:
            done = await act(self._slack, await request.json())
        except (ValueError, RecursionError):
            return _refusal("That was not JSON.", 400)
        except Impossible as why:
            return _refusal(str(why), 422)
        return _json(json.dumps({"ok": True, "result": done}))


def _file(name: str) -> web.StreamResponse:
    kind = TYPES.get(Path(name).suffix)
    if kind is None or "/" in name or "\\" in name or not (_FILES / name).is_file():
        return _refusal("There is no such file.", 404)
    return web.FileResponse(_FILES / name, headers=HEADERS | {"Content-Type": f"{kind}; charset=utf-8"})


def _json(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json", headers=HEADERS)


def _refusal(why: str, status: int) -> web.Response:
    response = _json(json.dumps({"ok": False, "error": why}))
    response.set_status(status)
    return response
