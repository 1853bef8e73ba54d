"""The web page of the sandbox: a Slack to try the bot in, in a browser."""
