"""Names of Gradio that the declared version does not have any more."""

from __future__ import annotations

from collections.abc import Iterator

from ...knowledge.gradio_arguments import gradio_arguments
from ...knowledge.gradio_changes import RemovedName, gradio_changes
from ..attempts import is_prepared
from ..finding import Fix, Hit, Severity
from ..gradio_mentions import Mention, mentions
from ..gradio_release import Release, declared_major, release_of
from ..project import Project
from ..rule import on_gradio, rule


@rule(
    "GR_REMOVED_NAME",
    Severity.ERROR,
    "A name that the installed Gradio does not have",
    source="names of gradio 4.44.1, 5.50.0 and 6.31.0, installed",
    as_of="2026-11-23",
    reference="gradio",
    fix=Fix.SAFE,
)
def removed_name(project: Project) -> Iterator[Hit]:
    """`gr.Box`, `gr.inputs`, `Component.update()` and others are gone: using one raises
    AttributeError or ImportError, at the start or when its function is first called.
    """
    release = release_of(project)
    if release is None:
        return
    for mention in mentions(project):
        if _is_gone(mention, release) and not is_prepared(mention.file, mention.node):
            known = _known(mention)
            message = f"{release.name} has no {mention.spelt}{_advice(mention, release)}"
            fixable = known is not None and known.rename is not None and mention.is_attribute
            yield Hit(mention.file.path, mention.line, message, release.severity, fixable)


def _is_gone(mention: Mention, release: Release) -> bool:
    if mention.method is not None:
        return gradio_changes().method(mention.method) is not None
    return release.lacks_name(mention.name)


def _known(mention: Mention) -> RemovedName | None:
    if mention.method is not None:
        return gradio_changes().method(mention.method)
    return gradio_changes().name(mention.name)


def _advice(mention: Mention, release: Release) -> str:
    later = gradio_arguments().versions_naming(mention.name)
    if mention.method is None and release.is_before(later):
        return f"; `sdk_version: {later[0]}` has it"
    known = _known(mention)
    if known is None:
        return release.note
    advice = known.instead if known.instead.startswith("leave") else f"use {known.instead}"
    return f" (gone since {known.since}); {advice}{release.note}"


@rule(
    "GR_OLD_API",
    Severity.INFO,
    "A name that only the declared, old Gradio has",
    source="names of gradio 4.44.1, 5.50.0 and 6.31.0, installed",
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
)
def old_name(project: Project) -> Iterator[Hit]:
    """The app works with the version that its card declares, and stops working with Gradio 4 and
    later. Raising `sdk_version` without changing these places breaks the Space.
    """
    if declared_major(project) not in {2, 3}:
        return
    for mention in mentions(project):
        known = _known(mention)
        if known is not None:
            message = (
                f"{mention.spelt} exists in Gradio {project.sdk_version} and not since "
                f"{known.since}; there, use {known.instead}"
            )
            yield Hit(mention.file.path, mention.line, message)
