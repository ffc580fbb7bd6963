"""Reading a world: a folder with `spaces/NAME/`, `models/NAME/`, `datasets/NAME/` and `world.yaml`.

`world.yaml` adds what files can't say (owner, likes, date, gate). A folder that it does not name is
seeded all the same, with the defaults.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .. import front_matter
from ..gates import DEFAULT_HARDWARE
from ..paths import broken_name_rule
from ..store.records import KINDS, Kind
from . import recipes
from .facts import Facts, Gate

DEFAULT_OWNER = "rehearsal-world"
NEVER_SEEDED = ("__pycache__", ".DS_Store", ".git", ".ruff_cache", ".mypy_cache")
LARGEST_FILE = 20_000_000
"""Bytes; a world is for small examples, and it is read at every start."""


class WorldError(ValueError):
    """A world that can't be seeded; the text names the file or field."""


class Details(BaseModel):
    """What `world.yaml` says of one repository."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: str | None = None
    created: date = date(2026, 1, 1)
    likes: int = 0
    downloads: int = 0
    trending: int = 0
    description: str | None = None
    category: str | None = None
    hardware: str = DEFAULT_HARDWARE
    gated: Gate | None = None
    admitted: tuple[str, ...] = ()


class Overview(BaseModel):
    """A whole `world.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: str = DEFAULT_OWNER
    spaces: dict[str, Details] = {}
    models: dict[str, Details] = {}
    datasets: dict[str, Details] = {}

    def of(self, kind: Kind) -> Mapping[str, Details]:
        """Return what is said of the repositories of one kind, by name."""
        named: Mapping[Kind, Mapping[str, Details]] = {
            "spaces": self.spaces,
            "models": self.models,
            "datasets": self.datasets,
        }
        return named[kind]


@dataclass(frozen=True)
class Entry:
    """One repository of a world."""

    kind: Kind
    owner: str
    name: str
    details: Details
    files: Mapping[str, bytes]

    @property
    def key(self) -> str:
        """Kind and full name, such as `spaces/rehearsal-world/counter`."""
        return f"{self.kind}/{self.owner}/{self.name}"

    @property
    def digest(self) -> str:
        """A name for exactly these files."""
        content = hashlib.sha256()
        for path, data in sorted(self.files.items()):
            content.update(f"{len(path)} {path} {len(data)} ".encode())
            content.update(data)
        return content.hexdigest()

    @property
    def record_id(self) -> str:
        """The repository's id: the same on every Hub, so that what was noted of it is found."""
        return hashlib.sha256(self.key.lower().encode()).hexdigest()[:24]

    @property
    def created(self) -> datetime:
        """When the repository is said to have been made."""
        return datetime.combine(self.details.created, time(9), timezone.utc)

    @property
    def sdk(self) -> str | None:
        """The SDK that the card of a Space names."""
        readme = self.files.get("README.md", b"").decode("utf-8", "replace")
        try:
            sdk = front_matter.read(readme).get("sdk")
        except front_matter.FrontMatterError:
            return None
        return str(sdk) if self.kind == "spaces" and sdk else None

    @property
    def facts(self) -> Facts:
        """What is known of the repository beyond its files."""
        details = self.details
        return Facts(
            details.likes,
            details.downloads,
            details.trending,
            details.description,
            details.category,
            details.gated,
            details.admitted,
        )


def read_world(folder: Path) -> list[Entry]:
    """Return the repositories of the world in `folder`. Raises WorldError."""
    if not folder.is_dir():
        raise WorldError(f"the world {folder} is not a folder")
    overview = _overview(folder / "world.yaml")
    return [entry for kind in KINDS for entry in _entries(folder, kind, overview)]


def _overview(file: Path) -> Overview:
    try:
        written: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Overview.model_validate(written or {})
    except FileNotFoundError:
        return Overview()
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise WorldError(f"{file}: {error}") from error


def _entries(folder: Path, kind: Kind, overview: Overview) -> Iterator[Entry]:
    details = overview.of(kind)
    found = sorted(path for path in (folder / kind).glob("*") if path.is_dir())
    missing = sorted(set(details) - {path.name for path in found})
    if missing:
        raise WorldError(f"{folder / 'world.yaml'}: {kind}/{missing[0]} is not a folder")
    for path in found:
        if path.name not in NEVER_SEEDED:
            said = details.get(path.name, Details())
            owner = said.owner or overview.owner
            _check_names(path, owner)
            yield Entry(kind, owner, path.name, said, dict(_files(path)))


def _check_names(path: Path, owner: str) -> None:
    for name in (owner, path.name):
        rule = broken_name_rule(name)
        if rule is not None:
            raise WorldError(f"{path}: the name {name!r} {rule}")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or set(inside.parts) & set(NEVER_SEEDED):
            continue
        if path.stat().st_size > LARGEST_FILE:
            raise WorldError(f"{path} has more than {LARGEST_FILE} bytes")
        yield _file(inside.as_posix(), path)


def _file(name: str, path: Path) -> tuple[str, bytes]:
    made = recipes.made_by(name)
    if made is None:
        return name, path.read_bytes()
    try:
        return made, recipes.bake(made, path.read_text(encoding="utf-8"))
    except recipes.RecipeError as error:
        raise WorldError(f"{path}: {error}") from error
