"""What the text in a message amounts to: its pieces, the blocks Slack makes of it, whom it notifies."""

import re
from collections.abc import Iterator

from sandbox.wire import Json

PING = re.compile(
    r"<!(channel|here|everyone)(?:\|[^>]*)?>"
    r"|<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<@([UW][A-Z0-9]+)(?:\|[^>]*)?>"
)
STANDS_ALONE = re.compile(r"#{1,6} |(-{3,}|\*{3,}|_{3,})$")


def unescaped(text: str) -> str:
    """Text as a person reads it, of text as it is sent."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def texts(node: object) -> Iterator[str]:
    """Every piece of text inside blocks, for the total-length rule and for the screen."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in ("text", "alt_text", "title", "details", "output"):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def rendered_blocks(markdown: str) -> int:
    """How many blocks Slack makes of one markdown block [seen]: headings, rules, tables and
    fenced code each stand alone, and the prose between them is one more."""
    count, prose, fence, table = 0, False, False, False
    for line in markdown.splitlines():
        stripped = line.strip()
        if stripped.startswith("```"):
            fence, prose = not fence, False
            count += fence
        elif fence or not stripped:
            table = table and bool(stripped)
        elif STANDS_ALONE.match(stripped):
            count, prose = count + 1, False
        elif stripped.startswith("|"):
            count, table, prose = count + (not table), True, False
        else:
            count, prose = count + (not prose), True
    return max(count, 1)


def pings(message: Json) -> list[str]:
    """Whom a message notifies. In plain_text and rich_text text ``<!channel>`` is only text."""
    if message.get("blocks"):
        return list(_pings_in_blocks(message["blocks"]))
    return list(_pings_in_text(message.get("text") or ""))


def _pings_in_text(text: str) -> Iterator[str]:
    for found in PING.finditer(text):
        everybody, group, user = found.groups()
        yield f"@{everybody}" if everybody else f"subteam:{group}" if group else user


def _pings_in_blocks(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for value in node:
            yield from _pings_in_blocks(value)
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if kind in ("mrkdwn", "markdown") and isinstance(node.get("text"), str):
        yield from _pings_in_text(node["text"])
    elif kind == "user" and node.get("user_id"):
        yield node["user_id"]
    elif kind == "broadcast":
        yield f"@{node.get('range')}"
    elif kind != "plain_text":
        for value in node.values():
            yield from _pings_in_blocks(value)
