"""Known errors on real Spaces: each fails as its entry says, and its own cure turns it green."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from _pytest.mark import ParameterSet
from huggingface_hub import CommitOperationAdd, HfApi, SpaceHardware
from huggingface_hub.errors import HfHubHTTPError

from tests.calling import Caller, write_files
from tests.conftest import Hub
from tools.knowledge.known_errors import known_errors
from tools.settings import STATE_VARIABLE, Settings

from .broken_spaces import STAGES, Broken, broken_spaces

SPACES = broken_spaces()
GOAL = 0.9
FEWEST = 40
NOT_CURED: dict[str, str] = {}
"""Broken Spaces whose cure is proposed and does not turn them green here, and why."""
# Gradio 6 tells of a request's error in the log a moment after the caller has its answer.
LOG_SECONDS = 10.0


@pytest.fixture
def caller(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setenv(STATE_VARIABLE, str(hub.state.parent))
    return Caller(
        Settings(hub="rehearsal", hub_confirmed=True, account="rehearsal-pro", roots=(Path("/"),))
    )


@dataclass
class Attempt:
    """One broken Space on the Hub: pushed, diagnosed, repaired."""

    broken: Broken
    caller: Caller
    api: HfApi
    name: str
    monkeypatch: pytest.MonkeyPatch

    def create(self) -> None:
        hardware = self.broken.hardware
        self.api.create_repo(
            self.name,
            repo_type="space",
            space_sdk="gradio",
            space_hardware=SpaceHardware(hardware) if hardware else None,
            space_variables=[{"key": k, "value": v} for k, v in self.broken.variables.items()],
        )

    def push(self, files: dict[str, str]) -> str:
        """Commit `files` as they are and return the revision."""
        operations = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
        return self.api.create_commit(
            self.name, operations, commit_message="A try", repo_type="space"
        ).oid

    def break_it(self, folder: Path) -> dict[str, Any]:
        """Push the broken files, see them fail where they must, and return the diagnosis."""
        write_files(folder, self.broken.files)
        if self.broken.fails == "push":
            with pytest.raises((HfHubHTTPError, ValueError)) as refused:
                self.push(self.broken.files)
            return self._diagnose(log=str(refused.value), folder=str(folder))
        waited = self.caller.wait(self.name, self.push(self.broken.files))
        assert self.api.get_space_runtime(self.name).stage == STAGES[self.broken.fails], waited
        if self.broken.fails == "call":
            told = self._call()
            if "Traceback" not in self._log():  # the app told its visitor, and nobody else
                return self._diagnose(log=told, folder=str(folder))
        return self._diagnose(space=self.name)

    def _call(self) -> str:
        """Make the call that fails, wait for its traceback, and return what the caller is told."""
        answer = self.caller.answer("space_smoke_test", space=self.name, **self.broken.call)
        assert answer.envelope["outcome"] == "broken", answer.text
        deadline = time.monotonic() + LOG_SECONDS
        while "Traceback" not in self._log() and time.monotonic() < deadline:
            time.sleep(0.2)
        evidence = answer.envelope["result"]["endpoints"][0]["evidence"]
        return "\n".join(f"{one['what']}\n{one['detail']}" for one in evidence)

    def _log(self) -> str:
        return "".join(self.api.fetch_space_logs(self.name))

    def _diagnose(self, **arguments: str) -> dict[str, Any]:
        answer = self.caller.answer("space_diagnose", **arguments)
        assert answer.envelope["outcome"] == "diagnosed", answer.text
        found: dict[str, Any] = answer.envelope["result"]
        assert found["error_id"] == self.broken.error_id, answer.text
        return found

    def cure(self, diagnosis: dict[str, Any], folder: Path) -> None:
        """Do the first thing that is proposed and that can be done without thinking."""
        fix = next((one for one in diagnosis["fixes"] if one["kind"] != "advice"), None)
        assert fix is not None, diagnosis
        if fix["kind"] == "patch":
            self._patch(fix["fix"], folder)
            return
        self._provide_values()
        answer = self.caller.answer(fix["call"]["tool"], **fix["call"]["arguments"])
        if answer.is_error:  # what may lose something is asked for, and the person agrees here
            assert answer.envelope["problem"]["code"] == "consent_needed", answer.text
            agreed = answer.envelope["next"][0]
            answer = self.caller.answer(agreed["tool"], **agreed["arguments"])
        assert not answer.is_error, answer.text

    def _provide_values(self) -> None:
        """Set what the cure's call reads from the environment; a token is the account's own."""
        for name, value in self.broken.values.items():
            token = self.api.token if value == "{token}" else value
            self.monkeypatch.setenv(name, str(token))

    def _patch(self, fix: str, folder: Path) -> None:
        """Repair the files and push them; a second repair finds nothing to do."""
        arguments = {"folder": str(folder), "fixes": [fix]}
        if self.broken.hardware:
            arguments["hardware"] = self.broken.hardware
        self.caller.result("space_fix", "fixed", **arguments)
        self.caller.result("space_fix", "nothing_to_fix", **arguments)
        files = [path for path in folder.rglob("*") if path.is_file()]
        self.push({str(path.relative_to(folder)): path.read_text() for path in files})

    def check(self) -> None:
        """The newest revision runs, and what failed answers."""
        waited = self.caller.wait(self.name)
        assert waited["outcome"] == "ready", waited
        address = self.api.get_space_runtime(self.name).raw["rehearsal"]["host"]
        assert httpx.get(address, timeout=20).status_code == 200
        if self.broken.fails == "call":
            answer = self.caller.answer("space_smoke_test", space=self.name, **self.broken.call)
            assert answer.envelope["outcome"] in {"works", "rehearsed"}, answer.text


@pytest.fixture
def attempt(
    hub: Hub, caller: Caller, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Attempt]:
    api, name = hub.api("rehearsal-pro"), f"rehearsal-pro/b-{uuid.uuid4().hex[:10]}"
    attempt = Attempt(request.param, caller, api, name, monkeypatch)
    attempt.create()
    yield attempt
    api.delete_repo(name, repo_type="space")


def _parameter(space: Broken) -> ParameterSet:
    marks = [] if space.is_quick else [pytest.mark.slow]
    if space.name in NOT_CURED:
        marks.append(pytest.mark.xfail(reason=NOT_CURED[space.name], strict=True))
    return pytest.param(space, id=space.name, marks=marks)


@pytest.mark.timeout(400)
@pytest.mark.filterwarnings("ignore:Warnings while validating metadata")
@pytest.mark.parametrize("attempt", [_parameter(space) for space in SPACES], indirect=True)
def test_it_fails_as_known_and_its_cure_turns_it_green(attempt: Attempt, tmp_path: Path) -> None:
    diagnosis = attempt.break_it(tmp_path / "space")
    attempt.cure(diagnosis, tmp_path / "space")
    attempt.check()


def test_rehearsable_errors_own_broken_spaces() -> None:
    rehearsable = {error.id for error in known_errors() if error.rehearsable}
    owners = {space.error_id for space in SPACES}
    assert owners <= rehearsable
    assert len(owners) >= FEWEST


def test_most_cures_work() -> None:
    names = {space.name for space in SPACES}
    assert NOT_CURED.keys() <= names
    assert 1 - len(NOT_CURED) / len(names) >= GOAL
