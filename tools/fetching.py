"""Fetching somebody's files: a revision of a Space, or a GitHub repository through git."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .card import parse_card
from .context import Context
from .model import Model, space_name
from .problems import Problem

LARGE_BYTES = 10_000_000
"""Above this a file of a Space is named and not fetched: weights are no help to a repair."""
GITHUB_VARIABLE = "HUGGINGFACE_SPACES_GITHUB"
"""Where GitHub is; a mirror or a test names another base address."""
_GITHUB = re.compile(
    r"^(?:github:|https://github\.com/)(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?"
    r"(?:@(?P<ref>[\w./-]+)|/tree/(?P<branch>[\w./-]+))?/?$"
)
# What git and curl say when nobody answered, and `_git` itself.
_NO_NETWORK = (
    "Could not resolve host",
    "Could not resolve proxy",
    "Failed to connect",
    "Couldn't connect",
    "Connection refused",
    "Connection timed out",
    "Network is unreachable",
    "no end within",
)
_POINTER = b"version https://git-lfs.github.com/spec/v1"
_LICENSES = (
    ("Apache License", "apache-2.0"),
    ("MIT License", "mit"),
    ("Permission is hereby granted, free of charge", "mit"),
    ("GNU AFFERO GENERAL PUBLIC LICENSE", "agpl-3.0"),
    ("GNU LESSER GENERAL PUBLIC LICENSE", "lgpl"),
    ("GNU GENERAL PUBLIC LICENSE", "gpl"),
    ("Mozilla Public License", "mpl-2.0"),
    ("Redistribution and use in source and binary forms", "bsd"),
    ("OpenRAIL", "openrail"),
)


class Source(Model):
    """What to fetch: `name` is namespace/name or owner/name, `revision` a sha, branch or tag."""

    name: str
    revision: str | None
    is_github: bool


class Checkout(Model):
    """What was fetched. `license` is an identifier or the first line of an unknown license."""

    revision: str
    files: int
    total_bytes: int
    license: str | None
    large_files: tuple[str, ...]
    lfs_pointers: tuple[str, ...]


def parse_source(source: str, revision: str | None) -> Source:
    """A Space's name or page, `github:owner/name[@ref]`, or a GitHub address.

    Raises:
        Problem: `bad_argument` for anything else.
    """
    found = _GITHUB.match(source.strip())
    if found:
        ref = revision or found["ref"] or found["branch"]
        return Source(name=found["name"], revision=ref, is_github=True)
    try:
        return Source(name=space_name(source), revision=revision, is_github=False)
    except ValueError as error:
        allowed = "namespace/name of a Space, github:owner/name[@ref] or a GitHub address"
        message = f"`source` must be {allowed}; as a Space's name it is refused: {error}"
        raise Problem("bad_argument", message, object=source) from None


def fetch_space(context: Context, source: Source, folder: Path) -> Checkout:
    """Save a revision of a Space, except large files."""
    hub = context.hub
    revision = _full_revision(context, source)
    listed = hub.files(source.name, revision)
    wanted = [file for file in listed.values() if file.size_bytes <= LARGE_BYTES]
    for number, file in enumerate(wanted):
        context.report(f"fetching {file.path}", number / len(wanted))
        content = hub.file(source.name, revision, file.path, most_bytes=LARGE_BYTES)
        path = _inside(folder, file.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    large = [
        f"{file.path} ({file.size_bytes:,} bytes)"
        for file in listed.values()
        if file.size_bytes > LARGE_BYTES
    ]
    return _looked_at(folder, revision, tuple(large))


def fetch_from_github(source: Source, folder: Path, *, seconds: float) -> Checkout:
    """Clone a public GitHub repository without history, submodules or LFS files.

    Raises:
        Problem: `git_missing`, or `github_failed` with what git said.
    """
    git = shutil.which("git")
    if git is None:
        raise Problem("git_missing", "git is not installed on this machine", object="git")
    base = os.environ.get(GITHUB_VARIABLE, "https://github.com").rstrip("/")
    address = f"{base}/{source.name}.git"
    if source.revision and re.fullmatch(r"[0-9a-f]{40}", source.revision):
        _git([git, "init", "--quiet", str(folder)], source, seconds)
        fetch = ["fetch", "--quiet", "--depth", "1", address, source.revision]
        _git([git, "-C", str(folder), *fetch], source, seconds)
        _git([git, "-C", str(folder), "checkout", "--quiet", "FETCH_HEAD"], source, seconds)
    else:
        branch = ["--branch", source.revision] if source.revision else []
        clone = ["clone", "--quiet", "--depth", "1", "--no-recurse-submodules", *branch]
        _git([git, *clone, "--", address, str(folder)], source, seconds)
    revision = _git([git, "-C", str(folder), "rev-parse", "HEAD"], source, seconds).strip()
    return _looked_at(folder, revision, ())


def _full_revision(context: Context, source: Source) -> str:
    facts = context.hub.space(source.name, revision=source.revision)
    if facts.sha is None:
        raise Problem("no_revision", f"{source.name} has no commit", object=source.name)
    return facts.sha


def _inside(folder: Path, path: str) -> Path:
    """Where a file of a stranger's repository goes; a path that leads out is refused."""
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()) or ".git" in Path(path).parts:
        raise Problem("path_outside_folder", f"{path} would leave {folder}", object=path)
    return target


def _git(command: list[str], source: Source, seconds: float) -> str:
    """Run git without prompts, without the person's configuration, and with a deadline."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }
    try:
        ran = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=seconds, check=True
        )
    except subprocess.TimeoutExpired:
        raise _failed(source, f"no end within {seconds:.0f} s") from None
    except subprocess.CalledProcessError as error:
        said = " ".join(str(error.stderr).split())[-300:] or f"exit code {error.returncode}"
        raise _failed(source, said) from None
    return ran.stdout


def _failed(source: Source, said: str) -> Problem:
    ref = f"@{source.revision}" if source.revision else ""
    advice = "check the name and the ref; a private repository has to be cloned by the person"
    if any(sign in said for sign in _NO_NETWORK):
        advice = "check the network: GitHub was not reached, so whether the name is right is open"
    return Problem(
        "github_failed",
        f"github:{source.name}{ref} could not be fetched: {said}",
        object=source.name,
        advice=advice,
    )


def _looked_at(folder: Path, revision: str, large: tuple[str, ...]) -> Checkout:
    files = list(_files(folder))
    return Checkout(
        revision=revision,
        files=len(files),
        total_bytes=sum(path.stat().st_size for path in files),
        license=_license(folder),
        large_files=large,
        lfs_pointers=tuple(
            path.relative_to(folder).as_posix() for path in files if _is_pointer(path)
        ),
    )


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts:
            yield path


def _is_pointer(path: Path) -> bool:
    if path.stat().st_size > 1024:
        return False
    with path.open("rb") as content:
        return content.read(len(_POINTER)) == _POINTER


def _license(folder: Path) -> str | None:
    """The card's license, else what the license file begins with."""
    readme = folder / "README.md"
    if readme.is_file():
        try:
            stated = parse_card(readme.read_text(encoding="utf-8", errors="replace")).get("license")
        except Problem:
            stated = None
        if stated:
            return str(stated)
    for path in sorted(folder.glob("[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*")):
        text = path.read_text(encoding="utf-8", errors="replace")
        known = next(
            (name for words, name in _LICENSES if words.lower() in text[:3000].lower()), None
        )
        return known or f"{path.name}: {next(iter(text.splitlines()), '')[:80]}"
    return None
