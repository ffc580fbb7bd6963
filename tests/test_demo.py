"""`make demo` does what it says, and leaves nothing running."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tools.settings import STATE_VARIABLE

ROOT = Path(__file__).parent.parent


@pytest.mark.timeout(300)
def test_the_demo_verifies_breaks_repairs_and_leaves_nothing_running(tmp_path: Path) -> None:
    env = {**os.environ, STATE_VARIABLE: str(tmp_path), "HF_TOKEN": "hf_" + "never" * 7}
    ran = subprocess.run(
        [sys.executable, "-m", "tools.cli", "demo"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "first error: ModuleNotFoundError: No module named 'segno'" in ran.stdout
    assert ran.stdout.count("rehearsed: a real image/png") == 2
    assert "http://127.0.0.1:" in ran.stdout
    left = [
        process.pid
        for process in psutil.process_iter(["cmdline", "cwd"])
        if str(tmp_path) in " ".join([*(process.info["cmdline"] or []), process.info["cwd"] or ""])
    ]
    assert left == []
