"""The running code as a wheel, wherever it came from: a checkout, or an installed package.

Nothing is fetched for it. The package may have come by git, from a folder or from an index, and
asking an index for its name could bring somebody else's code.
"""

from __future__ import annotations

import base64
import hashlib
import platform
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from .. import __version__
from ..problems import Problem

DISTRIBUTION = "huggingface-spaces"
PACKAGE = Path(__file__).resolve().parent.parent
SKILL_FILES = ("SKILL.md", "references", ".claude-plugin", ".mcp.json", "bin")
"""What a host reads of the pack; beside the package in a checkout, in `skill/` in a wheel."""
_NO_SOURCE = shutil.ignore_patterns(
    *(".git", ".venv", ".bootstrap", ".cache", ".ci", ".*_cache", ".hypothesis", "__pycache__"),
    *("build", "dist", "*.egg-info", "tests", "evals", "maintenance"),
)
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
        for name, path in _installed_files():
            yield name, path
        return
    for name in ("tools", "pyproject.toml", "setup.py", *SKILL_FILES):
        top = root / name
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix(), path


def _installed_files() -> Iterator[tuple[str, Path]]:
    """The files of the installed package that belong into a wheel, by their names there."""
    files = metadata.distribution(DISTRIBUTION).files
    if not files:
        raise Problem(
            "cannot_pack",
            f"the installed {DISTRIBUTION} has no list of its files",
            object=DISTRIBUTION,
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
    # A copy: a build in the checkout would pick up what an older build left there.
    source = folder / "source"
    shutil.copytree(root, source, ignore=_NO_SOURCE)
    run_program([uv, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(source)])
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


def run_program(words: list[str], folder: str | None = None) -> str:
    """Run a program to its end, in `folder` if one is given, and return what it printed.

    Raises:
        Problem: `install_failed` with the end of what it said.
    """
    ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return ran.stdout
    said = (ran.stderr.strip() or ran.stdout.strip())[-1500:]
    program = " ".join(Path(word).name if index == 0 else word for index, word in enumerate(words))
    raise Problem("install_failed", f"`{program}` failed: {said}", object=Path(words[0]).name)
