"""Which scope each method, conversation and event needs. [docs]"""

from typing import Literal

ConversationKind = Literal["channel", "group", "im", "mpim"]

# Any one of the scopes named is enough; a method not named needs none.
METHOD_SCOPES: dict[str, tuple[str, ...]] = {
    "agents.sessions.setStatus": ("chat:write",),
    "assistant.threads.setStatus": ("chat:write", "assistant:write"),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.open": ("im:write", "mpim:write"),
    "team.info": ("team:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
}
HISTORY_SCOPE: dict[ConversationKind, str] = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
READ_SCOPE: dict[ConversationKind, str] = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
MESSAGE_EVENT: dict[ConversationKind, str] = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
# The events the stand-in sends; None needs no scope.
EVENT_SCOPE: dict[str, str | None] = {
    "agent_session_stopped": None,
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "tokens_revoked": None,
    **{event: HISTORY_SCOPE[kind] for kind, event in MESSAGE_EVENT.items()},
}
