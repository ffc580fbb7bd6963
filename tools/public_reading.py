"""Reading without a login: from huggingface.co where it can be reached, and said so where not.

With `--hub auto` and no login, writing goes to the rehearsal Hub; prior art is on huggingface.co
all the same. Which of the two answered is part of every answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from .context import Context
from .problems import Problem
from .which_hub import HUGGING_FACE

Answer = TypeVar("Answer")

SEEDED_ONLY = "only the rehearsal Hub's own small world was looked at"
UNREACHABLE = f"huggingface.co could not be reached, so {SEEDED_ONLY}"
SILENCE_SECONDS = 60.0
"""How long a Hub that gave no answer is not asked again: each question costs seconds."""

_silent_until: dict[str, float] = {}


def read_publicly(
    context: Context, read: Callable[[Context], Answer]
) -> tuple[Answer, Context, str | None]:
    """`read`'s answer, the context it came from, and a note where it is not the whole Hub's.

    Raises:
        Problem: whatever `read` raises, but not for a network that is not there;
            `hub_unreachable` where without it the rehearsal Hub does not have what is asked for.
    """
    if not context.reads_publicly:
        note = SEEDED_ONLY if context.address.kind == "rehearsal" else None
        return read(context), context, note
    public = context.on(HUGGING_FACE)
    if time.monotonic() >= _silent_until.get(HUGGING_FACE, 0.0):
        try:
            return read(public), public, None
        except Problem as problem:
            if problem.code != "hub_unreachable":
                raise
            _silent_until[HUGGING_FACE] = time.monotonic() + SILENCE_SECONDS
    return _read_seeded(context, read), context, UNREACHABLE


def _read_seeded(context: Context, read: Callable[[Context], Answer]) -> Answer:
    """What the rehearsal Hub has; that it lacks something says nothing about huggingface.co."""
    try:
        return read(context)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        raise Problem(
            "hub_unreachable",
            f"{UNREACHABLE}: {problem.message}",
            object=problem.object,
            advice="check the network, then make the same call again",
        ) from problem
