"""Variables of a Space that mean something to a rehearsal only; the platform ignores them.

They make limits small enough to be met on purpose: `REHEARSAL_MEMORY_LIMIT=300Mi`,
`REHEARSAL_DISK_LIMIT=20M`, `REHEARSAL_SLEEP_SECONDS=5`.
"""

from __future__ import annotations

import re

MEMORY_LIMIT = "REHEARSAL_MEMORY_LIMIT"
DISK_LIMIT = "REHEARSAL_DISK_LIMIT"
SLEEP_SECONDS = "REHEARSAL_SLEEP_SECONDS"

_SIZE = re.compile(r"(?P<amount>[1-9][0-9]*)(?P<unit>Ki|Mi|Gi|K|M|G)?")
_BYTES = {None: 1, "K": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def parse_size(text: str) -> int:
    """Return the bytes of `300Mi`, `16Gi`, `50G` or a plain number. Raises ValueError."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a size such as 300Mi or 50G")
    return int(match["amount"]) * _BYTES[match["unit"]]


def parse_seconds(text: str) -> float:
    """Return a number of seconds above zero. Raises ValueError."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or float(text) == 0:
        raise ValueError(f"{text!r} is not a number of seconds above zero")
    return float(text)
