"""What an app and a build see. Everything else of the machine does not exist for them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .view import View, ViewBuilder, follow

SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    *("/nix/store", "/gnu/store", "/home/linuxbrew/.linuxbrew"),
    "/sys/devices/system",
)
"""Programs and libraries of the machine, and the number of its processors."""

SETTINGS = (
    *("alternatives", "ca-certificates", "crypto-policies", "fonts", "gai.conf", "host.conf"),
    *("hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "magic", "mime.types"),
    *("nsswitch.conf", "pki", "protocols", "resolv.conf", "services", "ssl", "timezone"),
)
"""What libraries read in /etc. Accounts, keys and what services are told stay unseen."""

PACKAGES_FOLDER = "uv"
"""Where the installer keeps packages, in the cache folder."""

_NO_PATHS = frozenset({"HOME", "PATH", "PYTHONPATH", "TMPDIR"})
_SEPARATORS = re.compile(r"[\s:,;]+(?!//)")


@dataclass(frozen=True)
class AppPlace:
    """Where a confined app runs."""

    home: Path
    app_folder: Path
    python: Path
    """The interpreter of its environment, `bin/python`."""
    run_folder: Path
    """For this run alone: ports, /tmp and /data are in it."""
    start_hook: Path


@dataclass(frozen=True)
class BuildPlace:
    """Where a confined build works."""

    home: Path
    context: Path
    environment: Path
    """The folder that is being filled; it exists."""
    cache_folder: Path
    interpreter: Path
    installer: Path


def of_app(place: AppPlace, certificates: Mapping[str, str]) -> View:
    """Return what an app sees; makes the folders for its /tmp and /data.

    Both are as empty as on the platform at every start: storage that lasts is a volume there.
    `certificates` are variables of the Hub's own environment that name files to be shown. A
    Space's own variables must not be among them: they could name anything.
    """
    builder = _with_system(place.python)
    builder.show(place.python.parent.parent)
    builder.show(place.start_hook)
    for folder in (place.home, place.app_folder, place.run_folder):
        builder.show(folder, writable=True)
    for name in ("tmp", "data"):
        (place.run_folder / name).mkdir(exist_ok=True)
        builder.show_as(place.run_folder / name, f"/{name}")
    _show_named(builder, certificates)
    return builder.build(place.home, {"TMPDIR": "/tmp"})  # noqa: S108 - the app's own


def of_build(place: BuildPlace, variables: Mapping[str, str]) -> View:
    """Return what a build sees: it writes to its environment and to the packages' cache.

    The whole cache folder is one mount, because a package can be linked into an environment only
    inside one; what else is in it, such as other Spaces' environments, is shown read-only.
    """
    builder = _with_system(place.interpreter)
    builder.show(place.installer)
    for folder in (place.home, place.context, place.cache_folder):
        builder.show(folder, writable=True)
    for other in _of_others(place):
        builder.show(other)
    # What is not compiled now never is: an app cannot write to its environment.
    own = {"TMPDIR": "/tmp", "UV_COMPILE_BYTECODE": "1"}  # noqa: S108 - the build's own
    packages = Path(variables.get("UV_CACHE_DIR", place.cache_folder / PACKAGES_FOLDER))
    if place.cache_folder.resolve() not in packages.resolve().parents:
        packages.mkdir(parents=True, exist_ok=True)
        builder.show(packages, writable=True)
        own["UV_LINK_MODE"] = "copy"  # a link from one mount to another is refused
    _show_named(builder, {name: variables[name] for name in variables if name != "UV_CACHE_DIR"})
    return builder.build(place.home, own)


def _of_others(place: BuildPlace) -> Iterator[Path]:
    """Yield what is next to the folders that a build writes to."""
    current, kept = place.environment, {PACKAGES_FOLDER}
    while current != place.cache_folder:
        kept.add(current.name)
        current = current.parent
        yield from (entry for entry in current.iterdir() if entry.name not in kept)


def of_nothing(python: Path) -> View:
    """Return the least that a program of this Python sees; for trying whether a view works."""
    return _with_system(python).build(Path("/"), {})


def _with_system(python: Path) -> ViewBuilder:
    builder = ViewBuilder(hidden=[Path.home(), Path("/etc"), Path("/root")])
    for name in SYSTEM:
        builder.show(Path(name))
    for name in SETTINGS:
        builder.show(Path("/etc") / name)
    _show_interpreter(builder, python)
    return builder


def _show_interpreter(builder: ViewBuilder, python: Path) -> None:
    """Show what a Python consists of, also the one that an environment was made from."""
    for executable in (python, *_base_executables(python)):
        prefix = follow(executable)[0].parent.parent
        if not builder.show(prefix):  # a Python in ~/bin: not the whole home for that
            builder.show(prefix / "lib")
        builder.show(executable)


def _base_executables(python: Path) -> list[Path]:
    try:
        lines = (python.parent.parent / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return []
    homes = [line.partition("=")[2].strip() for line in lines if line.startswith("home")]
    return [Path(home) / python.name for home in homes]


def _show_named(builder: ViewBuilder, variables: Mapping[str, str]) -> None:
    """Show files that variables name, such as certificates and folders of packages."""
    for name, value in variables.items():
        if name not in _NO_PATHS:
            for word in _SEPARATORS.split(value):
                path = word.removeprefix("file://")
                if os.path.isabs(path):  # noqa: PTH117 - a text of unknown origin, not a path yet
                    builder.show(Path(path))
