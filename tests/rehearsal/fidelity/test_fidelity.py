"""Each case fails in the platform's stage, and our tools find the platform's first error line."""

from __future__ import annotations

import functools
import http.server
import re
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from huggingface_hub import CommitOperationAdd

from tests.calling import Caller
from tests.conftest import Hub
from tools.settings import STATE_VARIABLE, Settings

from .cases import CASES, NOT_REPRODUCED, OUT_OF_SCOPE, Case

GOAL = 0.9


@pytest.fixture
def caller(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setenv(STATE_VARIABLE, str(hub.state.parent))
    return Caller(
        Settings(hub="rehearsal", hub_confirmed=True, account="rehearsal-pro", roots=(Path("/"),))
    )


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web server with one wheel, which is none."""
    folder = tmp_path_factory.mktemp("wheels")
    (folder / "botocore-1.12.198-py2.py3-none-any.whl").write_bytes(b"not a zip file")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _parameter(case: Case) -> ParameterSet:
    marks = [pytest.mark.slow] if case.is_slow else []
    if case.name in NOT_REPRODUCED:
        marks.append(pytest.mark.xfail(reason=NOT_REPRODUCED[case.name], strict=True))
    return pytest.param(case, id=case.name, marks=marks)


@pytest.mark.filterwarnings("ignore:Warnings while validating metadata")
@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_it_fails_as_it_did_there(hub: Hub, caller: Caller, wheels: str, case: Case) -> None:
    api, space = hub.api("rehearsal-pro"), f"rehearsal-pro/c-{uuid.uuid4().hex[:10]}"
    variables = [{"key": key, "value": value} for key, value in case.variables.items()]
    api.create_repo(space, repo_type="space", space_sdk="gradio", space_variables=variables)
    files = {"README.md": case.block, "app.py": case.app, **case.more}
    try:
        revision = api.create_commit(
            space,
            [
                CommitOperationAdd(name, text.replace("{wheels}", wheels).encode())
                for name, text in files.items()
            ],
            commit_message="A case",
            repo_type="space",
        ).oid
        waited = caller.wait(space, revision)
        assert api.get_space_runtime(space).stage == case.stage
        told = _first_line(caller, space, waited)
    finally:
        api.delete_repo(space, repo_type="space")
    assert re.search(case.here or re.escape(case.line), told), told


def _first_line(caller: Caller, space: str, waited: dict[str, object]) -> str:
    """What our tools call the first error; the log of a Space that runs."""
    failure = waited.get("failure")
    if not isinstance(failure, dict):
        return caller.answer("space_logs", space=space, kind="run").text
    found = failure["first_error"]
    return str(found["text"] if found else failure["hub_message"])


def test_most_of_what_is_in_scope_is_reproduced() -> None:
    names = {case.name for case in CASES}
    assert names.isdisjoint(OUT_OF_SCOPE)
    assert NOT_REPRODUCED.keys() <= names
    assert 1 - len(NOT_REPRODUCED) / len(CASES) >= GOAL
