"""Names that the libraries which get installed do not have any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ...knowledge.library_removals import Library, library_removals
from ..attempts import is_prepared
from ..finding import Fix, Hit, Severity
from ..gradio_release import release_of
from ..installed import Newest, caps_hub, gets
from ..project import Project
from ..python import PythonFile, argument
from ..rule import rule


@dataclass(frozen=True)
class _Use:
    file: PythonFile
    line: int
    what: str
    instead: str


@rule(
    "APP_TRANSFORMERS5",
    Severity.WARNING,
    "Something that transformers 5 removed",
    source="wheel of transformers 5.23.0",
    as_of="2026-11-22",
    reference="requirements",
)
def transformers_5(project: Project) -> Iterator[Hit]:
    """Without an upper bound a new build installs transformers 5, which dropped several pipeline
    tasks, all TensorFlow and Flax classes and some others, and `load_in_4bit` of `from_pretrained`.
    The import or the call fails. It is an error when the requirement excludes version 4.
    """
    library = library_removals().of("transformers")
    newest = gets(project, library.package, library.removed_in, last_before=library.last_before)
    if newest in {Newest.NO, Newest.UNKNOWN} or caps_hub(project):
        return
    uses = (*_names(project, library), *_tasks(project, library), *_loading(project, library))
    for use in uses:
        instead = f"use {use.instead}, or " if use.instead else ""
        message = (
            f"{use.what} is gone since transformers {library.removed_in}; {instead}require "
            f"transformers=={library.last_before}"
        )
        severity = Severity.ERROR if newest is Newest.SURE else None
        yield Hit(use.file.path, use.line, message, severity)


@rule(
    "APP_HUB_REMOVED",
    Severity.WARNING,
    "Something that huggingface_hub 1.0 removed",
    source="huggingface_hub 2.4.0, installed; requirements of gradio on PyPI",
    as_of="2026-11-23",
    reference="requirements",
)
def hub_removed(project: Project) -> Iterator[Hit]:
    """`HfFolder`, `Repository`, `cached_download` and others are gone since huggingface_hub 1.0, so
    importing them fails. Gradio from 6.20 on needs at least 1.2: there it is an error. With an
    older Gradio a new build gets 1.x unless something holds it back.
    """
    library = library_removals().of("huggingface_hub")
    asked = gets(project, "huggingface-hub", library.removed_in, last_before=library.last_before)
    if asked is Newest.NO:
        return
    sure = asked is Newest.SURE or _gradio_needs_it(project)
    if not sure and asked is Newest.UNKNOWN:
        return
    for use in _names(project, library):
        instead = f"; use {use.instead}" if use.instead else ""
        message = f"{use.what} is gone since huggingface_hub {library.removed_in}{instead}"
        yield Hit(use.file.path, use.line, message, Severity.ERROR if sure else None)


def _gradio_needs_it(project: Project) -> bool:
    release = release_of(project)
    if project.sdk != "gradio" or release is None or not release.at_least_6:
        return False
    if release.declared is None:
        return not release.is_guess
    numbers = [int(part) for part in release.declared.split(".")[:2] if part.isdigit()]
    return numbers >= [6, 20]


def _names(project: Project, library: Library) -> Iterator[_Use]:
    """Imports and mentions of names that are gone."""
    for file in project.running:
        for imported in file.imports:
            package, _, name = imported.target.partition(".")
            if package != library.package or imported.level or "." in name:
                continue
            if name and library.removed(name) and not is_prepared(file, imported.node):
                instead = library.names.get(name, "")
                yield _Use(file, imported.line, f"`{library.package}.{name}`", instead)
        yield from _called(file, library)


def _called(file: PythonFile, library: Library) -> Iterator[_Use]:
    """`transformers.TFAutoModel.from_pretrained(...)`, where the package itself is imported."""
    if file.bound_imports.get(library.package) != library.package:
        return
    for called in file.called_names:
        package, _, rest = called.partition(".")
        name = rest.partition(".")[0]
        if package == library.package and library.removed(name):
            for call in file.calls_to(called):
                if _root(call) == package and not is_prepared(file, call):
                    instead = library.names.get(name, "")
                    yield _Use(file, call.lineno, f"`{package}.{name}`", instead)


def _root(call: ast.Call) -> str | None:
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _tasks(project: Project, library: Library) -> Iterator[_Use]:
    for file in project.running:
        for call in file.calls_to("transformers.pipeline", "transformers.pipelines.pipeline"):
            task = file.constant(argument(call, "task", 0))
            if isinstance(task, str) and not is_prepared(file, call):
                name = "translation" if task.startswith("translation_") else task
                if name in library.pipeline_tasks:
                    instead = library.pipeline_tasks[name]
                    yield _Use(file, call.lineno, f'the task of pipeline("{task}")', instead)


def _loading(project: Project, library: Library) -> Iterator[_Use]:
    """Arguments that `from_pretrained` of the package's classes takes no more."""
    for file in project.running:
        if not any(name in file.text for name in library.loading_arguments):
            continue
        for call in file.method_calls("from_pretrained"):
            package = (file.qualified(call.func) or "").partition(".")[0]
            if package != library.package or is_prepared(file, call):
                continue
            for given in call.keywords:
                instead = library.loading_arguments.get(given.arg or "")
                if instead:
                    what = f"`{given.arg}` of from_pretrained()"
                    yield _Use(file, given.lineno, what, f"`{instead}`")


@rule(
    "APP_USE_AUTH_TOKEN",
    Severity.WARNING,
    "`use_auth_token`, which libraries dropped for `token`",
    source="huggingface_hub 2.4.0 and transformers 5.23.0, installed or read",
    as_of="2026-11-22",
    reference="requirements",
    fix=Fix.SAFE,
)
def use_auth_token(project: Project) -> Iterator[Hit]:
    """The argument is called `token` since 2022, and current versions of transformers, datasets and
    huggingface_hub do not know the old name: the call fails, or goes out without the token and is
    refused for a gated model.
    """
    for file in project.running:
        if "use_auth_token" not in file.text:
            continue
        for call in file.calls:
            package = (file.qualified(call.func) or "").partition(".")[0]
            if package not in _WITH_TOKEN or is_prepared(file, call):
                continue
            for given in call.keywords:
                if given.arg == "use_auth_token":
                    message = f"{package} takes no `use_auth_token` any more; it is called `token`"
                    yield Hit(file.path, given.lineno, message)


_WITH_TOKEN = frozenset({"transformers", "diffusers", "datasets", "huggingface_hub"})
