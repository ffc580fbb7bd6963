"""Answers of a platform that is overloaded or broken."""

from __future__ import annotations

import math
from collections.abc import Iterator
from http import HTTPStatus
from random import Random

from starlette.responses import HTMLResponse, JSONResponse, Response

from .registry import Fault

RETRY_SECONDS = 2
"""What a refused client is asked to wait when nothing says how long the fault lasts."""

QUOTA, WINDOW_SECONDS = 500, 300
"""Requests in a window; the numbers of an anonymous client's API limit (huggingface_hub 2.4.0)."""

LONGEST_BURST, LONGEST_PAUSE = 3, 4
BROKEN = (500, 502, 503)


def too_many_requests(fault: Fault) -> Response:
    """Return 429 with the headers that clients read their pause from."""
    left = fault.seconds_left
    wait = RETRY_SECONDS if left is None else max(1, math.ceil(left))
    headers = {
        "Retry-After": str(wait),
        "RateLimit": f'"api";r=0;t={wait}',
        "RateLimit-Policy": f'"fixed window";"api";q={QUOTA};w={WINDOW_SECONDS}',
    }
    message = f"Rate limit reached: no requests left, retry after {wait} seconds"
    return JSONResponse({"error": message}, status_code=429, headers=headers)


def broken(status: int) -> Response:
    """Return a server error: JSON for 500, a gateway's page for the others."""
    if status == 500:
        return JSONResponse({"error": "Internal Server Error"}, status_code=status)
    title = f"{status} {HTTPStatus(status).phrase}"
    return HTMLResponse(f"<html><title>{title}</title><h1>{title}</h1></html>", status_code=status)


def bursts(random: Random) -> Iterator[int | None]:
    """Yield for one request after the other: a status that breaks it, or None to let it pass."""
    while True:
        for _ in range(random.randint(1, LONGEST_BURST)):
            yield random.choice(BROKEN)
        for _ in range(random.randint(1, LONGEST_PAUSE)):
            yield None
