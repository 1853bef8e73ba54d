"""What a person does on the sandbox's page: as in Slack's own window, and no more than there."""

import pytest

from tests.sandbox.web_page import sandbox_page


def plain(text):
    return {"type": "plain_text", "text": text}


def modal(title, **more):
    field = {"type": "plain_text_input", "action_id": "name"}
    blocks = [{"type": "input", "block_id": "name", "label": plain("Name"), "element": field}]
    return {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": blocks, **more}


def button(action_id, value=""):
    return {"type": "button", "action_id": action_id, "text": plain(action_id), **({"value": value} if value else {})}


TICKS = {
    "type": "checkboxes",
    "action_id": "ticks",
    "options": [{"text": plain("Red"), "value": "red"}, {"text": plain("Blue"), "value": "blue"}],
}
ROWS = [
    {"type": "actions", "block_id": "one", "elements": [button("open", "first"), TICKS]},
    {"type": "actions", "block_id": "two", "elements": [button("open", "second")]},
]


@pytest.fixture
def pressing_app(bolt_app):
    """Opens a modal for a press, pushes another for the name "more", refuses the name "bad"; notes all it hears."""

    def build(slack):
        app = bolt_app(slack)
        app.heard = []

        @app.event("message")
        async def message():
            pass

        @app.action("open")
        async def opened(ack, body, client):
            await ack()
            app.heard.append(body["actions"][0]["value"])
            await client.views_open(trigger_id=body["trigger_id"], view=modal("First", callback_id="first"))

        @app.action("ticks")
        async def ticked(ack, body):
            await ack()
            app.heard.append([option["value"] for option in body["actions"][0]["selected_options"]])

        @app.view("first")
        async def submitted(ack, view):
            name = view["state"]["values"]["name"]["name"]["value"]
            app.heard.append(name)
            if name == "bad":
                await ack(response_action="errors", errors={"name": "Not that one."})
            elif name == "more":
                await ack(response_action="push", view=modal("Second", notify_on_close=True, callback_id="second"))
            else:
                await ack()

        @app.view_closed("second")
        async def closed(ack, body):
            await ack()
            app.heard.append(("closed", body["is_cleared"]))

        return app

    return build


def named(value):
    return {"name": {"name": {"type": "plain_text_input", "value": value}}}


async def test_what_is_typed_is_sent_as_slack_sends_it_and_shown_as_it_was_typed(manifest):
    async with sandbox_page(manifest) as page:
        typed = "<@U0BOT> <script>alert(1)</script> <!channel> R&D &amp; &lt;b&gt;"
        said = (await page.does("U0ALICE", "says", text=typed, channel="C0GENERAL"))["message"]
        assert said["text"] == (
            "<@U0BOT> &lt;script&gt;alert(1)&lt;/script&gt; &lt;!channel&gt; R&amp;D &amp; &lt;b&gt;"
        )
        ((mention, rest),) = [part["elements"] for part in said["blocks"][0]["elements"]]
        assert mention == {"type": "user", "user_id": "U0BOT"}
        assert rest["text"] == " <script>alert(1)</script> <!channel> R&D & <b>"


async def test_a_message_of_ones_own_is_changed_and_deleted_and_nobody_elses(manifest):
    async with sandbox_page(manifest) as page:
        ts = (await page.does("U0ALICE", "says", text="one", channel="C0GENERAL"))["message"]["ts"]
        for verb, more in (("edits", {"text": "mine"}), ("deletes", {})):
            refused = await page.tries("U0BOB", verb, ts=ts, channel="C0GENERAL", **more)
            assert refused["error"] == "You can change only what you wrote yourself."
        await page.does("U0ALICE", "edits", ts=ts, text="two & three", channel="C0GENERAL")
        edited = (await page.channel("C0GENERAL"))["messages"][-1]
        assert edited["text"] == "two &amp; three" and edited["edited"]
        assert edited["blocks"][0]["elements"][0]["elements"][0]["text"] == "two & three"
        await page.does("U0ALICE", "deletes", ts=ts, channel="C0GENERAL")
        assert "two &amp; three" not in await page.texts("C0GENERAL")
        assert (await page.tries("U0ALICE", "deletes", ts=ts, channel="C0GENERAL"))["error"] == (
            "That is no longer there."
        )


async def test_a_deleted_message_that_was_replied_to_leaves_its_thread(manifest):
    async with sandbox_page(manifest) as page:
        ts = (await page.does("U0ALICE", "says", text="one", channel="C0GENERAL"))["message"]["ts"]
        await page.does("U0BOB", "says", text="reply", channel="C0GENERAL", thread_ts=ts)
        await page.does("U0ALICE", "deletes", ts=ts, channel="C0GENERAL")
        *_, stone, reply = (await page.channel("C0GENERAL"))["messages"]
        assert (stone["subtype"], stone["text"]) == ("tombstone", "This message was deleted.")
        assert (reply["text"], reply["thread_ts"]) == ("reply", ts)
        told = page.slack.record.deliveries[-1].payload["event"]
        assert (told["subtype"], told["message"]["subtype"]) == ("message_changed", "tombstone")


async def test_the_button_of_the_block_that_was_named_is_pressed(manifest, client_of, pressing_app, in_socket_mode):
    async with sandbox_page(manifest) as page:
        app = pressing_app(page.slack)
        async with in_socket_mode(page.slack, app):
            posted = await client_of(page.slack).chat_postMessage(channel="C0GENERAL", text="a", blocks=ROWS)
            press = {"ts": posted["ts"], "channel": "C0GENERAL"}
            await page.does("U0ALICE", "clicks", action_id="open", block_id="two", **press)
            for ticked in (["red", "blue"], []):
                await page.does("U0ALICE", "clicks", action_id="ticks", value=ticked, **press)
            await page.slack.wait_for(lambda: len(app.heard) == 3)
            assert app.heard == ["second", ["red", "blue"], []]


async def test_a_modal_is_refused_pushed_on_and_closed(manifest, client_of, pressing_app, in_socket_mode):
    async with sandbox_page(manifest) as page:
        app = pressing_app(page.slack)

        async def titles(user="U0ALICE"):
            return [view["title"]["text"] for view in (await page.sees(user))["modals"]]

        async with in_socket_mode(page.slack, app):
            posted = await client_of(page.slack).chat_postMessage(channel="C0GENERAL", text="a", blocks=ROWS)
            await page.does("U0ALICE", "clicks", ts=posted["ts"], action_id="open", channel="C0GENERAL")
            await page.when(titles, "a modal")
            assert await titles("U0BOB") == []
            (first,) = (await page.sees())["modals"]

            refused = await page.does("U0ALICE", "submits", view_id=first["id"], values=named("bad"))
            assert refused == {"acknowledged": True, "errors": {"name": "Not that one."}}
            await page.does("U0ALICE", "submits", view_id=first["id"], values=named("more"))
            assert await titles() == ["First", "Second"]
            second = (await page.sees())["modals"][1]
            assert (await page.tries("U0BOB", "closes", view_id=second["id"]))["error"] == (
                "That window is no longer open."
            )
            await page.does("U0ALICE", "closes", view_id=second["id"])
            assert await titles() == ["First"]
            await page.does("U0ALICE", "submits", view_id=first["id"], values=named("more"))
            await page.does("U0ALICE", "closes", view_id=first["id"])
            assert await titles() == []
            await page.slack.wait_for(lambda: len(app.heard) == 6)
            assert app.heard == ["first", "bad", "more", ("closed", False), "more", ("closed", True)]


async def test_slack_pushes_no_fourth_window(manifest, client_of, bolt_app, in_socket_mode):
    async with sandbox_page(manifest) as page:
        app, refusals = bolt_app(page.slack), []

        @app.action("open")
        async def opened(ack, body, client):
            await ack()
            open_or_push = client.views_push if "view" in body else client.views_open
            view = {"type": "modal", "title": plain("On top"), "blocks": ROWS}
            try:
                await open_or_push(trigger_id=body["trigger_id"], view=view)
            except Exception as error:
                refusals.append(error.response["error"])

        async def windows():
            return (await page.sees())["modals"]

        async with in_socket_mode(page.slack, app):
            posted = await client_of(page.slack).chat_postMessage(channel="C0GENERAL", text="a", blocks=ROWS)
            await page.does("U0ALICE", "clicks", ts=posted["ts"], action_id="open", channel="C0GENERAL")
            for count in (1, 2, 3):

                async def are_open(count=count):
                    return len(await windows()) == count

                await page.when(are_open)
                await page.does("U0ALICE", "clicks_in_view", view_id=(await windows())[-1]["id"], action_id="open")
            await page.slack.wait_for(lambda: refusals)
            assert refusals == ["push_limit_reached"]


@pytest.mark.parametrize(
    ("verb", "args", "said"),
    [
        ("says", {"text": " \n"}, "There is nothing to send."),
        (
            "says",
            {"text": "a" * 100_000},
            "Your message is too long: it has 100,000 characters, and 12,000 are the most.",
        ),
        ("says", {"text": "a", "channel": "C0COMMS"}, "You are not in that channel."),
        ("says", {"text": "a", "channel": "C0NOWHERE"}, "You are not in that channel."),
        ("says", {"text": "a", "channel": "C0GENERAL", "thread_ts": "1.0"}, "That is no longer there."),
        ("says", {}, "says needs text."),
        ("says", {"text": ["a"]}, "says cannot be given text like that."),
        ("says", {"text": "a", "copies": 9}, "says cannot be given copies like that."),
        ("clicks", {"ts": "1.0", "action_id": "a", "value": [1]}, "clicks cannot be given value like that."),
        ("clicks", {"ts": "1.0", "action_id": "a"}, "That is no longer there."),
        ("submits", {"view_id": "V1", "values": {}}, "That window is no longer open."),
        ("stops", {"thread_ts": "1.0"}, "That is no longer there."),
        ("commands", {"command": "/no"}, "/no is not in the manifest"),
        ("opens", {"tab": "about"}, "The app has a Home and a Messages tab."),
        ("dm", {}, "Nobody can do that here: 'dm'."),
        ("has_said", {"text": "a"}, "Nobody can do that here: 'has_said'."),
    ],
)
async def test_what_slack_would_not_let_a_person_do_is_refused_in_a_sentence(verb, args, said, manifest):
    async with sandbox_page(manifest) as page:
        assert (await page.tries("U0ALICE", verb, **args)) == {"ok": False, "error": said}
        assert page.slack.record.deliveries == []


@pytest.mark.parametrize("user", ["U0NOBODY", "U0BOT", "", None, ["U0ALICE"]])
async def test_nobody_acts_who_is_not_a_person_here(user, manifest):
    async with sandbox_page(manifest) as page:
        assert (await page.tries(user, "says", text="a"))["error"] == "There is nobody of that name here."


async def test_what_only_one_person_sees_is_pressed_by_nobody_else(manifest, client_of):
    async with sandbox_page(manifest) as page:
        client = client_of(page.slack)
        told = await client.chat_postEphemeral(channel="C0GENERAL", user="U0ALICE", text="a", blocks=ROWS)
        press = {"ts": told["message_ts"], "action_id": "open", "channel": "C0GENERAL"}
        assert not (await page.tries("U0BOB", "clicks", **press))["ok"]
        shortcut = {"callback_id": "ask", "ts": told["message_ts"], "channel": "C0GENERAL"}
        assert not (await page.tries("U0ALICE", "uses_shortcut", **shortcut))["ok"]
        assert page.slack.record.deliveries == []
