"""Facts have a date and a source, and fit what the installed client knows."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from huggingface_hub import SpaceHardware

from tools import knowledge
from tools.knowledge import files


def test_every_flavor_of_the_client_is_described() -> None:
    described = {flavor.name for flavor in knowledge.hardware_flavors()}
    assert described == {flavor.value for flavor in SpaceHardware}


def test_prices() -> None:
    small = knowledge.hardware_flavor("t4-small")
    assert small is not None
    assert (small.dollars_per_hour, small.is_paid) == (Decimal("0.40"), True)
    free = knowledge.hardware_flavor("zero-a10g")
    assert free is not None
    assert not free.is_paid
    unknown = knowledge.hardware_flavor("rtx-pro-6000")
    assert unknown is not None
    assert unknown.is_paid
    assert knowledge.hardware_flavor("h200") is None


def test_plans() -> None:
    limits = {plan.name: plan.zero_gpu_spaces for plan in knowledge.plans()}
    assert limits == {"free": 2, "pro": 10, "team": 50, "enterprise": 50}
    assert not knowledge.plan("free").may_host_compute


@pytest.mark.parametrize("file", sorted(path.name for path in files.FOLDER.glob("*.yaml")))
def test_every_file_has_a_date_and_a_source(file: str) -> None:
    parsed = files.load(file)
    assert isinstance(parsed["as_of"], date)
    assert str(parsed["source"]).strip()


def test_a_file_without_a_date_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.yaml").write_text("source: somewhere\n")
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="as_of and source"):
        files.load("x.yaml")


def test_importing_the_facts_reads_none() -> None:
    code = "import sys, tools.knowledge; print('yaml' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
