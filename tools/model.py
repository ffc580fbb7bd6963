"""Value types that every layer shares: what a result is, what comes next, how a Space is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen value that refuses fields it does not know."""

    # Built at first use: a server declares some 150 of them and answers most sessions with few.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class NextCall(Model):
    """One call that makes sense now, complete enough to be sent as it is."""

    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    why: str


Spell = Callable[[NextCall], str]
"""How a call is written for whoever reads it: as a tool call, or as a command."""


def as_tool_call(call: NextCall) -> str:
    """`space_wait({"space": "a/b"})`."""
    arguments = json.dumps(shown_arguments(call.arguments), ensure_ascii=False)
    return f"{call.tool}({arguments})"


FOLDER = "<the folder of the app>"
"""Stands in a `NextCall` where only the caller knows the folder; uploading a guess could leak."""


class Media(Model):
    """A file that a tool produced and that a host may show: its path and MIME type."""

    path: str
    mime_type: str


class Result(Model):
    """One variant of what a tool can answer.

    `outcome` names the variant, `exit_code` is what the command line ends with: 0 fine, 1 the
    thing asked about is not fine, 2 could not do or could not tell.
    """

    outcome: ClassVar[str] = ""
    exit_code: ClassVar[int] = 0

    next: tuple[NextCall, ...] = Field(default=(), exclude=True)
    media: tuple[Media, ...] = Field(default=(), exclude=True)

    def lines(self) -> Iterator[str]:
        """The same facts as text, for people and for hosts that show text; most important first."""
        yield self.outcome


class Stage:
    """Stages of a Space, as the Hub spells them.

    `SLEEPING` is missing from huggingface_hub's enum (2.4.0, 2026-11-22) but is sent by the Hub;
    `NOT_REHEARSED` exists on the rehearsal Hub alone.
    """

    RUNNING = "RUNNING"
    SLEEPING = "SLEEPING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    NO_APP_FILE = "NO_APP_FILE"
    NOT_REHEARSED = "NOT_REHEARSED"
    BUILD_ERROR = "BUILD_ERROR"
    CONFIG_ERROR = "CONFIG_ERROR"

    MOVING = frozenset({"BUILDING", "RUNNING_BUILDING", "APP_STARTING", "RUNNING_APP_STARTING"})
    FAILED = frozenset({"BUILD_ERROR", "CONFIG_ERROR", "RUNTIME_ERROR"})


SPACE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$"
_SPACE_ADDRESS = re.compile(r"^https?://[^/]+/spaces/([^/]+/[^/?#]+)")
_NAME_RULES = "letters, digits, `.`, `_` and `-`, not `-` or `.` at either end, not `--` or `..`"


def space_name(value: str) -> str:
    """A Space's full name; the page's address is accepted as well, because people paste it.

    The rules are those of huggingface_hub's `validate_repo_id` (2.4.0, read 2026-11-22).
    """
    text = value.strip().removeprefix("spaces/")
    found = _SPACE_ADDRESS.match(text)
    text = found.group(1) if found else text
    namespace, slash, name = text.partition("/")
    if not slash or not namespace or not name:
        raise ValueError("a Space is named namespace/name")
    if len(name) > 96:
        raise ValueError(f"the name has {len(name)} characters; at most 96 are allowed")
    if not re.match(SPACE_PATTERN, text) or "--" in text or ".." in text:
        raise ValueError(f"allowed are {_NAME_RULES}")
    if text.endswith(("-", ".", ".git")) or namespace.endswith(("-", ".")):
        raise ValueError(f"allowed are {_NAME_RULES}; and no `.git` at the end")
    return text


SpaceName = Annotated[
    str,
    AfterValidator(space_name),
    Field(description="namespace/name"),
]


def short_revision(revision: str | None) -> str:
    """The first seven characters of a sha, as the build log shows it; `none` when there is none."""
    return revision[:7] if revision else "none"


def shown_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """`arguments` without those that are None: what a caller would write."""
    return {name: value for name, value in arguments.items() if value is not None}
