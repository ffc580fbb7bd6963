"""Whether this machine lets a Space be confined: found out by doing it once."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .. import guard
from . import profiles

SWITCH = "HUGGINGFACE_SPACES_CONFINEMENT"
"""Environment variable of the Hub: `off` runs Spaces as before there was any confinement."""

PROBE_SECONDS = 10
_RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_CHECK = """
import os, sys
processes = [name for name in os.listdir("/proc") if name.isdigit()]
sys.exit(0 if len(processes) == 2 and not os.path.exists(sys.argv[1]) else 3)
"""


@dataclass(frozen=True)
class Confinement:
    """What confinement there is on this machine."""

    reason: str
    """Why Spaces are not confined; empty when they are."""

    @property
    def works(self) -> bool:
        """Whether Spaces are confined."""
        return not self.reason

    @property
    def sentence(self) -> str:
        """What is said in every log."""
        return "files confined, network open" if self.works else f"not confined: {self.reason}"


def confinement() -> Confinement:
    """Return what this machine allows. The first call takes a tenth of a second."""
    return _probed(os.environ.get(SWITCH, ""))


@functools.cache
def _probed(switch: str) -> Confinement:
    if switch.lower() in {"off", "no", "0", "false"}:
        return Confinement(f"{SWITCH}={switch}")
    if not sys.platform.startswith("linux"):
        return Confinement("only Linux has the namespaces it takes")
    try:
        with tempfile.NamedTemporaryFile() as unseen:
            return _tried(unseen.name)
    except (OSError, subprocess.SubprocessError) as error:
        return Confinement(f"the trial failed ({error})")


def _tried(unseen: str) -> Confinement:
    """Start a program as every program of a Space is started; it looks for a file out of view."""
    python = Path(sys.executable)
    order = {
        "command": [str(python), "-I", "-S", "-c", _CHECK, unseen],
        "folder": "/",
        "environment": {},
        "view": profiles.of_nothing(python).as_json(),
    }
    with subprocess.Popen(
        guard.command("probe:probe", grace=0.1),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipe")
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
        code = process.wait(PROBE_SECONDS)
        said = process.stdout.read().decode(errors="replace")
    if code == 0:
        return Confinement("")
    return Confinement(_explained(said.strip() or f"the trial ended with exit code {code}"))


def _explained(said: str) -> str:
    reason = said.splitlines()[-1].removeprefix("cannot start: ")
    if _RESTRICTED.exists() and _RESTRICTED.read_text().strip() == "1":
        reason += f" ({_RESTRICTED} is 1: AppArmor allows namespaces to named programs only)"
    return reason
