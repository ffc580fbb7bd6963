from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tools.rehearsal.machine.build import platform_packages
from tools.rehearsal.machine.build_environment import build_environment, is_credential
from tools.rehearsal.machine.card import Card
from tools.rehearsal.machine.environments import Environment, Environments, Recipe
from tools.rehearsal.machine.pythons import Interpreter

RECIPE = Recipe(Interpreter(Path(sys.executable), (3, 11, 7)), ("gradio==1",), None, None)


class Maker:
    """Makes an environment that has an interpreter and nothing else."""

    def __init__(self, *, fail: bool = False) -> None:
        self.made: list[Path] = []
        self._fail = fail

    async def __call__(self, folder: Path) -> None:
        self.made.append(folder)
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").symlink_to(sys.executable)
        await asyncio.sleep(0.05)
        if self._fail:
            raise OSError("no space left")


async def test_requests_at_the_same_time_share_one_build(tmp_path: Path) -> None:
    maker = Maker()
    hubs = [Environments(tmp_path), Environments(tmp_path)]
    found = await asyncio.gather(*(hub.provide(RECIPE, maker) for hub in hubs * 2))
    assert len(maker.made) == 1
    assert {one.folder for one in found} == set(maker.made)
    assert sorted(one.made for one in found) == [False, False, False, True]


async def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    environments = Environments(tmp_path)
    maker = Maker(fail=True)
    with pytest.raises(OSError, match="no space left"):
        await environments.provide(RECIPE, maker)
    assert not maker.made[0].exists()
    assert environments.find(RECIPE) is None


async def test_what_a_killed_build_left_is_replaced(tmp_path: Path) -> None:
    environments = Environments(tmp_path)
    broken = tmp_path / "environments" / RECIPE.key / "1"
    (broken / "bin").mkdir(parents=True)
    (broken / "bin" / "python").symlink_to(sys.executable)
    assert environments.find(RECIPE) is None
    made = await environments.provide(RECIPE, Maker())
    assert made.folder.name == "2"
    assert not broken.exists()


async def test_an_environment_whose_python_is_gone_is_not_used(tmp_path: Path) -> None:
    environments = Environments(tmp_path)
    first = await environments.provide(RECIPE, Maker())
    first.python.unlink()
    first.python.symlink_to("/nonexistent/python")
    assert environments.find(RECIPE) is None


async def test_a_fresh_build_does_not_touch_the_one_in_use(tmp_path: Path) -> None:
    environments = Environments(tmp_path)
    first = await environments.provide(RECIPE, Maker())
    process = await asyncio.create_subprocess_exec(
        first.python, "-c", "import time; time.sleep(60)"
    )
    try:
        for _ in range(3):
            newest = await environments.provide(RECIPE, Maker(), afresh=True)
        assert environments.find(RECIPE) == Environment(newest.folder, made=False)
        left = sorted(folder.name for folder in newest.folder.parent.glob("[0-9]*"))
        assert left == ["1", "3", "4"]
    finally:
        process.kill()
        await process.wait()


def test_everything_that_matters_changes_the_key() -> None:
    others = [
        replace(RECIPE, requirements=b""),
        replace(RECIPE, requirements=b"a"),
        replace(RECIPE, pre_requirements=b"a"),
        replace(RECIPE, platform_packages=("gradio==2",)),
        replace(RECIPE, interpreter=Interpreter(Path(sys.executable), (3, 12, 0))),
    ]
    assert len({recipe.key for recipe in [RECIPE, *others]}) == 6


@pytest.mark.parametrize(
    ("version", "first"),
    [("6.31.0", "gradio[oauth,mcp]==6.31.0"), ("4.44.1", "gradio[oauth]==4.44.1")],
)
def test_the_platform_s_packages(version: str, first: str) -> None:
    card = Card("gradio", "app.py", sdk_version=version)
    expected = (first, "uvicorn>=0.14.0", "websockets>=10.4", "spaces")
    assert platform_packages(card) == expected


def test_a_build_reaches_the_index_and_sees_no_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_TOKEN", "UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD", "SSH_AUTH_SOCK", "EDITOR"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    variables = build_environment(tmp_path, tmp_path / "uv")
    assert not {"EDITOR", *(name for name in os.environ if is_credential(name))} & set(variables)
    assert variables["HTTPS_PROXY"] == "http://127.0.0.1:3128"
    assert variables["UV_DEFAULT_INDEX"] == "http://127.0.0.1/simple"
    assert variables["HOME"] == str(tmp_path)


@pytest.mark.parametrize(
    "name", ["HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "OPENAI_API_KEY", "DB_PASSWORD", "SSH_AUTH_SOCK"]
)
def test_names_of_credentials(name: str) -> None:
    assert is_credential(name)
    assert not is_credential("UV_KEEP_MONKEYS")
