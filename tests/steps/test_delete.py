"""`space_delete`: agreed to by name, once."""

from __future__ import annotations

import dataclasses

from tests.calling import Caller
from tests.conftest import Hub


def test_deletes_only_with_the_code(caller: Caller, space: str, hub: Hub) -> None:
    caller.result("space_create", "created", space=space, sdk="static")
    asked = caller.answer("space_delete", space=space)
    assert asked.envelope["problem"]["code"] == "consent_needed"
    assert space in asked.text
    assert "whole history" in asked.text
    assert hub.api("rehearsal-pro").repo_exists(space, repo_type="space")
    caller.problem("space_delete", "code_not_valid", space=space, confirm="yes-12345678")
    caller.result("space_delete", "deleted", **asked.envelope["next"][0]["arguments"])
    assert not hub.api("rehearsal-pro").repo_exists(space, repo_type="space")


def test_missing_space_is_not_agreed_to(caller: Caller) -> None:
    caller.problem("space_delete", "not_found", space="rehearsal-pro/never-was")


def test_read_only_server_refuses_before_asking(caller: Caller, space: str) -> None:
    caller.result("space_create", "created", space=space, sdk="static")
    bounded = Caller(dataclasses.replace(caller.settings, read_only=True))
    assert "--read-only" in bounded.problem("space_delete", "read_only_server", space=space)
