"""Restarts: what a process that stopped or died left behind is answered once, or apologised for."""

import asyncio
import os
import signal
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
from tests.slack.slack_world import GENERAL, MENTION, QUOTE, SOON, Pages, World, settings_for

HERE = Path(__file__).parent


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
