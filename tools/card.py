"""A Space's README block (its card): found, parsed, and refused where the Hub would refuse it."""

from __future__ import annotations

import re
from typing import Any

from .knowledge.card_keys import card_key
from .problems import Problem

_BLOCK = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
EXAMPLE = '---\\ntitle: Demo\\nsdk: gradio\\nsdk_version: "6.31.0"\\napp_file: app.py\\n---'


def parse_card(readme: str) -> dict[str, Any]:
    """The block's keys and values.

    Raises:
        Problem: `bad_readme` when there is no block at the very start, it is no YAML mapping, or
            it names no SDK that exists; the Space would stop in CONFIG_ERROR, or the Hub would
            refuse the push.
    """
    import yaml

    found = _BLOCK.match(readme)
    if found is None:
        because = "starts with a byte-order mark" if readme.startswith("\ufeff") else "has no block"
        raise _bad(f"README.md {because}; it must begin with `---` and the keys of the Space")
    try:
        card = yaml.safe_load(found.group(1))
    except yaml.YAMLError as error:
        raise _bad(f"the block of README.md is no valid YAML: {_where(error)}") from None
    if not isinstance(card, dict):
        raise _bad("the block of README.md is no list of `key: value` lines")
    allowed = card_key("sdk").allowed
    if card.get("sdk") not in allowed:
        given = card.get("sdk")
        what = "names no `sdk`" if given is None else f"names the sdk `{given}`"
        raise _bad(f"README.md {what}; allowed are {', '.join(allowed)}")
    return card


def _bad(what: str) -> Problem:
    return Problem(
        "bad_readme",
        f"{what}. Nothing was uploaded",
        object="README.md",
        advice=f"correct the block (for example {EXAMPLE}), then make the same call again",
    )


def _where(error: Any) -> str:
    mark = getattr(error, "problem_mark", None)
    line = f"line {mark.line + 2}: " if mark else ""
    return line + (getattr(error, "problem", None) or "it does not parse")
