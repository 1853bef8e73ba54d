"""What an agent shows while it works: status, prompts, the stop button; and Bolt's traps around them."""

import pytest
from slack_bolt.async_app import AsyncApp

from sandbox.limits import Limits
from sandbox.standin import SlackStandin


async def test_a_status_is_shown_until_the_answer_comes(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        alice, client = slack.person("U0ALICE"), client_of(slack)
        root = (await alice.says("q", "C0GENERAL"))["ts"]
        await client.assistant_threads_setStatus(channel_id="C0GENERAL", thread_ts=root, status="is reading")
        assert alice.sees("C0GENERAL").endswith("    ... askbot is reading")
        await client.chat_postMessage(channel="C0GENERAL", thread_ts=root, text="a")
        assert "is reading" not in alice.sees("C0GENERAL")


async def test_a_status_nobody_ends_fades(manifest, client_of):
    async with SlackStandin(manifest, limits=Limits(status_ttl=0.0)) as slack:
        root = (await slack.person("U0ALICE").says("q"))["ts"]
        thread = {"channel_id": "D0ALICE", "thread_ts": root}
        await client_of(slack).assistant_threads_setStatus(**thread, status="is reading")
        assert slack.workspace.status("D0ALICE", root) is None


async def test_suggested_prompts_belong_to_the_tab_and_not_to_a_thread(manifest, bolt_app, in_socket_mode):
    """Bolt's set_suggested_prompts sends thread_ts in a threaded DM; agent_view ignores it in silence."""
    async with SlackStandin(manifest) as slack:
        app, alice, prompts = bolt_app(slack), slack.person("U0ALICE"), slack.workspace.prompts

        @app.event("app_home_opened")
        async def opened(set_suggested_prompts):
            await set_suggested_prompts(["What is the leave policy?"])

        @app.event("message")
        async def message(event, set_suggested_prompts):
            if not event.get("bot_id"):
                await set_suggested_prompts(["More?"])

        async with in_socket_mode(slack, app):
            await alice.opens()
            await slack.wait_for(lambda: prompts.get("D0ALICE"))
            root = (await alice.says("q"))["ts"]
            await slack.wait_for(lambda: prompts["D0ALICE"]["prompts"][0]["title"] == "More?")
            prompts.clear()
            await alice.says("follow up", thread_ts=root)
            await slack.wait_for(lambda: slack.record.problems)
            assert not prompts and "does nothing under agent_view" in slack.record.problems[0]


@pytest.mark.parametrize(("helpers", "reads", "problems"), [(True, 1, 1), (False, 0, 0)])
async def test_bolt_say_in_a_dm_thread_reads_the_thread_and_sends_null_metadata(
    helpers, reads, problems, manifest, client_of, in_socket_mode
):
    """The assistant helpers swap ``say``; switching them off gives the plain one back."""
    async with SlackStandin(manifest) as slack:
        client = client_of(slack)
        app = AsyncApp(client=client, token=slack.app.bot_token, attaching_conversation_kwargs_enabled=helpers)

        @app.event("message")
        async def message(event, say):
            if event.get("thread_ts") and not event.get("bot_id"):
                await say(text="x", thread_ts=event["thread_ts"])

        async with in_socket_mode(slack, app):
            alice = slack.person("U0ALICE")
            root = (await alice.says("q"))["ts"]
            await alice.says("follow up", thread_ts=root)
            await slack.wait_for(lambda: slack.workspace.bot_messages("D0ALICE"))
            assert len(slack.record.calls_to("conversations.replies")) == reads
            assert len(slack.record.problems) == problems
            assert all("event_payload is not an object" in problem for problem in slack.record.problems)


async def test_a_person_stops_an_agent_that_is_processing(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        app, alice, stopped = bolt_app(slack), slack.person("U0ALICE"), []

        @app.event("message")
        async def message(event, client):
            thread = {"channel_id": event["channel"], "thread_ts": event["ts"]}
            await client.agents_sessions_setStatus(**thread, status="processing")

        @app.event("agent_session_stopped")
        async def stop(event, client):
            thread = {"channel_id": event["channel"], "thread_ts": event["thread_ts"]}
            await client.agents_sessions_setStatus(**thread, status="active")
            stopped.append(event["user"])

        async with in_socket_mode(slack, app):
            root = (await alice.says("How long is a piece of string?"))["ts"]
            await slack.wait_for(lambda: "[Stop]" in alice.sees())
            await alice.stops(root)
            await slack.wait_for(lambda: stopped == ["U0ALICE"])
            assert "[Stop]" not in alice.sees()
            with pytest.raises(AssertionError, match="no stop button"):
                await alice.stops(root)


async def test_an_agent_that_does_not_listen_for_stop_is_warned(manifest, client_of):
    manifest["settings"]["event_subscriptions"]["bot_events"].remove("agent_session_stopped")
    async with SlackStandin(manifest) as slack:
        root = (await slack.person("U0ALICE").says("q"))["ts"]
        session = {"channel_id": "D0ALICE", "thread_ts": root, "status": "processing"}
        answer = await client_of(slack).agents_sessions_setStatus(**session)
        assert answer["warning"] == "missing_agent_session_stopped_event_subscription"
        assert "[Stop]" not in slack.person("U0ALICE").sees()
