"""The keys of answers, against what huggingface.co was recorded to send."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import Target

RECORDED: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "fields.yaml").read_text(encoding="utf-8")
)
CHOSEN = {"variables"}
"""Answers whose first level of keys somebody chose."""


def key_paths(value: object, prefix: str = "", *, chosen: bool = False) -> Iterator[str]:
    """Yield the path of every key in a JSON value; nothing below `rehearsal`."""
    if isinstance(value, list):
        for item in value:
            yield from key_paths(item, f"{prefix}[]")
    if not isinstance(value, Mapping):
        return
    for key, inner in value.items():
        path = f"{prefix}.{'*' if chosen else key}".lstrip(".")
        yield path
        if path != "rehearsal":
            yield from key_paths(inner, path)


def check(name: str, answer: tuple[int, Any], status: int = 200) -> None:
    """Compare an answer with what was recorded under `name`."""
    assert answer[0] == status, answer[1]
    recorded = RECORDED[name]
    found = set(key_paths(answer[1], chosen=name in CHOSEN))
    always = set(recorded["always"])
    assert not always - found, "missing"
    assert not found - always - {*recorded.get("sometimes", ()), *recorded.get("here", ())}, "new"


def commit_body(path: str, content: bytes) -> str:
    """Return a commit's body: one JSON object a line."""
    header = {"summary": f"Add {path}", "description": ""}
    file = {"path": path, "encoding": "base64", "content": base64.b64encode(content).decode()}
    lines = [{"key": "header", "value": header}, {"key": "file", "value": file}]
    return "\n".join(json.dumps(line) for line in lines)


def test_create(target: Target, new_name: Callable[[], str]) -> None:
    namespace, _, name = new_name().partition("/")
    wanted = {
        "name": name,
        "organization": namespace,
        "type": "space",
        "sdk": "static",
        "private": True,
    }
    check("create", target.send("POST", "/api/repos/create", wanted))
    check("create a taken name", target.send("POST", "/api/repos/create", wanted), 409)
    doomed = {"name": name, "organization": namespace, "type": "space"}
    assert target.send("DELETE", "/api/repos/delete", doomed) == (200, "OK")


def test_upload(target: Target, space: str) -> None:
    wanted = {"files": [{"path": "page.html", "size": 4, "sample": "cGFnZQ=="}]}
    check("preupload", target.send("POST", f"/api/spaces/{space}/preupload/main", wanted))
    body = commit_body("page.html", b"page")
    check("commit", target.send("POST", f"/api/spaces/{space}/commit/main", body))
    again = target.send("POST", f"/api/spaces/{space}/preupload/main", wanted)
    check("preupload", again)
    assert "oid" in again[1]["files"][0]


def test_expanded_information(target: Target, space: str) -> None:
    answer = target.send("GET", f"/api/spaces/{space}/revision/main?expand=xetEnabled")
    check("information with expand=xetEnabled", answer)


def test_variables_and_secrets(target: Target, space: str) -> None:
    address = f"/api/spaces/{space}"
    check("no variables", target.send("GET", f"{address}/variables"))
    check("variables", target.send("POST", f"{address}/variables", {"key": "A", "value": "1"}))
    described = {"key": "B", "value": "2", "description": "why"}
    check("variables", target.send("POST", f"{address}/variables", described))
    check("variables", target.send("DELETE", f"{address}/variables", {"key": "MISSING"}))
    check("secret stored", target.send("POST", f"{address}/secrets", described))
    check("secret stored", target.send("DELETE", f"{address}/secrets", {"key": "MISSING"}))


def test_runtime_of_a_static_space(target: Target, space: str) -> None:
    body = commit_body("index.html", b"<!doctype html>")
    target.send("POST", f"/api/spaces/{space}/commit/main", body)
    target.api.wait_for_space(space, timeout=60)
    answer = target.send("GET", f"/api/spaces/{space}/runtime")
    assert answer[1]["stage"] == "RUNNING"
    check("runtime of a static Space", answer)


def test_runtime_of_an_app(target: Target, app_space: str) -> None:
    body = commit_body("app.py", b"import time\n\ntime.sleep(600)\n")
    target.send("POST", f"/api/spaces/{app_space}/commit/main", body)
    building = target.send("GET", f"/api/spaces/{app_space}/runtime")
    assert building[1]["stage"] in {"BUILDING", "APP_STARTING"}
    check("runtime while building", building)
    paused = target.send("POST", f"/api/spaces/{app_space}/pause")
    assert paused[1]["stage"] == "PAUSED"
    check("runtime of a paused Space", paused)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [{"b": 1}, {"c": 2}]}, {"a", "a[].b", "a[].c"}),
        ({"a": {"b": None}, "rehearsal": {"x": 1}}, {"a", "a.b", "rehearsal"}),
        ("OK", set()),
    ],
)
def test_key_paths(value: object, expected: set[str]) -> None:
    assert set(key_paths(value)) == expected
