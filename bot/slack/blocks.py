"""Block Kit: the few blocks the bot uses. Text from elsewhere goes into rich text, where nothing is markup."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]


def run(text: str, *, bold: bool = False, italic: bool = False) -> Block:
    """A run of text inside rich text; Slack reads no markup, mention or emoji code in it."""
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {"type": "text", "text": text or " ", **({"style": style} if style else {})}


def link(url: str, text: str) -> Block:
    """A link inside rich text."""
    return {"type": "link", "url": url, "text": text or url}


def line(*runs: Block) -> Block:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(runs)}


def quotation(*runs: Block) -> Block:
    """A quotation of rich text."""
    return {"type": "rich_text_quote", "elements": list(runs)}


def bullets(*lines: Block) -> Block:
    """A list of rich text."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def rich(*parts: Block) -> Block:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(parts)}


def words(text: str, *, bold: bool = False, italic: bool = False) -> Block:
    """A block of rich text with one run."""
    return rich(line(run(text, bold=bold, italic=italic)))


def header(text: str) -> Block:
    """A heading of at most 150 characters."""
    return {"type": "header", "text": plain_text(text)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def plain_text(text: str) -> Block:
    """A text object without markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def button(
    label: str, action: str, value: str = "", *, says: str | None = None, danger: bool = False, **more: Any
) -> Block:
    """A button; `says` is what a screen reader reads instead of the label."""
    made: Block = {"type": "button", "text": plain_text(label), "action_id": action, **more}
    if value:
        made["value"] = value
    if says:
        made["accessibility_label"] = says
    if danger:
        made["style"] = "danger"
    return made


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question that is asked before a button does its work."""
    return {
        "title": plain_text(title),
        "text": plain_text(text),
        "confirm": plain_text(yes),
        "deny": plain_text(no),
    }


def actions(elements: Sequence[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def helpful_or_not(action: str, value: str) -> Block:
    """Slack's own pair of feedback buttons; each value ends in the side that was pressed."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": action,
                "positive_button": {
                    "text": plain_text("Helpful"),
                    "value": f"{value}:yes",
                    "accessibility_label": "This answer was helpful",
                },
                "negative_button": {
                    "text": plain_text("Not helpful"),
                    "value": f"{value}:no",
                    "accessibility_label": "This answer was not helpful",
                },
            }
        ],
    }


def modal(title: str, blocks: Sequence[Block], **more: Any) -> Block:
    """A modal view; its title is at most 24 characters."""
    return {
        "type": "modal",
        "title": plain_text(title),
        "close": plain_text("Close"),
        "blocks": list(blocks),
        **more,
    }
