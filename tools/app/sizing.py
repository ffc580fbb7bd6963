"""How long an endpoint's calls take, and the ZeroGPU `duration` that follows from it.

A call reserves its whole `duration` and queues by it, so a generous one costs every visitor; one
that is too short ends the call. Some calls repeat the payload, one changes the input on which the
time most likely depends.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from .client import Outcome, Returned
from .deadline import Deadline
from .interface import Function, Input
from .report import Sizing, TimedCall

MARGIN = 1.4
REPEATS = 2
"""Calls with the same payload after the first one, which also loads and compiles."""
LEAST_GROWTH = 1.3
LEAST_SECONDS_OF_GROWTH = 0.3
_DRIVES_TIME = (
    re.compile(r"step|iteration"),
    re.compile(r"frame|duration|seconds|length|max_new|max_token|tokens"),
    re.compile(r"(?:^|_)(?:num|n|count|batch|samples|images)(?:_|$)"),
    re.compile(r"width|height|resolution|size|scale"),
)

Call = Callable[[Mapping[str, Any], float], Outcome]


def measure(
    function: Function,
    values: Mapping[str, Any],
    first_seconds: float,
    call: Call,
    clock: Deadline,
) -> Sizing:
    """Call the endpoint a few more times and say what duration it needs.

    `first_seconds` is how long the call took that `values` come from. Calls that do not finish, for
    want of time or of quota, end the measurement.
    """
    timed = [TimedCall(seconds=round(first_seconds, 3))]
    driver = _driver(function, values)
    for _ in range(REPEATS):
        if not _add(timed, {}, values, call, clock):
            break
    else:
        if driver:
            _add(timed, driver, {**values, **driver}, call, clock)
    return _sizing(function.name, timed, values)


def _add(
    timed: list[TimedCall],
    changed: dict[str, float],
    values: Mapping[str, Any],
    call: Call,
    clock: Deadline,
) -> bool:
    if clock.left <= timed[-1].seconds:
        return False
    watch = Deadline(0.0)
    if not isinstance(call(values, clock.left), Returned):
        return False
    timed.append(TimedCall(seconds=round(watch.elapsed, 3), changed=changed))
    return True


def _driver(function: Function, values: Mapping[str, Any]) -> dict[str, float]:
    """The numeric input that the time most likely depends on, with another value; may be empty."""
    for pattern in _DRIVES_TIME:
        for each in function.inputs:
            value = values.get(each.name)
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if is_number and value and pattern.search(f"{each.name} {each.label}".lower()):
                other = _other_value(each, value)
                if other != value:
                    return {each.name: other}
    return {}


def _other_value(each: Input, value: float) -> float:
    """Twice the value where the component allows it, else the largest, else half."""
    largest = each.properties.get("maximum")
    double = value * 2
    if isinstance(largest, (int, float)) and not isinstance(largest, bool) and double > largest:
        smallest = each.properties.get("minimum")
        half = value // 2 if isinstance(value, int) else value / 2
        half = max(half, smallest) if isinstance(smallest, (int, float)) else half
        return largest if largest > value * LEAST_GROWTH else half
    return double


def _sizing(name: str, timed: list[TimedCall], values: Mapping[str, Any]) -> Sizing:
    seconds = [each.seconds for each in timed]
    duration = math.ceil(max(seconds) * MARGIN)
    same = [each.seconds for each in timed[1:] if not each.changed]
    changed = next((each for each in timed if each.changed), None)
    slope = _slope(values, min(same), changed) if same and changed else None
    return Sizing(
        endpoint=name,
        calls=tuple(timed),
        p50_seconds=round(median(seconds), 3),
        max_seconds=max(seconds),
        duration_seconds=duration,
        grows_with=slope[0] if slope else None,
        advice=_advice(duration, len(timed), slope),
    )


def _slope(
    values: Mapping[str, Any], seconds: float, other: TimedCall
) -> tuple[str, float, float] | None:
    """The input the time grows with, the seconds that do not depend on it, and those per unit."""
    ((name, value),) = other.changed.items()
    before = float(values[name])
    short, long = sorted([(before, seconds), (float(value), other.seconds)])
    growth = long[1] - short[1]
    if growth < LEAST_SECONDS_OF_GROWTH or long[1] < short[1] * LEAST_GROWTH:
        return None
    per_unit = growth / (long[0] - short[0])
    return name, max(0.0, short[1] - per_unit * short[0]), per_unit


def _advice(duration: int, calls: int, slope: tuple[str, float, float] | None) -> str:
    few = "" if calls > REPEATS else f"; only {calls} calls finished in the time"
    if slope is None:
        return f"duration={duration} covers the slowest of {calls} calls with a margin{few}"
    name, base, per_unit = slope
    formula = f"{base * MARGIN:.1f} + {per_unit * MARGIN:.3g} * {name}"
    return f"the time grows with `{name}`: a callable duration of about {formula} seconds{few}"
