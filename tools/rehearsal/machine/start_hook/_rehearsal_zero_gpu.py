"""What the `spaces` package finds on ZeroGPU and not here: a card, a control group, real ports.

Loaded by `sitecustomize` in Spaces on ZeroGPU only. It patches two functions of the package that
read the machine; everything else of it runs as it is (spaces 0.51.3).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

CARD = os.environ.get("REHEARSAL_ZERO_GPU_CARD", "")
CONTROL_GROUP = "0::/rehearsal\n"


def prepare(folder: Path) -> None:
    """Give the process a control group file to read: its name is part of each call for a GPU."""
    path = folder / "cgroup"
    if not path.exists():
        path.write_text(CONTROL_GROUP)
    os.environ["ZEROGPU_PROC_SELF_CGROUP_PATH"] = str(path)


def patches(shown_port: Callable[[int], int]) -> dict[str, Callable[[ModuleType], None]]:
    """Return the patches by the name of the module that they are for."""

    def patch_utilities(module: Any) -> None:
        """Let workers recognise the server's sockets, which they must close: by the port shown."""
        plain = module.get_process_connections

        def get_process_connections() -> Iterator[Any]:
            if Path("/proc/self/fd").exists():  # not on macOS
                for connection in plain():
                    yield connection._replace(port=shown_port(connection.port))

        module.get_process_connections = get_process_connections

    found: dict[str, Callable[[ModuleType], None]] = {
        "spaces.zero.config": patch_configuration,
        "spaces.zero.utils": patch_utilities,
    }
    if os.environ.get("REHEARSAL_ZERO_GPU_TORCH") == "cpu":
        sys.path_importer_cache.pop(str(Path(__file__).parent), None)
        import _rehearsal_zero_gpu_torch as emulation  # type: ignore[import-not-found]  # beside

        found.update(emulation.PATCHES)
    return found


def patch_configuration(module: Any) -> None:
    """Name the platform's card where the driver would: by it, durations are multiplied by 1.5."""
    module._read_gpu_information = lambda: f"Model: \t\t {CARD}\n"  # noqa: SLF001 - no other way
