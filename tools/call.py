"""How a call flows: declaration, arguments, policy, tool, envelope. Both front ends use this."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from . import policy
from .context import Context
from .problems import Problem
from .registry import Tool
from .render import Answer, answer_problem, answer_result

_log = logging.getLogger(__name__)


def call_tool(tool: Tool, arguments: Mapping[str, Any], context: Context) -> Answer:
    """Run a tool to its answer; whatever goes wrong on the way becomes a problem in the answer."""
    try:
        checked = tool.validate(arguments)
        policy.decide(tool, checked, context)
        checked.pop("confirm", None)
        result = tool.function(context, **checked)
    except Problem as problem:
        return answer_problem(problem, _hub(context), _secrets(context))
    except Exception as error:  # noqa: BLE001 - the last line before a host; a traceback is no answer
        _log.exception("%s failed in a way it does not know", tool.name)
        return answer_problem(_unexpected(tool, error), _hub(context), _secrets(context))
    return answer_result(result, _hub(context), _secrets(context))


def _hub(context: Context) -> dict[str, str] | None:
    """The Hub in use, or None when the call ended before one was chosen."""
    known = context.__dict__.get("address")
    return known.described() if known is not None else None


def _secrets(context: Context) -> tuple[str, ...]:
    """The token in use, which need not look like one on every Hub."""
    known = context.__dict__.get("address")
    return (known.token,) if known is not None and known.token else ()


def _unexpected(tool: Tool, error: Exception) -> Problem:
    return Problem(
        "internal_error",
        f"{tool.name} failed in a way it does not know: {type(error).__name__}: {error}",
        object=tool.name,
        advice="a defect of huggingface-spaces; report it with `huggingface-spaces doctor --json`",
    )
