"""Acts: what a person does on the page, let through where Slack's own window would let it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.installed_app import ManifestError
from sandbox.people import Person
from sandbox.record import Delivery
from sandbox.slack import Slack
from sandbox.wire import Json
from sandbox.workspace import Channel

_AS_SENT = re.compile(r"<[@#][A-Z0-9]+(?:\|[^<>|]*)?>|&(?:amp|lt|gt);|[&<>]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_GONE = "That is no longer there."


class Impossible(Exception):
    """The person cannot do this; the message says why, to them."""


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument of a verb."""

    kinds: tuple[type, ...] = (str,)
    needed: bool = False


_NEEDED, _MAY = Argument(needed=True), Argument()
VERBS: dict[str, dict[str, Argument]] = {
    "says": {"text": _NEEDED, "channel": _MAY, "thread_ts": _MAY, "broadcast": Argument(kinds=(bool,))},
    "edits": {"ts": _NEEDED, "text": _NEEDED, "channel": _MAY},
    "deletes": {"ts": _NEEDED, "channel": _MAY},
    "opens": {"tab": _MAY},
    "clicks": {
        "ts": _NEEDED,
        "action_id": _NEEDED,
        "value": Argument(kinds=(str, list)),
        "channel": _MAY,
        "block_id": _MAY,
    },
    "clicks_in_view": {
        "view_id": _NEEDED,
        "action_id": _NEEDED,
        "value": Argument(kinds=(str, list)),
        "block_id": _MAY,
    },
    "submits": {"view_id": _NEEDED, "values": Argument(kinds=(dict,), needed=True)},
    "closes": {"view_id": _NEEDED},
    "commands": {"command": _NEEDED, "text": _MAY, "channel": _MAY},
    "uses_shortcut": {"callback_id": _NEEDED, "ts": _NEEDED, "channel": _MAY},
    "stops": {"thread_ts": _NEEDED, "channel": _MAY},
}


async def act(slack: Slack, asked: object) -> Json:
    """Do what the page asks: ``{"user", "verb", "args"}``. Returns what came of it; raises Impossible."""
    if not isinstance(asked, dict) or not isinstance(asked.get("args", {}), dict):
        raise Impossible("An act is an object with user, verb and args.")
    person = _person(slack, asked.get("user"))
    verb = asked.get("verb")
    if not isinstance(verb, str) or verb not in VERBS:
        raise Impossible(f"Nobody can do that here: {verb!r:.50}.")
    args = _checked(verb, asked.get("args") or {})
    _allow(slack, person, verb, args)
    do: Callable[..., Awaitable[Any]] = getattr(person, verb)
    try:
        return _result(verb, await do(**args))
    except ManifestError as lacking:
        raise Impossible(str(lacking)) from lacking
    except (AssertionError, LookupError) as error:  # pressed or closed elsewhere meanwhile
        raise Impossible(_GONE) from error


def _person(slack: Slack, user: object) -> Person:
    if not isinstance(user, str) or user not in slack.workspace.users or slack.workspace.users[user].is_bot:
        raise Impossible("There is nobody of that name here.")
    return Person(slack, user)


def _checked(verb: str, args: Json) -> Json:
    known = VERBS[verb]
    given = {name: value for name, value in args.items() if value is not None}
    for name, value in given.items():
        if name not in known or not isinstance(value, known[name].kinds):
            raise Impossible(f"{verb} cannot be given {name} like that.")
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            raise Impossible(f"{verb} cannot be given {name} like that.")
    for name, argument in known.items():
        if argument.needed and name not in given:
            raise Impossible(f"{verb} needs {name}.")
    return given


# -- what Slack's own window would not offer


def _allow(slack: Slack, person: Person, verb: str, args: Json) -> None:
    """Bring the arguments into Slack's form. Raises Impossible where that person could not have done it."""
    if "view_id" in args:
        _check_view(slack, person, args["view_id"], modal=verb != "clicks_in_view")
    elif verb == "opens":
        if args.get("tab", "messages") not in ("home", "messages"):
            raise Impossible("The app has a Home and a Messages tab.")
    else:
        where = _channel(slack, person, args)
        if "ts" in args:
            _check_message(slack, person, where, args["ts"], verb)
        if "thread_ts" in args:
            args["thread_ts"] = _root(slack, where, args["thread_ts"])
        if "text" in args:
            args["text"] = _typed(slack, args["text"], verb)
        if where.is_archived and verb in ("says", "edits", "commands"):
            raise Impossible("This channel is archived.")


def _channel(slack: Slack, person: Person, args: Json) -> Channel:
    """Where it is done: their direct message with the app, unless a channel is named."""
    where = slack.workspace.channels.get(args.setdefault("channel", person.dm.id))
    if where is None or person.user.id not in where.members:
        raise Impossible("You are not in that channel.")
    return where


def _check_message(slack: Slack, person: Person, where: Channel, ts: str, verb: str) -> None:
    message = slack.workspace.find(where.id, ts)
    if message is None or message.get("ephemeral_to", person.user.id) != person.user.id:
        raise Impossible(_GONE)
    if message.get("channel", where.id) != where.id:
        raise Impossible(_GONE)
    if verb in ("edits", "deletes") and message.get("user") != person.user.id:
        raise Impossible("You can change only what you wrote yourself.")
    if verb == "uses_shortcut" and "ephemeral_to" in message:
        raise Impossible("Slack offers no shortcuts on a message that only you see.")


def _root(slack: Slack, where: Channel, ts: str) -> str:
    message = slack.workspace.messages[where.id].get(ts)
    if message is None:
        raise Impossible(_GONE)
    return str(message.get("thread_ts") or ts)


def _check_view(slack: Slack, person: Person, view_id: str, *, modal: bool) -> None:
    view = slack.workspace.views.get(view_id)
    if view is None or view["opened_by"] != person.user.id or (modal and view["type"] != "modal"):
        raise Impossible("That window is no longer open.")


def _typed(slack: Slack, text: str, verb: str) -> str:
    if verb != "commands" and not text.strip():
        raise Impossible("There is nothing to send.")
    most = slack.limits.typed_text
    if len(text) > most:
        raise Impossible(f"Your message is too long: it has {len(text):,} characters, and {most:,} are the most.")
    return as_sent(text)


def as_sent(text: str) -> str:
    """What was typed, in the form Slack sends: names in their brackets, every other sign escaped, once."""
    return _AS_SENT.sub(lambda found: _ESCAPES.get(found[0], found[0]), text)


# -- what comes of it


def _result(verb: str, done: object) -> Json:
    if verb == "says":
        return {"message": done}
    if not isinstance(done, Delivery):
        return {}
    answer = done.ack_payload if isinstance(done.ack_payload, dict) else {}
    errors = answer.get("errors") if answer.get("response_action") == "errors" else None
    return {"acknowledged": done.acked} | ({"errors": errors} if errors else {})
