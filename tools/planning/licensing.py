"""What a license's identifier says by itself; it is no legal advice and says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NON_COMMERCIAL = re.compile(r"(?:^|[-_ ])nc(?:[-_ ]|$)|non[-_ ]?commercial", re.IGNORECASE)
_RESEARCH = re.compile(r"(?:^|[-_ ])(?:research|amlr)(?:[-_ ]|$)", re.IGNORECASE)


def license_of(card: Mapping[str, Any]) -> str | None:
    """The card's license; the name that stands behind `other`, where the card gives one."""
    stated = card.get("license")
    identifier = ", ".join(map(str, stated)) if isinstance(stated, list) else stated
    named = card.get("license_name")
    if identifier == "other" and named:
        return f"other ({named})"
    return str(identifier) if identifier else None


def license_notes(license_name: str | None) -> tuple[str, ...]:
    """What to tell a person about a license, by its identifier alone."""
    if license_name is None:
        return ("the card states no license; ask the owner before building on it",)
    if _NON_COMMERCIAL.search(license_name):
        return (f"license {license_name}: its name excludes commercial use",)
    if _RESEARCH.search(license_name):
        return (f"license {license_name}: its name limits it to research",)
    return ()
