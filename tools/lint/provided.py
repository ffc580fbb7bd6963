"""Which imports of an app nobody installs, as far as that can be known without installing."""

from __future__ import annotations

import difflib
import re
import sys
from dataclasses import dataclass
from functools import cached_property

from packaging.utils import canonicalize_name

from ..knowledge import latest_gradio
from ..knowledge.builder import builder_facts
from ..knowledge.dependencies import (
    is_a_dependency,
    is_known_distribution,
    platform_distributions,
    with_dependencies,
)
from ..knowledge.packages import distributions_of
from .installing import all_lines, applies, gradio_version
from .project import Project
from .python import Imported, PythonFile
from .requirements import LineKind, RequirementLine

_UNREADABLE = {LineKind.EDITABLE, LineKind.INCLUDE, LineKind.LOCAL, LineKind.INVALID}
_INSTALLS_ITSELF = re.compile(r"pip3?[\"', ]+install|git[\"', ]+clone|conda[\"', ]+install")
_BRINGS_FILES = re.compile(r"sys\.path|snapshot_download|hf_hub_download|extractall|clone_from")
_BRINGING_NOTHING = {LineKind.OPTION, LineKind.CONSTRAINT}
# Gone from Python, or there without being listed: a rule about requirements has nothing to say.
_NOT_OURS = frozenset({"distutils", "imp", "pkg_resources", "setuptools", "__main__"})
_SIMILAR = 0.8
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Missing:
    """An import that nothing in the project is known to provide.

    `distribution` is what to install, None where that is not known; `in_app` says that it stands at
    the top level of the file that is started, so that the start fails with it. `is_documented` says
    that the documentation calls it preinstalled, although no recent log shows it.
    """

    module: str
    distribution: str | None
    file: PythonFile
    imported: Imported
    in_app: bool
    is_documented: bool = False


def missing_imports(project: Project) -> tuple[Missing, ...]:
    """The first unguarded import of each module that nothing provides; made once a project."""
    return project.once(_missing_imports)


def lists_unknown_packages(project: Project) -> bool:
    """Whether something is installed of which nobody here knows what it brings."""
    return project.once(_Installed).has_unknown


def is_installed(project: Project, distribution: str) -> bool:
    """Whether a distribution (canonical name) is listed, or brought by something that is known."""
    return project.once(_Installed).has(distribution)


def may_be_brought(project: Project, distribution: str) -> bool:
    """Whether an older release of something that is held back may bring a distribution.

    What brings what was looked at for the newest releases only.
    """
    return project.once(_Installed).has_limits and is_a_dependency(distribution)


def may_be_installed(project: Project, imported: Imported) -> bool:
    """Whether an import may mean a package: one that is known, or one that is listed."""
    module = imported.module.partition(".")[0]
    if distributions_of(imported.target) or is_known_distribution(canonicalize_name(module)):
        return True
    return project.once(_Installed).may_list(module)


def brings_files(project: Project) -> bool:
    """Whether the app fetches files or looks for modules elsewhere, so that they may be its own."""
    return any(_BRINGS_FILES.search(file.text) for file in project.running)


def _missing_imports(project: Project) -> tuple[Missing, ...]:
    installed = project.once(_Installed)
    found: dict[str, Missing] = {}
    for file in project.running:
        for imported in file.imports:
            module = imported.module.partition(".")[0]
            if imported.level or imported.guarded or not module or module in found:
                continue
            if not installed.provides(file, imported):
                in_app = file.path == project.app_path and not imported.in_function
                distribution = _distribution(imported)
                documented = distribution in builder_facts().documented
                found[module] = Missing(module, distribution, file, imported, in_app, documented)
    return tuple(found.values())


def _distribution(imported: Imported) -> str | None:
    known = distributions_of(imported.target)
    if known:
        return known[0]
    name = canonicalize_name(imported.module.partition(".")[0])
    return name if is_known_distribution(name) else None


class _Installed:
    """What a build of the project installs, and which names are the project's own."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lines = [line for line in all_lines(project) if applies(line, project)]
        self._listed = {line.name for line in self._lines if line.name}

    @cached_property
    def _distributions(self) -> frozenset[str]:
        version = gradio_version(self._project) or latest_gradio()
        platform = platform_distributions(int(version.partition(".")[0]))
        torch = {"torch"} if self._project.on_zero_gpu else set()
        return platform | with_dependencies(self._listed | torch)

    def has(self, distribution: str) -> bool:
        """Whether it is known to be installed."""
        return distribution in self._distributions

    @cached_property
    def has_unknown(self) -> bool:
        """Whether a line could bring anything, or the app installs something while it runs."""
        lines = (one for one in self._lines if one.kind not in _BRINGING_NOTHING)
        return any(map(_is_unknown, lines)) or any(
            _INSTALLS_ITSELF.search(file.text) for file in self._project.running
        )

    @cached_property
    def has_limits(self) -> bool:
        """Whether a line excludes newer releases of its package."""
        return any(
            specifier.operator not in {">=", ">", "!="}
            for line in self._lines
            for specifier in (line.requirement.specifier if line.requirement else ())
        )

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """Every name under which a file or folder of the project might be meant, in lower case."""
        parts = (part for path in self._project.paths for part in path.split("/"))
        return frozenset(part.partition(".")[0].lower() for part in parts)

    def provides(self, file: PythonFile, imported: Imported) -> bool:
        """Whether an import can be expected to work."""
        module = imported.module.partition(".")[0]
        if module in sys.stdlib_module_names or module in _NOT_OURS:
            return True
        if module.lower() in self._own_names:
            return True
        if self._project.module_file(imported.module, importer=file) is not None:
            return True
        names = distributions_of(imported.target) or (str(canonicalize_name(module)),)
        if any(name in self._distributions for name in names):
            return True
        return self.may_list(module)

    def may_list(self, module: str) -> bool:
        """Whether a listed package is named like a module."""
        return any(_may_contain(listed, module) for listed in self._listed)


def _is_unknown(line: RequirementLine) -> bool:
    """Whether a line may bring what nobody here knows: extras were not looked at either."""
    if line.kind in _UNREADABLE or not is_known_distribution(line.name):
        return True
    return line.requirement is not None and bool(line.requirement.extras)


def _may_contain(distribution: str, module: str) -> bool:
    """Whether a distribution's name is close enough to a module's to be its home."""
    one, other = distribution.replace("-", ""), module.lower().replace("_", "")
    if len(other) >= _SHORTEST_PART and other in one:
        return True
    if len(one) > _SHORTEST_PART and one in other:
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= _SIMILAR
