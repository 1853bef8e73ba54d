"""What Slack says against blocks and views, in its own words."""

import pytest
from slack_sdk.errors import SlackApiError, SlackObjectFormationError
from slack_sdk.models.blocks import MarkdownBlock, SectionBlock

from sandbox.block_kit.blocks import message_errors
from sandbox.block_kit.text import pings, rendered_blocks
from sandbox.block_kit.views import view_errors
from sandbox.limits import Limits
from sandbox.standin import SlackStandin

LIMITS = Limits()


def plain(text):
    return {"type": "plain_text", "text": text}


def section(text="x", **more):
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}]


def actions(*elements):
    return [{"type": "actions", "elements": list(elements)}]


def button(text="Go", **more):
    return {"type": "button", "action_id": "go", "text": plain(text), **more}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(""), "must be more than 0 characters"),
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be a valid enum value"),
        (section(accessory={"type": "plain_text_input"}), "unsupported type: plain_text_input"),
        (section(colour="red"), "invalid additional property: colour"),
        ([{"type": "markdown", "text": "x" * 7000}] * 2, "12001 characters in total"),
        (
            [{"type": "image", "image_url": "https://x/y.png"}],
            "missing required field [json-pointer:/blocks/0/alt_text]",
        ),
        ([{"type": "context", "elements": []}], "no less than 1 items allowed"),
        (actions(button("x" * 76)), "must be less than 76"),
        (actions(button(), button()), '`action_id` "go" already exists for another element'),
        (actions(button(style="loud")), "must be a valid enum value"),
        (actions({"type": "overflow", "action_id": "a", "options": [{}] * 6}), "no more than 5 items"),
        ([{"type": "context_actions", "elements": [{"type": "button"}]}], "unsupported type: button"),
        (
            [{"type": "task_card", "task_id": "1", "title": "t", "status": "completed"}],
            "expected one of pending, in_progress, complete, error",
        ),
        ([{"type": "plan", "title": "t", "tasks": [{"title": "t", "status": "error"}]}], "/tasks/0/task_id"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}], "no more than 20 items"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2, "only_one_table_allowed"),
        ([{"type": "alert", "text": plain("x" * 201)}], "must be less than 201"),
        ([{"type": "container", "child_blocks": section()}], "missing required field: title"),
        ([{"type": "carousel", "elements": [{"subtitle": plain("x")}]}], "one of hero_image, title"),
        ([{"type": "rich_text", "elements": [{"type": "text"}]}], "unsupported type: text"),
        ([{"type": "divider", "block_id": "b"}] * 2, "already exists"),
        ([{"type": "nonsense"}], "unsupported type: nonsense"),
        (["x"], "missing required field: type"),
    ],
)
def test_slack_refuses_blocks_that_break_a_rule(blocks, expected):
    assert expected in message_errors(blocks, LIMITS)[0]


def test_slack_takes_a_message_of_every_usual_block():
    feedback = {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    }
    option = {"text": plain("One"), "value": "1"}
    typed = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    blocks = [
        {"type": "header", "text": plain("Answer")},
        *section(fields=[plain("a")], accessory=button()),
        {"type": "divider"},
        {"type": "context", "elements": [plain("a"), {"type": "image", "image_url": "x", "alt_text": "x"}]},
        {"type": "image", "image_url": "https://x/y.png", "alt_text": "A plan", "title": plain("Plan")},
        *actions(button(), {"type": "static_select", "action_id": "pick", "options": [option]}),
        {"type": "context_actions", "elements": [feedback]},
        {"type": "markdown", "text": "**x**"},
        {"type": "rich_text", "elements": [typed, {"type": "rich_text_list", "elements": [typed]}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
        {"type": "task_card", "task_id": "1", "title": "Looked", "status": "complete"},
        {"type": "alert", "text": plain("x")},
        {"type": "card", "title": plain("x"), "actions": [button()]},
        {"type": "carousel", "elements": [{"title": plain("x")}]},
        {"type": "container", "title": plain("x"), "child_blocks": section()},
        {"type": "video"},
    ]
    assert message_errors(blocks, LIMITS) == []


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({"type": "page"}, "must be a valid enum value [json-pointer:/view/type]"),
        ({"type": "modal", "title": plain("x" * 25), "blocks": section()}, "must be less than 25"),
        ({"type": "home", "blocks": section(), "submit": plain("x")}, "home view cannot have submit"),
        ({"type": "home", "blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type: markdown"),
        ({"type": "home", "blocks": section(), "private_metadata": "x" * 3001}, "must be less than 3001"),
        (
            {
                "type": "modal",
                "title": plain("Why"),
                "blocks": [{"type": "input", "label": plain("x"), "element": {"type": "plain_text_input"}}],
            },
            "submit is required when an input block is present",
        ),
    ],
)
def test_slack_refuses_views_that_break_a_rule(view, expected):
    assert expected in view_errors(view, LIMITS)[0]


def test_one_markdown_block_becomes_several_on_the_screen():
    assert rendered_blocks("one\ntwo") == 1
    assert rendered_blocks("# Title\n\nprose\n\n| a |\n|---|\n\n```\n# code\n```\n\n---") == 5


@pytest.mark.parametrize(
    ("message", "notified"),
    [
        ({"text": "<!channel> and <@U0BOB>"}, ["@channel", "U0BOB"]),
        ({"text": "<!here>", "blocks": section("&lt;!channel&gt;")}, []),
        ({"blocks": [{"type": "markdown", "text": "**x** <!subteam^S1>"}]}, ["subteam:S1"]),
        ({"blocks": [{"type": "header", "text": plain("<!here>")}]}, []),
    ],
)
def test_only_marked_up_text_notifies_people(message, notified):
    assert pings(message) == notified


async def test_the_sdk_checks_only_its_own_objects(manifest, client_of):
    with pytest.raises(SlackObjectFormationError):
        SectionBlock(text="x" * 3001).to_dict()
    with pytest.raises(SlackObjectFormationError):
        MarkdownBlock(text="x" * 12001).to_dict()
    async with SlackStandin(manifest) as slack:
        for blocks in ([SectionBlock(text="x")] * 51, section("x" * 3001)):  # unchecked before the wire
            with pytest.raises(SlackApiError) as refused:
                await client_of(slack).chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
            assert refused.value.response["error"] == "invalid_blocks"
            assert "json-pointer" in refused.value.response["errors"][0]
