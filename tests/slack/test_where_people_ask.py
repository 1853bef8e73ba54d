"""Every place where people ask, and what they see there."""

from contextlib import closing

import pytest

from bot.answers import Turn
from bot.state import Arrival, State
from tests.slack.slack_world import GENERAL, MENTION, QUOTE, answered


@pytest.mark.parametrize("over_http", [False, True])
async def test_a_mention_is_answered_in_its_thread_with_the_quote_and_its_source(in_slack, over_http):
    async with in_slack(over_http=over_http) as world:
        asked = await world.alice.says(f"{MENTION} How many staff were trained?", GENERAL)
        reply = await world.reply(asked)
        assert reply["thread_ts"] == asked["ts"]
        assert world.pages.asked[0].text == "How many staff were trained?"
        assert world.bob.sees(GENERAL).splitlines()[2:] == [
            "    Trustbot:",
            "      17 May 2024: “More than 2,400 clinical staff were trained.” [1]",
            "      Sources",
            "      [1] ",
            "      HOPE(S) conference",
            "      , Training, 17 May 2024",
            "      More than 2,400 clinical staff were trained.",
            "      [Show passages]",
            "      [Helpful] [Not helpful]",
        ]


async def test_the_text_of_an_answer_holds_all_of_it_for_those_who_hear_it_read(in_slack):
    async with in_slack() as world:
        reply = await world.reply(await world.alice.says(f"{MENTION} How many?", GENERAL))
        assert reply["text"] == (
            f"17 May 2024: “{QUOTE}” [1]\n\n"
            f"Sources\n[1] HOPE(S) conference, Training, 17 May 2024\n“{QUOTE}”\n"
            "https://trust.example/hopes#:~:text=More%20than%202%2C400%20clinical%20staff%20were%20trained."
        )
        assert (reply["unfurl_links"], reply["unfurl_media"]) == (False, False)


async def test_a_direct_message_is_answered_and_so_is_what_follows_with_its_history(in_slack):
    async with in_slack() as world:
        first = await world.alice.says("What is HOPE(S)?")
        await world.reply(first, world.alice.dm.id)
        second = await world.alice.says("And when did it begin?", thread_ts=first["ts"])
        await world.reply(second, world.alice.dm.id, count=2)
        assert world.pages.asked[1].text == "And when did it begin?"
        assert world.pages.asked[1].history == (
            Turn(question="What is HOPE(S)?", answer=answered("What is HOPE(S)?").answer),
        )


async def test_two_direct_messages_are_two_conversations(in_slack):
    async with in_slack() as world:
        for text in ("What is HOPE(S)?", "Who is the chair?"):
            await world.reply(await world.alice.says(text), world.alice.dm.id)
        assert world.pages.asked[1].history == ()


async def test_the_asker_goes_on_in_the_bots_thread_without_a_mention(in_slack):
    async with in_slack() as world:
        first = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(first)
        second = await world.alice.says("When did it begin?", GENERAL, first["ts"])
        await world.reply(second, count=2)
        assert [question.text for question in world.pages.asked] == ["What is HOPE(S)?", "When did it begin?"]
        assert world.pages.asked[1].history[0].question == "What is HOPE(S)?"


async def test_the_bot_is_silent_when_people_talk_to_each_other(in_slack):
    async with in_slack() as world:
        first = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(first)
        await world.bob.says("I did that training last year", GENERAL, first["ts"])
        await world.quiet()
        await world.alice.says("Was it any good?", GENERAL, first["ts"])
        await world.quiet()
        assert len(world.replies(first["ts"])) == 1

        again = await world.alice.says(f"{MENTION} When did it begin?", GENERAL, first["ts"])
        await world.reply(again, count=2)
        await world.alice.says("And where?", GENERAL, first["ts"])  # nobody has cut in since
        await world.reply(again, count=3)


