"""What a key of the README's block may hold, in words for a table."""

from __future__ import annotations

from tools.knowledge.card_keys import CardKeyFact


def values(key: CardKeyFact, *, without: frozenset[str] = frozenset()) -> str:
    """The allowed values, limits and default of a key; `without` leaves values out."""
    if key.allowed:
        listed = ", ".join(f"`{value}`" for value in key.allowed if value not in without)
        return listed if key.type == "string" else f"{key.type} of {listed}"
    parts = [f"{key.lowest} to {key.highest}" if key.highest is not None else key.type]
    if key.longest is not None:
        parts.append(f"at most {key.longest} characters")
    if key.default:
        parts.append(f"`{key.default}` by default")
    return ", ".join(parts)
