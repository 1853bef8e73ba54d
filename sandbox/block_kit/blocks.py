"""The rules of every kind of block, and of a list of them."""

from collections.abc import Callable

from sandbox.block_kit.checks import PLAIN_TEXT, Checks
from sandbox.block_kit.elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_elements,
    check_image,
)
from sandbox.limits import Limits
from sandbox.wire import Json

# Known to Slack, their insides unchecked here
OPAQUE = {"video", "file", "call", "data_table", "data_visualization", "auth_provider"}
# Where a block may stand besides a message, which takes all of them [docs]
IN_MODAL = {
    *("actions", "alert", "card", "context", "divider", "header", "image", "input"),
    *("rich_text", "section", "video"),
}
IN_HOME = {
    *("actions", "card", "carousel", "container", "context", "data_table", "divider", "header", "image"),
    *("input", "rich_text", "section", "table", "video"),
}
RICH_TEXT_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
UNBOUNDED = 10_000  # where Slack names no limit, a number nobody reaches by accident


def message_errors(blocks: object, limits: Limits) -> list[str]:
    """What Slack would say against these blocks of a message."""
    checks = Checks(limits)
    check_blocks(checks, "/blocks", blocks, limits.message_blocks)
    return checks.errors


def check_blocks(checks: Checks, at: str, blocks: object, most: int, allowed: set[str] | None = None) -> None:
    """A whole list of blocks; ``allowed`` names the kinds the surface takes, None takes all."""
    block_ids: set[object] = set()
    tables = markdown = 0
    for i, block in enumerate(checks.items(at, blocks, most)):
        here = f"{at}/{i}"
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(block, dict) or not isinstance(kind, str):
            checks.bad(here, "missing required field: type")
            continue
        if allowed is not None and kind not in allowed:
            checks.bad(here, f"unsupported type: {kind}")
            continue
        _check_block_id(checks, here, block, block_ids)
        check_block(checks, here, block)
        tables += kind == "table"
        if kind == "markdown" and isinstance(block.get("text"), str):
            markdown += len(block["text"])
    if tables > 1:
        checks.bad(at, "only_one_table_allowed")  # [docs]
    if markdown > checks.limits.markdown_total:
        most_text = checks.limits.markdown_total + 1
        checks.bad(at, f"markdown blocks must be less than {most_text} characters in total")


def check_block(checks: Checks, at: str, block: Json) -> None:
    kind = block.get("type")
    if kind in OPAQUE:
        return
    if kind not in KINDS:
        checks.bad(at, f"unsupported type: {kind}")
        return
    keys, check = KINDS[kind]
    checks.known_keys(at, block, keys | {"type", "block_id"})
    check(checks, at, block)


def _check_block_id(checks: Checks, at: str, block: Json, seen: set[object]) -> None:
    block_id = block.get("block_id")
    if block_id is None:
        return
    checks.length(f"{at}/block_id", block_id, checks.limits.block_id)
    if block_id in seen:
        checks.bad(f"{at}/block_id", f'`block_id` "{block_id}" already exists for another block')
    seen.add(block_id)


def _divider(checks: Checks, at: str, block: Json) -> None:
    """Nothing in it can be wrong."""


def _section(checks: Checks, at: str, block: Json) -> None:
    if block.get("text") is None and block.get("fields") is None:
        checks.bad(at, "missing required field: text or fields")
    checks.optional_text(f"{at}/text", block.get("text"), checks.limits.section_text)
    if block.get("fields") is not None:
        for i, text in enumerate(checks.items(f"{at}/fields", block["fields"], checks.limits.section_fields)):
            checks.text(f"{at}/fields/{i}", text, checks.limits.section_field_text)
    if block.get("accessory") is not None:
        check_element(checks, f"{at}/accessory", block["accessory"], IN_SECTION)


def _header(checks: Checks, at: str, block: Json) -> None:
    checks.text(f"{at}/text", block.get("text"), checks.limits.header_text, PLAIN_TEXT)


def _image(checks: Checks, at: str, block: Json) -> None:
    check_image(checks, at, block)
    checks.optional_text(f"{at}/title", block.get("title"), 2000, PLAIN_TEXT)


def _markdown(checks: Checks, at: str, block: Json) -> None:
    checks.length(f"{at}/text", block.get("text"), checks.limits.markdown_text)


def _actions(checks: Checks, at: str, block: Json) -> None:
    most = checks.limits.actions_elements
    check_elements(checks, f"{at}/elements", block.get("elements"), most, IN_ACTIONS)


def _context_actions(checks: Checks, at: str, block: Json) -> None:
    most = checks.limits.context_actions_elements
    check_elements(checks, f"{at}/elements", block.get("elements"), most, IN_CONTEXT_ACTIONS)


def _context(checks: Checks, at: str, block: Json) -> None:
    most = checks.limits.context_elements
    for i, element in enumerate(checks.items(f"{at}/elements", block.get("elements"), most)):
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(checks, f"{at}/elements/{i}", element)
        else:
            checks.text(f"{at}/elements/{i}", element, checks.limits.section_text)


def _input(checks: Checks, at: str, block: Json) -> None:
    checks.text(f"{at}/label", block.get("label"), 2000, PLAIN_TEXT)
    checks.optional_text(f"{at}/hint", block.get("hint"), 2000, PLAIN_TEXT)
    check_element(checks, f"{at}/element", block.get("element"), IN_INPUT)


