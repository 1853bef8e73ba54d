"""How the sandbox's page learns that there is something new, and what it can read of what has happened."""

import asyncio
from contextlib import AsyncExitStack

from sandbox.limits import Limits
from sandbox.web_page import drawer, updates
from tests.sandbox.web_page import SOON, sandbox_page


async def until_told(told, revision):
    """Listen until that revision, or a later one, was told of."""
    async with asyncio.timeout(SOON):
        async for number in told:
            if number >= revision:
                return number


async def test_a_page_is_told_at_once_and_then_of_every_change_that_somebody_may_see(manifest, client_of):
    async with sandbox_page(manifest) as page, page.listening() as told:
        client = client_of(page.slack)
        assert await until_told(told, 0) == (await page.sees())["revision"]

        async def changes(act):
            before = page.slack.changes.revision
            result = await act
            assert page.slack.changes.revision > before
            await until_told(told, before + 1)
            return result

        said = await changes(page.slack.person("U0ALICE").says("hello", "C0GENERAL"))
        await changes(page.slack.person("U0ALICE").edits(said["ts"], "hallo", "C0GENERAL"))
        await changes(page.slack.person("U0ALICE").deletes(said["ts"], "C0GENERAL"))
        posted = await changes(client.chat_postMessage(channel="C0GENERAL", text="a"))
        ts = posted["ts"]
        await changes(client.chat_update(channel="C0GENERAL", ts=ts, text="b"))
        await changes(client.assistant_threads_setStatus(channel_id="C0GENERAL", thread_ts=ts, status="is looking"))
        await changes(client.agents_sessions_setStatus(channel_id="C0GENERAL", thread_ts=ts, status="processing"))
        await changes(client.chat_postEphemeral(channel="C0GENERAL", user="U0ALICE", text="c"))
        await changes(client.views_publish(user_id="U0ALICE", view={"type": "home", "blocks": [{"type": "divider"}]}))


async def test_a_connection_that_comes_and_goes_is_a_change(manifest, echo_app, in_socket_mode):
    async with sandbox_page(manifest) as page, page.listening() as told:
        await until_told(told, 0)
        before = page.slack.changes.revision
        async with in_socket_mode(page.slack, echo_app(page.slack)):
            await until_told(told, before + 1)
            assert (await page.sees())["connected"] is True
        gone = page.slack.changes.revision
        await until_told(told, gone)
        assert (await page.sees())["connected"] is False


async def test_a_status_that_has_faded_goes_from_the_page(manifest, client_of, monkeypatch):
    monkeypatch.setattr(updates, "HEARTBEAT", 0.05)
    async with sandbox_page(manifest, limits=Limits(status_ttl=0.0)) as page, page.listening() as told:
        ts = (await page.does("U0ALICE", "says", text="hello"))["message"]["ts"]
        await client_of(page.slack).assistant_threads_setStatus(channel_id="D0ALICE", thread_ts=ts, status="is busy")
        await until_told(told, page.slack.changes.revision + 1)
        assert (await page.channel("D0ALICE"))["statuses"] == []


async def test_many_changes_are_told_of_together(manifest):
    async with sandbox_page(manifest) as page, page.listening() as told:
        await until_told(told, 0)
        for number in range(200):
            await page.slack.person("U0ALICE").says(f"{number}", "C0GENERAL")
        last, heard = page.slack.changes.revision, 0
        async with asyncio.timeout(SOON):
            async for number in told:
                heard += 1
                if number >= last:
                    break
        assert heard < 100


async def test_twenty_pages_hear_of_an_answer_and_those_that_were_closed_leave_nothing_behind(
    manifest, echo_app, in_socket_mode, monkeypatch
):
    monkeypatch.setattr(updates, "HEARTBEAT", 0.05)
    async with sandbox_page(manifest) as page, in_socket_mode(page.slack, echo_app(page.slack)):
        async with AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(page.listening()) for _ in range(20)]
            await asyncio.gather(*(until_told(told, 0) for told in pages))
            assert streams() == 20
            await page.does("U0ALICE", "says", text="<@U0BOT> hello", channel="C0GENERAL")
            await page.slack.wait_for(lambda: page.slack.workspace.bot_messages("C0GENERAL"), SOON)
            answered = page.slack.changes.revision
            await asyncio.gather(*(until_told(told, answered) for told in pages))
        await page.slack.wait_for(lambda: not streams(), SOON, "the streams to end")


def streams():
    """How many tasks of this process serve a stream."""
    return sum(any(each.cr_code is updates.stream.__code__ for each in _chain(task)) for task in asyncio.all_tasks())


