"""What an installation made on this machine, written down at each step."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..model import Model
from ..problems import Problem
from ..settings import state_folder
from .places import DATA_VARIABLE, NAME, Places
from .use import READY


class Registration(Model):
    """The plugin, installed into Claude Code by us. `folder` is that of a project's scope."""

    scope: str
    folder: str


class Record(Model):
    """`environment` is the name of the one in use; `marketplace` says that we added it, and
    `offered` that we printed the commands for a person to run."""

    version: str = ""
    environment: str = ""
    marketplace: bool = False
    offered: bool = False
    plugins: tuple[Registration, ...] = ()


def read_record(places: Places) -> Record:
    """The record, empty when nothing is installed.

    Raises:
        Problem: `bad_record` when somebody else wrote the file.
    """
    try:
        return Record.model_validate_json(places.record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Record()
    except (OSError, ValueError) as error:
        raise Problem(
            "bad_record",
            f"{places.record} cannot be read: {type(error).__name__}",
            object=str(places.record),
            advice=f"move {places.record} away, then install again",
        ) from None


def write_record(places: Places, record: Record) -> None:
    """Replace the record in one step."""
    text = json.dumps(record.model_dump(mode="json"), indent=2) + "\n"
    replace_file(places.record, text.encode())


def check_ours(places: Places) -> None:
    """Refuse a data folder that holds something without our record: files of somebody else.

    Raises:
        Problem: `not_ours`.
    """
    if places.record.exists() or not places.data.is_dir():
        return
    names = {path.name for path in places.data.iterdir()} - {places.lock.name}
    if places.data == state_folder():  # macOS has one folder for data and state
        made = (places.environments, places.current, places.plugin)
        names &= {path.name for path in made}
    if names and not _is_recognised(places, names):
        raise Problem(
            "not_ours",
            f"{places.data} holds {min(names)} and no record of an installation",
            object=str(places.data),
            advice=f"let {DATA_VARIABLE} name a new or empty folder",
        )


def _is_recognised(places: Places, names: set[str]) -> bool:
    """Whether every name in the data folder is plainly ours, though the record was moved away."""
    made = (places.environments, places.current, places.plugin)
    if any(
        name not in {path.name for path in made} and not name.startswith(places.record.name)
        for name in names
    ):
        return False
    if places.environments.is_dir():
        for folder in places.environments.iterdir():
            if not ((folder / READY).is_file() and (folder / "bin" / NAME).is_file()):
                return False
    manifest = places.plugin / ".claude-plugin" / "plugin.json"
    if places.plugin.exists():
        return manifest.is_file() and f'"name": "{NAME}"' in manifest.read_text(errors="replace")
    return True


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.chmod(mode)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
