"""Dates the way the Hub writes them."""

from __future__ import annotations

from datetime import datetime, timezone


def text(moment: datetime) -> str:
    """Return `YYYY-MM-DDTHH:MM:SS.mmmZ`; the client refuses an offset such as `+00:00`."""
    utc = moment.astimezone(timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def now() -> str:
    """Return the current time in the Hub's form."""
    return text(datetime.now(timezone.utc))
