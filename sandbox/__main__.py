"""The stand-in as a process of its own: ``python -m sandbox manifest.json``."""

import argparse
import asyncio
import contextlib
import json
from pathlib import Path

from sandbox.control import control_routes
from sandbox.standin import SlackStandin


async def serve(manifest: Path, port: int, request_url: str | None) -> None:
    """Print what an app needs to reach the stand-in, then serve until interrupted."""
    slack = SlackStandin(json.loads(manifest.read_text(encoding="utf-8")), request_url=request_url)
    await slack.start(port, routes=control_routes(slack))
    print(f"SLACK_API_URL={slack.api_url}")
    print(f"SLACK_BOT_TOKEN={slack.app.bot_token}")
    print(f"SLACK_APP_TOKEN={slack.app.app_token}")
    print(f"SLACK_SIGNING_SECRET={slack.app.signing_secret}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("manifest", type=Path, help="the app's manifest.json")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--request-url", help="post events there instead of using Socket Mode")
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(asked.manifest, asked.port, asked.request_url))


if __name__ == "__main__":
    main()
