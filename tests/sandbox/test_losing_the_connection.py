"""Socket Mode when connections go, come back, or are too many."""

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.limits import Limits
from sandbox.standin import SlackStandin


async def lose_the_connection(slack, how):
    if how == "cut":
        slack.socket_mode.cut()
    elif how == "outage":
        slack.socket_mode.accept_connections = False
        slack.socket_mode.cut()
        await asyncio.sleep(1.0)
        slack.socket_mode.accept_connections = True
    else:
        await slack.socket_mode.disconnect(how)


@pytest.mark.parametrize("how", ["refresh_requested", "warning", "cut", "outage"])
async def test_an_app_comes_back_after_a_lost_connection(how, manifest, echo_app, in_socket_mode):
    async with SlackStandin(manifest) as slack, in_socket_mode(slack, echo_app(slack)):
        await lose_the_connection(slack, how)
        await slack.connected(timeout=20)
        await slack.person("U0ALICE").says("<@U0BOT> still there", "C0GENERAL")
        await slack.wait_for(lambda: slack.workspace.bot_messages("C0GENERAL"))


async def test_the_aiohttp_client_never_comes_back_from_an_outage_longer_than_its_url_lives(
    manifest, echo_app, in_socket_mode
):
    """slack_sdk 3.47 socket_mode/aiohttp connect() tries the same wss_uri for ever.
    Clearing wss_uri heals it, for the loop asks for a new one when it is None."""
    limits = Limits(ticket_ttl=0.5)
    async with (
        SlackStandin(manifest, limits=limits) as slack,
        in_socket_mode(slack, echo_app(slack)) as handler,
    ):
        slack.socket_mode.accept_connections = False
        slack.socket_mode.cut()
        await asyncio.sleep(2.0)
        slack.socket_mode.accept_connections = True
        await asyncio.sleep(2.0)
        assert not slack.socket_mode.connections
        assert len(slack.record.calls_to("apps.connections.open")) == 2  # stuck on the one it fetched
        handler.client.wss_uri = None
        await slack.connected()


async def test_an_event_sent_while_disconnected_arrives_with_a_retry(manifest, echo_app, in_socket_mode):
    limits = Limits(ack_timeout=0.4, retry_delays=(0.3, 0.3, 0.3))
    async with SlackStandin(manifest, limits=limits) as slack, in_socket_mode(slack, echo_app(slack)):
        slack.socket_mode.accept_connections = False
        slack.socket_mode.cut()
        await slack.person("U0ALICE").says("<@U0BOT> held", "C0GENERAL")
        await asyncio.sleep(0.6)
        slack.socket_mode.accept_connections = True
        await slack.wait_for(lambda: slack.workspace.bot_messages("C0GENERAL"), 10)
        assert max(attempt.number for d in slack.record.deliveries for attempt in d.attempts) >= 1


async def test_an_event_is_acknowledged_while_its_connection_is_being_refreshed(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        app, seen = bolt_app(slack), []

        @app.middleware
        async def slow(next):
            seen.append("started")
            await asyncio.sleep(0.1)  # a middleware runs before the acknowledgement
            await next()

        @app.event("message")
        async def message():
            pass

        async with in_socket_mode(slack, app):
            await slack.person("U0ALICE").says("hello")
            await slack.wait_for(lambda: seen)
            await slack.socket_mode.disconnect(grace=1.0)
            delivery = await slack.record.deliveries[0].done()
            assert delivery.acked and len(delivery.attempts) == 1


async def test_one_connection_too_many_is_sent_away_and_a_url_works_once(manifest):
    async with SlackStandin(manifest, limits=Limits(connections=2)) as slack, aiohttp.ClientSession() as http:
        client = AsyncWebClient(token=slack.app.app_token, base_url=slack.api_url)
        urls = [(await client.apps_connections_open(app_token=slack.app.app_token))["url"] for _ in range(3)]
        sockets = [await http.ws_connect(url) for url in urls]
        greetings = [await socket.receive_json() for socket in sockets]
        assert [greeting["type"] for greeting in greetings] == ["hello", "hello", "disconnect"]
        assert greetings[2]["reason"] == "too_many_websockets"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(urls[0])
        for socket in sockets:
            await socket.close()
