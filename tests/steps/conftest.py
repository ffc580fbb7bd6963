"""Tools on a real rehearsal Hub, as each of its accounts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import Caller
from tests.conftest import Hub
from tools.settings import STATE_VARIABLE, Settings


@pytest.fixture(autouse=True)
def own_state(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tools look for the rehearsal Hub where the test's Hub keeps its state."""
    assert hub.state.name == "rehearsal"
    monkeypatch.setenv(STATE_VARIABLE, str(hub.state.parent))
    for name in ("HF_TOKEN", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def caller_as(hub: Hub) -> Callable[[str], Caller]:
    """A caller for an account of the rehearsal Hub."""

    def make(account: str) -> Caller:
        return Caller(
            Settings(hub="rehearsal", hub_confirmed=True, account=account, roots=(Path("/"),))
        )

    return make


@pytest.fixture
def caller(caller_as: Callable[[str], Caller]) -> Caller:
    return caller_as("rehearsal-pro")


@pytest.fixture
def stranger(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Caller]:
    """A caller with a token of one's own choosing: the Hub is reached as any other Hub is."""

    def make(token: str) -> Caller:
        monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "elsewhere"))
        environment = {"HF_TOKEN": token} if token else {}
        return Caller(
            Settings(
                hub=hub.endpoint,
                hub_confirmed=True,
                roots=(Path("/"),),
                environment=environment,
            )
        )

    return make


@pytest.fixture
def space() -> str:
    """A Space name nobody has used."""
    return f"rehearsal-pro/t-{uuid.uuid4().hex[:10]}"
