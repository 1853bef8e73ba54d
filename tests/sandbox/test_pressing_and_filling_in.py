"""Buttons, modals, the Home, commands, shortcuts, and the answers they get."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.installed_app import ManifestError
from sandbox.limits import Limits
from sandbox.standin import SlackStandin


def plain(text):
    return {"type": "plain_text", "text": text}


FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": plain("Good"), "value": "good"},
            "negative_button": {"text": plain("Bad"), "value": "bad"},
        }
    ],
}
WHY = {
    "type": "input",
    "block_id": "why",
    "label": plain("Why"),
    "element": {"type": "plain_text_input", "action_id": "text"},
}
MODAL = {
    "type": "modal",
    "callback_id": "why",
    "title": plain("What was wrong?"),
    "submit": plain("Send"),
    "blocks": [WHY],
}


@pytest.fixture
def feedback_app(bolt_app):
    """Asks why when an answer was bad, and thanks for what it is told."""

    def build(slack):
        app = bolt_app(slack)

        @app.action("feedback")
        async def pressed(ack, body, client):
            await ack()
            if body["actions"][0]["value"] == "bad":
                await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @app.view("why")
        async def submitted(ack, view, client):
            await ack()
            reason = view["state"]["values"]["why"]["text"]["value"]
            await client.chat_postMessage(channel="C0GENERAL", text=f"reason: {reason}")

        @app.event("message")
        async def message():
            pass

        return app

    return build


async def test_a_bad_mark_opens_a_modal_and_its_text_reaches_the_app(manifest, client_of, feedback_app, in_socket_mode):
    async with SlackStandin(manifest) as slack, in_socket_mode(slack, feedback_app(slack)):
        alice = slack.person("U0ALICE")
        answer = await client_of(slack).chat_postMessage(channel="C0GENERAL", text="a", blocks=[FEEDBACK])
        assert "[Good] [Bad]" in alice.sees("C0GENERAL")
        assert (await alice.clicks(answer["ts"], "feedback", "bad", channel="C0GENERAL")).acked
        [view_id] = await slack.wait_for(lambda: list(slack.workspace.views))
        await alice.submits(view_id, {"why": {"text": {"type": "plain_text_input", "value": "old"}}})
        await slack.wait_for(lambda: "reason: old" in alice.sees("C0GENERAL"))
        assert not slack.workspace.views  # the modal is closed


async def test_a_trigger_opens_one_modal_and_expires(manifest, client_of, feedback_app, in_socket_mode):
    limits = Limits(trigger_ttl=1.0)
    async with SlackStandin(manifest, limits=limits) as slack, in_socket_mode(slack, feedback_app(slack)):
        alice, client = slack.person("U0ALICE"), client_of(slack)
        answer = await client.chat_postMessage(channel="C0GENERAL", text="a", blocks=[FEEDBACK])

        async def trigger_after_pressing(value):
            delivery = await alice.clicks(answer["ts"], "feedback", value, channel="C0GENERAL")
            return delivery.payload["trigger_id"]

        used = await trigger_after_pressing("bad")
        await slack.wait_for(lambda: slack.workspace.views)
        old = await trigger_after_pressing("good")
        await asyncio.sleep(1.1)
        for trigger, kind in ((used, "exchanged"), (old, "expired"), ("x", "invalid")):
            with pytest.raises(SlackApiError) as refused:
                await client.views_open(trigger_id=trigger, view=MODAL)
            assert refused.value.response["error"] == f"{kind}_trigger_id"


async def test_a_response_url_works_five_times(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        app, answers = bolt_app(slack), []

        @app.command("/ask")
        async def ask(ack, respond):
            await ack()
            for number in range(6):
                answers.append((await respond(f"answer {number}")).status_code)

        async with in_socket_mode(slack, app):
            await slack.person("U0ALICE").commands("/ask")
            await slack.wait_for(lambda: len(answers) == 6)
            assert answers == [200] * 5 + [404]
            assert len(slack.workspace.ephemerals) == 5


async def test_a_private_answer_can_be_shared_with_the_channel_and_taken_away(manifest, bolt_app, in_socket_mode):
    share = {"type": "button", "action_id": "share", "text": plain("Share")}
    async with SlackStandin(manifest) as slack:
        app, alice, bob = bolt_app(slack), slack.person("U0ALICE"), slack.person("U0BOB")

        @app.command("/ask")
        async def ask(ack):
            await ack(text="28 days", blocks=[{"type": "actions", "elements": [share]}])

        @app.action("share")
        async def pressed(ack, respond):
            await ack()
            await respond("28 days", response_type="in_channel", replace_original=False)
            await respond(delete_original=True)

        @app.event("message")
        async def message():
            pass

        async with in_socket_mode(slack, app):
            await alice.commands("/ask", "How much leave?")
            assert "[Share]" in alice.sees("C0GENERAL") and bob.sees("C0GENERAL") == ""
            [private] = slack.workspace.ephemerals
            await alice.clicks(private["ts"], "share", channel="C0GENERAL")
            await slack.wait_for(lambda: not slack.workspace.ephemerals)
            assert alice.sees("C0GENERAL") == bob.sees("C0GENERAL") == "askbot:\n  28 days"


async def test_a_command_nobody_acknowledges_is_an_error_the_person_sees(manifest, bolt_app, in_socket_mode):
    limits = Limits(ack_timeout=0.4)
    async with SlackStandin(manifest, limits=limits) as slack, in_socket_mode(slack, bolt_app(slack)):
        await slack.person("U0ALICE").commands("/ask", "anybody?")
        assert slack.record.user_errors == [("U0ALICE", '/ask failed with the error "operation_timeout"')]


async def test_the_home_is_published_when_somebody_opens_it_and_its_buttons_work(manifest, bolt_app, in_socket_mode):
    refresh = {"type": "button", "action_id": "refresh", "text": plain("Refresh"), "value": "all"}
    async with SlackStandin(manifest) as slack:
        app, bob, pressed = bolt_app(slack), slack.person("U0BOB"), []

        @app.event("app_home_opened")
        async def home(event, client):
            blocks = [{"type": "actions", "elements": [refresh]}]
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

        @app.action("refresh")
        async def refreshed(ack, body):
            await ack()
            pressed.append(body["actions"][0]["value"])

        async with in_socket_mode(slack, app):
            await bob.opens("home")
            home_view = await slack.wait_for(lambda: slack.workspace.homes.get("U0BOB"))
            await bob.clicks_in_view(home_view["id"], "refresh")
            await slack.wait_for(lambda: pressed == ["all"])


async def test_a_message_shortcut_hands_the_message_to_the_app(manifest, bolt_app, in_socket_mode):
    async with SlackStandin(manifest) as slack:
        app = bolt_app(slack)

        @app.shortcut("ask")
        async def shortcut(ack, shortcut, respond):
            await ack()
            await respond(text="about: " + shortcut["message"]["text"])

        @app.event("message")
        async def message():
            pass

        async with in_socket_mode(slack, app):
            said = await slack.person("U0BOB").says("What is the leave policy?", "C0GENERAL")
            await slack.person("U0ALICE").uses_shortcut("ask", said["ts"], "C0GENERAL")
            [answer] = await slack.wait_for(lambda: slack.workspace.ephemerals)
            assert answer["text"] == "about: What is the leave policy?"


async def test_nobody_can_press_what_is_not_on_the_screen(manifest, client_of):
    async with SlackStandin(manifest) as slack:
        answer = await client_of(slack).chat_postMessage(channel="C0GENERAL", text="a", blocks=[FEEDBACK])
        with pytest.raises(AssertionError, match="nobody can press it"):
            await slack.person("U0ALICE").clicks(answer["ts"], "share", channel="C0GENERAL")


async def test_without_interactivity_a_press_is_an_error(manifest, client_of):
    manifest["settings"]["interactivity"]["is_enabled"] = False
    async with SlackStandin(manifest) as slack:
        answer = await client_of(slack).chat_postMessage(channel="C0GENERAL", text="a", blocks=[FEEDBACK])
        with pytest.raises(ManifestError):
            await slack.person("U0ALICE").clicks(answer["ts"], "feedback", "bad", channel="C0GENERAL")
