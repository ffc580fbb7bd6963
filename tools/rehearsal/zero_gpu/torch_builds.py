"""Which torch an environment has, without running it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

TorchBuild = Literal["absent", "cpu", "gpu"]

_CUDA_LINE = re.compile(r"^cuda\b.*=\s*(?P<value>None|['\"])", re.MULTILINE)


def torch_build(python: Path) -> TorchBuild:
    """Return what the environment of an interpreter (`.../bin/python`) has installed."""
    packages = python.parent.parent.glob("lib/python*/site-packages/torch/version.py")
    version = next(packages, None)
    if version is None:
        return "absent"
    line = _CUDA_LINE.search(version.read_text(encoding="utf-8"))
    return "gpu" if line is not None and line["value"] != "None" else "cpu"
