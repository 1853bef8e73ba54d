"""The manifest: what the app is in Slack, its commands, scopes and events. It is packaged as `manifest.json`."""

import json
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).with_name("manifest.json")


def shipped_manifest() -> dict[str, Any]:
    """The manifest that is pasted into Slack, as Slack's JSON."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest
