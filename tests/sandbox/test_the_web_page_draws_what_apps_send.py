"""The sandbox's page without a bot behind it: every block and field, what apps do wrong, a connection that breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import shipped_manifest
from sandbox.limits import Limits
from sandbox.standin import SlackStandin
from sandbox.threaded import StandinThread
from sandbox.web_page.cast import fill
from sandbox.web_page.serving import WebPage
from tests.browser import Browser, browser  # noqa: F401
from tests.sandbox.visitor import Visitor

GENERAL = "C0GENERAL"
Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*texts: str) -> list[Json]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


def field(name: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": name, "label": plain(name), "element": {"action_id": "a", **element}, **more}


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A sandbox whose app says only what a test has it say, and hears nothing."""

    thread: StandinThread
    slack: SlackStandin

    def calls(self, method: str, **arguments: object) -> Json:
        """A call of the app's; what Slack answers."""

        async def call() -> Json:
            client = AsyncWebClient(token=self.slack.app.bot_token, base_url=self.slack.api_url)
            return dict((await client.api_call(method, json=arguments)).data)  # type: ignore[arg-type]

        return self.thread.run(call())

    def posts(self, *blocks: Json, text: str = "in words") -> None:
        self.calls("chat.postMessage", channel=GENERAL, text=text, blocks=blocks)

    def opens(self, *blocks: Json, **view: Any) -> str:
        """A modal for Alice; its id."""

        async def trigger() -> str:
            return self.slack.triggers.new("U0ALICE")

        view = {"type": "modal", "title": plain("A window"), "submit": plain("Send"), "blocks": blocks, **view}
        return str(self.calls("views.open", trigger_id=self.thread.run(trigger()), view=view)["view"]["id"])

    def told(self, kind: str) -> Json:
        """What the app was told last of that kind."""
        return next(d.payload for d in reversed(self.slack.record.deliveries) if d.payload["type"] == kind)

    def pressed(self) -> Json:
        """What was pressed last, as the app was told."""
        action: Json = self.told("block_actions")["actions"][0]
        return action

    def awaits_ticks(self, *values: str) -> None:
        """Wait until the app was told that these are ticked."""

        def are_ticked() -> bool:
            return [option["value"] for option in self.pressed().get("selected_options", [])] == list(values)

        self.thread.run(self.slack.wait_for(are_ticked, 10))


@pytest.fixture
def silent() -> Iterator[Silent]:
    slack = SlackStandin(shipped_manifest(), limits=Limits(ack_timeout=0.2), rate_limits=False)
    fill(slack)
    with StandinThread(slack, routes=WebPage(slack).routes()) as thread:
        yield Silent(thread=thread, slack=slack)


@pytest.fixture
def visitor(silent: Silent, browser: Browser, tmp_path: Path) -> Visitor:  # noqa: F811
    browser.look(width=1280)
    visitor = Visitor(browser, silent.slack.url, tmp_path)
    visitor.enters("U0ALICE", GENERAL)
    return visitor


def run(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                run("bold", bold=True),
                run("italic", italic=True),
                run("struck", strike=True),
                run("code", code=True),
                {"type": "user", "user_id": "U0BOB"},
                {"type": "channel", "channel_id": "C0PROGRAMMES"},
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "tada", "unicode": "1f389"},
                {"type": "link", "url": "https://trust.example/", "text": "a page"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [{"type": "rich_text_section", "elements": [run("one")]}],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [run("deeper")]}],
        },
        {"type": "rich_text_preformatted", "elements": [run("as  typed")]},
        {"type": "rich_text_quote", "elements": [run("quoted")]},
    ],
}
MRKDWN = """*bold* _italic_ ~struck~ `code` <https://trust.example/?a=1&amp;b|a page> <@U0BOB> &lt;3 2*3*4
> quoted
```as  typed```"""
MARKDOWN = """# A heading

**bold** *italic* ~~struck~~ `code` [a page](https://trust.example/)

- one
  - deeper
1. first

> quoted

| Place | Beds |
|---|---|
| Mossley Hill | 80 |

```
as  typed
```"""


