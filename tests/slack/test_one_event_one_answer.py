"""One event, one answer: duplicates, retries, twins, lost replies and limits change nothing."""

import asyncio
import re
import sqlite3
from pathlib import Path

import pytest

from bot.state import State
from tests.slack.slack_world import GENERAL, MENTION, QUOTE, answered

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
