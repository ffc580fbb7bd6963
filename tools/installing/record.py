"""What an installation made on this machine, written down at each step."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pydantic import ValidationError

from ..model import Model
from ..problems import Problem
from .places import Places


class Registration(Model):
    """The plugin, installed into Claude Code by us. `folder` is that of a project's scope."""

    scope: str
    folder: str


class Record(Model):
    """`environment` is the name of the one in use; `marketplace` says that we added it."""

    version: str = ""
    environment: str = ""
    marketplace: bool = False
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
    except (OSError, ValidationError) as error:
        raise Problem(
            "bad_record",
            f"{places.record} cannot be read: {type(error).__name__}",
            object=str(places.record),
            advice=f"look at it, then delete {places.data} by hand",
        ) from None


def write_record(places: Places, record: Record) -> None:
    """Replace the record in one step."""
    text = json.dumps(record.model_dump(mode="json"), indent=2) + "\n"
    replace_file(places.record, text.encode())


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.chmod(mode)
    fresh.replace(path)
