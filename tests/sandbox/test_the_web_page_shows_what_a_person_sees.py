"""What the sandbox's page shows: to each person what Slack would show them, and nothing of the others'."""

from sandbox.limits import Limits
from tests.sandbox.web_page import sandbox_page

PROMPT = {"title": "Leave", "message": "How much leave?"}


async def test_a_person_sees_the_channels_they_are_in_and_their_messages_with_the_bot(manifest):
    async with sandbox_page(manifest) as page:

        async def names(user):
            return [channel["name"] for channel in (await page.sees(user))["channels"]]

        assert await names("U0ALICE") == ["general", "programmes", "with-partners", "askbot"]
        assert await names("U0CAROL") == ["general", "programmes", "comms", "with-partners", "askbot"]
        assert await names("U0GRACE") == ["programmes", "askbot"]
        assert await names("U0OLU") == ["with-partners", "askbot"]


async def test_the_page_knows_who_one_can_be_and_what_the_manifest_offers(manifest):
    manifest["features"]["agent_view"]["suggested_prompts"] = [PROMPT]
    async with sandbox_page(manifest) as page:
        seen = await page.sees("U0BOB")
        roles = {person["name"]: person["role"] for person in seen["people"]}
        assert roles == {"alice": "staff", "bob": "staff", "carol": "comms", "grace": "guest", "olu": "connect"}
        assert all(person["about"] for person in seen["people"])
        assert (seen["me"], seen["bot"]["name"]) == ("U0BOB", "askbot")
        assert seen["suggested"] == [PROMPT]
        assert [command["command"] for command in seen["commands"]] == ["/ask"]
        assert [shortcut["callback_id"] for shortcut in seen["shortcuts"]] == ["ask"]
        shared = {channel["name"]: channel["is_ext_shared"] for channel in (await page.sees())["channels"]}
        assert shared == {"general": False, "programmes": False, "with-partners": True, "askbot": False}


async def test_a_reply_stands_in_its_thread_and_what_is_private_is_seen_by_one(
    manifest, echo_app, client_of, in_socket_mode
):
    async with sandbox_page(manifest) as page, in_socket_mode(page.slack, echo_app(page.slack)):
        asked = (await page.does("U0ALICE", "says", text="<@U0BOT> hello", channel="C0GENERAL"))["message"]
        await page.does("U0ALICE", "commands", command="/ask", text="a secret", channel="C0GENERAL")

        async def answered():
            return len(await page.texts("C0GENERAL")) == 4 and await page.channel("C0GENERAL")

        general = await page.when(answered, "the echo, and the private one")
        by_text = {message["text"]: message for message in general["messages"]}
        assert by_text["echo: hello"]["thread_ts"] == asked["ts"]
        assert by_text["echo: a secret"]["ephemeral_to"] == "U0ALICE"
        assert list(by_text) == [m["text"] for m in sorted(general["messages"], key=lambda m: m["ts"])]
        assert "echo: a secret" not in await page.texts("C0GENERAL", "U0BOB")
        assert "echo: hello" in await page.texts("C0GENERAL", "U0BOB")


async def test_the_status_the_stop_button_and_the_prompts_are_shown(manifest, client_of):
    async with sandbox_page(manifest) as page:
        client = client_of(page.slack)
        ts = (await page.does("U0ALICE", "says", text="hello"))["message"]["ts"]
        await client.assistant_threads_setStatus(channel_id="D0ALICE", thread_ts=ts, status="is looking")
        await client.agents_sessions_setStatus(channel_id="D0ALICE", thread_ts=ts, status="processing")
        await client.assistant_threads_setSuggestedPrompts(channel_id="D0ALICE", prompts=[PROMPT])
        messages = await page.channel("D0ALICE")
        assert messages["statuses"] == [{"thread_ts": ts, "text": "is looking"}]
        assert messages["stoppable"] == [ts]
        assert messages["prompts"]["prompts"] == [PROMPT]
        await page.does("U0ALICE", "stops", thread_ts=ts)
        assert page.slack.record.deliveries[-1].payload["event"]["type"] == "agent_session_stopped"
        await client.chat_postMessage(channel="D0ALICE", thread_ts=ts, text="done")
        await client.agents_sessions_setStatus(channel_id="D0ALICE", thread_ts=ts, status="active")
        messages = await page.channel("D0ALICE")
        assert (messages["statuses"], messages["stoppable"]) == ([], [])


async def test_an_app_that_does_not_answer_in_time_is_seen_to_fail_by_the_one_who_tried(
    manifest, bolt_app, in_socket_mode
):
    limits = Limits(ack_timeout=0.2)
    async with sandbox_page(manifest, limits=limits) as page:
        assert (await page.sees())["connected"] is False
        async with in_socket_mode(page.slack, bolt_app(page.slack)):
            assert (await page.sees())["connected"] is True
            done = await page.does("U0ALICE", "commands", command="/ask", text="anybody?")
        assert done == {"acknowledged": False}
        (error,) = (await page.sees())["errors"]
        assert error == {"n": 1, "text": '/ask failed with the error "operation_timeout"'}
        assert (await page.sees("U0BOB"))["errors"] == []


async def test_nobody_unknown_sees_anything(manifest):
    async with (
        sandbox_page(manifest) as page,
        page.http.get(f"{page.slack.url}/web/state", params={"user": "U0NOBODY"}) as answer,
    ):
        assert answer.status == 404
