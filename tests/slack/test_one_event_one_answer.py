"""One event, one answer: duplicates, retries, twins, lost replies, limits and restarts change nothing."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.state import Arrival, State
from sandbox.limits import Limits
from sandbox.standin import SlackStandin
from sandbox.workspace import Session
from tests.slack.slack_world import GENERAL, MENTION, QUOTE, SOON, Pages, World, answered, settings_for

HERE = Path(__file__).parent


async def wants_private_answers(world):
    state = State(world.settings.state)
    await asyncio.to_thread(state.set_private, "U0ALICE", True)
    state.close()


async def test_an_event_that_comes_five_times_is_answered_once(in_slack):
    async with in_slack() as world:
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL, copies=5)
        await world.reply(asked)
        for delivery in list(world.slack.record.deliveries):
            await world.slack.redeliver(delivery)
        await world.quiet()
        assert len(world.replies(asked["ts"])) == 1
        assert len(world.pages.asked) == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_twenty_people_at_once_each_get_one_answer(in_slack, seed):
    async with in_slack(slack={"seed": seed}) as world:
        people = [world.add_person(f"U0P{i:02}") for i in range(20)]
        asked = await asyncio.gather(
            *(person.says(f"{MENTION} question {i}?", GENERAL, copies=1 + i % 3) for i, person in enumerate(people))
        )
        await world.slack.wait_for(lambda: len(world.slack.workspace.bot_messages(GENERAL)) >= 20, 30)
        await world.quiet()
        assert [len(world.replies(message["ts"])) for message in asked] == [1] * 20
        assert sorted(question.text for question in world.pages.asked) == sorted(f"question {i}?" for i in range(20))


async def test_commands_are_acknowledged_while_every_worker_is_busy(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        people = [world.add_person(f"U0P{i:02}") for i in range(12)]
        for i, person in enumerate(people):
            await person.says(f"{MENTION} question {i}?", GENERAL)
        command = await world.alice.commands("/ask", "What is HOPE(S)?")
        assert command.acked
        world.pages.gate.set()
        await world.whisper()
        await world.slack.wait_for(lambda: len(world.slack.workspace.bot_messages(GENERAL)) >= 12, 20)


async def test_questions_of_one_thread_are_answered_in_order(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        first = await world.alice.says("one?")
        await world.alice.says("two?", thread_ts=first["ts"])
        await world.alice.says("three?", thread_ts=first["ts"])
        world.pages.gate.set()
        await world.reply(first, world.alice.dm.id, count=3)
        assert [len(question.history) for question in world.pages.asked] == [0, 1, 2]


# -- what Slack and the network do


async def test_an_answer_whose_reply_was_lost_is_not_posted_again(in_slack):
    async with in_slack() as world:
        world.slack.fail("chat.postMessage", drop=True)
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.slack.wait_for(lambda: world.slack.record.calls_to("conversations.replies"), 10)
        await world.quiet(1.0)
        assert len(world.replies(asked["ts"])) == 1


async def test_an_answer_whose_reply_cannot_be_read_is_not_posted_again(in_slack):
    async with in_slack() as world:
        world.slack.fail("chat.postMessage", cut=True)
        world.slack.fail("assistant.threads.setStatus", cut=True)
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.slack.wait_for(lambda: world.slack.record.calls_to("conversations.replies"), 10)
        await world.quiet()
        assert [QUOTE in message["text"] for message in world.replies(asked["ts"])] == [True]


async def test_an_answer_that_slack_failed_to_post_is_posted_again(in_slack):
    async with in_slack() as world:
        world.slack.fail("chat.postMessage", "internal_error", status=503)
        asked = await world.alice.says("What is HOPE(S)?")
        await world.reply(asked, world.alice.dm.id)
        assert len(world.replies(asked["ts"], world.alice.dm.id)) == 1


async def test_while_slack_cannot_be_asked_whether_the_answer_is_there_it_is_not_repeated(in_slack):
    async with in_slack() as world:
        world.slack.fail("chat.postMessage", drop=True)
        world.slack.fail("conversations.replies", "internal_error", status=500)
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.slack.wait_for(lambda: len(world.slack.record.calls_to("conversations.replies")) > 1, 15)
        await world.quiet(1.0)
        assert len(world.slack.record.calls_to("chat.postMessage")) == 1
        assert len(world.replies(asked["ts"])) == 1


async def test_without_leave_to_look_the_asker_is_told_instead(in_slack):
    async with in_slack(slack={"declined_scopes": ["channels:history"]}) as world:
        world.slack.fail("chat.postMessage", drop=True)
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        told = await world.whisper()
        assert "If you do not see it, please ask again" in told["text"]
        assert told["ephemeral_to"] == "U0ALICE"
        assert len(world.replies(asked["ts"])) == 1


async def test_a_private_answer_arrives_once_slack_is_back(in_slack):
    async with in_slack() as world:
        await wants_private_answers(world)
        world.slack.fail("chat.postEphemeral", status=503, times=2)
        world.slack.fail("response_url", status=503)
        world.slack.fail("response_url", status=429, retry_after=1)
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.alice.commands("/ask", "What is HOPE(S)?")
        await world.whisper(2)
        assert [QUOTE in whisper["text"] for whisper in world.slack.workspace.ephemerals] == [True, True]
        assert world.replies(asked["ts"]) == world.slack.workspace.bot_messages(world.alice.dm.id) == []


async def test_whoever_cannot_be_told_of_a_lost_answer_where_they_asked_is_told_directly(in_slack):
    async with in_slack() as world:
        world.slack.fail("response_url", drop=True)  # the answer
        world.slack.fail("response_url", status=500)  # the remark
        await world.alice.commands("/ask", "What is HOPE(S)?")
        await world.slack.wait_for(lambda: world.slack.workspace.bot_messages(world.alice.dm.id), 10)
        await world.quiet()
        [told] = world.slack.workspace.bot_messages(world.alice.dm.id)
        assert "If you do not see it, please ask again" in told["text"]
        assert len(world.slack.workspace.ephemerals) == 1


@pytest.mark.parametrize("how", [{"drop": True}, {"error": "restricted_action"}])
async def test_the_stop_button_goes_when_the_answer_could_not_be_delivered(in_slack, how):
    async with in_slack(slack={"declined_scopes": ["channels:history"]}) as world:
        world.slack.fail("chat.postMessage", **how)
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.slack.wait_for(lambda: world.slack.workspace.sessions, 10)
        await world.quiet()
        assert world.slack.workspace.sessions[GENERAL, asked["ts"]].status == "active"
        assert "[Stop]" not in world.alice.sees(GENERAL)


async def test_each_message_of_a_long_answer_is_posted_once_when_a_reply_is_lost(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = answered("q", answer=" ".join(f"Line {n}." for n in range(2500)))
        world.slack.fail("chat.postMessage", drop=True)
        asked = await world.alice.says(f"{MENTION} q", GENERAL)
        await world.slack.wait_for(lambda: "[Helpful]" in world.alice.sees(GENERAL), 15)
        await world.quiet()
        texts = [message["text"] for message in world.replies(asked["ts"])]
        assert len(texts) == len(set(texts)) and len(texts) > 2


async def test_a_storm_of_429_delays_answers_and_loses_none(in_slack):
    async with in_slack(slack={"rate_limits": True}) as world:
        world.slack.fail("chat.postMessage", "ratelimited", status=429, retry_after=1, times=2)
        world.slack.fail("assistant.threads.setStatus", "ratelimited", status=429, retry_after=30, times=3)
        asked = [await world.alice.says(f"{MENTION} question {i}?", GENERAL) for i in range(7)]
        await world.slack.wait_for(lambda: len(world.slack.workspace.bot_messages(GENERAL)) >= 7, 30)
        await world.quiet()
        assert [len(world.replies(message["ts"])) for message in asked] == [1] * 7
        refused = [call for call in world.slack.record.calls_to("chat.postMessage") if call.status == 429]
        assert len(refused) <= 7  # each is waited for, and not hammered at


async def test_blocks_that_slack_refuses_are_sent_as_plain_words(in_slack):
    async with in_slack() as world:
        world.slack.fail("chat.postMessage", "invalid_blocks")
        reply = await world.reply(await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL))
        assert QUOTE in reply["text"] and "blocks" not in reply


async def test_blocks_that_slack_refuses_for_one_person_are_sent_to_them_as_plain_words(in_slack):
    async with in_slack() as world:
        await wants_private_answers(world)
        world.slack.fail("chat.postEphemeral", "invalid_blocks")
        await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.whisper()
        world.slack.fail("response_url", "invalid_blocks", status=400)
        await world.alice.commands("/ask", "What is HOPE(S)?")
        await world.whisper(2)
        whispers = world.slack.workspace.ephemerals
        assert [(QUOTE in whisper["text"], "blocks" in whisper) for whisper in whispers] == [(True, False)] * 2
        assert world.slack.workspace.bot_messages() == []


async def test_a_bot_removed_from_the_channel_meanwhile_answers_directly(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.slack.wait_for(lambda: world.pages.asked)
        world.slack.workspace.channels[GENERAL].members.remove("U0BOT")
        world.pages.gate.set()
        await world.slack.wait_for(lambda: world.slack.workspace.bot_messages(world.alice.dm.id), 10)
        assert QUOTE in world.alice.sees()


async def test_a_command_whose_answer_cannot_be_shown_is_answered_directly(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        await world.alice.commands("/ask", "What is HOPE(S)?")
        await world.slack.wait_for(lambda: world.pages.asked)
        world.slack.response_urls._urls.clear()  # thirty minutes have passed
        world.pages.gate.set()
        await world.slack.wait_for(lambda: world.slack.workspace.bot_messages(world.alice.dm.id), 10)
        assert QUOTE in world.alice.sees()


async def test_what_a_command_s_five_messages_do_not_hold_of_an_answer_follows_directly(in_slack):
    async with in_slack() as world:
        lines = [f"Line {n:04}." for n in range(5000)]
        world.pages.answers["q"] = answered("q", answer=" ".join(lines))
        await world.alice.commands("/ask", "q")
        await world.slack.wait_for(lambda: "[Helpful]" in world.alice.sees(), 15)
        await world.quiet()
        shown = [*world.slack.workspace.ephemerals, *world.slack.workspace.bot_messages(world.alice.dm.id)]
        assert len(world.slack.workspace.ephemerals) == 5
        assert re.findall(r"Line \d+\.", " ".join(message["text"] for message in shown)) == lines


async def test_an_event_is_acknowledged_only_once_it_is_written_down(in_slack, tmp_path):
    async with in_slack() as world:
        lock = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")  # somebody else is writing
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        deliveries = world.slack.record.deliveries
        await world.slack.wait_for(lambda: any(len(delivery.attempts) > 1 for delivery in deliveries))
        assert not any(delivery.acked for delivery in deliveries)
        lock.execute("ROLLBACK")
        lock.close()
        await world.reply(asked)
        assert len(world.replies(asked["ts"])) == 1


async def test_a_revoked_token_ends_the_bot(in_slack):
    async with in_slack() as world:
        await world.slack.admin_uninstalls()
        await asyncio.wait_for(world.bot.ending.wished.wait(), 10)
        assert world.bot.ending.revoked == "account_inactive"


async def test_a_token_found_revoked_while_answering_ends_the_bot(in_slack):
    async with in_slack() as world:
        world.slack.fail("chat.postMessage", "token_revoked")
        await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await asyncio.wait_for(world.bot.ending.wished.wait(), 10)
        assert len(world.slack.record.calls_to("chat.postMessage")) == 1


# -- restarts


async def test_a_bot_told_to_stop_finishes_what_it_is_doing(in_slack):
    async with in_slack(slack={"limits": Limits(ack_timeout=0.5, retry_delays=(0.1,))}) as world:
        world.pages.gate.clear()
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.slack.wait_for(lambda: world.pages.asked)
        asyncio.get_running_loop().call_later(0.5, world.pages.gate.set)
    assert len(world.replies(asked["ts"])) == 1


async def test_an_event_answered_before_a_restart_is_not_answered_after_it(in_slack):
    async with in_slack() as world:
        await world.reply(await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL))
        payload = world.slack.record.deliveries[0].payload
    async with in_slack() as world:
        delivery = world.slack.outbox.send("events_api", payload)
        await delivery.done()
        await world.quiet()
        assert delivery.acked and world.pages.asked == []


def left(world, asked, *, surface="mention", age=60.0, delivering=False, attempts=1, text="What is HOPE(S)?", url=None):
    """A question that a process which has died took and did not finish."""
    now = time.time()
    state = State(world.settings.state, now=lambda: now - age, lease=age + 60.0)  # the bot may not take it before
    arrival = Arrival(
        channel=asked.get("channel", GENERAL),
        ts=asked["ts"],
        thread=asked["ts"],
        asker="U0ALICE",
        surface=surface,
        question=text,
        reply_url=url,
    )
    pending = state.take(arrival)
    if delivering:
        state.delivering(pending.id)
    state.close()
    for attempt in range(1, attempts):
        later = State(world.settings.state, now=lambda at=now + 100.0 * attempt: at, lease=0.0)
        later.take_over()
        later.close()
    let_go = State(world.settings.state, now=lambda: now - age, lease=0.0)
    let_go.renew([pending.id])
    let_go.close()


async def test_a_question_left_by_a_process_that_died_is_answered(in_slack):
    async with in_slack(lease=0.3) as world:
        asked = await world.alice.says("a message nobody answers", GENERAL)
        left(world, asked)
        assert QUOTE in (await world.reply(asked))["text"]
        await asyncio.sleep(0.5)  # it is not taken over once more
        assert len(world.replies(asked["ts"])) == 1


async def test_an_answer_that_may_have_been_delivered_is_looked_for_first(in_slack):
    async with in_slack(lease=0.3) as world:
        there = await world.alice.says("one", GENERAL)
        payload = {"question": there["ts"], "part": 0}
        world.slack.post(
            world.slack.workspace.channels[GENERAL],
            world.slack.bot_message(
                {
                    "text": "the answer",
                    "thread_ts": there["ts"],
                    "metadata": {"event_type": "trustbot_answer", "event_payload": payload},
                }
            ),
        )
        missing = await world.alice.says("two", GENERAL)
        left(world, there, delivering=True)
        left(world, missing, delivering=True)
        await world.reply(missing)
        assert [message["text"] for message in world.replies(there["ts"])] == ["the answer"]


@pytest.mark.parametrize("how", [{"age": 3600.0}, {"attempts": 4}, {"text": "[removed]"}])
async def test_a_question_that_is_too_old_or_has_ended_several_processes_is_apologised_for(in_slack, how):
    async with in_slack(lease=0.3) as world:
        asked = await world.alice.says("a message nobody answers", GENERAL)
        left(world, asked, **how)
        assert "I was interrupted" in (await world.reply(asked))["text"]
        assert world.pages.asked == []


async def test_the_stop_button_of_a_process_that_died_goes_when_its_question_is_apologised_for(in_slack):
    async with in_slack(lease=0.3) as world:
        asked = await world.alice.says("a message nobody answers", GENERAL)
        world.slack.workspace.sessions[GENERAL, asked["ts"]] = Session(None, status="processing")
        left(world, asked, age=3600.0)
        await world.reply(asked)
        assert world.slack.workspace.sessions[GENERAL, asked["ts"]].status == "active"


async def test_a_private_answer_that_may_have_been_delivered_is_not_shown_again(in_slack):
    async with in_slack(lease=0.3) as world:
        url = world.slack.url + world.slack.response_urls.new("U0ALICE", GENERAL).path
        left(world, {"ts": "trigger.1"}, surface="command", delivering=True, url=url)
        assert "If you do not see it" in (await world.whisper())["text"]
        assert world.pages.asked == []


@asynccontextmanager
async def bot_process(slack, folder, gate):
    settings = settings_for(slack, folder, health="off")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TRUSTBOT_SLACK_BOT_TOKEN": slack.app.bot_token,
        "TRUSTBOT_SLACK_APP_TOKEN": slack.app.app_token,
        "TRUSTBOT_SLACK_API_URL": slack.api_url,
        "TRUSTBOT_STATE": settings.state,
        "TRUSTBOT_HEALTH": "off",
    }
    command = [sys.executable, str(HERE / "bot_process.py"), str(gate), "1.0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            await slack.connected(timeout=30)
            yield process
        finally:
            if process.poll() is None:
                process.kill()


async def test_a_bot_killed_while_it_answers_answers_once_when_it_is_back(manifest, tmp_path):
    gate = tmp_path / "gate"
    limits = Limits(ack_timeout=1.0, retry_delays=(0.5, 2.0, 4.0))
    async with SlackStandin(manifest, rate_limits=False, limits=limits) as slack:
        world = World(slack, Pages(), settings_for(slack, tmp_path))
        alice, workspace = world.alice, slack.workspace
        async with bot_process(slack, tmp_path, gate) as process:
            public = await alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
            await alice.says("What is HOPE(S)?")
            await slack.wait_for(lambda: len(list(workspace.shown_statuses(GENERAL))) == 1, 10)
            await slack.wait_for(lambda: len(list(workspace.shown_statuses(alice.dm.id))) == 1, 10)
            await slack.quiet()  # what is acknowledged is written down, and is not sent again
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
        slack.socket_mode.connections.clear()
        during = await alice.says(f"{MENTION} And when did it begin?", GENERAL)
        gate.touch()
        async with bot_process(slack, tmp_path, gate) as process:
            await slack.wait_for(lambda: len(workspace.bot_messages()) >= 3, 20)
            await slack.redeliver(slack.record.deliveries[0])
            await slack.quiet(1.0)
            threads = sorted(message["thread_ts"] for message in workspace.bot_messages(GENERAL))
            assert threads == sorted([public["ts"], during["ts"]])
            assert len(workspace.bot_messages(alice.dm.id)) == 1

            process.send_signal(signal.SIGTERM)
            said, logged = await asyncio.to_thread(process.communicate)
            assert process.returncode == 0 and said == b""
            assert b"HOPE" not in logged and b"clinical staff" not in logged and b"U0ALICE" not in logged
        world.broke_no_rule()


async def test_a_bot_whose_token_is_revoked_ends_and_says_what_to_do(manifest, tmp_path):
    async with SlackStandin(manifest, limits=SOON) as slack, bot_process(slack, tmp_path, tmp_path / "gate") as process:
        await slack.admin_uninstalls()
        said, _ = await asyncio.to_thread(process.communicate)
        assert process.returncode == 1
        assert b"install the app again" in said
        assert slack.record.problems == [] and slack.record.notified == []
