"""Every status, and every reason not to answer, has its own words and only the buttons that make sense."""

from contextlib import closing
from dataclasses import replace

import pytest

from bot.answers import Answer
from bot.state import State
from tests.slack.slack_world import GENERAL, MENTION, QUOTE, answered, citation, not_found


def plain(question, status, text):
    return Answer(id=None, question=question, status=status, answer=text)


STATUSES = {
    "answered": answered("q", notes=("This is more than a year old.",)),
    "partial": answered("q", status="partial", notes=("I found nothing about Leeds.",)),
    "not_found": not_found("q"),
    "clarification": plain("q", "clarification", "Do you mean the ward or the trust?"),
    "help": plain("q", "help", "You can ask me about programmes."),
    "out_of_scope": plain("q", "out_of_scope", "I only know the trust's pages."),
    "refused": plain("[removed]", "refused", "Please leave out personal data."),
    "signposted": plain("q", "signposted", "Call 999 if somebody is in danger."),
    "error": plain("q", "error", "Something went wrong."),
}
BUTTONS = {
    "answered": "[Show passages]|[Helpful] [Not helpful]",
    "partial": "[Show passages] [Ask comms]|[Helpful] [Not helpful]",
    "not_found": "[Ask comms]|[Helpful] [Not helpful]",
    "clarification": "[Helpful] [Not helpful]",
    "out_of_scope": "[Helpful] [Not helpful]",
}


@pytest.mark.parametrize("status", STATUSES)
async def test_every_status_is_shown_with_its_words_and_its_buttons(in_slack, status):
    async with in_slack(comms_channel="C0COMMS") as world:
        world.pages.answers["q"] = STATUSES[status]
        reply = await world.reply(await world.alice.says(f"{MENTION} q", GENERAL))
        seen = world.alice.sees(GENERAL)
        assert STATUSES[status].answer in reply["text"]
        assert STATUSES[status].answer in seen
        assert all(note in seen and note in reply["text"] for note in STATUSES[status].notes)
        buttons = "|".join(line.strip() for line in seen.splitlines() if line.strip().startswith("["))
        assert buttons.removeprefix("[1]|") == BUTTONS.get(status, "")


async def test_pages_close_to_a_question_without_an_answer_are_offered_with_their_links(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = not_found("q")
        reply = await world.reply(await world.alice.says(f"{MENTION} q", GENERAL))
        assert "Pages you could look at\n• HOPE(S) conference https://trust.example/hopes" in reply["text"]
        assert '"url": "https://trust.example/hopes"' in str(reply["blocks"]).replace("'", '"')


async def test_a_summary_links_to_its_page_and_not_to_words_the_page_does_not_have(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = answered("q", citations=(citation(summary=True),))
        reply = await world.reply(await world.alice.says(f"{MENTION} q", GENERAL))
        assert "our summary of the page" in reply["text"]
        assert "https://trust.example/hopes" in reply["text"]
        assert ":~:text=" not in str(reply)


async def test_an_error_while_answering_is_told_once_and_without_its_details(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = RuntimeError("secret: /srv/bot")
        reply = await world.reply(await world.alice.says(f"{MENTION} q", GENERAL))
        assert "Something went wrong" in reply["text"]
        assert "secret" not in str(reply)
        assert len(world.slack.workspace.bot_messages()) == 1


async def test_an_answer_without_words_is_an_error_and_not_silence(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = answered("q", answer="  ", citations=())
        reply = await world.reply(await world.alice.says(f"{MENTION} q", GENERAL))
        assert "Something went wrong" in reply["text"]


@pytest.mark.parametrize("text", ["help", "what can you do?"])
async def test_who_asks_for_help_in_a_thread_of_the_bot_s_gets_it(in_slack, text):
    async with in_slack() as world:
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(asked)
        await world.alice.says(text, GENERAL, asked["ts"])
        assert "Ask me about the trust's programmes" in (await world.reply(asked, count=2))["text"]


# -- who and where is not answered


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"is_restricted": True}, "a guest's"),
        ({"is_ultra_restricted": True}, "a guest's"),
        ({"is_stranger": True}, "another organisation"),
        ({"team_id": "T0OTHER"}, "another organisation"),
        ({"deleted": True}, "could not check"),
    ],
)
async def test_guests_strangers_and_people_of_other_organisations_are_turned_away(in_slack, about, said):
    async with in_slack() as world:
        person = world.add_person("U0CAROL", **about)
        await person.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        assert said in (await world.whisper())["text"]
        await person.commands("/ask", "What is HOPE(S)?")
        assert said in (await world.whisper(2))["text"]
        await person.says("What is HOPE(S)?")
        [told] = await world.slack.wait_for(lambda: world.slack.workspace.bot_messages(person.dm.id))
        assert said in told["text"]
        await world.quiet()
        assert world.pages.asked == []
        assert world.slack.workspace.bot_messages(GENERAL) == []


async def test_guests_are_answered_where_that_is_allowed(in_slack):
    async with in_slack(allow_guests=True) as world:
        guest = world.add_person("U0GUEST", is_restricted=True)
        await world.reply(await guest.says(f"{MENTION} What is HOPE(S)?", GENERAL))
        assert QUOTE in world.bob.sees(GENERAL)


