"""An environment with what a Space has: Gradio, `spaces` and the Hub's clients. Built once."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from uv import find_uv_bin

from .uses import Use

ANSWER_SECONDS = 180
BUILD_SECONDS = 900

VERSIONS = {
    "gradio[oauth,mcp]": "6.31.0",
    "gradio_client": "2.7.2",
    "huggingface_hub": "2.4.0",
    "spaces": "0.51.3",
}
HERE = Path(__file__).parent


def answers(uses: Sequence[Use]) -> list[str]:
    """What the installed packages say of each use: empty where it is right."""
    said: list[str] = json.loads(_asked(json.dumps([use.question() for use in uses])))
    assert len(said) == len(uses)
    return said


@cache
def _asked(questions: str) -> str:
    ran = subprocess.run(
        [python(), HERE / "answering.py"],
        input=questions,
        capture_output=True,
        text=True,
        check=False,
        timeout=ANSWER_SECONDS,
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "GRADIO_ANALYTICS_ENABLED": "False",
            "HF_HUB_OFFLINE": "1",
        },
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


@cache
def python() -> Path:
    """The interpreter of the environment."""
    fallback = HERE.parents[1] / ".cache"
    cached = Path(os.environ.get("HUGGINGFACE_SPACES_CACHE", fallback)) / "tests"
    cached.mkdir(parents=True, exist_ok=True)
    versions = "-".join(VERSIONS.values())
    folder = cached / f"docs-{versions}-python{sys.version_info.major}.{sys.version_info.minor}"
    interpreter, complete = folder / "bin" / "python", folder / "complete"
    with (cached / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may want it at once
        if not complete.exists():
            _build(folder, interpreter)
            complete.touch()
    return interpreter


def _build(folder: Path, interpreter: Path) -> None:
    uv = find_uv_bin()
    wanted = [f"{name}=={version}" for name, version in VERSIONS.items()]
    install = [uv, "pip", "install", "-q", "--compile-bytecode", "--python", str(interpreter)]
    subprocess.run(
        [uv, "venv", "-q", "--clear", "--python", sys.executable, folder],
        check=True,
        timeout=BUILD_SECONDS,
    )
    subprocess.run([*install, *wanted], check=True, timeout=BUILD_SECONDS)
