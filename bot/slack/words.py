"""Slack's text: what people typed made plain, and text from elsewhere made harmless."""

import re
from collections.abc import Iterator

_MARKUP = re.compile(r"<([^<>]*)>")
_SPECIAL = {"!channel": "@channel", "!here": "@here", "!everyone": "@everyone"}
_SOMEBODY_ELSE = re.compile(r"<(?:@([UW][A-Z0-9]+)|!subteam\^|!(?:channel|here|everyone))[^>]*>")


def escaped(text: str) -> str:
    """Text that Slack shows as it is: exactly `&`, `<` and `>` are escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, *, bot_user: str = "") -> str:
    """What a person typed, as they saw it: links and names as words, the bot's own name left out."""

    def seen(match: re.Match[str]) -> str:
        target, _, label = match.group(1).partition("|")
        if target == f"@{bot_user}":
            return " "
        if target.startswith(("@", "#", "!")):
            return label or _SPECIAL.get(target, {"@": "@someone", "#": "#channel"}.get(target[:1], ""))
        return label or target.removeprefix("mailto:")

    shown = _MARKUP.sub(seen, text)
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(code, sign)
    return re.sub(r"[ \t\u00a0]+", " ", shown).strip()


def mentions(text: str, user: str) -> bool:
    """True when the text as Slack sends it mentions that user."""
    return re.search(rf"<@{re.escape(user)}(?:\|[^>]*)?>", text) is not None


def mentions_others(text: str, user: str) -> bool:
    """True when the text mentions a person other than that user, a group or everybody."""
    return any(found.group(1) != user for found in _SOMEBODY_ELSE.finditer(text))


def pieces(text: str, most: int) -> Iterator[str]:
    """The text cut at the last line, sentence or word that fits, each piece at most that many characters."""
    rest = text.strip()
    while len(rest) > most:
        head = rest[:most]
        cut = max(head.rfind("\n"), 0) or max(head.rfind(". ") + 1, 0) or max(head.rfind(" "), 0) or most
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than that many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