async def test_the_bot_is_silent_when_the_asker_turns_to_somebody_else(in_slack):
    async with in_slack() as world:
        first = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(first)
        await world.alice.says("<@U0BOB> did you know?", GENERAL, first["ts"])
        await world.alice.says("It was news to me.", GENERAL, first["ts"])
        await world.quiet()
        assert len(world.replies(first["ts"])) == 1


async def test_the_bot_does_not_follow_up_in_threads_that_others_began(in_slack):
    async with in_slack() as world:
        root = await world.bob.says("Lunch?", GENERAL)
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL, root["ts"])
        await world.reply(asked)
        await world.alice.says("Yes, at noon", GENERAL, root["ts"])
        await world.quiet()
        assert len(world.replies(root["ts"])) == 1


async def test_thanks_in_a_thread_need_no_reply(in_slack):
    async with in_slack() as world:
        world.pages.answers["thanks!"] = answered("thanks!", status="help", answer="Hello.", citations=())
        first = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(first)
        await world.alice.says("thanks!", GENERAL, first["ts"])
        await world.slack.wait_for(lambda: len(world.pages.asked) == 2)
        await world.quiet()
        assert len(world.replies(first["ts"])) == 1
        assert world.slack.workspace.status(GENERAL, first["ts"]) is None


@pytest.mark.parametrize("text", ["good morning", "<@U0BOB> can you help?", "<!here> coffee"])
async def test_what_is_not_for_the_bot_is_left_alone(in_slack, text):
    async with in_slack() as world:
        await world.alice.says(text, GENERAL)
        await world.quiet()
        assert world.pages.asked == []
        assert world.slack.workspace.bot_messages() == []


async def test_other_bots_are_not_answered(in_slack):
    async with in_slack() as world:
        await world.slack.other_bot_says(f"{MENTION} What is HOPE(S)?")
        await world.quiet()
        assert world.pages.asked == []


async def test_an_edited_question_is_not_answered_again_but_a_mention_added_later_is_heard(in_slack):
    async with in_slack() as world:
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(asked)
        await world.alice.edits(asked["ts"], f"{MENTION} What is HOPE?", GENERAL)
        await world.quiet()
        assert len(world.pages.asked) == 1


async def test_a_question_with_a_file_is_a_question(in_slack):
    async with in_slack() as world:
        asked = await world.alice.says("What is HOPE(S)?", files=[{"id": "F1", "name": "a.pdf"}])
        await world.reply(asked, world.alice.dm.id)
        assert world.pages.asked[0].text == "What is HOPE(S)?"


async def test_names_and_links_in_a_question_are_read_as_people_see_them(in_slack):
    async with in_slack() as world:
        asked = await world.alice.says(
            f"{MENTION} what did <@U0BOB|bob> say on <https://a.example/x|the page> &amp; in <#C0GENERAL|general>?",
            GENERAL,
        )
        await world.reply(asked)
        assert world.pages.asked[0].text == "what did bob say on the page & in general?"


@pytest.mark.parametrize("text", ["", "help", "Help!", "?"])
async def test_a_mention_alone_and_a_call_for_help_say_how_to_ask(in_slack, text):
    async with in_slack() as world:
        reply = await world.reply(await world.alice.says(f"{MENTION} {text}", GENERAL))
        assert "/ask" in reply["text"] and "mention me" in reply["text"]
        assert world.pages.asked == []


# -- in private


async def test_a_command_is_answered_for_the_asker_only(in_slack):
    async with in_slack() as world:
        command = await world.alice.commands("/ask", "How many staff were trained?")
        whispered = await world.whisper()
        assert command.acked
        assert "You asked: How many staff were trained?" in whispered["text"]
        assert QUOTE in world.alice.sees(GENERAL)
        assert QUOTE not in world.bob.sees(GENERAL)
        assert "[Show passages] [Share with channel]" in world.alice.sees(GENERAL)


async def test_help_is_there_for_the_command_too(in_slack):
    async with in_slack() as world:
        await world.alice.commands("/ask", "help")
        assert "mention me" in (await world.whisper())["text"]


