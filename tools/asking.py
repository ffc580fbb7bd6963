"""Asking the person directly, where the host has a dialog for it (MCP elicitation, form mode).

Handshake-era hosts are asked over the back channel; from 2026-07-28 on the question travels in the
result and the host repeats the call with the answer. A host without a dialog gets the refusal with
the one-time code instead. A yes goes on with that code; a no is final for this server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_types import (
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import is_version_at_least
from pydantic import BaseModel

from .problems import Problem
from .render import Answer

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context as CallContext

MULTI_ROUND_TRIPS = "2026-07-28"
_KEY = "consent"


class Agreement(BaseModel):
    """A yes carries nothing; the dialog's own accept and decline are the answer."""


def consent_code(answer: Answer) -> str | None:
    """The one-time code in a `consent_needed` refusal; None for any other answer."""
    problem = answer.envelope["problem"] or {}
    if problem.get("code") != "consent_needed":
        return None
    code: str = answer.envelope["next"][0]["arguments"]["confirm"]
    return code


def can_be_asked(context: CallContext[Any, Any] | None) -> bool:
    """Whether the host declared that it shows forms; a bare `elicitation: {}` means forms."""
    if context is None or context.client_capabilities is None:
        return False
    declared = context.client_capabilities.elicitation
    return declared is not None and (declared.form is not None or declared.url is None)


def given_answer(context: CallContext[Any, Any] | None) -> tuple[str, bool] | None:
    """The code and the person's answer, when this call is the repetition that carries them."""
    responses = context.input_responses if context else None
    response = (responses or {}).get(_KEY)
    if context is None or context.request_state is None or not isinstance(response, ElicitResult):
        return None
    return context.request_state, response.action == "accept"


async def ask(
    answer: Answer, code: str, context: CallContext[Any, Any]
) -> bool | InputRequiredResult:
    """The person's yes or no, or the result that makes the host ask and call again."""
    message = f"{answer.envelope['problem']['message']}. Go on?"
    version = context.protocol_version
    if version is None or not is_version_at_least(version, MULTI_ROUND_TRIPS):
        return (await context.elicit(message, Agreement)).action == "accept"
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    form = ElicitRequestFormParams(message=message, requested_schema=schema)
    # The state comes back sealed by the SDK, bound to this tool and these arguments.
    return InputRequiredResult(
        input_requests={_KEY: ElicitRequest(params=form)}, request_state=code
    )


def declined(tool: str) -> Problem:
    """The person said no; asking again is not for the agent to do."""
    return Problem(
        "declined",
        f"the person declined {tool} with these arguments; nothing has happened",
        object=tool,
        advice="do not repeat the call; ask the person what they want instead",
    )
