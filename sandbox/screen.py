"""What a person sees: a channel as plain text, near enough to read."""

from collections.abc import Iterator

from sandbox.block_kit.text import texts
from sandbox.ids import BOT_USER
from sandbox.wire import Json
from sandbox.workspace import Workspace


def screen(workspace: Workspace, user: str, channel: str) -> str:
    """The channel on that person's screen, threads folded out."""
    if user not in workspace.channels[channel].members:
        return "(not a member)"
    shown = list(workspace.messages[channel].values())
    shown += [e for e in workspace.ephemerals if e["ephemeral_to"] == user and e["channel"] == channel]
    shown.sort(key=lambda m: (m.get("thread_ts") or m["ts"], m["ts"]))
    lines = [line for message in shown for line in _message(workspace, message)]
    bot = workspace.users[BOT_USER].name
    lines += [f"    ... {bot} {status}" for _, status in workspace.shown_statuses(channel)]
    sessions = [session for (where, _), session in workspace.sessions.items() if where == channel]
    lines += ["    [Stop]" for session in sessions if session.stoppable]
    return "\n".join(lines)


def render(message: Json) -> str:
    """One message as text."""
    lines = [line for block in message.get("blocks") or [] for line in _block(block)]
    return "\n".join(lines) or message.get("text") or ""


def _message(workspace: Workspace, message: Json) -> Iterator[str]:
    indent = "    " if message.get("thread_ts") not in (None, message["ts"]) else ""
    author = workspace.users.get(message.get("user", ""))
    name = author.name if author else message.get("username", "?")
    only = " (only visible to you)" if message.get("ephemeral_to") else ""
    yield f"{indent}{name}{only}:"
    for line in render(message).splitlines():
        yield f"{indent}  {line}"


def _block(block: Json) -> Iterator[str]:
    match block.get("type"):
        case "divider":
            yield "---"
        case "header":
            yield f"# {block['text']['text']}"
        case "section":
            yield from texts({name: block[name] for name in ("text", "fields") if name in block})
            if isinstance(block.get("accessory"), dict):
                yield from (f"[{text}]" for text in texts(block["accessory"].get("text")))
        case "context":
            yield "  ".join(texts(block["elements"]))
        case "actions" | "context_actions":
            yield " ".join(f"[{text}]" for text in texts(block["elements"]))
        case "plan":
            for task in block.get("tasks") or []:
                yield f"({task.get('status')}) {task.get('title')}"
                yield from (f"   source: {s['text']} <{s['url']}>" for s in task.get("sources") or [])
        case "table":
            yield from (" | ".join(" ".join(texts(cell)) for cell in row) for row in block["rows"])
        case _:
            yield from texts(block)
