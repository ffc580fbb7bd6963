"""The prompts over MCP: listed, filled in, and their arguments completed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    Completion,
    CompletionArgument,
    GetPromptResult,
    PromptArgument,
    PromptMessage,
    PromptReference,
    ResourceTemplateReference,
    TextContent,
)
from mcp_types import Prompt as ListedPrompt

from ..problems import Problem
from .texts import PROMPTS

MOST_VALUES = 100
"""Values of one completion, which is the protocol's limit."""


def listed_prompts() -> list[ListedPrompt]:
    """The prompts with their arguments, as `prompts/list` shows them."""
    return [
        ListedPrompt(
            name=prompt.name,
            title=prompt.title,
            description=prompt.description,
            arguments=[
                PromptArgument(name=each.name, description=each.description, required=each.required)
                for each in prompt.arguments
            ],
        )
        for prompt in PROMPTS.values()
    ]


def filled_prompt(
    name: str, arguments: Mapping[str, str], offered: Collection[str]
) -> GetPromptResult:
    """A prompt with its arguments filled in, naming the tools that are `offered` only.

    Raises:
        MCPError: invalid parameters: an unknown prompt, or what is wrong with its arguments.
    """
    prompt = PROMPTS.get(name)
    if prompt is None:
        message = f"there is no prompt `{name}`; there are: {', '.join(PROMPTS)}"
        raise MCPError(code=INVALID_PARAMS, message=message)
    try:
        text = prompt.text(arguments, offered)
    except Problem as problem:
        raise MCPError(code=INVALID_PARAMS, message=problem.text()) from None
    told = PromptMessage(role="user", content=TextContent(type="text", text=text))
    return GetPromptResult(description=prompt.description, messages=[told])


def completed(
    reference: PromptReference | ResourceTemplateReference, argument: CompletionArgument
) -> Completion:
    """Values that an argument may take, as far as they are known without asking a Hub."""
    begun = argument.value.strip().lower()
    values = [value for value in _values(reference, argument.name) if value.startswith(begun)]
    more = len(values) > MOST_VALUES
    return Completion(values=values[:MOST_VALUES], total=len(values), has_more=more)


def _values(reference: PromptReference | ResourceTemplateReference, name: str) -> list[str]:
    prompt = PROMPTS.get(reference.name) if isinstance(reference, PromptReference) else None
    arguments = prompt.arguments if prompt else ()
    return next((known.values() for known in arguments if known.name == name), [])