async def test_a_slow_private_answer_is_announced(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        await world.alice.commands("/ask", "What is HOPE(S)?")
        first = await world.whisper(quiet=False)
        assert "follows in a moment" in first["text"]
        world.pages.gate.set()
        assert QUOTE in (await world.whisper(2))["text"]


async def test_a_message_can_be_taken_as_a_question(in_slack):
    async with in_slack() as world:
        message = await world.bob.says("How many staff were trained in HOPE(S)?", GENERAL)
        await world.alice.uses_shortcut("ask_message", message["ts"], GENERAL)
        await world.whisper()
        assert world.pages.asked[0].text == "How many staff were trained in HOPE(S)?"
        assert QUOTE in world.alice.sees(GENERAL)
        assert QUOTE not in world.bob.sees(GENERAL)


async def test_a_message_without_words_is_not_taken_as_a_question(in_slack):
    async with in_slack() as world:
        message = await world.bob.says("", GENERAL)
        await world.alice.uses_shortcut("ask_message", message["ts"], GENERAL)
        assert "no text in that message" in (await world.whisper())["text"]


async def test_who_wants_private_answers_gets_them_in_channels_too(in_slack):
    async with in_slack() as world:
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        await world.alice.clicks_in_view(home["id"], "private", "private")
        await world.slack.wait_for(lambda: "initial_options" in str(world.slack.workspace.homes["U0ALICE"]))
        asked = await world.alice.says(f"{MENTION} How many staff were trained?", GENERAL)
        await world.whisper()
        assert world.replies(asked["ts"]) == []
        assert QUOTE in world.alice.sees(GENERAL)
        assert QUOTE not in world.bob.sees(GENERAL)


# -- the app's own tabs


async def test_the_messages_tab_offers_four_questions(in_slack):
    async with in_slack() as world:
        await world.alice.opens("messages")
        prompts = world.slack.workspace.prompts
        offered = await world.slack.wait_for(lambda: prompts.get(world.alice.dm.id))
        assert len(offered["prompts"]) == 4
        assert offered["prompts"][0] == {"title": "What is HOPE(S)?", "message": "What is HOPE(S)?"}


async def test_the_home_tab_says_what_the_bot_knows(in_slack):
    async with in_slack() as world:
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        shown = str(home["blocks"])
        assert "1 news pages" in shown
        assert "The newest page is of 17 May 2024." in shown
        assert "build-1" in shown
        assert "0 of your questions at present" in shown


async def test_the_home_tab_offers_every_programme(in_slack):
    async with in_slack() as world:
        world.pages.programmes = [f"Programme {number}" for number in range(60)]
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        rows = [block["elements"] for block in home["blocks"] if block["type"] == "actions"]
        taps = [tap for row in rows for tap in row if tap["action_id"].startswith("programme:")]
        assert [tap["text"]["text"] for tap in taps] == world.pages.programmes
        assert max(len(row) for row in rows) == 25
        await world.alice.clicks_in_view(home["id"], "programme:59")
        await world.slack.wait_for(lambda: world.pages.asked)
        assert world.pages.asked[0].text == "What is Programme 59?"


async def test_the_home_tab_is_drawn_while_the_bot_is_busy_with_questions(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        for number in range(4):  # as many as are answered at a time
            await world.bob.says(f"{MENTION} Question {number}?", GENERAL)
        await world.slack.wait_for(lambda: len(world.pages.asked) == 4)
        await world.alice.opens("home")
        await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        world.pages.gate.set()


async def test_a_tapped_programme_is_explained_in_a_window(in_slack):
    async with in_slack() as world:
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        await world.alice.clicks_in_view(home["id"], "programme:0")
        await world.slack.wait_for(lambda: QUOTE in str(world.slack.workspace.views))
        assert world.pages.asked[0].text == "What is HOPE(S)?"


async def test_people_see_what_is_stored_about_them_and_delete_it(in_slack):
    async with in_slack() as world:
        await world.reply(await world.alice.says(f"{MENTION} How many staff were trained?", GENERAL))
        await world.alice.opens("home")
        homes = world.slack.workspace.homes
        home = await world.slack.wait_for(lambda: homes.get("U0ALICE"))
        assert "1 of your questions at present" in str(home)

        await world.alice.clicks_in_view(home["id"], "kept")
        assert "How many staff were trained?" in str(await world.window("Stored about you"))

        await world.alice.clicks_in_view(home["id"], "forget")
        await world.slack.wait_for(lambda: "0 of your questions at present" in str(homes["U0ALICE"]))


async def test_people_with_many_questions_are_told_that_only_the_newest_are_listed(in_slack):
    async with in_slack() as world:
        with closing(State(world.settings.state)) as state:
            for n in range(45):
                asked = Arrival(
                    channel=GENERAL, ts=f"{n}", thread=f"{n}", asker="U0ALICE", surface="mention", question=f"q{n}"
                )
                state.finish(state.take(asked).id, "answered", answered(f"q{n}"))
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        assert "You may see the newest of your questions" in str(home)
        await world.alice.clicks_in_view(home["id"], "kept")
        intro, *listed = (await world.window("Stored about you"))["blocks"]
        assert "I keep 45" in str(intro) and "the newest, 40 at most" in str(intro)
        assert len(listed) == 40 and "q44" in str(listed[0])


async def test_a_guest_sees_no_more_than_why_on_the_home_tab(in_slack):
    async with in_slack() as world:
        guest = world.add_person("U0GUEST", is_restricted=True)
        await guest.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0GUEST"))
        assert "guest" in str(home) and "HOPE(S)" not in str(home)


# -- while the bot works


async def test_a_status_line_and_a_stop_button_show_while_the_bot_works(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.slack.wait_for(lambda: "[Stop]" in world.alice.sees(GENERAL))
        assert "... Trustbot is reading the trust's pages…" in world.alice.sees(GENERAL)
        world.pages.gate.set()
        await world.reply(asked)
        assert "[Stop]" not in world.alice.sees(GENERAL)
        assert "is reading" not in world.alice.sees(GENERAL)


async def test_the_stop_button_stops_the_bot(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        asked = await world.alice.says("What is HOPE(S)?")
        await world.slack.wait_for(lambda: "[Stop]" in world.alice.sees() and world.pages.asked)
        await world.alice.stops(asked["ts"])
        reply = await world.reply(asked, world.alice.dm.id)
        assert reply["text"].startswith("Stopped.")
        world.pages.gate.set()
        await world.quiet()
        assert len(world.replies(asked["ts"], world.alice.dm.id)) == 1
        assert "[Stop]" not in world.alice.sees()


async def test_a_question_deleted_while_it_is_answered_is_answered_no_more_and_forgotten(in_slack):
    async with in_slack() as world:
        world.pages.gate.clear()
        asked = await world.alice.says("What is HOPE(S)?")
        await world.slack.wait_for(lambda: world.pages.asked)
        await world.alice.deletes(asked["ts"])
        await world.quiet()
        world.pages.gate.set()
        await world.quiet()
        assert world.slack.workspace.bot_messages() == []
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        assert "0 of your questions at present" in str(home)


async def test_over_http_everything_works_too_and_a_forged_request_is_turned_away(in_slack):
    async with in_slack(over_http=True) as world:
        await world.alice.commands("/ask", "How many staff were trained?")
        whispered = await world.whisper()
        await world.alice.clicks(whispered["ts"], "passages", channel=GENERAL)
        await world.window("Passages")

        secret = world.slack.events_api.signing_secret
        world.slack.events_api.signing_secret = "another"
        await world.bob.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        forged = world.slack.record.deliveries[-1]
        await world.slack.wait_for(lambda: forged.attempts and forged.attempts[0].status)
        assert forged.attempts[0].status == 401
        world.slack.events_api.signing_secret = secret  # the retries of it are Slack's own
        await world.slack.wait_for(lambda: world.slack.workspace.bot_messages(GENERAL), 10)
