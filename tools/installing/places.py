"""Where an installation lies on this machine.

`bin/huggingface-spaces` follows the same rule in sh; tests/test_plugin.py holds the two together.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..problems import Problem

NAME = "huggingface-spaces"
"""The distribution, its command, the plugin and the data folder all have this name."""
DATA_VARIABLE = "HUGGINGFACE_SPACES_DATA"


@dataclass(frozen=True)
class Places:
    """The data folder and what is in it; nothing of it need exist."""

    data: Path

    @property
    def environments(self) -> Path:
        """One Python environment per version and content."""
        return self.data / "environments"

    @property
    def current(self) -> Path:
        """A link to the environment that is started; swapped in one step."""
        return self.data / "current"

    @property
    def command(self) -> Path:
        """The command that hosts start; the same path after every update."""
        return self.current / "bin" / NAME

    @property
    def plugin(self) -> Path:
        """The plugin's files: what Claude Code gets as a marketplace of one plugin."""
        return self.data / "plugin"

    @property
    def record(self) -> Path:
        """What was made, for taking it back. Its presence says that the folder is ours."""
        return self.data / "installation.json"

    @property
    def lock(self) -> Path:
        """Held while something is installed or taken back."""
        return self.data / "install.lock"


def places(variables: Mapping[str, str] = os.environ) -> Places:
    """The data folder that HUGGINGFACE_SPACES_DATA names, or this user's.

    Raises:
        Problem: `bad_argument` when the variable holds a relative path, whose meaning would change
            with the working directory, or when there is no home folder.
    """
    chosen = variables.get(DATA_VARIABLE, "")
    if chosen == "~" or chosen.startswith("~/"):
        return Places(_home(variables) / chosen[2:])
    if chosen:
        if not Path(chosen).is_absolute():
            raise Problem(
                "bad_argument",
                f"{DATA_VARIABLE} is the relative path {chosen}",
                object=DATA_VARIABLE,
                advice="give a full path",
            )
        return Places(Path(chosen))
    shared = Path(variables.get("XDG_DATA_HOME", ""))
    if shared.is_absolute():  # the XDG specification: a relative one is to be ignored
        return Places(shared / NAME)
    if sys.platform == "darwin":
        return Places(_home(variables) / "Library" / "Application Support" / NAME)
    return Places(_home(variables) / ".local" / "share" / NAME)


def _home(variables: Mapping[str, str]) -> Path:
    """HOME, or without a usable one what the system's list of users says."""
    named = Path(variables.get("HOME", ""))
    if named.is_absolute():
        return named
    try:
        import pwd

        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except ImportError:  # Windows, where `doctor` still looks
        return Path.home()
    except KeyError:
        raise Problem(
            "bad_argument",
            "HOME is not set, and this user has no home folder",
            object="HOME",
            advice=f"set {DATA_VARIABLE} to a full path",
        ) from None
