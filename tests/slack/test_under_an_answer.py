"""The buttons under an answer: feedback, passages, sharing, asking the communications team."""

from contextlib import closing

import pytest

from bot.slack import buttons, serving
from bot.state import Arrival, State
from sandbox.standin import SlackStandin
from tests.slack.slack_world import (
    GENERAL,
    MENTION,
    PAGE,
    QUOTE,
    SOON,
    Pages,
    World,
    answered,
    citation,
    not_found,
    settings_for,
)


def remarks(world):
    state = State(world.settings.state)
    try:
        return [(r.kind, r.question, r.reason, r.documents) for r in state.remarks()]
    finally:
        state.close()


async def asked_by_alice(world, question="How many?"):
    return await world.reply(await world.alice.says(f"{MENTION} {question}", GENERAL))


async def test_a_helpful_answer_is_noted_and_the_person_thanked(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        await world.bob.clicks(reply["ts"], "feedback", f"{1}:yes", GENERAL)
        thanks = await world.whisper()
        assert "helpful" in thanks["text"] and thanks["ephemeral_to"] == "U0BOB"
        assert remarks(world) == [("helpful", "How many?", "", "hopes-2024")]


async def test_an_answer_that_did_not_help_is_noted_with_its_reason(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        await world.alice.clicks(reply["ts"], "feedback", "1:no", GENERAL)
        window = await world.window("What was wrong?")
        assert remarks(world) == [("not helpful", "How many?", "", "hopes-2024")]
        submitted = await world.alice.submits(
            window["id"],
            {
                "kind": {"kind": {"type": "radio_buttons", "selected_option": {"value": "1"}}},
                "words": {"words": {"type": "plain_text_input", "value": "It is 3,000 now"}},
            },
        )
        assert submitted.ack_payload["response_action"] == "update"
        assert remarks(world) == [("not helpful", "How many?", "It is out of date. It is 3,000 now", "hopes-2024")]


async def test_a_reason_may_be_left_out_and_personal_data_in_it_is_not_kept(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        await world.alice.clicks(reply["ts"], "feedback", "1:no", GENERAL)
        window = await world.window("What was wrong?")
        await world.alice.submits(window["id"], {"kind": {"kind": {}}, "words": {"words": {"value": None}}})
        assert remarks(world)[0][2] == ""
        await world.alice.clicks(reply["ts"], "feedback", "1:no", GENERAL)
        window = await world.window("What was wrong?")
        await world.alice.submits(
            window["id"], {"kind": {"kind": {}}, "words": {"words": {"value": "he is 943 476 5919"}}}
        )
        assert remarks(world)[0][2] == "[removed]"


async def test_a_second_opinion_replaces_the_first(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        await world.alice.clicks(reply["ts"], "feedback", "1:no", GENERAL)
        await world.window("What was wrong?")
        await world.alice.clicks(reply["ts"], "feedback", "1:yes", GENERAL)
        await world.whisper()
        assert [kind for kind, *_ in remarks(world)] == ["helpful"]


async def test_questions_without_an_answer_are_in_the_report_without_anybody_pressing(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = not_found("q")
        await asked_by_alice(world, "q")
        await asked_by_alice(world, "another")
        assert remarks(world) == [("no answer", "q", "", "")]


async def test_the_passages_are_shown_among_the_words_around_them(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        await world.bob.clicks(reply["ts"], "passages", channel=GENERAL)
        window = await world.window("Passages")
        heading, passage = (block["elements"][0]["elements"] for block in window["blocks"])
        assert heading[1]["url"].startswith("https://trust.example/hopes#:~:text=")
        assert [run["text"] for run in passage] == list(PAGE.partition(QUOTE))
        assert [bool(run.get("style")) for run in passage] == [False, True, False]


async def test_a_page_that_has_changed_since_is_said_to_have_and_not_quoted_again(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        world.pages.documents.clear()
        await world.bob.clicks(reply["ts"], "passages", channel=GENERAL)
        window = await world.window("Passages")
        assert "HOPE(S) conference" in str(window) and "The page has changed" in str(window)
        assert QUOTE not in str(window) and "trust.example" not in str(window)


async def test_the_passages_are_shown_while_the_bot_is_busy_with_questions(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        world.pages.gate.clear()
        for number in range(4):  # as many as are answered at a time
            await world.bob.says(f"{MENTION} Question {number}?", GENERAL)
        await world.slack.wait_for(lambda: len(world.pages.asked) == 5)
        await world.alice.clicks(reply["ts"], "passages", channel=GENERAL)
        await world.window("Passages")
        world.pages.gate.set()


@pytest.mark.parametrize(
    ("who", "told"),
    [({"is_ultra_restricted": True}, "this account is a guest's"), ({"team_id": "T0OTHER"}, "another organisation")],
)
async def test_who_is_not_answered_may_not_press_the_buttons_either(in_slack, who, told):
    async with in_slack() as world:
        outsider = world.add_person("U0OUTSIDER", **who)
        reply = await asked_by_alice(world)
        await outsider.clicks(reply["ts"], "passages", channel=GENERAL)
        assert told in (await world.whisper())["text"]
        await outsider.clicks(reply["ts"], "feedback", "1:no", GENERAL)
        assert told in (await world.whisper(2))["text"]
        assert world.slack.workspace.views == {}
        assert remarks(world) == []


async def test_a_private_answer_is_shared_once_and_by_its_asker(in_slack):
    async with in_slack() as world:
        await world.alice.commands("/ask", "How many staff were trained?")
        whispered = await world.whisper()
        await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
        [shared] = await world.slack.wait_for(lambda: world.slack.workspace.bot_messages(GENERAL))
        assert shared["text"].startswith("Alice Example asked: How many staff were trained?")
        assert QUOTE in world.bob.sees(GENERAL)
        assert "I have posted the answer" in (await world.whisper(2))["text"]
        await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
        assert "already" in (await world.whisper(3))["text"]
        assert len(world.slack.workspace.bot_messages(GENERAL)) == 1


@pytest.mark.parametrize("gone", ["the page quoted", "a page pointed to"])
async def test_an_answer_whose_page_was_withdrawn_is_not_shared(in_slack, gone):
    async with in_slack() as world:
        if gone == "a page pointed to":
            world.pages.answers["How many?"] = not_found("How many?")
        await world.alice.commands("/ask", "How many?")
        whispered = await world.whisper()
        world.pages.documents.clear()
        await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
        assert "has changed since, or is gone" in (await world.whisper(2))["text"]
        assert world.slack.workspace.bot_messages() == []


@pytest.fixture
async def slack(manifest):
    """A local Slack that outlives the bots in it."""
    async with SlackStandin(manifest, rate_limits=False, limits=SOON) as slack:
        yield slack


async def share_at_a_bad_moment(world, **fault):
    """A private answer whose share has just met a fault of Slack."""
    await world.alice.commands("/ask", "How many?")
    whispered = await world.whisper()
    world.slack.fail("chat.postMessage", **fault)
    await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
    await world.slack.wait_for(lambda: world.slack.record.calls_to("chat.postMessage"))
    return whispered


async def test_an_answer_being_shared_when_the_bot_is_told_to_end_is_posted_first(slack, tmp_path):
    world = World(slack, Pages(), settings_for(slack, tmp_path))
    async with serving.running(world.settings, world.pages) as world.bot:
        await slack.connected()
        whispered = await share_at_a_bad_moment(world, error="ratelimited", status=429, retry_after=1)
    assert len(slack.workspace.bot_messages(GENERAL)) == 1
    async with serving.running(world.settings, world.pages) as world.bot:
        await slack.connected()
        await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
        await slack.wait_for(lambda: "already" in slack.workspace.ephemerals[-1]["text"])
    assert len(slack.workspace.bot_messages(GENERAL)) == 1
    world.broke_no_rule()


@pytest.mark.parametrize("fault", [{"error": "ratelimited", "status": 429, "retry_after": 60}, {"drop": True}])
async def test_an_answer_that_a_restart_kept_from_being_shared_is_shared_once_by_pressing_again(
    slack, tmp_path, monkeypatch, fault
):
    world = World(slack, Pages(), settings_for(slack, tmp_path))
    monkeypatch.setattr(serving, "_TO_FINISH", 0.1)
    async with serving.running(world.settings, world.pages) as world.bot:
        await slack.connected()
        whispered = await share_at_a_bad_moment(world, **fault)
    assert "I cannot see whether this has been posted" in slack.workspace.ephemerals[-1]["text"]
    assert len(slack.workspace.bot_messages(GENERAL)) == ("drop" in fault)
    async with serving.running(world.settings, world.pages) as world.bot:
        await slack.connected()
        await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
        await slack.wait_for(lambda: "I have posted" in slack.workspace.ephemerals[-1]["text"])
    assert len(slack.workspace.bot_messages(GENERAL)) == 1
    world.broke_no_rule()


def test_what_is_posted_once_is_held_by_one_and_looked_for_by_the_next(tmp_path):
    now = [0.0]
    with closing(State(f"sqlite:///{tmp_path}/state.db", now=lambda: now[0])) as state:
        number = state.take(
            Arrival(channel=GENERAL, ts="1.0", thread="1.0", asker="U0ALICE", surface="mention", question="How many?")
        ).id
        assert state.begin(number, "shared", 10.0) == "first"
        assert state.begin(number, "shared", 10.0) == "held"
        assert state.begin(number, "sent_on", 10.0) == "first"  # is another post
        now[0] = 11.0  # whoever held it was killed
        assert state.begin(number, "shared", 10.0) == "again"
        state.end(number, "shared", None)
        assert state.begin(number, "shared", 10.0) == "again"
        state.end(number, "shared", False)
        assert state.begin(number, "shared", 10.0) == "first"
        state.end(number, "shared", True)
        assert state.begin(number, "shared", 10.0) == "done"


async def test_a_long_answer_is_shared_as_one_thread(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = answered("q", answer="All of it. " * 1500)
        await world.alice.commands("/ask", "q")
        whispered = await world.whisper(2)
        await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
        await world.whisper(3)
        first, *rest = world.slack.workspace.bot_messages(GENERAL)
        assert "thread_ts" not in first or first["thread_ts"] == first["ts"]
        assert rest and {message["thread_ts"] for message in rest} == {first["ts"]}


@pytest.mark.parametrize("why", ["shared channel", "not invited", "cannot be read", "not on the list"])
async def test_an_answer_is_not_shared_where_it_must_not_be(in_slack, why):
    options = {"slack": {"declined_scopes": ["channels:read"]}} if why == "cannot be read" else {}
    if why == "not on the list":
        options = {"channels": ("C0ALLOWED",)}
    async with in_slack(**options) as world:
        place = world.add_channel("C0PLACE", is_ext_shared=why == "shared channel")
        if why == "not invited":
            place.members.remove("U0BOT")
        await world.alice.commands("/ask", "How many?", "C0PLACE")
        whispered = await world.whisper()
        await world.alice.clicks(whispered["ts"], "share", channel="C0PLACE")
        assert "Nothing was posted" in (await world.whisper(2))["text"]
        assert world.slack.workspace.bot_messages() == []


async def test_the_communications_team_is_asked_when_the_asker_agrees(in_slack):
    async with in_slack(comms_channel="C0COMMS") as world:
        world.add_channel("C0COMMS")
        world.pages.answers["Who is the chair?"] = not_found("Who is the chair?")
        reply = await asked_by_alice(world, "Who is the chair?")
        await world.alice.clicks(reply["ts"], "ask_comms", channel=GENERAL)
        window = await world.window("Ask comms")
        assert "Alice Example" in str(window)  # they are told what will be seen
        assert world.slack.workspace.bot_messages("C0COMMS") == []
        await world.alice.submits(
            window["id"], {"question": {"question": {"value": "Who is the *chair* & vice-chair <now>?"}}}
        )
        [sent] = await world.slack.wait_for(lambda: world.slack.workspace.bot_messages("C0COMMS"))
        assert (
            "Alice Example asks" in sent["text"] and "Who is the *chair* &amp; vice-chair &lt;now&gt;?" in sent["text"]
        )
        views = world.slack.workspace.views
        await world.slack.wait_for(lambda: "has your question now" in str(views))

        await world.alice.clicks(reply["ts"], "ask_comms", channel=GENERAL)
        again = await world.window("Ask comms")
        await world.alice.submits(again["id"], {"question": {"question": {"value": "Who?"}}})
        await world.slack.wait_for(lambda: "has been sent to the communications team already" in str(views))
        assert len(world.slack.workspace.bot_messages("C0COMMS")) == 1


async def test_a_question_with_personal_data_is_not_sent_to_the_communications_team(in_slack):
    async with in_slack(comms_channel="C0COMMS") as world:
        world.add_channel("C0COMMS")
        world.pages.answers["q"] = not_found("q")
        reply = await asked_by_alice(world, "q")
        await world.alice.clicks(reply["ts"], "ask_comms", channel=GENERAL)
        window = await world.window("Ask comms")
        sent = await world.alice.submits(window["id"], {"question": {"question": {"value": "Is 943 476 5919 well?"}}})
        assert sent.ack_payload["response_action"] == "errors"
        await world.quiet()
        assert world.slack.workspace.bot_messages("C0COMMS") == []


async def test_a_question_being_sent_on_when_the_bot_is_told_to_end_is_sent_first(slack, tmp_path, monkeypatch):
    monkeypatch.setattr(buttons, "_IN_TIME", 0.2)
    world = World(slack, Pages(), settings_for(slack, tmp_path, comms_channel="C0COMMS"))
    world.add_channel("C0COMMS")
    world.pages.answers["q"] = not_found("q")
    async with serving.running(world.settings, world.pages) as world.bot:
        await slack.connected()
        reply = await asked_by_alice(world, "q")
        await world.alice.clicks(reply["ts"], "ask_comms", channel=GENERAL)
        window = await world.window("Ask comms")
        slack.fail("chat.postMessage", "ratelimited", status=429, retry_after=1)
        submitted = await world.alice.submits(window["id"], {"question": {"question": {"value": "q"}}})
        assert "I am sending your question" in str(submitted.ack_payload)
    assert len(slack.workspace.bot_messages("C0COMMS")) == 1
    assert "has your question now" in str(slack.workspace.views)
    world.broke_no_rule()


async def test_somebody_else_does_not_send_the_question_to_the_communications_team(in_slack):
    async with in_slack(comms_channel="C0COMMS") as world:
        world.pages.answers["q"] = not_found("q")
        reply = await asked_by_alice(world, "q")
        await world.bob.clicks(reply["ts"], "ask_comms", channel=GENERAL)
        assert "Only the person who asked" in (await world.whisper())["text"]


async def test_a_communications_channel_the_bot_is_not_in_is_said_to_be_out_of_reach(in_slack):
    async with in_slack(comms_channel="C0COMMS") as world:
        world.pages.answers["q"] = not_found("q")
        reply = await asked_by_alice(world, "q")
        await world.alice.clicks(reply["ts"], "ask_comms", channel=GENERAL)
        window = await world.window("Ask comms")
        await world.alice.submits(window["id"], {"question": {"question": {"value": "Who?"}}})
        await world.slack.wait_for(lambda: "was not sent" in str(world.slack.workspace.views))


async def test_buttons_of_an_answer_that_was_deleted_say_so(in_slack):
    async with in_slack() as world:
        reply = await asked_by_alice(world)
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        await world.alice.clicks_in_view(home["id"], "forget")
        await world.quiet()
        await world.alice.clicks(reply["ts"], "passages", channel=GENERAL)
        assert "no longer keep" in (await world.whisper())["text"]


async def test_feedback_works_under_the_longest_answers_too(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = answered(
            "q", answer="So. " * 4000, citations=tuple(citation(number=n) for n in range(1, 60))
        )
        reply = await asked_by_alice(world, "q")
        await world.alice.clicks(reply["ts"], "feedback", "1:yes", GENERAL)
        await world.whisper()
        assert [kind for kind, *_ in remarks(world)] == ["helpful"]
