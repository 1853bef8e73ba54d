"""The cast: the people and the channels of a workspace to try the bot in."""

from dataclasses import dataclass, replace
from typing import Literal

from sandbox.ids import BOT_USER
from sandbox.people import Person
from sandbox.slack import Slack
from sandbox.workspace import Channel, User

Role = Literal["staff", "comms", "guest", "connect"]
COMMS_CHANNEL = "C0COMMS"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Somebody to be: who they are, and in one line what to expect as them."""

    user: User
    role: Role
    about: str


CAST = (
    Part(
        user=User(id="U0ALICE", name="alice", real_name="Alice Archer", locale="en-GB"),
        role="staff",
        about="Works at the trust: is answered everywhere.",
    ),
    Part(
        user=User(id="U0BOB", name="bob", real_name="Bob Brook", locale="en-GB"),
        role="staff",
        about="Works at the trust: sees what Alice asks in channels, and nothing that only she sees.",
    ),
    Part(
        user=User(id="U0CAROL", name="carol", real_name="Carol Cross", locale="en-GB"),
        role="comms",
        about="Of the communications team: the questions that others send on arrive in #comms.",
    ),
    Part(
        user=User(id="U0GRACE", name="grace", real_name="Grace Guest", locale="en-GB", is_restricted=True),
        role="guest",
        about="A guest of the workspace: is turned away, unless TRUSTBOT_ALLOW_GUESTS is set.",
    ),
    Part(
        user=User(
            id="U0OLU",
            name="olu",
            real_name="Olu Outside",
            locale="en-GB",
            team_id="T0PARTNER",
            is_stranger=True,
        ),
        role="connect",
        about="Of another organisation (Slack Connect): is turned away, unless TRUSTBOT_ALLOW_SHARED_CHANNELS is set.",
    ),
)
_STAFF = ["U0ALICE", "U0BOB", "U0CAROL"]
_CHANNELS = (
    Channel(id="C0GENERAL", name="general", members=[*_STAFF, BOT_USER], topic="For everybody at the trust"),
    Channel(
        id="C0PROGRAMMES",
        name="programmes",
        members=[*_STAFF, "U0GRACE", BOT_USER],
        topic="What the programmes are doing; a guest is here too",
    ),
    Channel(
        id=COMMS_CHANNEL,
        name="comms",
        members=["U0CAROL", BOT_USER],
        topic="Questions that found no answer, for the communications team",
    ),
    Channel(
        id="C0PARTNERS",
        name="with-partners",
        members=["U0ALICE", "U0CAROL", "U0OLU", BOT_USER],
        is_ext_shared=True,
        topic="Shared with another organisation: nothing is answered here by default",
    ),
)
_SAID = (
    ("U0CAROL", "C0GENERAL", "Trustbot is in this channel now. Mention it, and it answers from the trust's own pages."),
    ("U0BOB", "C0PROGRAMMES", "What progress has been made on end of life care?"),
)


def fill(slack: Slack) -> None:
    """Put the cast and their channels into a workspace where nobody has done anything yet."""
    for part in CAST:
        slack.workspace.add_user(replace(part.user))
    for channel in _CHANNELS:
        slack.workspace.add_channel(replace(channel, members=list(channel.members)))
    for user, channel_id, text in _SAID:
        Person(slack, user).has_said(text, channel_id)
