"""Which files an upload leaves out: those that .gitignore names, and what no Space needs."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_FOLDERS_LEFT_OUT = {
    ".cache",
    ".git",
    ".gradio",
    ".hg",
    ".huggingface",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "node_modules",
    "venv",
}
_FILES_LEFT_OUT = re.compile(r"\.git$|\.DS_Store$|Thumbs\.db$|.*\.py[co]$|.*~$|\..*\.sw[op]$")
_LARGEST_GITIGNORE = 1024 * 1024  # bytes


def is_pattern(line: str) -> bool:
    """Whether a line makes sense in a .gitignore file; git passes over a lone `!`, for one."""
    try:
        _compiled([line])
    except ValueError:
        return False
    return True


def _compiled(patterns: Sequence[str]) -> GitIgnoreSpec:
    """The rules, without the regular expression module's opinion of brackets in them."""
    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return GitIgnoreSpec.from_lines(patterns)


def rule_for_folder(name: str, folder: Path) -> str | None:
    """Name the built-in rule that leaves a folder out, or None."""
    if name in _FOLDERS_LEFT_OUT or name.endswith(".egg-info"):
        return "never uploaded"
    if (folder / "pyvenv.cfg").is_file():
        return "a Python environment"
    return None


def rule_for_file(name: str) -> str | None:
    """Name the built-in rule that leaves a file out, or None."""
    return "never uploaded" if _FILES_LEFT_OUT.match(name) else None


def is_left_out_folder(name: str) -> bool:
    """Whether folders of this name are never uploaded."""
    return name in _FOLDERS_LEFT_OUT


@dataclass(frozen=True)
class _Rules:
    """The patterns of one .gitignore file."""

    prefix: str
    """The folder of the file, with a slash at its end; empty at the top."""
    spec: GitIgnoreSpec
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class GitIgnore:
    """The .gitignore files that apply to a folder, from the top down."""

    rules: tuple[_Rules, ...] = ()

    def entering(self, folder: Path, prefix: str) -> GitIgnore:
        """Return these rules plus those of the folder's own .gitignore, if it has one."""
        return self.with_lines(_lines_of(folder / ".gitignore"), prefix)

    def with_lines(self, lines: Iterable[str], prefix: str) -> GitIgnore:
        """Return these rules plus the lines of a .gitignore in the folder `prefix`."""
        patterns = tuple(filter(is_pattern, lines))
        if not patterns:
            return self
        spec = _compiled(patterns)
        return GitIgnore((*self.rules, _Rules(prefix, spec, patterns)))

    def rule_for(self, path: str, *, is_folder: bool) -> str | None:
        """Name the pattern that leaves a path out, or None.

        As in git, the deepest file with a matching pattern decides, and in it the last pattern.
        """
        for rules in reversed(self.rules):
            inside = path.removeprefix(rules.prefix) + ("/" if is_folder else "")
            result = rules.spec.check_file(inside)
            if result.include is None or result.index is None:
                continue
            if not result.include:
                return None
            return f"{rules.prefix}.gitignore: {rules.patterns[result.index].strip()}"
        return None


def _lines_of(path: Path) -> tuple[str, ...]:
    """Read the lines of a .gitignore; a link or anything strange counts as no file, as in git."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_GITIGNORE:
        return ()
    try:
        return tuple(path.read_text("utf-8", "surrogateescape").splitlines())
    except OSError:
        return ()
