"""What installing and taking back consist of: steps that say what they do before they do it."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .. import __version__
from ..problems import Problem
from . import claude_code, environment, plugin
from .claude_code import ClaudeCode
from .places import Places
from .record import Record, Registration, read_record, write_record
from .use import in_use


@dataclass(frozen=True)
class Step:
    """One change of this machine. `says` begins with a verb; `do` makes it."""

    says: str
    do: Callable[[], None]


def environment_steps(places: Places) -> Iterator[Step]:
    """The environment and the plugin's files; none when all of it is up to date."""
    name = environment.wanted_name(places)
    if not environment.is_ready(places, name):
        where = places.environments / name
        yield Step(
            f"build and byte-compile an environment in {where}",
            lambda: environment.build(places, name),
        )
    if not environment.is_current(places, name) or read_record(places).environment != name:

        def swap() -> None:
            environment.swap_in(places, name)
            note(places, version=__version__, environment=name)

        yield Step(f"let {places.current} point to it", swap)
    if not plugin.is_written(places):
        yield Step(
            f"write the skill and the plugin's files to {places.plugin}",
            lambda: plugin.write_plugin(places),
        )
    for folder in environment.outdated(places, name):
        yield Step(f"remove the older environment {folder}", partial(environment.remove, folder))


def claude_steps(places: Places, claude: ClaudeCode, scope: str) -> Iterator[Step]:
    """Registering with Claude Code; asks it first, so call it after the steps before are done.

    None where the marketplace of our name is somebody else's.
    """
    source = claude.marketplace_source()
    if source is None:

        def add() -> None:
            claude.run(claude_code.add_marketplace_words(places))
            note(places, marketplace=True)

        yield _claude_step(claude_code.add_marketplace_words(places), add)
    elif not comes_from_here(source, places):
        return
    version, written = claude.plugin_version(scope), plugin.version_in(places.plugin)
    if version is None:

        def install() -> None:
            claude.run(claude_code.install_words(scope))
            made = Registration(scope=scope, folder="" if scope == "user" else str(Path.cwd()))
            note(places, plugins=(*read_record(places).plugins, made))

        yield _claude_step(claude_code.install_words(scope), install)
    elif version != written:
        yield _told(claude, claude_code.update_words(scope))


def comes_from_here(source: str, places: Places) -> bool:
    """Whether a marketplace's source is the plugin folder that we wrote."""
    return Path(source).is_absolute() and Path(source).resolve() == places.plugin.resolve()


def planned_claude_steps(places: Places, scope: str) -> list[str]:
    """The same for a dry run, without asking Claude Code, which writes files of its own."""
    commands = (claude_code.add_marketplace_words(places), claude_code.install_words(scope))
    return [f"run `{shown(words)}`, unless Claude Code has it already" for words in commands]


def claude_removal_steps(places: Places, claude: ClaudeCode) -> Iterator[Step]:
    """Taking Claude Code's part back. A marketplace that comes from our folder is ours, also
    where a person ran the commands that we printed; one of our name from elsewhere is not."""
    source = claude.marketplace_source()
    registered = claude.registrations()
    if source is None:
        made = read_record(places).plugins
        registered = tuple(one for one in registered if one in made)
    elif not comes_from_here(source, places):
        return
    for one in registered:
        yield _told(claude, claude_code.uninstall_words(one.scope), one.folder or None)
    if source is not None:
        yield _told(claude, claude_code.remove_marketplace_words())


def removal_steps(places: Places) -> Iterator[Step]:
    """Taking the files back: what was made here, and no other file that lies there.

    Raises:
        Problem: `in_use`, after everything else is gone, when servers run from an environment.
            The record stays, so that the same command removes the rest later.
    """
    if places.current.is_symlink():
        yield Step(f"remove {places.current}", places.current.unlink)
    if places.plugin.is_symlink():
        yield Step(f"remove the link {places.plugin}", places.plugin.unlink)
    elif places.plugin.is_dir():
        yield Step(f"remove {places.plugin}", partial(shutil.rmtree, places.plugin))
    left = []
    # The one that this very code runs from goes last.
    for folder in sorted(environment.installed(places), key=_runs_this):
        if in_use(folder):
            left.append(folder)
        else:
            yield Step(f"remove {folder}", partial(environment.remove, folder))
    if left:
        names = ", ".join(map(str, left))
        yield Step(f"leave {names}", partial(write_record, places, Record()))
        raise Problem(
            "in_use",
            f"a process runs from {names}, which stays for now",
            object=str(left[0]),
            advice="close the agent hosts that use it, then uninstall again",
        )
    if places.environments.is_dir() and not places.environments.is_symlink():
        says = f"remove {places.environments} if nothing else is in it"
        yield Step(says, partial(_remove_empty, places.environments))
    yield Step(f"remove {places.record}", places.record.unlink)
    # The lock last: whoever waits for it looks whether its file is still the one there.
    says = f"remove {places.lock}, and {places.data} if nothing else is in it"
    yield Step(says, partial(_remove_lock, places))


def planned_removals(places: Places) -> list[str]:
    """What Claude Code has to be told, without asking it."""
    record = read_record(places)
    lines = []
    for made in record.plugins:
        where = f" in {made.folder}" if made.folder else ""
        lines.append(f"`{shown(claude_code.uninstall_words(made.scope))}`{where}")
    if record.marketplace:
        lines.append(f"`{shown(claude_code.remove_marketplace_words())}`")
    elif record.offered:
        words = shown(claude_code.remove_marketplace_words())
        lines.append(f"`{words}`, if the marketplace {places.plugin} was added")
    return lines


def shown(words: list[str]) -> str:
    """A `claude` command as it is typed."""
    return shlex.join(["claude", *words])


def note(places: Places, **changes: object) -> None:
    """Write into the record what was done."""
    written = read_record(places)
    write_record(places, Record.model_validate({**written.model_dump(), **changes}))


def _claude_step(words: list[str], do: Callable[[], None]) -> Step:
    return Step(f"run `{shown(words)}`", do)


def _told(claude: ClaudeCode, words: list[str], folder: str | None = None) -> Step:
    def tell() -> None:
        claude.run(words, folder)

    return _claude_step(words, tell)


def _runs_this(folder: Path) -> bool:
    return folder.resolve() == Path(sys.prefix).resolve()


def _remove_lock(places: Places) -> None:
    places.lock.unlink(missing_ok=True)
    _remove_empty(places.data)


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # something else is in it
        folder.rmdir()
