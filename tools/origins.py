"""Where a folder's code came from, remembered so that strangers' code is not run unasked.

`space_checkout` writes it down, `space_rehearse` looks it up. The record is kept in the state
folder and not in the checkout: code must not be able to vouch for itself.
"""

from __future__ import annotations

import json
from pathlib import Path

from .model import Model
from .settings import state_folder


class Origin(Model):
    """A checked-out folder: its source as the person named it, revision, and whether it is ours."""

    source: str
    revision: str
    is_own: bool
    agreed: bool = False


def remember_origin(folder: Path, origin: Origin) -> None:
    """Write down where `folder` came from."""
    known = _known()
    known[str(folder.resolve())] = origin.model_dump()
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(known, indent=1), encoding="utf-8")
    partial.replace(file)


def origin_of(folder: Path) -> Origin | None:
    """Where `folder`, or the nearest folder above it, came from; None for code of unknown birth."""
    known = _known()
    resolved = folder.resolve()
    for place in (resolved, *resolved.parents):
        if str(place) in known:
            return Origin.model_validate(known[str(place)])
    return None


def _file() -> Path:
    return state_folder() / "origins.json"


def _known() -> dict[str, object]:
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
