"""Fixtures: one process from which all apps of the corpus are forked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.app.report import SmokeReport
from tools.app.smoke import smoke_test

from .serving import Zygote, zygote

DEADLINE_SECONDS = 20.0
TOLERANCE_SECONDS = 2.0
"""How much later than its deadline a test may end on a busy machine."""


@dataclass(frozen=True)
class Tested:
    """A report, and all that it says in one text."""

    report: SmokeReport
    told: str


TryApp = Callable[..., Tested]


@pytest.fixture(scope="package")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    with zygote(tmp_path_factory.mktemp("corpus")) as process:
        yield process


@pytest.fixture
def try_app(apps: Zygote, tmp_path: Path) -> TryApp:
    """Start an app of the corpus, smoke-test it, and check that the deadline held."""

    def run(module: str, *arguments: str, deadline: float = DEADLINE_SECONDS) -> Tested:
        with apps.serving(module, arguments) as app:
            started = time.monotonic()
            report = smoke_test(
                app.url,
                token=None,
                deadline=deadline,
                folder=tmp_path / "output",
                read_log=app.read_log,
            )
            assert time.monotonic() - started < deadline + TOLERANCE_SECONDS
        return Tested(report, told(report))

    return run


def told(report: SmokeReport) -> str:
    """Every word of evidence in the report."""
    found = [*report.evidence, *(each for part in report.endpoints for each in part.evidence)]
    return "\n".join(f"{each.what} {each.detail}" for each in found)
