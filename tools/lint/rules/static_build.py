"""Static Spaces that are built first: the command runs, and makes the page that is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...knowledge.static_builds import StaticBuild, builds_elsewhere, static_builds
from ..card import README
from ..card_checks import given, is_parsed, meant, shown
from ..finding import Hit, Severity
from ..project import Project
from ..rule import on_static, rule

_DOCS = "hub-docs spaces-sdks-static.md (2026-07-21), Adding a build step before serving"
_SCRIPT = re.compile(r"\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+|run-script\s+)(?P<name>[\w:.-]+)")
_OTHER_FOLDER = re.compile(r"\bcd\s|--prefix|--cwd|\s-C\s|--filter|--workspace|\s-w\s")


@rule(
    "ST_BUILD_COMMAND",
    Severity.ERROR,
    "The build command cannot run",
    source=_DOCS,
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_static,
)
def build_command(project: Project) -> Iterator[Hit]:
    """The command runs at the root of the repository on every push. Without a package.json there,
    or without the script it names, the build ends and nothing is served.
    """
    key = given(project, "app_build_command")
    text = str(key.value) if key else ""
    found = _SCRIPT.search(text)
    if key is None or found is None or _OTHER_FOLDER.search(text):
        return
    if "package.json" not in project.paths:
        message = f"`{shown(text)}` needs a package.json at the root, and there is none"
        yield Hit(README, key.line, message)
    elif project.package_json is not None and found["name"] not in _scripts(project):
        name, known = found["name"], _scripts(project)
        yield Hit(README, key.line, f"package.json has no script `{name}`{meant(name, known)}")


@rule(
    "ST_BUILD_OUTPUT",
    Severity.WARNING,
    "`app_file` is not what the build makes",
    source=_DOCS,
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_static,
)
def build_output(project: Project) -> Iterator[Hit]:
    """What is served after a build is the page that `app_file` names, in the folder that the build
    fills. The default, `index.html` at the root, is the source.
    """
    command, page = given(project, "app_build_command"), given(project, "app_file")
    build = _build(project)
    if command is None or not is_parsed(project):
        return
    folder = build.folder if build else None
    if page is None:
        example = f"{folder or 'dist'}/index.html"
        message = f"no `app_file`: the page at the root is served, not the built `{example}`"
        if "index.html" in project.paths or folder:
            yield Hit(README, command.line, message)
    elif folder and not str(page.value).removeprefix("./").startswith(f"{folder}/"):
        message = f"the build writes to `{folder}/`, but `app_file` is `{shown(page.value)}`"
        yield Hit(README, page.line, message)


def _build(project: Project) -> StaticBuild | None:
    """The tool that the command runs, when its folder is sure."""
    key, package = given(project, "app_build_command"), project.package_json or {}
    text = str(key.value) if key else ""
    found = _SCRIPT.search(text)
    script = _scripts(project).get(found["name"], "") if found else text
    if _OTHER_FOLDER.search(text) or builds_elsewhere() & _dependencies(package):
        return None
    if "--out" in script or "--dist-dir" in script:
        return None
    for build in static_builds():
        if build.words in script and not _moved(project, build):
            return build
    return None


def _moved(project: Project, build: StaticBuild) -> bool:
    """Whether the tool's configuration may name another folder."""
    if not build.config:
        return False
    configs = [path for path in project.paths if path.startswith(f"{build.config}.")]
    return any(build.option in (project.text(path) or "") for path in configs)


def _scripts(project: Project) -> dict[str, str]:
    scripts = (project.package_json or {}).get("scripts")
    if not isinstance(scripts, dict):
        return {}
    return {str(name): str(command) for name, command in scripts.items()}


def _dependencies(package: Mapping[str, Any]) -> frozenset[str]:
    found: set[str] = set()
    for name in ("dependencies", "devDependencies"):
        listed = package.get(name)
        found |= set(map(str, listed)) if isinstance(listed, dict) else set()
    return frozenset(found)
