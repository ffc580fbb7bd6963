"""The running code as a wheel, wherever it came from: a checkout, or an installed package.

Nothing is fetched for it. The package may have come by git, from a folder or from an index, and
asking an index for its name could bring somebody else's code.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from .. import __version__
from ..problems import Problem
from .places import NAME

PACKAGE = Path(__file__).resolve().parent.parent
SKILL_FILES = ("SKILL.md", "references", ".claude-plugin", ".mcp.json", "bin")
"""What a host reads of the pack; beside the package in a checkout, in `skill/` in a wheel."""
_SOURCES = ("tools", "pyproject.toml", "setup.py", "README.md", "LICENSE", *SKILL_FILES)
"""What a wheel is made of. Whatever else lies in a checkout is nobody's business."""
PROGRAM_SECONDS = 60.0
BUILD_SECONDS = 900.0
"""For what fetches from a package index and compiles."""
# What an installer wrote about one machine.
_LOCAL = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})


def checkout() -> Path | None:
    """The checkout that this code runs from, None when it is an installed package."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and PACKAGE.name == "tools" else None


def skill_folder() -> Path:
    """The folder that holds `SKILL_FILES`."""
    return checkout() or PACKAGE / "skill"


def fingerprint() -> str:
    """Twelve characters that change when the code, its dependencies or the Python change."""
    digest = hashlib.sha256(f"{platform.python_version()} {platform.machine()}".encode())
    for name, path in sorted(_content()):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _content() -> Iterator[tuple[str, Path]]:
    root = checkout()
    if root is None:
        yield from _installed_files()
    else:
        yield from _sources(root)


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    """The files of a checkout that a wheel is made of, by their names in it."""
    for name in _SOURCES:
        top = root / name
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix(), path


def _installed_files() -> Iterator[tuple[str, Path]]:
    """The files of the installed package that belong into a wheel, by their names there."""
    files = metadata.distribution(NAME).files
    if not files:
        raise Problem(
            "cannot_pack",
            f"the installed {NAME} has no list of its files",
            object=NAME,
            advice="install it with uv, pipx or pip, and try again",
        )
    for file in files:
        name, path = file.as_posix(), Path(str(file.locate()))
        foreign = name.startswith(("..", "/")) or "__pycache__" in file.parts
        if not foreign and not (".dist-info/" in name and file.name in _LOCAL):
            yield name, path


def write_wheel(folder: Path, uv: str) -> Path:
    """The running code as a wheel in `folder`. `uv` builds it when this is a checkout."""
    root = checkout()
    if root is None:
        return _packed_again(folder)
    # A copy: building leaves files behind, and the checkout may not be writable.
    source = folder / "source"
    for name, path in _sources(root):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, source / name)
    words = [uv, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(source)]
    run_program(words, seconds=BUILD_SECONDS)
    return next(folder.glob("*.whl"))


def _packed_again(folder: Path) -> Path:
    wheel = folder / f"huggingface_spaces-{__version__}-py3-none-any.whl"
    rows, about = [], ""
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in _installed_files():
            content = path.read_bytes()
            archive.writestr(name, content)
            hashed = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            rows.append(f"{name},sha256={hashed.decode()},{len(content)}")
            if name.endswith(".dist-info/METADATA"):
                about = name.removesuffix("METADATA")
        archive.writestr(f"{about}RECORD", "\n".join([*rows, f"{about}RECORD,,"]) + "\n")
    return wheel


def run_program(
    words: list[str], folder: str | None = None, *, seconds: float = PROGRAM_SECONDS
) -> str:
    """Run a program to its end, in `folder` if one is given, and return what it printed.

    It gets nothing to read, and `seconds` to end.

    Raises:
        Problem: `install_failed` with the end of what it said.
    """
    try:
        with subprocess.Popen(
            words,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # what it started ends with it
        ) as started:
            try:
                printed, said = started.communicate(timeout=seconds)
            except BaseException:
                _end(started)
                raise
    except OSError as error:
        raise _failed(words, f"cannot be started: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise _failed(words, f"was ended after {seconds:.0f} seconds without a result") from None
    if started.returncode == 0:
        return printed
    raise _failed(words, f"failed: {(said.strip() or printed.strip())[-1500:]}")


def _end(started: subprocess.Popen[str]) -> None:
    """End a program and what it started; it may tidy up for a moment."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(started.pid, how)
            started.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _failed(words: list[str], what: str) -> Problem:
    program = Path(words[0]).name
    return Problem(
        "install_failed",
        f"`{' '.join([program, *words[1:]])}` {what}",
        object=program,
        advice="repair what it names, then run the same command again; what is done stays done",
    )
