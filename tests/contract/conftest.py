"""Which Hub is meant: `HUB_ENDPOINT`, `HUB_TOKEN`, `HUB_NAMESPACE`; by default a rehearsal Hub.

Against a Hub on another machine the tests create private static Spaces with random names, nothing
that costs, and delete them. Run them there with

    HUB_ENDPOINT=https://huggingface.co HUB_TOKEN=... HUB_NAMESPACE=... pytest tests/contract
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from huggingface_hub import HfApi

from tests.conftest import Hub

ACCOUNT = "rehearsal-pro"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Target:
    """The Hub that the contract is checked against, and as whom."""

    endpoint: str
    token: str = field(repr=False)
    namespace: str

    @property
    def is_here(self) -> bool:
        """Whether the Hub is on this machine, where Spaces with an app cost nothing."""
        return urlsplit(self.endpoint).hostname in _LOOPBACK

    @property
    def api(self) -> HfApi:
        return HfApi(self.endpoint, token=self.token)

    def send(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send a request without a client in between; return the status and the JSON answer."""
        parts = urlsplit(self.endpoint)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            encoded = body if isinstance(body, str) else json.dumps(body) if body else None
            connection.request(method, path, body=encoded, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        return answer.status, json.loads(text) if text.startswith(("{", "[")) else text


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The Hub named by the environment, else the rehearsal Hub that all tests share."""
    endpoint = os.environ.get("HUB_ENDPOINT")
    if endpoint:
        return Target(endpoint.rstrip("/"), os.environ["HUB_TOKEN"], os.environ["HUB_NAMESPACE"])
    hub: Hub = request.getfixturevalue("hub")
    return Target(hub.endpoint, hub.token(ACCOUNT), ACCOUNT)


@pytest.fixture
def new_name(target: Target) -> Iterator[Callable[[], str]]:
    """Return full names that nobody has; what exists under them at the end is deleted."""
    names: list[str] = []

    def make() -> str:
        names.append(f"{target.namespace}/contract-{secrets.token_hex(6)}")
        return names[-1]

    yield make
    for name in names:
        target.api.delete_repo(name, repo_type="space", missing_ok=True)


@pytest.fixture
def space(target: Target, new_name: Callable[[], str]) -> str:
    """A new private static Space."""
    name = new_name()
    target.api.create_repo(name, repo_type="space", space_sdk="static", private=True)
    return name


@pytest.fixture
def app_space(target: Target, new_name: Callable[[], str]) -> str:
    """A new private Gradio Space; only on this machine."""
    if not target.is_here:
        pytest.skip("against a Hub elsewhere only static Spaces are created")
    name = new_name()
    target.api.create_repo(name, repo_type="space", space_sdk="gradio", private=True)
    return name
