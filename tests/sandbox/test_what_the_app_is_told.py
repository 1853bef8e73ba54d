"""Events, their acknowledgement, their retries, and the shapes Slack gives them."""

import asyncio
import re

from sandbox.limits import Limits
from sandbox.standin import SlackStandin
from sandbox.workspace import Channel, User


async def test_an_unhandled_event_is_never_acknowledged_and_comes_four_times(manifest, bolt_app, in_socket_mode):
    """Bolt answers 404 inside; over Socket Mode that is silence, so Slack tries again."""
    limits = Limits(ack_timeout=0.4, retry_delays=(0.0, 0.05, 0.05))
    async with SlackStandin(manifest, limits=limits) as slack, in_socket_mode(slack, bolt_app(slack)):
        await slack.person("U0ALICE").says("hello")
        delivery = await slack.record.deliveries[0].done()
        assert not delivery.acked
        assert [attempt.number for attempt in delivery.attempts] == [0, 1, 2, 3]


async def test_a_last_catch_all_acknowledges_everything(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        app, alice = bolt_app(slack), slack.person("U0ALICE")

        @app.event(re.compile(".*"))
        async def rest():
            pass

        async with in_socket_mode(slack, app):
            asked = await alice.says("<@U0BOT> hello", "C0GENERAL")
            await alice.edits(asked["ts"], "other", "C0GENERAL")
            await alice.opens()
            assert [(await delivery.done()).acked for delivery in slack.record.deliveries] == [True] * 4


async def test_an_event_is_lost_when_the_first_auth_test_is_refused(manifest, echo_app, in_socket_mode):
    """Bolt acknowledges it with an apology nobody sees; no retry follows."""
    async with SlackStandin(manifest) as slack:
        slack.fail("auth.test", "internal_error")
        async with in_socket_mode(slack, echo_app(slack)):
            await slack.person("U0ALICE").says("<@U0BOT> hello", "C0GENERAL")
            lost = [await delivery.done() for delivery in slack.record.deliveries]
            assert all(delivery.acked and len(delivery.attempts) == 1 for delivery in lost)
            assert any("apologize" in str(delivery.ack_payload) for delivery in lost)


async def test_retries_carry_their_number_and_duplicates_the_same_event_id(manifest, bolt_app, in_socket_mode):
    limits = Limits(ack_timeout=0.4, retry_delays=(0.0,))
    async with SlackStandin(manifest, limits=limits) as slack:
        app, seen = bolt_app(slack), []

        @app.middleware
        async def slow_once(body, req, next):
            seen.append((body["event_id"], req.headers.get("x-slack-retry-num")))
            if len(seen) == 1:
                await asyncio.sleep(0.6)  # a middleware runs before the acknowledgement
            await next()

        @app.event("message")
        async def message():
            pass

        async with in_socket_mode(slack, app):
            await slack.person("U0ALICE").says("hello")
            delivery = await slack.record.deliveries[0].done()
            await slack.redeliver(delivery)
            await slack.wait_for(lambda: len(seen) == 3)
            assert [number for _, number in seen[:2]] == [["0"], ["1"]]
            assert len({event_id for event_id, _ in seen}) == 1


async def test_a_mention_in_a_channel_comes_twice_with_two_event_ids(manifest, echo_app, in_socket_mode):
    async with SlackStandin(manifest) as slack, in_socket_mode(slack, echo_app(slack)):
        alice = slack.person("U0ALICE")
        await alice.says("<@U0BOT> hello", "C0GENERAL")
        await alice.says("<@U0BOT> hello")
        await slack.quiet()
        told = [delivery.payload for delivery in slack.record.deliveries]
        told = [body for body in told if not body["event"].get("bot_id")]
        assert sorted((body["event"]["type"], body["event"]["channel"]) for body in told) == [
            ("app_mention", "C0GENERAL"),
            ("message", "C0GENERAL"),
            ("message", "D0ALICE"),
        ]
        one, other = (body for body in told if body["event"]["channel"] == "C0GENERAL")
        assert one["event_id"] != other["event_id"]
        assert one["event"]["ts"] == other["event"]["ts"]


async def test_an_event_can_be_delivered_in_several_copies(manifest, echo_app, in_socket_mode):
    async with SlackStandin(manifest) as slack, in_socket_mode(slack, echo_app(slack)):
        await slack.person("U0ALICE").says("hello", copies=2)
        one, other = slack.record.deliveries
        assert one.payload["event_id"] == other.payload["event_id"]


async def test_an_edit_and_a_delete_are_messages_with_a_subtype(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        app, alice, seen = bolt_app(slack), slack.person("U0ALICE"), []

        @app.event("message")
        async def message(event):
            seen.append(event.get("subtype"))

        async with in_socket_mode(slack, app):
            said = await alice.says("one")
            await alice.edits(said["ts"], "two")
            await alice.deletes(said["ts"])
            await slack.wait_for(lambda: len(seen) == 3)
            assert sorted(map(str, seen)) == ["None", "message_changed", "message_deleted"]


async def test_another_bot_mentions_the_app_without_a_user(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        app, seen = bolt_app(slack), []

        @app.event("app_mention")
        async def mention(event, context):
            seen.append((event.get("user"), context.user_id, event["bot_id"]))

        @app.event("message")
        async def message():
            pass

        async with in_socket_mode(slack, app):
            await slack.other_bot_says("<@U0BOT> build failed")
            await slack.wait_for(lambda: seen)
            assert seen == [(None, None, "B0OTHER")]


async def test_a_slack_connect_guest_is_marked_with_their_own_team(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        slack.workspace.add_user(User(id="U0OUT", name="out", team_id="T0OTHER", is_stranger=True))
        members = ["U0BOT", "U0ALICE", "U0OUT"]
        shared = Channel(id="C0SHARED", name="shared", members=members, is_ext_shared=True)
        slack.workspace.add_channel(shared)
        app, seen = bolt_app(slack), []

        @app.event("app_mention")
        async def mention(context, body):
            whose = context.team_id, context.actor_team_id, context.actor_user_id
            seen.append((body["is_ext_shared_channel"], *whose))

        @app.event("message")
        async def message():
            pass

        async with in_socket_mode(slack, app):
            await slack.person("U0OUT").says("<@U0BOT> leak?", "C0SHARED")
            await slack.wait_for(lambda: seen)
            assert seen == [(True, "T0STANDIN", "T0OTHER", "U0OUT")]


async def test_a_channel_the_bot_is_not_in_tells_it_nothing(manifest):
    async with SlackStandin(manifest) as slack:
        slack.workspace.add_channel(Channel(id="C0OTHER", name="other", members=["U0ALICE"]))
        await slack.person("U0ALICE").says("<@U0BOT> hello", "C0OTHER")
        assert not slack.record.deliveries
