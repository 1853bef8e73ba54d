"""Prompts and canned replies: one Markdown file each in `prompts/`, with the variables it may use."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from ingest.errors import TrustbotError

_COMMENT = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)
_VARIABLE = re.compile(r"\{(\w+)\}")


@cache
def _template(name: str) -> str:
    return _COMMENT.sub("", files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")).strip()


def reply(name: str, **variables: str) -> str:
    """The canned reply or prompt `prompts/<name>.md` with its `{variables}` filled in.

    Raises KeyError when the file asks for a variable that is not given.
    """
    return _VARIABLE.sub(lambda match: variables[match.group(1)], _template(name))


def check_prompts(variables: Mapping[str, Iterable[str]]) -> None:
    """Check that each file asks for exactly the variables that it will be given (by name of the file).

    Raises TrustbotError naming every file that is missing, or asks for more or for less.
    """
    problems = []
    for name, given in variables.items():
        try:
            asked = set(_VARIABLE.findall(_template(name)))
        except OSError:
            problems.append(f"{name}.md is missing")
            continue
        problems += [f"{name}.md asks for {{{one}}}, which it is not given" for one in sorted(asked - set(given))]
        problems += [f"{name}.md does not use {{{one}}}" for one in sorted(set(given) - asked)]
    if problems:
        raise TrustbotError(f"the prompts cannot be used: {'; '.join(problems)}: mend them in prompts/")


def digest_of(names: Iterable[str]) -> str:
    """A short digest of these prompts as they are sent: it changes with every word of them."""
    return hashlib.sha256("\0".join(_template(name) for name in names).encode()).hexdigest()[:16]
