"""What installing and taking back consist of: steps that say what they do before they do it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from . import claude_code, environment, plugin
from .claude_code import ClaudeCode
from .places import Places
from .record import Record, Registration, read_record, write_record


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
            _note(places, version=__version__, environment=name)

        yield Step(f"let {places.current} point to it", swap)
    if not plugin.is_written(places):
        yield Step(
            f"write the skill and the plugin's files to {places.plugin}",
            lambda: plugin.write_plugin(places),
        )
    for folder in environment.outdated(places, name):
        yield Step(f"remove the older environment {folder}", _removal(folder))


def claude_steps(places: Places, claude: ClaudeCode, scope: str) -> Iterator[Step]:
    """Registering with Claude Code; asks it first, so call it after the steps before are done."""
    source = claude.marketplace_source()
    if source is None:

        def add() -> None:
            claude.run(claude_code.add_marketplace_words(places))
            _note(places, marketplace=True)

        yield _claude_step(claude_code.add_marketplace_words(places), add)
    version, written = claude.plugin_version(scope), plugin.version_in(places.plugin)
    if version is None:

        def install() -> None:
            claude.run(claude_code.install_words(scope))
            made = Registration(scope=scope, folder="" if scope == "user" else str(Path.cwd()))
            _note(places, plugins=(*read_record(places).plugins, made))

        yield _claude_step(claude_code.install_words(scope), install)
    elif version != written:
        words = claude_code.update_words(scope)
        yield _claude_step(words, lambda: void(claude.run(words)))


def planned_claude_steps(places: Places, scope: str) -> list[str]:
    """The same for a dry run, without asking Claude Code, which writes files of its own."""
    commands = (claude_code.add_marketplace_words(places), claude_code.install_words(scope))
    return [f"run `{shown(words)}`, unless Claude Code has it already" for words in commands]


def removal_steps(places: Places, claude: ClaudeCode | None) -> Iterator[Step]:
    """Taking back what the record says was made; what others made stays."""
    record = read_record(places)
    if claude is not None:
        for made in record.plugins:
            folder = made.folder or None
            gone = folder is not None and not Path(folder).is_dir()
            if not gone and claude.plugin_version(made.scope, folder):
                words = claude_code.uninstall_words(made.scope)
                yield _claude_step(words, _told(claude, words, folder))
        if record.marketplace and claude.marketplace_source() == str(places.plugin):
            words = claude_code.remove_marketplace_words()
            yield _claude_step(words, _told(claude, words, None))
    made_files = (places.plugin, places.current, places.environments, places.record, places.lock)
    for path in made_files:
        if path.is_symlink() or path.exists():
            yield Step(f"remove {path}", _removal(path))
    if places.data.is_dir():
        yield Step(f"remove {places.data} if nothing else is in it", _empty_removal(places.data))


def planned_removals(places: Places) -> list[str]:
    """What Claude Code has to be told, without asking it."""
    record = read_record(places)
    lines = []
    for made in record.plugins:
        where = f" in {made.folder}" if made.folder else ""
        lines.append(f"`{shown(claude_code.uninstall_words(made.scope))}`{where}")
    if record.marketplace:
        lines.append(f"`{shown(claude_code.remove_marketplace_words())}`")
    return lines


def shown(words: list[str]) -> str:
    """A `claude` command as it is typed."""
    import shlex

    return shlex.join(["claude", *words])


def void(_: object) -> None:
    """A step returns nothing."""


def _claude_step(words: list[str], do: Callable[[], None]) -> Step:
    return Step(f"run `{shown(words)}`", do)


def _told(claude: ClaudeCode, words: list[str], folder: str | None) -> Callable[[], None]:
    return lambda: void(claude.run(words, folder))


def _note(places: Places, **changes: object) -> None:
    written = read_record(places)
    write_record(places, Record.model_validate({**written.model_dump(), **changes}))


def _removal(path: Path) -> Callable[[], None]:
    def remove() -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()

    return remove


def _empty_removal(folder: Path) -> Callable[[], None]:
    def remove() -> None:
        if not any(folder.iterdir()):
            folder.rmdir()

    return remove
