"""Names that new versions of libraries removed, and the variables that a Space always has."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class Library(Fact):
    """What one package removed in one version. Values say what to use instead, or nothing."""

    package: str
    removed_in: str
    last_before: str
    """The last release that has all of it."""
    names: dict[str, str]
    prefixes: tuple[str, ...]
    pipeline_tasks: dict[str, str]
    loading_arguments: dict[str, str]
    """Arguments of `from_pretrained`."""

    def removed(self, name: str) -> bool:
        """Whether a top-level name of the package is gone."""
        if name in self.names:
            return True
        return any(
            name.startswith(prefix) and name[len(prefix) :][:1].isupper()
            for prefix in self.prefixes
        )


class LibraryRemovals(Fact):
    """All of it."""

    libraries: tuple[Library, ...]
    environment: tuple[str, ...]
    environment_prefixes: tuple[str, ...]
    as_of: date
    source: str

    def of(self, package: str) -> Library:
        """The removals of a package; KeyError for one that is not listed."""
        return {library.package: library for library in self.libraries}[package]

    def is_provided(self, variable: str) -> bool:
        """Whether an environment variable is there in every Space."""
        return variable in self.environment or variable.startswith(self.environment_prefixes)


@lru_cache(maxsize=1)
def library_removals() -> LibraryRemovals:
    """Return what is known of removals."""
    return LibraryRemovals(**load("library_removals.yaml"))