def test_text_looks_the_same_in_all_three_kinds_of_markup(silent: Silent, visitor: Visitor):
    kinds = {"rich_text": RICH, "section": {"type": "section", "text": {"type": "mrkdwn", "text": MRKDWN}}}
    silent.posts(*kinds.values(), {"type": "markdown", "text": MARKDOWN})
    for kind in ("rich_text", "section", "markdown"):
        block = f".message .block-{kind}"
        visitor.awaits(block)
        for tag, text in (("strong", "bold"), ("em", "italic"), ("s", "struck"), ("code", "code"), ("a", "a page")):
            visitor.awaits(f"{block} {tag}", text)
        visitor.awaits(f"{block} blockquote", "quoted")
        assert "as  typed" in visitor.text(f"{block} pre")
    assert visitor.text(".block-section .mention") == "@bob"
    assert "<3 2*3*4" in visitor.text(".block-section")
    assert visitor.text(".block-rich_text .mention") == "@bob #programmes @here"
    assert visitor.count(".block-rich_text li li", "deeper") == visitor.count(".block-markdown li li", "deeper") == 1
    assert visitor.text(".block-markdown th") == "Place Beds"
    assert visitor.browser.evaluate("document.querySelector('.block-section a').href") == "https://trust.example/?a=1&b"
    assert visitor.findings() == []


def test_every_other_block_is_drawn_and_an_unknown_one_is_shown_as_it_is(silent: Silent, visitor: Visitor):
    video = {"type": "video", "title": plain("A film"), "video_url": "https://trust.example/film", "alt_text": "A film"}
    rows = [[{"type": "raw_text", "text": text} for text in row] for row in (("Place", "Beds"), ("Mossley Hill", "80"))]
    silent.posts(
        {"type": "header", "text": plain("A header")},
        {"type": "section", "fields": [plain("One field"), plain("Another field")]},
        {"type": "context", "elements": [plain("In small letters")]},
        {"type": "divider"},
        {"type": "image", "image_url": "https://trust.example/x.png", "alt_text": "A garden in May"},
        {"type": "table", "rows": rows},
        {
            "type": "plan",
            "title": "A plan",
            "tasks": [
                {
                    "task_id": "1",
                    "title": "Read the pages",
                    "status": "complete",
                    "sources": [{"type": "url", "url": "https://trust.example/", "text": "The page"}],
                }
            ],
        },
        video,
    )
    visitor.awaits(".message [role=heading]", "A header")
    visitor.awaits(".fields li", "Another field")
    visitor.awaits(".context", "In small letters")
    visitor.awaits("[role=img][aria-label='A garden in May']")
    visitor.awaits(".message td", "Mossley Hill")
    visitor.awaits(".task", "Done: Read the pages")
    assert '"video_url": "https://trust.example/film"' in visitor.text(".block-video pre")
    assert visitor.findings() == []
    assert {address.rpartition("/")[0] for address in visitor.browser.requests()} <= {
        silent.slack.url,
        f"{silent.slack.url}/web",
    }


def test_what_is_chosen_in_a_message_is_what_the_app_is_told(silent: Silent, visitor: Visitor):
    chooses = {
        "type": "static_select",
        "action_id": "chooses",
        "placeholder": plain("A season"),
        "options": options("May", "June"),
    }
    silent.posts(
        {
            "type": "actions",
            "block_id": "row",
            "elements": [
                chooses,
                {"type": "overflow", "action_id": "more", "options": options("Print", "Keep")},
                {"type": "checkboxes", "action_id": "ticks", "options": options("Soup", "Salad")},
                {"type": "radio_buttons", "action_id": "picks", "options": options("Tea", "Water")},
                {"type": "button", "action_id": "link", "text": plain("Look"), "url": "https://trust.example/"},
            ],
        }
    )
    visitor.awaits(".message select").send_keys("June")
    visitor.awaits(".notice", "not acknowledged")
    assert silent.pressed()["selected_option"]["value"] == "june"
    visitor.clicks(".message button[aria-haspopup=menu]", "More choices")
    visitor.clicks("[role=menuitem]", "Keep")
    visitor.browser.until("document.querySelectorAll('.notice').length === 2")
    assert (silent.pressed()["action_id"], silent.pressed()["selected_option"]["value"]) == ("more", "keep")
    visitor.clicks(".message .choice", "Salad")
    visitor.clicks(".message .choice", "Soup")
    visitor.clicks(".notice button")
    silent.awaits_ticks("soup", "salad")
    assert visitor.browser.evaluate("document.querySelector('.message a.button').rel") == "noopener noreferrer"
    assert visitor.findings() == []


