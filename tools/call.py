"""How a call flows: declaration, arguments, policy, tool, envelope. Both front ends use this."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from . import policy
from .context import Context
from .model import NextCall, Spell, as_tool_call
from .problems import Problem
from .registry import Tool
from .render import Answer, answer_problem, answer_result

_log = logging.getLogger(__name__)


def call_tool(
    tool: Tool, arguments: Mapping[str, Any], context: Context, spell: Spell = as_tool_call
) -> Answer:
    """Run a tool to its answer; whatever goes wrong on the way becomes a problem in the answer."""
    try:
        checked = tool.validate(arguments)
        policy.decide(tool, checked, context)
        checked.pop("confirm", None)
        result = tool.function(context, **checked)
    except Exception as error:  # noqa: BLE001 - the last line before a host; a traceback is no answer
        return _problem_answer(problem_of(tool, error), context, spell)
    offered = _offered(result.next, context)
    following = result.model_copy(update={"next": offered})
    return answer_result(following, _hub(context), _secrets(context), spell)


def problem_of(tool: Tool, error: Exception) -> Problem:
    """What went wrong in a call as a problem; an error that nobody foresaw is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, OSError):
        return _local(error)
    _log.error("%s failed in a way it does not know", tool.name, exc_info=error)
    return _unexpected(tool, error)


def _problem_answer(problem: Problem, context: Context, spell: Spell) -> Answer:
    problem.next = _offered(problem.next, context)
    return answer_problem(problem, _hub(context), _secrets(context), spell)


def _offered(calls: tuple[NextCall, ...], context: Context) -> tuple[NextCall, ...]:
    """Only calls that the caller can make: a server may show a part of the tools."""
    offered = context.settings.offered
    return tuple(call for call in calls if offered is None or call.tool in offered)


def _local(error: OSError) -> Problem:
    """This machine refused: a folder that cannot be written, a disk that is full."""
    where = str(error.filename or "a file")
    return Problem(
        "machine",
        f"this machine refused {where}: {error.strerror or error}",
        object=where,
        advice="look at the rights there and the free disk (`huggingface-spaces doctor`)",
    )


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
