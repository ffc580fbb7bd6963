"""What somebody has to type for this program again, as it was typed this time."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

PROGRAM = "huggingface-spaces"


def invoked_as() -> str:
    """The short name where a shell finds this very program by it, else the path that was typed."""
    typed = Path(sys.argv[0])
    if typed.name != PROGRAM or not typed.is_file():
        return PROGRAM
    found = shutil.which(PROGRAM)
    if found is not None and typed.samefile(found):
        return PROGRAM
    return shlex.quote(sys.argv[0])
