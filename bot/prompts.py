"""Prompts and canned replies: one Markdown file each in `prompts/`, with the variables it may use."""

import re
from functools import cache
from importlib.resources import files

_COMMENT = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)


@cache
def _template(name: str) -> str:
    return _COMMENT.sub("", files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")).strip()


def reply(name: str, **variables: str) -> str:
    """The canned reply `prompts/<name>.md` with its `{variables}` filled in.

    Raises KeyError when the file asks for a variable that is not given.
    """
    return re.sub(r"\{(\w+)\}", lambda match: variables[match.group(1)], _template(name))
