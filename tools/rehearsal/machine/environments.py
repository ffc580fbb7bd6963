"""Python environments for Spaces, one for each set of dependencies, built with uv and kept.

An environment is built at the place where it stays, because its scripts hold that path, and counts
only once a file that is written last is there. A lock file lets one process build at a time; the
operating system frees it when that process dies, so a broken leftover is found and replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from .pythons import Interpreter

LOCK_PAUSE = 0.2
_COMPLETE = "complete.json"


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what an environment contains."""

    interpreter: Interpreter
    platform_packages: tuple[str, ...]
    """What the platform adds to the Space's own requirements."""
    requirements: bytes | None
    pre_requirements: bytes | None

    @property
    def key(self) -> str:
        """The name of the environment: equal recipes share one."""
        python = (self.interpreter.name, str(self.interpreter.path))
        text = repr([python, self.platform_packages, self.requirements, self.pre_requirements])
        return hashlib.sha256(text.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Environment:
    """A finished environment."""

    folder: Path
    made: bool
    """Whether it was built for this request; False when it was there already."""

    @property
    def python(self) -> Path:
        """The interpreter to start the Space with."""
        return self.folder / "bin" / "python"


Maker = Callable[[Path], Awaitable[None]]
"""Fills an empty folder with an environment; raises when that fails."""


class Environments:
    """The environments in one cache folder, shared by all Spaces and all Hubs that use it."""

    def __init__(self, cache_folder: Path) -> None:
        self._folder = cache_folder / "environments"

    def find(self, recipe: Recipe) -> Environment | None:
        """Return the newest finished environment of this recipe, or None."""
        for folder in reversed(self._generations(recipe)):
            if _is_finished(folder):
                return Environment(folder, made=False)
        return None

    async def provide(self, recipe: Recipe, make: Maker, *, afresh: bool = False) -> Environment:
        """Return the environment of this recipe, and build it if need be.

        Args:
            recipe: what it contains.
            make: builds it; called at most once.
            afresh: build a new one even if there is one. The old one stays for those who run on it.
        """
        existing = None if afresh else self.find(recipe)
        if existing is not None:
            return existing
        async with self._alone(recipe):
            existing = None if afresh else self.find(recipe)
            return existing or await self._build(recipe, make)

    async def _build(self, recipe: Recipe, make: Maker) -> Environment:
        folder = self._next_folder(recipe)
        try:
            await make(folder)
        except BaseException:
            # Also when cancelled. Deleting takes long enough to belong in a thread, but a
            # cancelled task cannot wait for one.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        (folder / _COMPLETE).write_text(json.dumps({"python": recipe.interpreter.name}))
        await asyncio.to_thread(self._remove_old, recipe)
        return Environment(folder, made=True)

    def _next_folder(self, recipe: Recipe) -> Path:
        """Return the folder of a new generation, which does not exist, without broken ones."""
        generations = self._generations(recipe)
        for folder in generations:
            if not (folder / _COMPLETE).exists():
                shutil.rmtree(folder, ignore_errors=True)
        last = int(generations[-1].name) if generations else 0
        return self._folder / recipe.key / str(last + 1)

    def _remove_old(self, recipe: Recipe) -> None:
        """Remove generations that nobody runs on; the last but one may be about to be used."""
        for folder in self._generations(recipe)[:-2]:
            if not _is_in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _generations(self, recipe: Recipe) -> list[Path]:
        folders = (self._folder / recipe.key).glob("[0-9]*")
        return sorted(folders, key=lambda folder: int(folder.name))

    @contextlib.asynccontextmanager
    async def _alone(self, recipe: Recipe) -> AsyncIterator[None]:
        folder = self._folder / recipe.key
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(LOCK_PAUSE)
            yield


def _is_finished(folder: Path) -> bool:
    # The interpreter is a link to one of the machine's, which may have been uninstalled.
    return (folder / _COMPLETE).is_file() and (folder / "bin" / "python").exists()


def _is_in_use(folder: Path) -> bool:
    """Whether a process was started with the interpreter of this environment."""
    commands = (process.info["cmdline"] or [""] for process in psutil.process_iter(["cmdline"]))
    return any(command[0].startswith(f"{folder}/") for command in commands)
