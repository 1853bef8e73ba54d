"""The same small Bolt app works over every transport: it cannot tell the stand-in from Slack."""

import asyncio
import contextlib

import uvicorn
from aiohttp import web
from slack_bolt import App
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox.standin import SlackStandin
from sandbox.threaded import StandinThread


@contextlib.asynccontextmanager
async def over_http(slack, app):
    runner = web.AppRunner(app.web_app(path="/slack/events", port=0))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.events_api.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()


async def test_an_app_answers_mentions_direct_messages_and_commands_in_socket_mode(manifest, echo_app, in_socket_mode):
    async with SlackStandin(manifest) as slack, in_socket_mode(slack, echo_app(slack)):
        alice, bob, workspace = slack.person("U0ALICE"), slack.person("U0BOB"), slack.workspace
        asked = await alice.says("<@U0BOT> hello", "C0GENERAL")
        [answer] = await slack.wait_for(lambda: workspace.bot_messages("C0GENERAL"))
        assert answer["text"] == "echo: hello" and answer["thread_ts"] == asked["ts"]

        await bob.says("in private")
        [answer] = await slack.wait_for(lambda: workspace.bot_messages(bob.dm.id))
        assert answer["text"] == "echo: in private"

        command = await alice.commands("/ask", "slashed")
        await slack.wait_for(lambda: workspace.ephemerals)
        assert command.ack_seconds < 1
        assert "echo: slashed" in alice.sees("C0GENERAL")
        assert "echo: slashed" not in bob.sees("C0GENERAL")

        await slack.quiet()
        assert len(workspace.bot_messages("C0GENERAL")) == 1  # its own message did not wake it
        assert all(delivery.acked for delivery in slack.record.deliveries)
        assert not slack.record.problems and not slack.record.user_errors


async def test_an_app_answers_over_http_and_a_forged_request_is_turned_away(manifest, echo_app):
    async with SlackStandin(manifest) as slack, over_http(slack, echo_app(slack)):
        alice, workspace = slack.person("U0ALICE"), slack.workspace
        assert await slack.events_api.verify_url()
        asked = await alice.says("<@U0BOT> hello", "C0GENERAL")
        [answer] = await slack.wait_for(lambda: workspace.bot_messages("C0GENERAL"))
        assert answer["text"] == "echo: hello" and answer["thread_ts"] == asked["ts"]
        await alice.commands("/ask", "slashed")
        await slack.wait_for(lambda: workspace.ephemerals)
        await slack.quiet()
        assert all(delivery.acked for delivery in slack.record.deliveries)

        slack.events_api.signing_secret = "another"
        await alice.says("<@U0BOT> again", "C0GENERAL")
        forged = slack.record.deliveries[-1]
        await slack.wait_for(lambda: forged.attempts and forged.attempts[0].status)
        assert forged.attempts[0].status == 401
        assert len(workspace.bot_messages("C0GENERAL")) == 1


async def test_an_app_answers_behind_uvicorn(manifest, echo_app):
    async with SlackStandin(manifest) as slack:
        handler = AsyncSlackRequestHandler(echo_app(slack))
        server = uvicorn.Server(uvicorn.Config(handler, host="127.0.0.1", port=0, log_level="error"))
        serving = asyncio.create_task(server.serve())
        await slack.wait_for(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        slack.events_api.request_url = f"http://127.0.0.1:{port}/slack/events"
        assert await slack.events_api.verify_url()
        await slack.person("U0ALICE").says("<@U0BOT> hello", "C0GENERAL")
        [answer] = await slack.wait_for(lambda: slack.workspace.bot_messages("C0GENERAL"))
        assert answer["text"] == "echo: hello"
        server.should_exit = True
        await serving


def test_a_synchronous_app_answers_beside_a_stand_in_on_a_thread_of_its_own(manifest):
    with StandinThread(SlackStandin(manifest)) as thread:
        slack = thread.slack
        client = WebClient(token=slack.app.bot_token, base_url=slack.api_url)
        app = App(client=client, token=slack.app.bot_token)

        @app.event("app_mention")
        def mention(event, say):
            say(text="echo", thread_ts=event["ts"])

        @app.event("message")
        def other(event):
            pass

        handler = SocketModeHandler(app, app_token=slack.app.app_token, ping_interval=1)
        handler.connect()
        thread.run(slack.connected())
        thread.run(slack.person("U0ALICE").says("<@U0BOT> hello", "C0GENERAL"))
        [answer] = thread.run(slack.wait_for(lambda: slack.workspace.bot_messages("C0GENERAL")))
        assert answer["text"] == "echo"
        handler.close()
