"""The state: all that one person sees, as the page draws it."""

from sandbox.ids import BOT_USER
from sandbox.slack import Slack
from sandbox.web_page.cast import CAST
from sandbox.wire import Json
from sandbox.workspace import Channel

NAME = "Sandbox"


def seen_by(slack: Slack, user: str) -> Json:
    """What that person sees: themselves, the others, their channels, their Home, their open modals."""
    workspace, features = slack.workspace, slack.app.features
    workspace.dm(user)  # which is there before anything was said in it
    return {
        "revision": slack.changes.revision,
        "me": user,
        "connected": bool(slack.socket_mode.connections),
        "workspace": NAME,
        "bot": {"id": BOT_USER, "name": slack.app.name},
        "people": _people(slack),
        "suggested": features.get("agent_view", {}).get("suggested_prompts", []),
        "commands": features.get("slash_commands", []),
        "shortcuts": features.get("shortcuts", []),
        "channels": [_channel(slack, c, user) for c in workspace.channels.values() if user in c.members],
        "home": workspace.homes.get(user),
        "modals": workspace.modals(user),
        "errors": [{"n": n, "text": text} for n, (who, text) in enumerate(slack.record.user_errors, 1) if who == user],
    }


def _people(slack: Slack) -> list[Json]:
    return [
        {
            "id": part.user.id,
            "name": part.user.name,
            "real_name": part.user.real_name,
            "role": part.role,
            "about": part.about,
        }
        for part in CAST
        if part.user.id in slack.workspace.users
    ]


def _channel(slack: Slack, channel: Channel, user: str) -> Json:
    workspace = slack.workspace
    whispered = [e for e in workspace.ephemerals if (e["ephemeral_to"], e["channel"]) == (user, channel.id)]
    sessions = workspace.sessions.items()
    return {
        "id": channel.id,
        "name": slack.app.name if channel.kind == "im" else channel.name,
        "kind": channel.kind,
        "is_ext_shared": channel.is_ext_shared,
        "is_archived": channel.is_archived,
        "topic": channel.topic,
        "members": len(channel.members),
        "messages": sorted([*workspace.messages[channel.id].values(), *whispered], key=lambda m: float(m["ts"])),
        "statuses": [{"thread_ts": thread, "text": text} for thread, text in workspace.shown_statuses(channel.id)],
        "stoppable": [thread for (where, thread), session in sessions if where == channel.id and session.stoppable],
        "prompts": workspace.prompts.get(channel.id),
    }
