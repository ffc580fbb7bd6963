"""The books, the queue and the visitor tokens, each alone and with a clock of the test's own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import REPOSITORY, Hub, cache_folder
from tools.knowledge import unpublished_numbers, zero_gpu_facts
from tools.rehearsal.store.accounts import ACCOUNTS
from tools.rehearsal.zero_gpu.approval import Refusal, Size, Wish, approve
from tools.rehearsal.zero_gpu.ledger import Ledger, LedgerDamagedError
from tools.rehearsal.zero_gpu.limits import Limits
from tools.rehearsal.zero_gpu.node import Node
from tools.rehearsal.zero_gpu.packages import zero_gpu_packages
from tools.rehearsal.zero_gpu.torch_builds import torch_build
from tools.rehearsal.zero_gpu.visitors import InvalidVisitorTokenError, Visitor, VisitorTokens
from tools.rehearsal.zero_gpu.workers import find_worker

DAY = 86400
FREE = Visitor("someone", "free")


class Clock:
    """A time that the test moves."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def wish(seconds: int, size: Size | None = None, visitor: Visitor | None = FREE) -> Wish:
    return Wish("a/b", "task", seconds, size, visitor)


def test_a_quota_is_whole_again_a_day_after_its_first_use(tmp_path: Path) -> None:
    clock = Clock()
    ledger = Ledger(tmp_path / "ledger.json", clock)
    ledger.charge("account:x", 100, runs=1)
    clock.now += DAY - 10
    ledger.charge("account:x", 50, runs=1)
    again = Ledger(tmp_path / "ledger.json", clock)
    assert (again.usage("account:x").seconds, again.usage("account:x").runs) == (150, 2)
    assert again.seconds_until_reset("account:x") == 10
    clock.now += 10
    assert again.usage("account:x").seconds == 0
    again.charge("account:x", 1)
    assert again.usage("account:x").seconds == 1


@pytest.mark.parametrize("content", ["", "[1]", '{"account:x": {"unknown": 1}}', '{"a": 3}'])
def test_a_damaged_ledger_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ledger.json"
    file.write_text(content)
    with pytest.raises(LedgerDamagedError, match=r"ledger\.json .* delete it"):
        Ledger(file)
    assert file.read_text() == content


@pytest.mark.parametrize(
    ("ledger", "torch", "said"),
    [
        ('{"a": 3}', "", "zero_gpu.json (ZeroGPU quotas) cannot be read"),
        ("{}", "gpu", "HUGGINGFACE_SPACES_ZERO_GPU_TORCH must be `cpu` or not set, not 'gpu'"),
    ],
)
def test_a_hub_that_cannot_start_says_why(
    tmp_path: Path, ledger: str, torch: str, said: str
) -> None:
    (tmp_path / "zero_gpu.json").write_text(ledger)
    ran = subprocess.run(
        Hub(tmp_path, cache_folder()).command("--port", "0"),
        env={**os.environ, "HUGGINGFACE_SPACES_ZERO_GPU_TORCH": torch},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


@given(used=st.integers(0, 400), seconds=st.integers(0, 400), is_xlarge=st.booleans())
def test_a_call_is_approved_exactly_when_it_fits(
    tmp_path_factory: pytest.TempPathFactory, used: int, seconds: int, *, is_xlarge: bool
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.json", Clock())
    ledger.set("account:someone", used)
    refusal = approve(wish(seconds, "xlarge" if is_xlarge else None), ledger, Limits.of_knowledge())
    cost = seconds * (2 if is_xlarge else 1)
    if cost > 300:
        assert refusal is not None
        assert (refusal.verdict, refusal.wait) == ("illegal-duration", -1)
    elif cost > max(0, 300 - used):
        assert refusal == Refusal("quota-exceeded", max(0, 300 - used), DAY)
    else:
        assert refusal is None


def test_who_pays_and_who_comes_first() -> None:
    pro = Visitor("paying", "team")
    order = [wish(1, visitor=None), wish(1), wish(1, visitor=pro)]
    assert [one.account for one in order] == ["space:a/b", "account:someone", "account:paying"]
    assert [one.priority for one in order] == [0, 1, 2]


async def test_the_queue_serves_the_highest_priority_first() -> None:
    node = Node(lambda: 1)
    assert node.take("first") == 0
    assert node.take("second") is None
    low, high, gone = (node.line_up("x", priority) for priority in (0, 2, 3))
    node.leave(gone)
    node.free(0)
    assert (high.granted.done(), low.granted.done(), node.waiting) == (True, False, 1)
    assert node.take("late") is None
    node.leave(high)
    assert await asyncio.wait_for(low.granted, 1) == 0


def test_visitor_tokens_are_signed_and_expire() -> None:
    clock = Clock()
    tokens = VisitorTokens(clock)
    token = tokens.mint(FREE, 60)
    assert tokens.read(token) == FREE
    head, payload, signature = token.split(".")
    other = VisitorTokens(clock).mint(Visitor("someone", "pro"), 60).split(".")[1]
    for forged in ("", "..", "é.é.é", f"{head}.{other}.{signature}", f"{head}.{payload}."):
        with pytest.raises(InvalidVisitorTokenError):
            tokens.read(forged)
    clock.now += 60
    with pytest.raises(InvalidVisitorTokenError, match="expired"):
        tokens.read(token)


def test_a_visitor_has_the_best_plan_of_its_organisations() -> None:
    quotas = {account.name: Visitor.of(account).quota_seconds for account in ACCOUNTS}
    assert quotas["rehearsal-free"] == 300
    assert quotas["rehearsal-pro"] >= 2400


@pytest.mark.parametrize(
    ("requirements", "asks"),
    [
        (None, False),
        (b"numpy\n", False),
        (b"torch\n", True),
        (b"numpy\n  Torch==2.11.0 # x\n", True),
        (b"torch>=2", True),
        (b"torchvision\ntorch-geometric\n# torch\n", False),
    ],
)
def test_torch_is_limited_only_where_it_is_asked_for(
    requirements: bytes | None, *, asks: bool
) -> None:
    expected = ("spaces==0.51.3", *(("torch<=2.13.0",) if asks else ()))
    assert zero_gpu_packages(requirements) == expected


@pytest.mark.parametrize(
    ("content", "build"),
    [
        (None, "absent"),
        ("cuda: Optional[str] = None\n", "cpu"),
        ("cuda: Optional[str] = '13.0'\n", "gpu"),
        ("cuda = '12.8'\nhip = None\n", "gpu"),
    ],
)
def test_the_build_of_torch_is_read_from_its_files(
    tmp_path: Path, content: str | None, build: str
) -> None:
    if content is not None:
        version = tmp_path / "lib/python3.12/site-packages/torch/version.py"
        version.parent.mkdir(parents=True)
        version.write_text(f"__version__ = '2.13.0'\n{content}")
    assert torch_build(tmp_path / "bin" / "python") == build


def test_only_processes_with_the_marker_are_workers() -> None:
    code = "input()"
    environment = {"REHEARSAL_SPACE": "machine:a/b"}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, env=environment
    ) as child:
        found = find_worker("machine:a/b", child.pid)
        assert found is not None
        assert found.pid == child.pid
        assert find_worker("machine:other", child.pid) is None
        child.communicate(b"\n")
    assert find_worker("machine:a/b", child.pid) is None


def test_what_is_not_published_says_so() -> None:
    assert all(number.platform is None for number in unpublished_numbers().values())
    assert all(number.note for number in unpublished_numbers().values())
    assert zero_gpu_facts().duration_factor == 1.5
