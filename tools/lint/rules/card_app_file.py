"""The file that is started or served: named by the card, and there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..card import README
from ..card_checks import closest, given, is_parsed, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import on_gradio, rule

_REFERENCE = "hub-docs spaces-config-reference.md (2026-03-20)"
_DEFAULT_FILES = {"gradio": "app.py", "static": "index.html"}
_ABOUT_THE_REPOSITORY = re.compile(r"README\.md|LICEN[CS]E(?:\..*)?|\.git\w+|\.github/.*", re.I)


@rule(
    "FM_APP_FILE_MISSING",
    Severity.WARNING,
    "The block does not name the file to start",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
    when=on_gradio,
    fix=Fix.SAFE,
)
def app_file_missing(project: Project) -> Iterator[Hit]:
    """The Hub falls back on `app.py`. A card that names the file does not depend on that, and
    people and tools see what runs.
    """
    named = project.card.get("app_file") is not None
    if not is_parsed(project) or named or project.card.get("sdk") != "gradio":
        return
    default = _DEFAULT_FILES["gradio"]
    if default in project.paths:
        message = f"no `app_file`; the Hub starts `{default}` by default, name it"
        yield Hit(
            README,
            project.card.line("sdk"),
            message,
            fixable="app_file" not in project.card.keys,
        )


@rule(
    "APP_FILE_NOT_FOUND",
    Severity.ERROR,
    "The file to start is not in the folder",
    source=f"{_REFERENCE}; stage NO_APP_FILE of huggingface_hub 2.4.0",
    as_of="2026-11-22",
    reference="card",
)
def app_file_not_found(project: Project) -> Iterator[Hit]:
    """The Space stops in NO_APP_FILE. Paths count from the root of the repository, and capitals
    matter.
    """
    sdk, key = project.declared_sdk, given(project, "app_file")
    if not is_parsed(project) or sdk not in _DEFAULT_FILES or project.names_app_file:
        return
    if sdk == "static" and given(project, "app_build_command"):
        return
    name = str(key.value) if key else _DEFAULT_FILES[sdk]
    if _is_there(project, name):
        return
    message = f"`{shown(name)}` is not in the folder, so nothing can be started"
    if key is None:
        message = f"no `app_file` is named and {message}"
    line = key.line if key else project.card.line("sdk")
    yield Hit(README, line, message + _advice(project, name), _severity(project, name))


def _is_there(project: Project, name: str) -> bool:
    # A path with `..` or a leading `/` is never in the repository.
    return re.sub(r"^(?:\./)+", "", name) in project.paths


def _severity(project: Project, name: str) -> Severity | None:
    """Lower where the folder is plainly not all that will be pushed."""
    if all(_ABOUT_THE_REPOSITORY.fullmatch(path) for path in project.paths):
        return Severity.INFO
    built_before = name.endswith(".html") and project.package_json is not None
    return Severity.WARNING if built_before else None


def _advice(project: Project, name: str) -> str:
    other = _meant(project, name)
    if other:
        return f"; did you mean `{other}`?"
    if name.endswith(".html") and project.package_json is not None:
        return "; build it before the upload, or let `app_build_command` do it"
    return "; add it, or correct `app_file`"


def _meant(project: Project, name: str) -> str | None:
    """A file of the same kind with nearly that name, or the only one of its kind at the root."""
    ending = "." + name.rpartition(".")[2]
    same_kind = [path for path in project.files_ending(ending) if path.count("/") <= 2]
    by_base = {path.rpartition("/")[2]: path for path in reversed(same_kind)}
    near = by_base.get(name.rpartition("/")[2]) or closest(name, same_kind)
    at_root = [path for path in same_kind if "/" not in path]
    return near or (at_root[0] if len(at_root) == 1 else None)
