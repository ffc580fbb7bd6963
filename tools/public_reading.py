"""Reading without a login: from huggingface.co where it can be reached, and said so where not.

With `--hub auto` and no login, writing goes to the rehearsal Hub; prior art is on huggingface.co
all the same. Which of the two answered is part of every answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .context import Context
from .problems import Problem
from .which_hub import HUGGING_FACE

Answer = TypeVar("Answer")

SEEDED_ONLY = "only the rehearsal Hub's own small world was looked at"
UNREACHABLE = f"huggingface.co could not be reached, so {SEEDED_ONLY}"


def read_publicly(
    context: Context, read: Callable[[Context], Answer]
) -> tuple[Answer, Context, str | None]:
    """`read`'s answer, the context it came from, and a note where it is not the whole Hub's.

    Raises:
        Problem: whatever `read` raises, but not for a network that is not there.
    """
    if not context.reads_publicly:
        note = SEEDED_ONLY if context.address.kind == "rehearsal" else None
        return read(context), context, note
    public = context.on(HUGGING_FACE)
    try:
        return read(public), public, None
    except Problem as problem:
        if problem.code != "hub_unreachable":
            raise
    return read(context), context, UNREACHABLE
