"""Spaces kept as folders, and a machine to run them on."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .spaces import FolderSource, Machine

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def cache_folder() -> Path:
    """Environments outlive the test run: building one takes longer than all tests together."""
    return Path(os.environ.get("HUGGINGFACE_SPACES_CACHE", REPOSITORY / ".cache" / "tests"))


@pytest.fixture
def source(tmp_path: Path) -> FolderSource:
    return FolderSource(tmp_path / "store")


@pytest.fixture
async def machine(
    source: FolderSource, tmp_path: Path, cache_folder: Path
) -> AsyncIterator[Machine]:
    """A started machine, which must leave no process behind."""
    machine = Machine(source, tmp_path / "state", cache_folder)
    await machine.start()
    yield machine
    await machine.stop()
    assert machine.processes() == []


@pytest.fixture
def outside_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Things a person has in their shell that no Space may see."""
    monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 34)
    monkeypatch.setenv("SSH_AUTH_SOCK", "/nowhere/agent")
    monkeypatch.setenv("MY_SETTING", "mine")
