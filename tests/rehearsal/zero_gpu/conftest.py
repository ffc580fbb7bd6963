"""A Hub of its own, whose limits tests may change, and one running app for most tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Hub, cache_folder

from .apps import CALLS
from .spaces_on_zero_gpu import ZeroGpuSpace, ask, make_space, set_limits, set_used

ACCOUNTS = ("rehearsal-pro", "rehearsal-free")


@pytest.fixture(scope="session")
def zero_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("zero-gpu") / "rehearsal", cache_folder())
    hub.start()
    yield hub
    assert hub.stop() == 0


@pytest.fixture(scope="session")
def usual_limits(zero_hub: Hub) -> dict[str, object]:
    limits: dict[str, object] = ask(zero_hub, "GET").json()["limits"]
    return limits


@pytest.fixture(scope="session")
def calls_space(zero_hub: Hub) -> ZeroGpuSpace:
    """The app of `apps.CALLS`, built and started once."""
    space = make_space(zero_hub, "calls", CALLS)
    assert space.runtime["stage"] == "RUNNING", space.log
    return space


@pytest.fixture
def calls(calls_space: ZeroGpuSpace, usual_limits: dict[str, object]) -> Iterator[ZeroGpuSpace]:
    """The app with whole quotas and the usual limits."""
    hub = calls_space.hub
    # Calls without a visitor token share the Space's quota, which tests use up.
    set_limits(hub, **{**usual_limits, "spaceQuotaSeconds": 1000})
    for account in ACCOUNTS:
        set_used(hub, 0, account)
    yield calls_space
    set_limits(hub, **usual_limits)
