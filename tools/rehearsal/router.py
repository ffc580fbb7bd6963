"""Routing on the path as it was sent.

Clients send a revision or a folder as ONE percent-encoded segment (`refs%2Fpr%2F1`), so the path
must be split before it is decoded; Starlette's own routes decode first (measured 2026-11-22 with
huggingface_hub 2.4.0).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.responses import Response

from .call import Call
from .errors import HubError, bad_request
from .store.records import KINDS

Handler = Callable[[Call], Awaitable[Response]]

_CHOICES: Mapping[str, tuple[str, ...]] = {"kind": KINDS}
"""Captured segments that match these words only."""


@dataclass(frozen=True)
class Route:
    """A method and a pattern: literal segments, `{name}` for one, `{name...}` for all the rest."""

    method: str
    pattern: str
    handler: Handler

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Return the captured segments, or None when the pattern does not fit."""
        wanted = self.pattern.strip("/").split("/")
        captured: dict[str, str] = {}
        for position, part in enumerate(wanted):
            if part.endswith("...}"):
                captured[part[1:-4]] = "/".join(segments[position:])
                return captured if len(segments) > position else None
            if position >= len(segments) or not _fits(part, segments[position], captured):
                return None
        return captured if len(wanted) == len(segments) else None


def _fits(part: str, segment: str, captured: dict[str, str]) -> bool:
    if not part.startswith("{"):
        return part == segment
    name = part[1:-1]
    captured[name] = segment
    return bool(segment) and segment in _CHOICES.get(name, (segment,))


def split(raw_path: bytes) -> list[str]:
    """Split a path as sent into decoded segments. Raises 400 when one is not UTF-8."""
    try:
        return [unquote_to_bytes(part).decode() for part in raw_path.strip(b"/").split(b"/")]
    except UnicodeDecodeError as error:
        raise bad_request("the path must be UTF-8, percent-encoded") from error


class Router:
    """Finds the handler of a request: the first route that fits."""

    def __init__(self, routes: list[Route]) -> None:
        self._routes = routes

    def find(self, method: str, raw_path: bytes) -> tuple[Handler, dict[str, str]]:
        """Return the handler and the captured segments. Raises 404, or 405 for another method."""
        segments = split(raw_path)
        wanted = "GET" if method == "HEAD" else method
        allowed = []
        for route in self._routes:
            captured = route.match(segments)
            if captured is not None and route.method == wanted:
                return route.handler, captured
            if captured is not None:
                allowed.append(route.method)
        if allowed:
            raise HubError(405, f"{method} is not allowed here, only {', '.join(allowed)}")
        raise HubError(404, f"The rehearsal Hub has no {method} /{'/'.join(segments)}")
