"""What happens when a question that was answered is deleted: Slack leaves a stone in its place, and says it changed."""

from tests.slack.slack_world import GENERAL, MENTION


async def test_a_question_deleted_after_it_was_answered_is_forgotten(in_slack):
    async with in_slack() as world:
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(asked)
        await world.alice.deletes(asked["ts"], GENERAL)
        await world.quiet()
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        assert "0 of your questions at present" in str(home)


async def test_a_question_that_was_only_edited_is_kept(in_slack):
    async with in_slack() as world:
        asked = await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL)
        await world.reply(asked)
        await world.alice.edits(asked["ts"], f"{MENTION} What is HOPE?", GENERAL)
        await world.quiet()
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        assert "1 of your questions at present" in str(home)
