"""Linting a Space of over 5,000 lines against `ast.parse` of the same files; budget 3x + 20 ms.

The Space is the rehearsal Hub's source below a small ZeroGPU app that imports it, so that every
rule about running code looks at all of it.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.calling import readme, write_files
from tools.lint import Project, lint_folder
from tools.lint.texts import FolderTexts

ROOT = Path(__file__).parents[2]
SOURCES = ("rehearsal", "knowledge")
ROUNDS = 9
APP = """
import spaces
import gradio as gr
{imports}

@spaces.GPU
def greet(name: str) -> str:
    return f"Hello {{name}}"


gr.Interface(greet, "text", "text", api_name="greet").queue(max_size=20).launch()
"""


def measure() -> Iterator[str]:
    """Medians of interleaved rounds in one process, and the first finding of the command."""
    with tempfile.TemporaryDirectory(prefix="lint-speed-") as scratch:
        folder = _space(Path(scratch) / "space")
        files = [file.path for file in Project(FolderTexts(folder)).running]
        lines = sum(len((folder / path).read_text().splitlines()) for path in files)
        parsing, linting = _medians(
            lambda: _parse(folder, files), lambda: lint_folder(folder, hardware="zero-a10g")
        )
        budget = 3 * parsing + 0.020
        yield (
            f"{lines:,} lines in {len(files)} files: ast.parse {parsing * 1000:.0f} ms,"
            f" lint {linting * 1000:.0f} ms: {linting / budget:.2f} of the budget"
        )
    with tempfile.TemporaryDirectory(prefix="lint-first-") as scratch:
        small = write_files(
            Path(scratch),
            {"README.md": readme(hardware="t4-small"), "app.py": APP.format(imports="")},
        )
        (seconds,) = _medians(lambda: _command(small))
        yield f"the command's first finding: {seconds * 1000:.0f} ms of 1,000"


def _space(folder: Path) -> Path:
    modules = [
        path.relative_to(ROOT)
        for source in SOURCES
        for path in sorted((ROOT / "tools" / source).rglob("*.py"))
        if "world" not in path.parts
    ]
    files: dict[str, str | bytes] = {str(path): (ROOT / path).read_bytes() for path in modules}
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in modules]
    imports = "\n".join(f"import {name}" for name in names)
    app = APP.format(imports=imports)
    return write_files(folder, {**files, "README.md": readme(), "app.py": app})


def _parse(folder: Path, files: list[str]) -> None:
    for path in files:
        ast.parse((folder / path).read_bytes())


def _command(folder: Path) -> None:
    command = [sys.executable, "-m", "tools.cli", "lint", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "FM_HARDWARE_KEY" in ran.stdout


def _medians(*actions: Callable[[], object]) -> list[float]:
    """Median seconds of each, over interleaved rounds after one to warm up."""
    times: list[list[float]] = [[] for _ in actions]
    for number in range(ROUNDS + 1):
        for action, measured in zip(actions, times, strict=True):
            began = time.perf_counter()
            action()
            if number:
                measured.append(time.perf_counter() - began)
    return [statistics.median(measured) for measured in times]
