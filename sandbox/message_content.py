"""The part of a message the app writes itself: checked as Slack checks it."""

import secrets

from sandbox.block_kit.blocks import message_errors
from sandbox.block_kit.text import rendered_blocks, texts
from sandbox.limits import Limits
from sandbox.wire import Json, Refusal

KEPT_AS_SENT = ("attachments", "metadata", "unfurl_links", "unfurl_media")


def message_content(args: Json, limits: Limits, problems: list[str], *, update: bool = False) -> Json:
    """Text, blocks and what goes with them, from the arguments of a posting call.

    Refuses what Slack refuses; adds to ``problems`` what Slack swallows."""
    text, blocks, markdown = args.get("text") or "", args.get("blocks"), args.get("markdown_text")
    if not isinstance(text, str):
        raise Refusal("invalid_arguments", ["must be a string [json-pointer:/text]"])
    if markdown and (text or blocks):
        raise Refusal("markdown_text_conflict")
    if not (text or blocks or markdown or args.get("attachments")):
        raise Refusal("no_text")
    if markdown and len(markdown) > limits.markdown_text:
        raise Refusal("msg_too_long")
    if update and len(text) > limits.update_text:
        raise Refusal("msg_too_long")
    _note_long_text(text, limits, problems, has_blocks=bool(blocks))
    text = text[: limits.post_text]
    if blocks:
        _check_blocks(blocks, limits)
        if not text:
            problems.append("blocks without text: no fallback for notifications and screen readers")
    if markdown:
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    if args.get("metadata"):
        _check_metadata(args["metadata"], problems)

    content: Json = {"text": text}
    if blocks:
        content["blocks"] = [{"block_id": secrets.token_hex(3), **block} for block in blocks]
    return content | {key: args[key] for key in KEPT_AS_SENT if args.get(key) not in (None, "", [], {})}


def _note_long_text(text: str, limits: Limits, problems: list[str], *, has_blocks: bool) -> None:
    if len(text) > limits.post_text:
        problems.append(f"text was cut at {limits.post_text:,} characters")
    elif len(text) > limits.post_text_split and not has_blocks:
        problems.append(f"text over {limits.post_text_split:,} characters: Slack may split or refuse it")


def _check_blocks(blocks: object, limits: Limits) -> None:
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    errors = message_errors(blocks, limits)
    if errors:
        markdown_too_long = any(f" {limits.markdown_text + 1} characters" in e for e in errors)
        raise Refusal("msg_too_long" if markdown_too_long else "invalid_blocks", errors)
    if sum(len(text) for text in texts(blocks)) > limits.blocks_text_total:
        raise Refusal("msg_blocks_too_long")
    rendered = sum(rendered_blocks(b["text"]) if b["type"] == "markdown" else 1 for b in blocks)
    if rendered > limits.message_blocks:
        most = limits.message_blocks
        message = f"no more than {most} items allowed [json-pointer:/blocks] (rendered: {rendered})"
        raise Refusal("invalid_blocks", [message])


def _check_metadata(metadata: object, problems: list[str]) -> None:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        # bolt's own `say` sends null when it knows no context; what Slack says to that is not known
        problems.append(f"metadata {metadata['event_type']}: event_payload is not an object")
