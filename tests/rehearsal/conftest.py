"""Names nobody has used, raw HTTP, and the `hf` command."""

from __future__ import annotations

import http.client
import json
import subprocess
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from huggingface_hub import HfApi

from tests.conftest import Hub


@pytest.fixture
def api(hub: Hub) -> HfApi:
    """The client as the account that may do everything."""
    return hub.api("rehearsal-pro")


@pytest.fixture
def name() -> str:
    """A repository name nobody has used."""
    return f"t-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def space(api: HfApi, name: str) -> str:
    """A new static Space."""
    full_name = f"rehearsal-pro/{name}"
    api.create_repo(full_name, repo_type="space", space_sdk="static")
    return full_name


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


SendRaw = Callable[..., Answer]


@pytest.fixture
def send(hub: Hub) -> SendRaw:
    """Send a request exactly as given: no client in between that tidies paths or headers."""

    def send(
        method: str,
        path: str,
        *,
        account: str | None = None,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = dict(headers or {})
        if account is not None:
            sent["Authorization"] = f"Bearer {hub.token(account)}"
        connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=30)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            lowered = {key.lower(): value for key, value in answer.getheaders()}
            return Answer(answer.status, lowered, answer.read())
        finally:
            connection.close()

    return send


HfCommand = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hf(client_environment: Callable[[str], dict[str, str]]) -> HfCommand:
    """Run the real `hf` as `rehearsal-pro`, or as another account."""

    def run(
        *arguments: str, account: str = "rehearsal-pro", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["hf", *arguments],
            env=client_environment(account) | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
