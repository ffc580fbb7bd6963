"""Fixtures: one process with all Gradio apps for the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tools.app.smoke import EndpointReport, SmokeReport, smoke_test

from .hosting import ServedApp, serving

APPS = [
    "many_endpoints",
    "chat",
    "more_chat",
    "in_order",
    "fallbacks",
    "behind_login",
    "behind_oauth",
    "custom_server",
    "server_routes",
    "with_tools",
    "failing_page",
    "mortal",
    "frozen",
    "idle",
]

Smoke = Callable[..., SmokeReport]
TryOut = Callable[..., EndpointReport]


@pytest.fixture(scope="package")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, ServedApp]]:
    with serving(APPS, tmp_path_factory.mktemp("apps")) as served:
        yield served


@pytest.fixture
def smoke(apps: Mapping[str, ServedApp], tmp_path: Path) -> Smoke:
    """Run a smoke test of an app by name, with its log."""

    def run(name: str, **options: Any) -> SmokeReport:
        app = apps[name]
        given = {"token": None, "deadline": 30, "folder": tmp_path / "out"} | options
        return smoke_test(app.url, read_log=app.read_log, **given)

    return run


@pytest.fixture
def try_out(smoke: Smoke) -> TryOut:
    """The report on one endpoint of the app with many."""

    def run(endpoint: str, **options: Any) -> EndpointReport:
        report = smoke("many_endpoints", endpoint=endpoint, **options)
        assert [each.name for each in report.endpoints] == [endpoint]
        return report.endpoints[0]

    return run
