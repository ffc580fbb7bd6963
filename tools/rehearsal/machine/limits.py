"""How much memory and disk a Space may use, and what the platform says when it used more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...knowledge import hardware_flavor, runtime_defaults
from .own_settings import DISK_LIMIT, MEMORY_LIMIT, parse_size
from .source import SpaceSettings


@dataclass(frozen=True)
class Limit:
    """One limit."""

    size: int
    """Bytes."""
    message: str
    """The platform's `errorMessage` when it is exceeded."""


@dataclass(frozen=True)
class Limits:
    """The limits of one run."""

    memory: Limit | None
    """None where nobody published how much the hardware has."""
    disk: Limit
    complaints: tuple[str, ...] = ()
    """About rehearsal-only variables that could not be read; what they wanted is not in force."""


def limits_of(settings: SpaceSettings) -> Limits:
    """Return the limits of a Space's hardware, or those that its own variables demand."""
    complaints: list[str] = []
    memory = _demanded(settings.variables, MEMORY_LIMIT, complaints) or _memory(settings.hardware)
    disk = _demanded(settings.variables, DISK_LIMIT, complaints) or _disk(settings.hardware)
    known = runtime_defaults()
    return Limits(
        memory=_limit(memory, known.memory.message) if memory else None,
        disk=_limit(disk, known.disk.message),
        complaints=tuple(complaints),
    )


def _demanded(variables: Mapping[str, str], name: str, complaints: list[str]) -> str | None:
    text = variables.get(name)
    if text is None:
        return None
    try:
        parse_size(text)
    except ValueError as error:
        complaints.append(f"{name} has no effect: {error}")
        return None
    return text


def _memory(hardware: str) -> str | None:
    """Return such as `16Gi`; documentation says GB, the error message Gi."""
    flavor = hardware_flavor(hardware)
    gigabytes = re.match(r"\d+(?= GB)", flavor.ram) if flavor else None
    return f"{gigabytes.group()}Gi" if gigabytes else None


def _disk(hardware: str) -> str:
    return f"{runtime_defaults().disk.of(hardware)}G"


def _limit(text: str, message: str) -> Limit:
    return Limit(parse_size(text), message.format(limit=text))
