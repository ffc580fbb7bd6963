"""`packages.txt`: Debian packages are never installed here; what would happen is looked up."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...knowledge import runtime_defaults

COMMAND = "apt-get update && xargs -r -a /root/packages.txt apt-get install -y"
EXIT_CODE = 123
"""Of xargs when the program it started has failed."""

LOOK_UP_SECONDS = 5.0
_OLDEST_ON_DEBIAN_13 = 9
_REBUILT_IMAGE = re.compile(r"3\.(\d+)")


def named(packages_file: Path) -> list[str]:
    """Return the names in the file, split as xargs does; empty when there is no file."""
    if not packages_file.is_file():
        return []
    return packages_file.read_text(encoding="utf-8", errors="replace").split()


def gone(names: Sequence[str], requested_python: str | None) -> Iterator[str]:
    """Yield apt's error line for each package that the platform's Debian has no more.

    Only images named by a minor version are rebuilt on each new Debian; `python:3.10.13` still is
    the Debian of its day.
    """
    match = _REBUILT_IMAGE.fullmatch(requested_python) if requested_python else None
    if requested_python and (match is None or int(match[1]) < _OLDEST_ON_DEBIAN_13):
        return
    removed = runtime_defaults().removed_debian_packages
    for name in names:
        if name in removed:
            yield f"E: Package '{name}' has no installation candidate"


def replacement(name: str) -> str | None:
    """Return the package that has taken the place of a removed one."""
    return runtime_defaults().removed_debian_packages.get(name)


def describe(names: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each package: whether this machine has it. Takes some milliseconds."""
    dpkg = shutil.which("dpkg-query")
    for name in names:
        if dpkg is None:
            yield f"{name}: not rehearsed (this machine has no dpkg to look it up)"
        elif _is_installed(dpkg, name):
            yield f"{name}: present on this machine"
        else:
            yield f"{name}: not installed on this machine: not rehearsed"


def _is_installed(dpkg: str, name: str) -> bool:
    # `--` because the name is a stranger's; a name with a pattern in it matches nothing new.
    command = [dpkg, "-W", "-f", "${db:Status-Status}\n", "--", name]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=LOOK_UP_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.returncode == 0 and "installed" in answer.stdout.split()
