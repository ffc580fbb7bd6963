"""`huggingface-spaces upload` against `hf upload`, command against command; budget 1.1."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.calling import readme, write_files
from tools import rehearsal_process
from tools.settings import STATE_VARIABLE

ROOT = Path(__file__).parents[2]
ROUNDS = 5
SIZES = {"10 files": (10, 2_000), "1,000 files": (1_000, 2_000), "100 MB": (4, 25_000_000)}


def measure() -> Iterator[str]:
    """Medians of interleaved rounds; every round pushes changed content to a Space of its own."""
    with tempfile.TemporaryDirectory(prefix="upload-") as scratch:
        state = Path(scratch) / "state"
        running = rehearsal_process.start(state / "rehearsal")
        try:
            for name, (count, size) in SIZES.items():
                yield _ratio(name, count, size, Path(scratch), state, running)
        finally:
            rehearsal_process.stop(state / "rehearsal")


def _ratio(
    name: str,
    count: int,
    size: int,
    scratch: Path,
    state: Path,
    running: rehearsal_process.RunningHub,
) -> str:
    token = running.tokens()["rehearsal-pro"]
    environment = {
        **os.environ,
        STATE_VARIABLE: str(state),
        "HF_ENDPOINT": running.endpoint,
        "HF_TOKEN": token,
        "HF_HOME": str(scratch / "hf-home"),
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    bin_folder = Path(sys.executable).parent
    times: dict[str, list[float]] = {"hf": [], "ours": []}
    for number in range(ROUNDS + 1):
        for who, measured in times.items():
            space = f"rehearsal-pro/{who}-{count}-{size}"
            folder = _folder(scratch / who, count, size)
            if who == "hf":
                command = [
                    str(bin_folder / "hf"),
                    "upload",
                    space,
                    str(folder),
                    "--repo-type",
                    "space",
                ]
            else:
                command = [sys.executable, "-m", "tools.cli", "upload", str(folder), space]
                command += ["--hub", "rehearsal"]
            if not number:
                _create(running, token, space)
            began = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            if number:
                measured.append(time.perf_counter() - began)
    theirs, ours = (statistics.median(times[who]) for who in ("hf", "ours"))
    return f"{name}: hf {theirs:.2f} s, ours {ours:.2f} s: ratio {ours / theirs:.2f}"


def _create(running: rehearsal_process.RunningHub, token: str, space: str) -> None:
    from huggingface_hub import HfApi

    api = HfApi(endpoint=running.endpoint, token=token)
    api.create_repo(space, repo_type="space", space_sdk="static", exist_ok=True)


def _folder(folder: Path, count: int, size: int) -> Path:
    """A folder whose every file is new, so that nothing is skipped as unchanged."""
    files: dict[str, str | bytes] = {"README.md": readme("static"), "index.html": "<h1>x</h1>"}
    files |= {f"data/{number % 20}/{number}.bin": os.urandom(size) for number in range(count)}
    return write_files(folder, files)
