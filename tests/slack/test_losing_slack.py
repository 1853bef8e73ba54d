"""What happens to questions when the connection to Slack goes: it comes back, and nothing is lost."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.slack.serving import running
from ingest.errors import TrustbotError
from sandbox.limits import Limits
from sandbox.standin import SlackStandin
from tests.slack.slack_world import GENERAL, MENTION, QUOTE, settings_for

PATIENT = Limits(ack_timeout=1.0, retry_delays=(1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 8.0))
WITHIN = 10.0  # seconds, for every fault


@pytest.mark.parametrize("how", ["refresh_requested", "warning", "reset"])
async def test_the_bot_comes_back_when_its_socket_is_closed(in_slack, how):
    async with in_slack() as world:
        if how == "reset":
            world.slack.socket_mode.cut()
        else:
            await world.slack.socket_mode.disconnect(how)
        await world.slack.connected(timeout=WITHIN)
        await world.reply(await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL))
        assert QUOTE in world.bob.sees(GENERAL)


async def test_an_event_on_its_way_when_the_socket_goes_is_answered_once(in_slack):
    async with in_slack(slack={"limits": PATIENT}) as world:
        world.pages.gate.clear()
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        world.slack.socket_mode.cut()
        later = await world.alice.says(f"{MENTION} Who is the chair?", GENERAL)
        world.pages.gate.set()
        await world.reply(asked)
        await world.reply(later)
        assert [len(world.replies(message["ts"])) for message in (asked, later)] == [1, 1]


async def test_the_bot_comes_back_when_sockets_were_refused_for_longer_than_an_address_lives(in_slack):
    limits = Limits(ticket_ttl=0.5, ack_timeout=1.0, retry_delays=PATIENT.retry_delays)
    async with in_slack(slack={"limits": limits}) as world:
        world.slack.socket_mode.accept_connections = False
        world.slack.socket_mode.cut()
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await asyncio.sleep(3)
        world.slack.socket_mode.accept_connections = True
        await world.slack.connected(timeout=WITHIN)
        await world.reply(asked)
        assert len(world.replies(asked["ts"])) == 1


async def test_the_bot_comes_back_when_slack_gave_no_address_for_a_while(in_slack):
    async with in_slack() as world:
        world.slack.fail("apps.connections.open", "internal_error", status=500)
        world.slack.socket_mode.cut()
        await world.slack.connected(timeout=WITHIN)


async def test_the_bot_comes_back_when_slack_s_word_for_an_address_was_cut_short(in_slack):
    async with in_slack() as world:
        world.slack.fail("apps.connections.open", cut=True)
        world.slack.socket_mode.cut()
        await world.slack.connected(timeout=WITHIN)


class Relay:
    """A stretch of network between the bot and Slack that can fall silent without closing anything."""

    def __init__(self, port):
        self._port = port
        self._silent = set()
        self._open = set()

    @asynccontextmanager
    async def listening(self):
        server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    def fall_silent(self):
        """From now on nothing passes on the connections there are."""
        self._silent |= self._open

    async def _joined(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        pair = object()
        self._open.add(pair)
        await asyncio.gather(self._pass_on(pair, reader, back), self._pass_on(pair, there, writer))

    async def _pass_on(self, pair, reader, writer):
        while data := await reader.read(65536):
            if pair not in self._silent:
                writer.write(data)
        writer.close()


async def test_a_socket_that_falls_silent_without_closing_is_replaced(in_slack):
    async with in_slack(slack={"limits": PATIENT}) as world:
        relay = Relay(int(world.slack.url.rsplit(":", 1)[1]))
        async with relay.listening() as port:
            world.slack.url = f"http://127.0.0.1:{port}"
            await world.slack.socket_mode.disconnect()
            await world.slack.connected()
            [first] = world.slack.socket_mode.connections
            relay.fall_silent()
            connections = world.slack.socket_mode.connections
            await world.slack.wait_for(lambda: any(other is not first for other in connections), WITHIN)
            asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
            await world.reply(asked)
            assert len(world.replies(asked["ts"])) == 1
            await world.quiet()


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("slack_bot_token", None, "TRUSTBOT_SLACK_BOT_TOKEN is not set"),
        ("slack_bot_token", "xoxb-wrong", "refuses the bot's token (invalid_auth)"),
        ("slack_app_token", None, "TRUSTBOT_SLACK_APP_TOKEN is not set"),
        ("slack_app_token", "xapp-wrong", "refuses Socket Mode (invalid_auth)"),
        ("slack_api_url", "http://127.0.0.1:9/", "cannot be reached"),
        ("health", "8080", "TRUSTBOT_HEALTH is '8080'"),
        ("state", "oracle://x", "TRUSTBOT_STATE cannot be used"),
    ],
)
async def test_a_bot_that_cannot_start_says_what_to_do(manifest, tmp_path, setting, value, said):
    async with SlackStandin(manifest) as slack:
        with pytest.raises(TrustbotError) as error:
            async with running(settings_for(slack, tmp_path, **{setting: value}), None):
                pass
        assert said in str(error.value)
