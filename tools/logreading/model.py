"""What reading a log gives back."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

BlockKind: TypeAlias = Literal[
    "traceback", "pip", "uv", "apt", "npm", "docker", "exit", "platform", "message"
]


class ErrorBlock(BaseModel):
    """One error as the log tells it: the line that names it, and the lines around that line."""

    model_config = ConfigDict(frozen=True)

    text: str
    """The line that names the root error, without colours, time stamp and indentation."""
    line: int
    """Line number of `text` in the log, counted from 1."""
    kind: BlockKind
    block: tuple[str, ...]
    """The quoted lines; at most 40, and a line in their middle says how many were left out."""
    where: str | None = None
    """The innermost frame in the app's own code, such as `app.py:12 in <module>`."""
    while_serving: bool = False
    """The app had already reported that it was up: a request failed, not the start."""
    provisional: bool = False
    """Only says that something failed (an exit code, a failed build step), not what.

    A more precise error anywhere in the log takes its place as the first error.
    """


class LogReading(BaseModel):
    """A whole log, reduced to its first error and what followed."""

    model_config = ConfigDict(frozen=True)

    lines: int
    """How many lines were read."""
    first_error: ErrorBlock | None
    """The earliest error; None when no line of the log looks like one."""
    consequences: tuple[ErrorBlock, ...]
    """The errors besides the first one, in order; the first five only."""
    later_errors: int
    """How many errors there were besides the first one."""
    healthy_signs: tuple[str, ...]
    """Phrases of the log that say a step went well, such as `Running on local URL`."""
    first_error_survived: bool = False
    """A healthy sign came after the first error, so it probably did not stop the app."""
    likely_error: ErrorBlock | None = None
    """The first error that no healthy sign followed; the first error when there is none."""
