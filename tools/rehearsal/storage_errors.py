"""What went wrong on the disk below the Hub, said so that somebody can act on it."""

from __future__ import annotations

import errno
import sqlite3

from .errors import HubError

INSUFFICIENT_STORAGE = 507
"""RFC 4918, section 11.5; clients do not take it for something that is over in a moment."""

_FULL = {errno.ENOSPC, errno.EDQUOT}
_DATABASE_FULL = "database or disk is full"  # the text of SQLITE_FULL


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no room on the disk, or none left for this user."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return isinstance(error, sqlite3.OperationalError) and _DATABASE_FULL in str(error)


def refusal(error: OSError | sqlite3.Error) -> HubError | None:
    """Return the answer to a request that met `error`; None when it is not about the storage."""
    if is_full(error):
        return HubError(
            INSUFFICIENT_STORAGE,
            "The disk of the rehearsal Hub is full: nothing of this request was stored. "
            "Free some space, then send it again.",
        )
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return HubError(
            500,
            f"hub.sqlite is damaged ({error}): stop the Hub (`huggingface-spaces rehearsal stop`) "
            "and put a copy of hub.sqlite in its place",
        )
    return None
