"""Self-contained pages: one HTML file, under whose policy nothing is fetched and nothing runs but its own script."""

import base64
import hashlib
import re
from importlib.resources import files


def asset(package: str, name: str) -> str:
    """The text of a file that is packaged with the code."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def self_contained_page(template: str, *, style: str, script: str | None = None, **parts: str) -> str:
    """`template` with each `{{name}}` filled in: style, script, the policy that allows just these, and `parts`.

    The parts go in as they are: whoever makes them escapes foreign text.
    """
    allowed = [f"style-src {_source(style)}", *([f"script-src {_source(script)}"] if script is not None else [])]
    policy = "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])
    filled = {"policy": policy, "style": style, "script": script or "", **parts}
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match.group(1)], template)


def _source(text: str) -> str:
    """What a Content-Security-Policy calls this very text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
