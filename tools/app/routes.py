"""GET routes that an app documents in `/openapi.json` and that can be asked without any input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from .deadline import Deadline
from .errors import AppProblem
from .schema import items, mapping
from .selection import DESTRUCTIVE
from .web import Credential, get

MOST_BYTES_OF_A_DESCRIPTION = 4 * 1024 * 1024
_GRADIOS = re.compile(
    r"/(?:gradio_api|assets|config|static|svelte|monitoring|pwa_icon)(?:/|$)"
    r"|/(?:login|logout|favicon\.ico|manifest\.json|robots\.txt|theme\.css)/?$"
)
"""Gradio's own routes, which a gr.Server documents as well (6.31.0, listed 2026-11-23)."""
_NOT_A_FEATURE = re.compile(r"/(?:docs|redoc|openapi\.json|metrics)(?:/|$)")


def documented_routes(url: str, *, token: Credential | None, deadline: Deadline) -> tuple[str, ...]:
    """Paths of the GET routes without required parameters, in the app's order, except `/`.

    Empty when the app documents none; a failure to answer is no error here. Routes that look like
    they change something are left out: not every app keeps GET harmless.
    """
    address = urljoin(f"{url.rstrip('/')}/", "openapi.json")
    try:
        answer = get(
            address, token=token, deadline=deadline, most_bytes=MOST_BYTES_OF_A_DESCRIPTION
        )
        described = json.loads(answer.text) if answer.status == 200 else None
    except (AppProblem, ValueError, RecursionError):
        return ()
    return tuple(paths_of(described))


def paths_of(described: Any) -> Iterator[str]:
    """The paths of `documented_routes` in an OpenAPI description."""
    for path, methods in mapping(mapping(described).get("paths")).items():
        route = mapping(mapping(methods).get("get"))
        has_get = "get" in mapping(methods)
        if not has_get or path == "/" or not str(path).startswith("/") or "{" in str(path):
            continue
        own = _GRADIOS.match(path) or _NOT_A_FEATURE.match(path)
        changes = DESTRUCTIVE.search(re.sub(r"\W", "_", path.strip("/").lower()))
        if not own and not changes and not _needs_input(route, mapping(methods)):
            yield path


def _needs_input(route: Mapping[str, Any], path: Mapping[str, Any]) -> bool:
    parameters = [*items(path.get("parameters")), *items(route.get("parameters"))]
    return any(mapping(each).get("required") or "$ref" in mapping(each) for each in parameters)