def _chain(task):
    waiting = task.get_coro()
    while hasattr(waiting, "cr_code"):
        yield waiting
        waiting = waiting.cr_await


async def test_pages_that_listen_do_not_hold_the_stand_in_back_when_it_stops(manifest):
    async with sandbox_page(manifest) as page, page.listening() as told:
        await until_told(told, 0)
        async with asyncio.timeout(SOON):
            await page.slack.stop()
            assert [number async for number in told] == []


async def test_what_happened_is_listed_call_by_call_and_goes_on_where_the_page_left_off(
    manifest, echo_app, in_socket_mode
):
    async with sandbox_page(manifest) as page, in_socket_mode(page.slack, echo_app(page.slack)):
        await page.does("U0ALICE", "says", text="hello")
        await page.slack.wait_for(lambda: page.slack.workspace.bot_messages("D0ALICE"))
        await page.slack.quiet()
        entries = await page.record()
        assert {entry["name"] for entry in entries} == {
            *("apps.connections.open", "auth.test"),
            *("events_api message", "chat.postMessage"),
        }
        assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
        assert all(entry["ok"] for entry in entries)
        assert await page.record(after=2) == entries[2:]
        (asked, *_) = [entry for entry in entries if entry["kind"] == "delivery"]
        assert asked["detail"]["payload"]["event"]["text"] == "hello"
        assert asked["detail"]["ack_seconds"] > 0 and len(asked["detail"]["attempts"]) == 1
        (posted,) = [entry for entry in entries if entry["name"] == "chat.postMessage"]
        assert posted["detail"]["args"]["text"] == "echo: hello"
        assert posted["detail"]["response"]["message"]["text"] == "echo: hello"


async def test_no_token_and_no_ticket_is_in_the_list(manifest, echo_app, in_socket_mode):
    async with sandbox_page(manifest) as page, in_socket_mode(page.slack, echo_app(page.slack)):
        app = page.slack.app
        await page.does("U0ALICE", "says", text=f"{app.bot_token} {app.app_token}")
        told = str(await page.record())
        assert "ticket=[removed]" in told
        assert app.bot_token not in told and app.app_token not in told


async def test_a_broken_rule_and_a_refused_call_are_in_the_list(manifest, client_of):
    async with sandbox_page(manifest) as page:
        message = {"channel": "C0GENERAL", "blocks": [{"type": "divider"}]}
        await client_of(page.slack).api_call("chat.postMessage", json=message)
        await page.http.post(f"{page.slack.api_url}chat.postMessage", json={"channel": "C0GENERAL", "text": "a"})
        problem, _, refused = [entry for entry in await page.record() if entry["kind"] != "delivery"]
        assert (problem["kind"], problem["ok"]) == ("problem", False)
        assert problem["detail"]["text"].startswith("blocks without text")
        assert (refused["ok"], refused["detail"]["response"]) == (False, {"ok": False, "error": "not_authed"})


async def test_what_was_said_while_the_app_was_away_is_answered_when_it_is_back(manifest, echo_app, in_socket_mode):
    limits = Limits(ack_timeout=0.2, retry_delays=(0.0, 0.5, 0.5, 0.5, 0.5))
    async with sandbox_page(manifest, limits=limits) as page:
        await page.does("U0ALICE", "says", text="hello")

        async def failed():
            return await page.record()

        first, *_ = await page.when(failed)
        assert (first["name"], first["ok"], first["detail"]["ack_seconds"]) == ("events_api message", False, None)
        assert first["detail"]["attempts"][0]["failed"] == "timeout"
        async with in_socket_mode(page.slack, echo_app(page.slack)):

            async def answered():
                return "echo: hello" in await page.texts("D0ALICE")

            await page.when(answered)

        async def is_listed():
            return [entry for entry in await page.record() if entry["kind"] == "delivery" and entry["ok"]]

        again, *_ = await page.when(is_listed)
        assert [attempt["failed"] for attempt in again["detail"]["attempts"]][-1] == ""
        assert len(again["detail"]["attempts"]) >= 2


async def test_only_the_newest_of_the_list_are_kept(manifest, monkeypatch):
    monkeypatch.setattr(drawer, "MOST", 3)
    async with sandbox_page(manifest) as page:
        for _ in range(5):
            await page.http.post(f"{page.slack.api_url}auth.test")
        assert [entry["n"] for entry in await page.record()] == [3, 4, 5]
        assert not any(entry["ok"] for entry in await page.record())
