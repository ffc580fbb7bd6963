"""The store as the machine sees it: an implementation of `machine.source.SpaceSource`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import repository_not_found
from ..machine.source import SpaceSettings
from .accounts import find_owner
from .damage import DamagedError
from .environment import Environment
from .records import RepositoryRecord
from .repositories import Repositories


class StoredSpaces:
    """Answers the machine's questions about Spaces. Safe to use from any thread."""

    def __init__(self, repositories: Repositories, environment: Environment) -> None:
        self._repositories = repositories
        self._environment = environment

    def _record(self, space: str) -> RepositoryRecord:
        namespace, _, name = space.partition("/")
        record = self._repositories.records.find("spaces", namespace, name)
        if record is None:
            raise repository_not_found(space)
        return record

    def spaces(self) -> list[str]:
        """Return the full names of all Spaces."""
        return [record.full_name for record in self._repositories.records.all("spaces")]

    def head(self, space: str) -> str | None:
        """Return the full commit id of `main`, or None."""
        with self._repositories.open(self._record(space)) as repository:
            return repository.head()

    def export(self, space: str, revision: str, folder: Path) -> None:
        """Write the files of `revision` into the existing, empty `folder`."""
        with self._repositories.open(self._record(space)) as repository:
            repository.export(repository.resolve(revision), folder)

    def settings(self, space: str) -> SpaceSettings:
        """Return the Space's settings as they are now, secrets included."""
        record = self._record(space)
        creator = find_owner(record.creator)
        return SpaceSettings(
            space=record.full_name,
            sdk=record.sdk or "",
            hardware=record.hardware or "",
            creator_id=creator.id if creator else "",
            variables=self._environment.values(record, secret=False),
            secrets=self._environment.values(record, secret=True),
            sleep_seconds=record.sleep_seconds,
        )

    def recall(self, space: str) -> dict[str, Any]:
        """Return the machine's notes on the Space."""
        try:
            notes = self._repositories.records.notes(self._record(space))
        except ValueError as error:
            raise _unreadable_notes(space) from error
        if not isinstance(notes, dict):
            raise _unreadable_notes(space)
        return notes

    def remember(self, space: str, notes: Mapping[str, Any]) -> None:
        """Keep the machine's notes durably."""
        self._repositories.records.set_notes(self._record(space), dict(notes))


def _unreadable_notes(space: str) -> DamagedError:
    where = Path("hub.sqlite")
    what = f"has unreadable notes on {space} (column repositories.notes)"
    return DamagedError(where, what, "delete the Space and upload its files again")
