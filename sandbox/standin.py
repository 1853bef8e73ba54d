"""A local stand-in for Slack: built from the app's manifest, driven by Slack's own client library."""

from collections.abc import Callable, Iterable
from functools import partial
from ipaddress import ip_address
from typing import Self, TypeVar

from aiohttp import web

from sandbox import events
from sandbox.faults import Fault
from sandbox.ids import BOT_USER, OTHER_BOT
from sandbox.people import MENTION_OF_APP, Person
from sandbox.record import Delivery
from sandbox.slack import Slack
from sandbox.web_api import response_url
from sandbox.web_api.server import WebApi
from sandbox.wire import Json

T = TypeVar("T")
REQUEST_BYTES_AT_MOST = 20 * 2**20


class SlackStandin(Slack):
    """Slack on loopback, for one app in one workspace.

    async with SlackStandin(manifest) as slack:
        client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)
        ...  # start the app with that client
        await slack.person("U0ALICE").says("<@U0BOT> hello", "C0GENERAL")
        await slack.wait_for(lambda: slack.workspace.bot_messages("C0GENERAL"))

    What the manifest lacks fails as it would in Slack. What the app did is in ``record``, and what
    Slack would accept in silence although nobody can want it is in ``record.problems``.
    """

    _runner: web.AppRunner | None = None

    async def start(
        self, port: int = 0, *, host: str = "127.0.0.1", routes: Iterable[web.AbstractRouteDef] = ()
    ) -> Self:
        """Listen, on loopback unless told otherwise; ``routes`` are served besides Slack's own.

        OSError when the address cannot be listened on.
        """
        server = web.Application(client_max_size=REQUEST_BYTES_AT_MOST)
        server.add_routes(
            [
                web.route("*", "/api/{method}", WebApi(self).handle),
                web.get("/link/", self.socket_mode.handle),
                web.post("/response/{key}", partial(response_url.handle, self)),
                *routes,
            ]
        )
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.url = _url(*self._runner.addresses[0][:2])
        return self

    async def stop(self) -> None:
        self.changes.end()
        self.outbox.close()
        await self.socket_mode.close()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """The ``base_url`` of Slack's own clients."""
        return f"{self.url}/api/"

    # -- who acts, besides the app

    def person(self, user: str) -> Person:
        return Person(self, user)

    async def other_bot_says(self, text: str, channel: str = "C0GENERAL", thread_ts: str | None = None) -> Json:
        """A workflow or another app posts: a bot_id, no user, subtype bot_message."""
        message: Json = {
            "type": "message",
            "subtype": "bot_message",
            "bot_id": OTHER_BOT,
            "username": "other",
            "text": text,
            "ts": self.workspace.new_ts(),
            **({"thread_ts": thread_ts} if thread_ts else {}),
        }
        where = self.workspace.channels[channel]
        self.show(where, message)
        self.tell_of_message(where, events.message_posted(where, message))
        if MENTION_OF_APP in text:
            self.tell_app(events.app_mention(where, message), "app_mention")
        return message

    async def admin_uninstalls(self) -> None:
        """Every call from now on is refused; the app is told so twice. [docs]"""
        self.app.revoked = "account_inactive"
        self.tell_app({"type": "app_uninstalled"}, "app_uninstalled")
        self.tell_app({"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}}, "tokens_revoked")

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the very same body again, as Slack may at any time."""
        return self.outbox.send(delivery.kind, delivery.payload)

    def fail(
        self,
        method: str,
        error: str | None = None,
        *,
        status: int = 200,
        retry_after: int | None = None,
        delay: float = 0.0,
        drop: bool = False,
        cut: bool = False,
        times: int = 1,
    ) -> None:
        """Make the next calls fail: ``fail("chat.postMessage", "ratelimited", status=429, retry_after=1)``.

        ``drop`` does the work and loses the answer, ``cut`` half of it; ``delay`` alone only makes it slow; ``*`` is
        any method, and ``response_url`` that.
        """
        fault = Fault(
            method=method,
            error=error,
            status=status,
            retry_after=retry_after,
            delay=delay,
            drop=drop,
            cut=cut,
            times=times,
        )
        self.faults.order(fault)

    # -- waiting

    async def wait_for(self, test: Callable[[], T], timeout: float = 5.0, what: str = "") -> T:
        """Wait until ``test()`` is true and return what it gave."""
        return await self.record.wait_for(test, timeout, what)

    async def quiet(self, seconds: float = 0.3, timeout: float = 10.0) -> None:
        """Wait until every delivery is done and the app has made no call for that long."""
        await self.record.quiet(seconds, timeout)

    async def connected(self, count: int = 1, timeout: float = 5.0) -> None:
        """Wait until the app holds that many Socket Mode connections."""
        connections = self.socket_mode.connections
        what = f"{count} Socket Mode connection(s)"
        await self.wait_for(lambda: len(connections) >= count, timeout, what)


def _url(host: str, port: int) -> str:
    """Where this machine reaches what listens there; what listens on every address is reached over loopback."""
    address = ip_address(host)
    if address.is_unspecified:
        address = ip_address("::1" if address.version == 6 else "127.0.0.1")
    return f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}"
