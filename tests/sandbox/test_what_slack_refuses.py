"""Web API calls that Slack answers with an error, or would have."""

import time

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.standin import SlackStandin
from sandbox.workspace import Channel, User


async def error_of(call):
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response["error"]


def section(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NONE", "channel_not_found"),
        ("C0OTHER", "not_in_channel"),
        ("G0SECRET", "channel_not_found"),
        ("C0OLD", "is_archived"),
    ],
)
async def test_the_bot_posts_only_where_it_belongs(channel, error, manifest, client_of):
    async with SlackStandin(manifest) as slack:
        for place in (
            Channel(id="C0OTHER", name="other", members=["U0ALICE"]),
            Channel(id="G0SECRET", name="secret", members=["U0ALICE"], kind="group"),
            Channel(id="C0OLD", name="old", members=["U0BOT"], is_archived=True),
        ):
            slack.workspace.add_channel(place)
        assert await error_of(client_of(slack).chat_postMessage(channel=channel, text="x")) == error


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"markdown_text": "y" * 12001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "markdown", "text": "y" * 12001}]}, "msg_too_long"),
        ({"text": "x", "thread_ts": "1.2"}, "invalid_thread_ts"),
        ({"text": "x", "blocks": [section("x" * 3000)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_payload": {}}}, "invalid_metadata_format"),
        (
            {"text": "x", "blocks": [{"type": "markdown", "text": "\n\n".join(f"# {i}" for i in range(60))}]},
            "invalid_blocks",
        ),
    ],
)
async def test_a_message_slack_refuses(message, error, manifest, client_of):
    async with SlackStandin(manifest) as slack:
        assert await error_of(client_of(slack).chat_postMessage(channel="C0GENERAL", **message)) == error


async def test_an_update_is_short_and_of_the_bots_own_message(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        client = client_of(slack)
        own = (await client.chat_postMessage(channel="C0GENERAL", text="x"))["ts"]
        update = client.chat_update(channel="C0GENERAL", ts=own, text="y" * 4001)
        assert await error_of(update) == "msg_too_long"
        hers = (await slack.person("U0ALICE").says("mine", "C0GENERAL"))["ts"]
        update = client.chat_update(channel="C0GENERAL", ts=hers, text="y")
        assert await error_of(update) == "cant_update_message"
        assert await error_of(client.chat_delete(channel="C0GENERAL", ts=hers)) == "cant_delete_message"


async def test_an_update_with_text_alone_removes_the_blocks(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        client = client_of(slack)
        ts = (await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[section("old")]))["ts"]
        await client.chat_update(channel="C0GENERAL", ts=ts, text="new")
        assert slack.person("U0BOB").sees("C0GENERAL") == "askbot:\n  new"


async def test_an_ephemeral_message_goes_to_a_member_of_the_channel(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        slack.workspace.add_user(User(id="U0EVE", name="eve"))
        post = client_of(slack).chat_postEphemeral
        assert await error_of(post(channel="C0GENERAL", user="U0EVE", text="x")) == "user_not_in_channel"
        await post(channel="C0GENERAL", user="U0BOB", text="for you")
        assert slack.person("U0BOB").sees("C0GENERAL") == "askbot (only visible to you):\n  for you"
        assert slack.person("U0ALICE").sees("C0GENERAL") == ""


async def test_a_method_the_stand_in_lacks_is_a_problem_for_the_test_to_see(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        assert await error_of(client_of(slack).users_lookupByEmail(email="a@b.c")) == "unknown_method"
        assert slack.record.problems == ["the stand-in has no method users.lookupByEmail"]


async def test_a_wrong_token_and_a_removed_app_are_refused(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        stranger = AsyncWebClient(token="xoxb-no", base_url=slack.api_url)
        assert await error_of(stranger.auth_test()) == "invalid_auth"
        await slack.admin_uninstalls()
        assert await error_of(client_of(slack).auth_test()) == "account_inactive"
        told = [delivery.payload["event"]["type"] for delivery in slack.record.deliveries]
        assert told == ["app_uninstalled", "tokens_revoked"]


async def test_the_bot_looks_around_the_workspace(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        client, alice = client_of(slack), slack.person("U0ALICE")
        root = (await alice.says("root", "C0GENERAL"))["ts"]
        reply = await client.chat_postMessage(channel="#general", text="reply", thread_ts=root)
        general = (await client.conversations_info(channel="C0GENERAL"))["channel"]
        assert general["is_member"] and not general["is_private"] and general["num_members"] == 3
        members = (await client.conversations_members(channel="C0GENERAL"))["members"]
        assert members == ["U0BOT", "U0ALICE", "U0BOB"]
        assert (await client.conversations_open(users="U0BOB"))["channel"]["id"] == "D0BOB"
        page = await client.conversations_replies(channel="C0GENERAL", ts=reply["ts"], limit=1)
        assert [message["text"] for message in page["messages"]] == ["root"] and page["has_more"]
        history = (await client.conversations_history(channel="C0GENERAL"))["messages"]
        assert [(message["text"], message["reply_count"]) for message in history] == [("root", 1)]
        link = await client.chat_getPermalink(channel="C0GENERAL", message_ts=root)
        assert link["permalink"].endswith("/C0GENERAL/p" + root.replace(".", ""))
        assert "locale" not in (await client.users_info(user="U0BOB"))["user"]
        assert (await client.users_info(user="U0BOB", include_locale=True))["user"]["locale"] == "de-DE"
        assert len((await client.users_list())["members"]) == 3


async def test_text_that_notifies_people_shows_up_in_notified(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        client = client_of(slack)
        await client.chat_postMessage(channel="C0GENERAL", text="<!channel> and <@U0BOB>")
        await client.chat_postMessage(channel="C0GENERAL", text="safe", blocks=[section("&lt;!channel&gt;")])
        await client.chat_postMessage(channel="C0GENERAL", markdown_text="**x** <!here>")
        assert [who for who, _, _ in slack.record.notified] == ["@channel", "U0BOB", "@here"]


async def test_posting_too_fast_is_429_and_the_handler_waits_it_out(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        client = client_of(slack)
        for _ in range(slack.limits.post_burst):
            await client.chat_postMessage(channel="C0GENERAL", text="x")
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="C0GENERAL", text="x")
        assert refused.value.response["error"] == "ratelimited"
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "1"
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
        started = time.monotonic()
        await client.chat_postMessage(channel="C0GENERAL", text="y")
        assert time.monotonic() - started >= 1.0


async def test_twenty_calls_a_minute_of_a_second_tier_method_is_all_a_workspace_gets(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        client = client_of(slack)
        for _ in range(20):
            await client.users_list()
        assert await error_of(client.users_list()) == "ratelimited"


async def test_a_lost_answer_makes_the_sdk_post_twice(manifest, client_of):
    """Its default retry handler repeats chat.postMessage after a reset."""
    async with SlackStandin(manifest) as slack:
        slack.fail("chat.postMessage", drop=True)
        await client_of(slack).chat_postMessage(channel="C0GENERAL", text="once?")
        assert len(slack.workspace.bot_messages("C0GENERAL")) == 2


async def test_a_fault_refuses_or_delays_the_next_call_only(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        client = client_of(slack)
        slack.fail("chat.postMessage", "internal_error", status=500)
        post = {"channel": "C0GENERAL", "text": "x"}
        assert await error_of(client.chat_postMessage(**post)) == "internal_error"
        assert (await client.chat_postMessage(**post))["ok"]
        slack.fail("users.info", delay=0.3)
        started = time.monotonic()
        assert (await client.users_info(user="U0BOB"))["ok"]
        assert time.monotonic() - started >= 0.3