def test_what_is_filled_in_a_window_is_what_the_app_is_told(silent: Silent, visitor: Visitor):
    window = silent.opens(
        field("words", {"type": "plain_text_input", "initial_value": "first "}),
        field("season", {"type": "static_select", "options": options("May", "June")}),
        field("meals", {"type": "checkboxes", "options": options("Soup", "Salad")}, optional=True),
        field("drink", {"type": "radio_buttons", "options": options("Tea", "Water")}),
        field("day", {"type": "datepicker", "initial_date": "2024-05-17"}),
        field("person", {"type": "users_select"}, optional=True),
        field("nothing", {"type": "plain_text_input", "multiline": True}, optional=True),
    )
    visitor.awaits("dialog h2", "A window")
    visitor.clicks("dialog button[type=submit]")
    visitor.awaits("dialog .field-error")
    assert visitor.count("dialog .field-error") == 2
    assert visitor.findings() == []
    visitor.types("dialog input[type=text]", "words")
    visitor.awaits("dialog select").send_keys("June")
    visitor.clicks("dialog .choice", "Salad")
    visitor.clicks("dialog .choice", "Water")
    visitor.clicks("dialog button[type=submit]")
    visitor.awaits(".notice", "not acknowledged")
    view = silent.told("view_submission")["view"]
    values = {name: value["a"] for name, value in view["state"]["values"].items()}
    assert view["id"] == window
    assert values["words"]["value"] == "first words"
    assert values["season"]["selected_option"]["value"] == "june"
    assert [option["value"] for option in values["meals"]["selected_options"]] == ["salad"]
    assert values["drink"]["selected_option"]["value"] == "water"
    assert values["day"]["selected_date"] == "2024-05-17"
    assert values["person"]["selected_user"] is None and values["nothing"]["value"] is None


def test_what_is_typed_in_a_window_outlives_what_happens_behind_it(silent: Silent, visitor: Visitor):
    window = silent.opens(field("words", {"type": "plain_text_input"}))
    visitor.types("dialog input", "half a ")
    silent.posts({"type": "header", "text": plain("News")})
    visitor.awaits("#said", "in words")
    visitor.presses("sentence")
    assert visitor.browser.evaluate("document.querySelector('dialog input').value") == "half a sentence"
    silent.calls(
        "views.update",
        view_id=window,
        view={"type": "modal", "title": plain("Changed"), "blocks": [{"type": "divider"}]},
    )
    visitor.awaits("dialog h2", "Changed")
    assert visitor.count("dialog input, dialog button[type=submit]") == 0


def test_a_rule_the_app_broke_is_counted_and_told(silent: Silent, visitor: Visitor):
    silent.calls("chat.postMessage", channel=GENERAL, blocks=[{"type": "divider"}])
    visitor.awaits("#drawer-button .count", "1")
    visitor.clicks("#drawer-button")
    visitor.clicks(".filter", "Rules broken")
    visitor.awaits(".entry", "blocks without text: no fallback for notifications and screen readers")
    assert visitor.findings() == []


def test_the_banner_says_where_questions_go(silent: Silent, visitor: Visitor):
    visitor.awaits(".banner", "This is not Slack")
    visitor.awaits(".banner", "nothing you write leaves it")
    other = SlackStandin(shipped_manifest())
    fill(other)
    with StandinThread(other, routes=WebPage(other, sends_to="the language model of a friend").routes()):
        elsewhere = Visitor(visitor.browser, other.url, visitor.shots)
        elsewhere.enters("U0ALICE", GENERAL)
        elsewhere.awaits(".banner", "what you ask is sent to the language model of a friend too")
        elsewhere.awaits_no(".banner", "nothing you write leaves it")


def test_a_connection_that_breaks_is_told_and_mends_itself(silent: Silent, visitor: Visitor):
    visitor.awaits(".connection", "Trustbot is not connected")
    port = int(silent.slack.url.rpartition(":")[2])
    silent.thread.run(silent.slack.stop())
    visitor.awaits(".connection", "Connection lost")
    visitor.types("#message-box", "Is somebody there?\n")
    visitor.awaits(".notice", "The sandbox cannot be reached")
    assert visitor.browser.evaluate("document.querySelector('#message-box').value") == "Is somebody there?"
    anew = SlackStandin(shipped_manifest(), rate_limits=False)
    fill(anew)
    with StandinThread(anew, port=port, routes=WebPage(anew).routes()):
        visitor.awaits_no(".connection", "Connection lost")
        visitor.types("#message-box", "\n")
        visitor.awaits(".message", "Is somebody there?")
    visitor.browser.console_errors()  # of requests that reached nobody
