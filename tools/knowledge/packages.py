"""Names of packages: what installs an import, what is called otherwise, what fits which hub."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class Misnamed(Fact):
    """A name in a requirements file that is not what was meant.

    `fails` says that the installation ends with an error; otherwise another package is installed,
    and `module` is the import that then finds the wrong thing.
    """

    name: str
    meant: str
    fails: bool
    why: str
    module: str = ""


class StandardLibraryNames(Fact):
    """Modules of Python itself as names on PyPI, separated by spaces."""

    installs: str
    fails: str


class HubRange(Fact):
    """What some releases of a package ask of huggingface_hub."""

    name: str
    versions: str
    needs: str


class HfFolder(Fact):
    """Which Gradio releases import it (both included), and the huggingface_hub without it."""

    first_gradio: str
    last_gradio: str
    hub: str


class PackageFacts(Fact):
    """All of it; package names are canonical."""

    modules: dict[str, str]
    misnamed: tuple[Misnamed, ...]
    standard_library: StandardLibraryNames
    hub: tuple[HubRange, ...]
    hf_folder: HfFolder
    need_torch_to_build: tuple[str, ...]
    as_of: date
    source: str


@lru_cache(maxsize=1)
def package_facts() -> PackageFacts:
    """Return what is known of names."""
    return PackageFacts(**load("packages.yaml"))


def distributions_of(module: str) -> tuple[str, ...]:
    """Return the distributions known to contain a module, the usual one first.

    `module` may have dots; the longest part that is known counts. Empty where the name of the
    distribution is, as far as is known, the module's own.
    """
    known = package_facts().modules
    parts = module.split(".")
    for count in range(len(parts), 0, -1):
        found = known.get(".".join(parts[:count]))
        if found:
            return tuple(found.split())
    return ()
