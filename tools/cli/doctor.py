"""`huggingface-spaces doctor`: what this machine has, and what is missing for which step."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Literal

import click

from .. import __version__, rehearsal_process
from ..model import Model
from ..settings import STATE_VARIABLE, Settings, cache_folder, state_folder
from ..which_hub import HUGGING_FACE, login_token
from . import doctor_hosts

LEAST_FREE_BYTES = 2_000_000_000


class Check(Model):
    """One thing looked at. `limited` works with something missing; `missing` blocks a step."""

    name: str
    state: Literal["ok", "limited", "missing"]
    found: str
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def doctor(as_json: bool) -> int:
    """Look at this machine: Python, git, uv, login, Hub, disk, agent hosts.

    Exit code 1 when a step is blocked.
    """
    checks = list(run_checks())
    if as_json:
        click.echo(json.dumps([check.model_dump() for check in checks], indent=2))
    else:
        for check in checks:
            _print(check)
    return 1 if any(check.state == "missing" for check in checks) else 0


def run_checks() -> Iterator[Check]:
    """Every check in turn; none of them changes anything or asks the network."""
    looks: tuple[Callable[[], Check], ...] = (
        _package,
        _system,
        _git,
        _uv,
        _hf,
        _login,
        _hub,
        _state,
        _disk,
        _hosts,
    )
    for look in looks:
        yield look()
    yield from _other_skills()


def _package() -> Check:
    clients = ("huggingface_hub", "gradio_client", "mcp")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in clients)
    return Check(name="huggingface-spaces", state="ok", found=f"{__version__} with {versions}")


def _system() -> Check:
    found = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    if os.name == "posix":
        return Check(name="system", state="ok", found=found)
    advice = "the rehearsal Hub needs POSIX: use WSL on Windows; the tools work with huggingface.co"
    return Check(name="system", state="limited", found=found, advice=advice)


def _git() -> Check:
    path = shutil.which("git")
    if path:
        return Check(name="git", state="ok", found=path)
    return Check(name="git", state="limited", found="none", advice="only needed to clone Spaces")


def _uv() -> Check:
    try:
        from uv import find_uv_bin

        return Check(name="uv", state="ok", found=find_uv_bin())
    except (ImportError, FileNotFoundError):
        advice = "reinstall huggingface-spaces: the rehearsal Hub builds with uv"
        return Check(name="uv", state="missing", found="none", advice=advice)


def _hf() -> Check:
    path = shutil.which(
        "hf", path=f"{os.environ.get('PATH', '')}{os.pathsep}{Path(sys.executable).parent}"
    )
    if path:
        return Check(name="hf", state="ok", found=path)
    return Check(name="hf", state="limited", found="none", advice="pip install -U huggingface_hub")


def _login() -> Check:
    if login_token(os.environ):
        return Check(name="login", state="ok", found="a token is there (not shown, not tried)")
    advice = "hf auth login; until then everything happens on the rehearsal Hub"
    return Check(name="login", state="limited", found="none", advice=advice)


def _hub() -> Check:
    chosen = Settings.choose(None).hub
    running = rehearsal_process.find()
    rehearsal = f"rehearsal Hub at {running.endpoint}" if running else "rehearsal Hub not running"
    target = HUGGING_FACE if chosen == "auto" and login_token(os.environ) else chosen
    return Check(name="hub", state="ok", found=f"{target}; {rehearsal}")


def _state() -> Check:
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return Check(name="state", state="ok", found=str(folder))
    except OSError as error:
        advice = f"make it writable, or set {STATE_VARIABLE} to another folder"
        found = f"{folder} cannot be written: {error.strerror}"
        return Check(name="state", state="missing", found=found, advice=advice)


def _disk() -> Check:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        found = f"{folder} cannot be used: {error.strerror}"
        return Check(name="disk", state="missing", found=found, advice="free it or choose another")
    found = f"{free / 1e9:.0f} GB free for environments in {folder}"
    if free >= LEAST_FREE_BYTES:
        return Check(name="disk", state="ok", found=found)
    return Check(
        name="disk", state="limited", found=found, advice="a Gradio environment takes 0.3 GB"
    )


def _hosts() -> Check:
    found, advice = doctor_hosts.installation()
    return Check(
        name="agent hosts", state="limited" if advice else "ok", found=found, advice=advice
    )


def _other_skills() -> Iterator[Check]:
    """The Hub's own skills are no fault: two skills may answer to one wish, and that is said."""
    for skill in doctor_hosts.found_here():
        found = f"the official `{skill.name}` lies beside ours in {skill.folder}"
        yield Check(name="skills", state="ok", found=found, advice=skill.advice())


def _print(check: Check) -> None:
    colour = {"ok": "green", "limited": "yellow", "missing": "red"}[check.state]
    advice = f" -> {check.advice}" if check.advice else ""
    click.echo(click.style(f"{check.state:8}", fg=colour) + f"{check.name}: {check.found}{advice}")
