"""Build a revision as the platform does: one installation of everything, told in its log.

Steps and log lines: build logs of Gradio Spaces of May to September 2026. What this machine does
not do (Debian packages, the platform's base image) is said in the log.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import uv

from ...knowledge.builder import platform_requirements
from ..zero_gpu.packages import names_torch, zero_gpu_packages
from . import debian_packages, pythons, stages
from .build_environment import build_environment
from .card import Card
from .confinement import profiles
from .confinement.probe import confinement
from .confinement.view import View
from .environments import Environment, Environments, Recipe
from .held_back import HeldBack
from .journal import Journal
from .processes import GuardedProcess

DEADLINE_SECONDS = 15 * 60.0
REASON_CHARACTERS = 2000
_PIP = "pip install --no-cache-dir"
_FILES = ("requirements.txt", "pre-requirements.txt")
_CONTEXT_PREFIX = "rehearsal-build-"
_CONTEXT = re.compile(rf"/\S*?/{_CONTEXT_PREFIX}[^/\s]+/")


class BuildError(stages.SettledError):
    """The build failed; the message is the platform's `errorMessage`."""

    def __init__(self, message: str) -> None:
        super().__init__(stages.BUILD_ERROR, message)


class StepError(Exception):
    """One step of a build ended with this exit code."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


@dataclass(frozen=True)
class BuildOrder:
    """What to build."""

    revision: str
    checkout: Path
    card: Card
    choice: pythons.Choice
    home: Path
    marker: str
    on_zero_gpu: bool = False


def platform_packages(card: Card, own: tuple[str, ...] = ("spaces",)) -> tuple[str, ...]:
    """Return what the platform installs next to a Space's requirements.

    Args:
        card: names the Gradio version.
        own: the platform's own package, which is another version on ZeroGPU.
    """
    return platform_requirements(card.sdk_version, own)


def recipe_of(order: BuildOrder) -> Recipe:
    """Return what the environment of this revision contains."""
    requirements = _content(order.checkout / "requirements.txt")
    own = zero_gpu_packages(requirements) if order.on_zero_gpu else ("spaces",)
    return Recipe(
        interpreter=order.choice.interpreter,
        platform_packages=platform_packages(order.card, own),
        requirements=requirements,
        pre_requirements=_content(order.checkout / "pre-requirements.txt"),
    )


def heading(revision: str) -> str:
    """Return the first line of a build log."""
    moment = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    return f"===== Build Queued at {moment} / Commit SHA: {revision[:7]} =====\n\n"


class Builder:
    """Builds revisions into the environments of one cache folder."""

    def __init__(self, cache_folder: Path, deadline: float = DEADLINE_SECONDS) -> None:
        self.environments = Environments(cache_folder)
        self._cache_folder = cache_folder
        self._deadline = deadline

    async def build(self, order: BuildOrder, journal: Journal, *, afresh: bool) -> Environment:
        """Build one revision and tell it in `journal`, which stays open.

        Args:
            order: what to build.
            journal: the build log; its heading has been written.
            afresh: ignore what was built before (a factory rebuild).

        Raises:
            BuildError: an installation failed, or the build took too long.
        """
        recipe = recipe_of(order)
        work = _Work(order, recipe, journal, self._cache_folder)
        work.introduce()
        started = time.monotonic()
        try:
            await work.look_up_debian_packages()
            environment = await asyncio.wait_for(
                self.environments.provide(recipe, work.make, afresh=afresh), self._deadline
            )
        except StepError as error:
            raise BuildError(_failure(error.exit_code, journal.tail)) from error
        except asyncio.TimeoutError as error:
            minutes = f"{self._deadline / 60:g} min"
            message = f"Job failed with exit code: 1. Reason: not finished within {minutes}"
            journal.write(
                f"\n--> ERROR: the build was stopped, {message.partition('Reason: ')[2]}\n"
            )
            raise BuildError(message) from error
        if not environment.made:
            work.tell_cached(time.monotonic() - started)
        work.conclude()
        return environment


class _Work:
    """The steps of one build."""

    def __init__(
        self, order: BuildOrder, recipe: Recipe, journal: Journal, cache_folder: Path
    ) -> None:
        self._order = order
        self._recipe = recipe
        self._journal = journal
        self._cache_folder = cache_folder
        self._variables = build_environment(order.home, cache_folder / profiles.PACKAGES_FOLDER)
        self._view: View | None = None

    def introduce(self) -> None:
        """Say which Python is used and what is not done here."""
        python = self._order.choice.interpreter
        self._journal.write(f"--> FROM docker.io/library/python:{python.name}\n")
        self._note(self._order.choice.explanation)
        self._note(confinement().sentence)
        if not self._order.card.sdk_version_given:
            version = self._order.card.sdk_version
            self._note(f"README names no sdk_version: using Gradio {version}")
        self._note(
            "not rehearsed: the platform's base image (ffmpeg, git-lfs, cmake, ... and the Python "
            "packages datasets, hf-transfer); name what the Space needs in requirements.txt"
        )
        if self._order.on_zero_gpu and not names_torch(self._recipe.requirements):
            self._note("the platform also installs torch; here only if requirements.txt names it")
        if self._order.card.preloads:
            self._note("not rehearsed: preload_from_hub (the app downloads those files itself)")
        self._journal.write("DONE 0.0s\n\n")

    async def look_up_debian_packages(self) -> None:
        """Say of each package whether it is here. Raises StepError for one that nobody can have."""
        names = debian_packages.named(self._order.checkout / "packages.txt")
        if not names:
            return
        command = debian_packages.COMMAND
        self._journal.write(f"--> RUN {command}\n")
        for sentence in await asyncio.to_thread(lambda: list(debian_packages.describe(names))):
            self._note(f"packages.txt: {sentence}")
        missing = list(debian_packages.gone(names, self._order.choice.requested))
        for line in missing:
            self._journal.write(f"{line}\n")
        if missing:
            self._tell_failed(command, debian_packages.EXIT_CODE)
            raise StepError(debian_packages.EXIT_CODE)
        self._journal.write("DONE 0.0s\n\n")

    async def make(self, folder: Path) -> None:
        """Create the environment and install into it."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        interpreter = self._order.choice.interpreter.path
        with TemporaryDirectory(prefix=_CONTEXT_PREFIX) as scratch:
            context = Path(scratch)
            self._view = await asyncio.to_thread(self._seen, folder, context)
            await self._uv(_venv(interpreter, folder), context)
            for arguments in self._installations(context):
                await self._install(folder, arguments, context)

    def _seen(self, folder: Path, context: Path) -> View:
        """Return what the scripts of the packages see: they are of strangers, too."""
        place = profiles.BuildPlace(
            home=self._order.home,
            context=context,
            environment=folder,
            cache_folder=self._cache_folder,
            interpreter=self._order.choice.interpreter.path,
            installer=Path(uv.find_uv_bin()),
        )
        return profiles.of_build(place, self._variables)

    def tell_cached(self, waited: float) -> None:
        """Write the step of an environment that was there already, or that another build made."""
        for command in self._commands():
            self._journal.write(f"--> RUN {command}\n")
            self._journal.write("CACHED\n\n" if waited < 1 else f"DONE {waited:.1f}s\n\n")

    def conclude(self) -> None:
        """Write the last step: only here the platform adds the Space's own files."""
        self._journal.write("--> COPY --link ./ /app\nDONE 0.0s\n\n")

    def _installations(self, context: Path) -> Iterator[list[str]]:
        """Yield the arguments of each installation, its requirements file alone in `context`.

        The platform copies the repository only after the installation, so that a requirements
        file cannot name another file of the repository.
        """
        if self._recipe.pre_requirements is not None:
            (context / "pre-requirements.txt").write_bytes(self._recipe.pre_requirements)
            yield ["-r", "pre-requirements.txt"]
            (context / "pre-requirements.txt").unlink()
        arguments = list(self._recipe.platform_packages)
        if self._recipe.requirements is not None:
            (context / "requirements.txt").write_bytes(self._recipe.requirements)
            arguments = ["-r", "requirements.txt", *arguments]
        yield arguments

    async def _install(self, folder: Path, arguments: list[str], context: Path) -> None:
        command = _as_pip(arguments)
        self._journal.write(f"--> RUN {command}\n")
        started = time.monotonic()
        try:
            await self._resolve(folder / "bin" / "python", arguments, context)
        except StepError as error:
            self._tell_failed(command, error.exit_code)
            raise
        self._journal.write(f"DONE {time.monotonic() - started:.1f}s\n\n")

    async def _resolve(self, python: Path, arguments: list[str], context: Path) -> None:
        """Install with uv, which is fast; where it refuses, pip has the last word, and the words.

        The platform installs with pip: what it accepts is accepted, and its errors are the ones
        that people search for.
        """
        output = HeldBack(self._journal.write)
        try:
            await self._uv(["pip", "install", "--python", str(python), *arguments], context, output)
        except StepError:
            if not await asyncio.to_thread(_has_pip, python):
                output.release()
                raise
            self._note("uv cannot install this; pip, which the platform uses, has the last word")
            whole = [str(context / word) if word in _FILES else word for word in arguments]
            await self._run([python, "-m", "pip", "install", *whole], context, self._as_in_image)
        else:
            output.release()

    async def _uv(self, arguments: list[str], folder: Path, output: HeldBack | None = None) -> None:
        write = output.take if output is not None else self._journal.write
        await self._run([uv.find_uv_bin(), *arguments], folder, write)

    async def _run(
        self,
        command: list[str | Path],
        folder: Path,
        write: Callable[[str], None] | None = None,
    ) -> None:
        process = await GuardedProcess.start(
            command,
            folder,
            self._variables,
            self._order.marker,
            write or self._journal.write,
            self._view,
        )
        try:
            code = await process.wait()
        finally:
            await process.stop()
        if code != 0:
            raise StepError(code)

    def _commands(self) -> list[str]:
        with TemporaryDirectory() as scratch:
            return [_as_pip(arguments) for arguments in self._installations(Path(scratch))]

    def _as_in_image(self, text: str) -> None:
        """Write pip's output with the paths that it has on the platform."""
        self._journal.write(_CONTEXT.sub("/tmp/", text))  # noqa: S108 - printed

    def _tell_failed(self, command: str, exit_code: int) -> None:
        failed = f'process "/bin/sh -c {command}" did not complete successfully'
        self._journal.write(f"\n--> ERROR: {failed}: exit code: {exit_code}\n")

    def _note(self, sentence: str) -> None:
        self._journal.write(f"rehearsal: {sentence}\n")


def _venv(interpreter: Path, folder: Path) -> list[str]:
    """Return uv's arguments for an environment with pip in it, as Python's own image has."""
    return ["venv", "--quiet", "--seed", "--python", str(interpreter), str(folder)]


def _has_pip(python: Path) -> bool:
    return any(python.parent.parent.glob("lib/python3*/site-packages/pip"))


def _as_pip(arguments: list[str]) -> str:
    """Return the command as the platform prints it."""
    words = [f"/tmp/{word}" if word in _FILES else word for word in arguments]  # noqa: S108 - printed
    return " ".join([_PIP, *(f'"{word}"' if ">" in word else word for word in words)])


def _failure(exit_code: int, log: str) -> str:
    """Return the `errorMessage` of a failed build: the end of what its last step printed."""
    _, _, printed = log.rpartition("--> RUN ")[2].partition("\n")
    lines = [line.rstrip() for line in printed.splitlines() if line.strip()]
    ours = ("--> ERROR", "rehearsal: ")
    reason = "\n".join(line for line in lines if not line.startswith(ours))
    return f"Job failed with exit code: {exit_code}. Reason: {reason[-REASON_CHARACTERS:]}"


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
