"""The platform's installation, resolved against the package index."""

from __future__ import annotations

from collections.abc import Iterator

from ..card import README
from ..finding import Hit, Severity, Skip
from ..installing import gradio_version
from ..project import Project
from ..resolution import left_out_names, resolution
from ..rule import on_gradio, rule

_WHAT = "resolution of the requirements"


@rule(
    "REQ_RESOLUTION",
    Severity.ERROR,
    "The requirements and the platform's packages cannot be installed together",
    source="uv pip compile of the platform's call, asked when the linter runs",
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
)
def requirements_resolution(project: Project) -> Iterator[Hit | Skip]:
    """The platform installs requirements.txt and its own packages in one call. Where no set of
    versions satisfies all of it, the build ends, whatever the app looks like. Other rules know the
    usual conflicts; this one asks the index itself, and so finds the others.
    """
    if project.resolve_seconds is None:
        yield Skip(_WHAT, "not asked for; `--resolve` (`resolve` of the tool) asks the index")
        return
    found = resolution(project)
    if found is None:
        yield Skip(_WHAT, "the card names no sdk_version to resolve with")
        return
    if found.unknown is not None:
        yield Skip(_WHAT, found.unknown)
        return
    left_out = list(left_out_names(found))
    if left_out:
        yield Skip(f"{_WHAT}: {', '.join(left_out)}", "not a release with a wheel on the index")
    if found.conflict is not None:
        line = found.line
        message = f"pip cannot install this on Python {found.python}: {found.conflict}"
        yield Hit(
            line.file if line else README,
            line.line if line else project.card.line("sdk_version"),
            message if line else f"gradio {gradio_version(project)}: {message}",
        )
