"""The numbers a rehearsal of ZeroGPU goes by, and how somebody changes them for a while."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ...knowledge import unpublished_numbers, zero_gpu_facts
from ..errors import bad_request

LARGEST = 10**6
_OPTIONAL = "runs_per_day"


@dataclass(frozen=True)
class Limits:
    """Durations in seconds. The values at the start are those of `knowledge/zero_gpu.yaml`."""

    gpus: int
    queue_seconds: float
    ping_seconds: float
    overrun_grace_seconds: float
    startup_report_seconds: float
    visitor_token_seconds: float
    space_quota_seconds: float
    longest_call_share_of_quota: float
    runs_per_day: int | None

    @classmethod
    def of_knowledge(cls) -> Limits:
        """Return what the knowledge says, the rehearsal's choices included."""
        chosen = {number.name: number.rehearsal for number in unpublished_numbers().values()}
        return cls.checked({**chosen, "queue_seconds": zero_gpu_facts().queue_seconds})

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> Limits:
        """Return limits made of `values`, one for each field."""
        return cls(**{field.name: _number(field.name, values[field.name]) for field in fields(cls)})

    def changed(self, changes: Mapping[str, Any]) -> Limits:
        """Return these limits with some replaced, named as in `told`. Raises 400 for bad ones."""
        names = {_camel(field.name): field.name for field in fields(self)}
        unknown = sorted(changes.keys() - names.keys())
        if unknown:
            raise bad_request(f"limits must be among [{', '.join(names)}], not {unknown[0]!r}")
        values = {names[key]: _number(names[key], value) for key, value in changes.items()}
        return replace(self, **values)

    def told(self) -> dict[str, Any]:
        """Return the limits as JSON fields."""
        return {_camel(name): value for name, value in asdict(self).items()}


def _number(name: str, value: object) -> Any:
    """Return a limit of the right type. Raises 400 that names it."""
    whole = name in {"gpus", _OPTIONAL}
    if value is None and name == _OPTIONAL:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise bad_request(f"limits: {_camel(name)} must be a number")
    lowest = 0.01 if name == "ping_seconds" else 0
    if not lowest <= value <= LARGEST or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise bad_request(f"limits: {_camel(name)} must be {kind} from {lowest} to {LARGEST}")
    return int(value) if whole else float(value)


def _camel(name: str) -> str:
    return re.sub("_(.)", lambda match: match[1].upper(), name)
