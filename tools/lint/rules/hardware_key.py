"""The card cannot choose hardware."""

from __future__ import annotations

from collections.abc import Iterator

from ..card import README
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import rule


@rule(
    "FM_HARDWARE_KEY",
    Severity.WARNING,
    "`hardware:` in the card attaches nothing",
    source="hub-docs spaces-config-reference.md; huggingface_hub 2.4.0 request_space_hardware",
    as_of="2026-08-22",
    reference="requirements",
    fix=Fix.SAFE,
)
def hardware_key(project: Project) -> Iterator[Hit]:
    """The Hub ignores the key, so the Space stays on the hardware it has. Hardware is set when the
    Space is created or in its settings; `suggested_hardware` is a hint for people who duplicate it.
    """
    key = project.card.keys.get("hardware")
    if key is not None:
        message = (
            f"`hardware: {key.raw}` is ignored; set the flavor when the Space is created, "
            "and use `suggested_hardware` as a hint for people who duplicate it"
        )
        yield Hit(README, key.line, message)
