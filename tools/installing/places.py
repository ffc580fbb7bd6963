"""Where an installation lies on this machine. `bin/huggingface-spaces` names the same folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

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
        return self.current / "bin" / "huggingface-spaces"

    @property
    def plugin(self) -> Path:
        """The plugin's files: what Claude Code gets as a marketplace of one plugin."""
        return self.data / "plugin"

    @property
    def record(self) -> Path:
        """What was made, for taking it back. Its presence tells the launcher whose folder it is."""
        return self.data / "installation.json"

    @property
    def lock(self) -> Path:
        """Held while something is installed or taken back."""
        return self.data / "install.lock"


def places() -> Places:
    """The data folder of this user, or the one that HUGGINGFACE_SPACES_DATA names."""
    chosen = os.environ.get(DATA_VARIABLE)
    if chosen:
        return Places(Path(chosen).expanduser().absolute())
    import platformdirs

    return Places(platformdirs.user_data_path("huggingface-spaces", appauthor=False))