def _rich_text(checks: Checks, at: str, block: Json) -> None:
    for part_at, part in checks.objects(f"{at}/elements", block.get("elements"), UNBOUNDED):
        _rich_text_part(checks, part_at, part)


def _rich_text_part(checks: Checks, at: str, part: Json) -> None:
    kind = part.get("type")
    if kind not in RICH_TEXT_PARTS:
        checks.bad(at, f"unsupported type: {kind}")
        return
    for inner_at, inner in checks.objects(f"{at}/elements", part.get("elements") or [], UNBOUNDED, least=0):
        if kind == "rich_text_list":
            _rich_text_part(checks, inner_at, inner)
        elif inner.get("type") == "text":
            checks.length(f"{inner_at}/text", inner.get("text"), 10**6)
        elif inner.get("type") == "link":
            checks.length(f"{inner_at}/url", inner.get("url"), checks.limits.url)


def _table(checks: Checks, at: str, block: Json) -> None:
    columns = checks.limits.table_columns
    for r, row in enumerate(checks.items(f"{at}/rows", block.get("rows"), checks.limits.table_rows)):
        for c, cell in enumerate(checks.items(f"{at}/rows/{r}", row, columns)):
            cell_at = f"{at}/rows/{r}/{c}"
            kind = cell.get("type") if isinstance(cell, dict) else None
            if not isinstance(cell, dict) or kind not in ("raw_text", "rich_text", "raw_number"):
                checks.bad(cell_at, "must be a raw_text, raw_number or rich_text cell")
            elif kind != "rich_text":
                checks.length(f"{cell_at}/text", cell.get("text"), UNBOUNDED)
    if block.get("column_settings") is not None:
        checks.items(f"{at}/column_settings", block["column_settings"], columns, least=0)


def _plan(checks: Checks, at: str, block: Json) -> None:
    checks.length(f"{at}/title", block.get("title"), UNBOUNDED)
    for task_at, task in checks.objects(f"{at}/tasks", block.get("tasks") or [], 50, least=0):
        _task_card(checks, task_at, task)


def _task_card(checks: Checks, at: str, block: Json) -> None:
    checks.length(f"{at}/title", block.get("title"), UNBOUNDED)
    checks.length(f"{at}/task_id", block.get("task_id"), 255)
    checks.one_of(f"{at}/status", block.get("status"), ("pending", "in_progress", "complete", "error"))
    for source_at, source in checks.objects(f"{at}/sources", block.get("sources") or [], UNBOUNDED, least=0):
        if source.get("type") != "url" or not source.get("url") or not source.get("text"):
            checks.bad(source_at, "must be a url source with url and text")


def _alert(checks: Checks, at: str, block: Json) -> None:
    checks.text(f"{at}/text", block.get("text"), 200)


def _card(checks: Checks, at: str, block: Json) -> None:
    for name, most in (("title", 150), ("subtitle", 150), ("subtext", 200), ("body", 200)):
        checks.optional_text(f"{at}/{name}", block.get(name), most)
    if not any(block.get(name) for name in ("hero_image", "title", "actions", "body")):
        checks.bad(at, "missing required field: one of hero_image, title, actions, body")
    for i, element in enumerate(block.get("actions") or []):
        check_element(checks, f"{at}/actions/{i}", element, {"button"})


def _carousel(checks: Checks, at: str, block: Json) -> None:
    for card_at, card in checks.objects(f"{at}/elements", block.get("elements"), 10):
        check_block(checks, card_at, {**card, "type": "card"})


def _container(checks: Checks, at: str, block: Json) -> None:
    if not block.get("title") and not block.get("rich_text_title"):
        checks.bad(at, "missing required field: title or rich_text_title")
    for child_at, child in checks.objects(f"{at}/child_blocks", block.get("child_blocks"), 10):
        check_block(checks, child_at, child)


CONTAINER_KEYS = {
    *("title", "rich_text_title", "subtitle", "child_blocks", "width", "icon", "is_collapsible"),
    *("default_collapsed", "has_header_divider"),
}
# Each kind: the keys it may have besides type and block_id, and its own rules
KINDS: dict[str, tuple[set[str], Callable[[Checks, str, Json], None]]] = {
    "actions": ({"elements"}, _actions),
    "alert": ({"text", "level"}, _alert),
    "card": ({"hero_image", "icon", "title", "subtitle", "subtext", "body", "actions"}, _card),
    "carousel": ({"elements"}, _carousel),
    "container": (CONTAINER_KEYS, _container),
    "context": ({"elements"}, _context),
    "context_actions": ({"elements"}, _context_actions),
    "divider": (set(), _divider),
    "header": ({"text", "level"}, _header),
    "image": ({"image_url", "slack_file", "alt_text", "title"}, _image),
    "input": ({"label", "element", "dispatch_action", "hint", "optional"}, _input),
    "markdown": ({"text"}, _markdown),
    "plan": ({"title", "tasks", "plan_id"}, _plan),
    "rich_text": ({"elements"}, _rich_text),
    "section": ({"text", "fields", "accessory", "expand"}, _section),
    "table": ({"rows", "column_settings"}, _table),
    "task_card": ({"task_id", "title", "details", "output", "sources", "status"}, _task_card),
}