async def test_whoever_slack_will_not_tell_of_is_not_answered(in_slack):
    async with in_slack() as world:
        world.slack.fail("users.info", "internal_error", times=10)
        await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        assert "could not check with Slack" in (await world.whisper())["text"]
        assert world.pages.asked == []


async def test_without_the_scope_to_look_people_up_nobody_is_answered(in_slack, manifest):
    manifest["oauth_config"]["scopes"]["bot"].remove("users:read")
    async with in_slack() as world:
        await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        assert "could not check with Slack" in (await world.whisper())["text"]
        assert world.pages.asked == []


async def test_a_channel_shared_with_another_organisation_is_not_answered_in(in_slack):
    async with in_slack() as world:
        world.add_channel("C0SHARED", is_ext_shared=True)
        await world.alice.says(f"{MENTION} What is HOPE(S)?", "C0SHARED")
        assert "shared with another organisation" in (await world.whisper())["text"]
        assert "shared with another" not in world.bob.sees("C0SHARED")
        assert world.pages.asked == []


async def test_a_shared_channel_is_answered_in_where_that_is_allowed(in_slack):
    async with in_slack(allow_shared_channels=True) as world:
        world.add_channel("C0SHARED", is_ext_shared=True)
        await world.reply(await world.alice.says(f"{MENTION} What is HOPE(S)?", "C0SHARED"), "C0SHARED")


async def test_only_the_channels_on_the_list_are_answered_in(in_slack):
    async with in_slack(channels=("C0ALLOWED",)) as world:
        world.add_channel("C0ALLOWED")
        await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        assert "not been allowed to answer in this channel" in (await world.whisper())["text"]
        assert world.pages.asked == []
        await world.reply(await world.alice.says(f"{MENTION} What is HOPE(S)?", "C0ALLOWED"), "C0ALLOWED")
        await world.reply(await world.alice.says("What is HOPE(S)?"), world.alice.dm.id)


async def test_a_question_too_long_is_neither_answered_nor_kept(in_slack):
    async with in_slack(question_length=50) as world:
        await world.alice.says(f"{MENTION} {'why ' * 20}", GENERAL)
        assert "longer than 50 characters" in (await world.whisper())["text"]
        await world.reply(await world.alice.says(f"{MENTION} {'w' * 50}", GENERAL))
        assert len(world.pages.asked) == 1


async def test_who_asks_too_fast_is_asked_to_wait_and_others_are_not(in_slack):
    async with in_slack(questions_a_minute=2) as world:
        for text in ("one?", "two?"):
            await world.reply(await world.alice.says(f"{MENTION} {text}", GENERAL))
        await world.alice.says(f"{MENTION} three?", GENERAL)
        assert "more than 2 questions within a minute" in (await world.whisper())["text"]
        await world.reply(await world.bob.says(f"{MENTION} four?", GENERAL))
        assert [question.text for question in world.pages.asked] == ["one?", "two?", "four?"]


async def test_of_many_questions_at_once_as_many_are_answered_as_are_allowed(in_slack):
    async with in_slack(questions_a_minute=3) as world:
        asked = [await world.alice.says(f"{MENTION} {n}?", GENERAL) for n in range(5)]
        await world.whisper(2)
        assert sum(len(world.replies(message["ts"])) for message in asked) == 3


async def test_deleting_ones_history_does_not_let_one_ask_faster(in_slack):
    async with in_slack(questions_a_minute=1) as world:
        await world.reply(await world.alice.says(f"{MENTION} one?", GENERAL))
        with closing(State(world.settings.state)) as state:
            state.forget("U0ALICE")
        await world.alice.says(f"{MENTION} two?", GENERAL)
        assert "more than 1 questions within a minute" in (await world.whisper())["text"]


async def test_who_taps_programmes_too_fast_is_asked_to_wait(in_slack):
    async with in_slack(questions_a_minute=1) as world:
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        for said in (QUOTE, "more than 1 questions within a minute"):
            await world.alice.clicks_in_view(home["id"], "programme:0")
            window = await world.window("Answer")
            await world.slack.wait_for(lambda said=said, w=window: said in str(world.slack.workspace.views[w["id"]]))


async def test_a_crisis_is_not_offered_to_be_shared(in_slack):
    async with in_slack() as world:
        world.pages.answers["q"] = STATUSES["signposted"]
        await world.alice.commands("/ask", "q")
        assert "Call 999" in (await world.whisper())["text"]
        assert "[Share with channel]" not in world.alice.sees(GENERAL)


async def test_what_is_removed_from_a_question_is_not_shown_again(in_slack):
    async with in_slack() as world:
        refused = replace(STATUSES["refused"], question="[removed]")
        world.pages.answers["Tell me of patient 943 476 5919"] = refused
        await world.alice.commands("/ask", "Tell me of patient 943 476 5919")
        whispered = await world.whisper()
        assert whispered["text"] == "Please leave out personal data."
        assert "[Share with channel]" not in world.alice.sees(GENERAL)
