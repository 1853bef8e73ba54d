"""Scopes: what the bot asks Slack for, each with its reason. `manifest.json`, beside it, asks for the same."""

REQUIRED = {
    "app_mentions:read": "to hear when it is mentioned in a channel it was invited to",
    "assistant:write": "to offer questions to begin with in its Messages tab",
    "chat:write": "to answer, and to show that it is at work",
    "commands": "for /ask and for the message shortcut",
    "im:history": "to read what is written to it directly, and to see whether its answer has arrived",
    "users:read": "to turn guests and people of other organisations away, and to name who shares an answer",
}
OPTIONAL = {
    "channels:history": "to follow up in its own threads without a mention, and to see whether its answer has arrived",
    "channels:read": "to see whether a channel is shared with others before somebody shares an answer in it",
    "groups:history": "the same as channels:history, in private channels it was invited to",
    "groups:read": "the same as channels:read, in private channels it was invited to",
}
