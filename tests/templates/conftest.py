"""Scaffolding into a temporary folder, and rehearsing what came of it."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import Caller
from tests.steps.conftest import caller, caller_as, own_state

__all__ = ["caller", "caller_as", "own_state"]

NO_INDEX = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
"""Nothing listens there, so the version on record is used and tests share an environment."""

Scaffold = Callable[..., Path]


@pytest.fixture
def offline(caller: Caller) -> Caller:
    return Caller(dataclasses.replace(caller.settings, environment=NO_INDEX))


@pytest.fixture
def scaffold(offline: Caller, tmp_path: Path) -> Scaffold:
    """Write a template into a new folder, for the Python that runs the tests."""

    def make(template: str, **arguments: str) -> Path:
        folder = tmp_path / template
        offline.result(
            "space_scaffold", "scaffolded", template=template, folder=str(folder), **arguments
        )
        readme = folder / "README.md"
        here = f'python_version: "{sys.version_info.major}.{sys.version_info.minor}"'
        readme.write_text(re.sub(r'python_version: ".*"', here, readme.read_text()))
        return folder

    return make
