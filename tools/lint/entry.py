"""Files that start an app, where neither the card nor the usual name tells which one does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .project import Project
    from .python import PythonFile

MOST_FILES = 400
"""Python files that are looked at."""
_USUAL_NAMES = (
    "app",
    "gradio_app",
    "app_gradio",
    "demo",
    "gradio_demo",
    "web_demo",
    "webui",
    "main",
)
_PACKAGES = ("gradio", "streamlit", "fastapi", "uvicorn")
_LAUNCHERS = ("uvicorn.run", "gradio.mount_gradio_app")


@dataclass(frozen=True)
class Starter:
    """A file that starts an app, and how: it `launches Gradio`."""

    path: str
    how: str
    is_gradio: bool


def starters(project: Project) -> tuple[Starter, ...]:
    """Every file that starts an app, the likeliest first: near the root, with a usual name."""
    return project.once(_starters)


def _starters(project: Project) -> tuple[Starter, ...]:
    paths = project.files_ending(".py")[:MOST_FILES]
    named = [path for path in paths if _names_a_package(project.text(path) or "")]
    found = [_starter(file) for file in map(project.python, named) if file is not None]
    return tuple(sorted((one for one in found if one is not None), key=_unlikely))


def _names_a_package(text: str) -> bool:
    return any(package in text for package in _PACKAGES)


def _starter(file: PythonFile) -> Starter | None:
    packages = {found.module.partition(".")[0] for found in file.imports if found.level == 0}
    if "gradio" in packages and (file.method_calls("launch") or file.calls_to(*_LAUNCHERS)):
        return Starter(file.path, "launches Gradio", is_gradio=True)
    if "streamlit" in packages:
        return Starter(file.path, "is a Streamlit script", is_gradio=False)
    if file.calls_to("fastapi.FastAPI") or file.calls_to("uvicorn.run"):
        return Starter(file.path, "serves FastAPI", is_gradio=False)
    return None


def _unlikely(starter: Starter) -> tuple[int, int, str]:
    name = starter.path.rpartition("/")[2].removesuffix(".py").lower()
    known = _USUAL_NAMES.index(name) if name in _USUAL_NAMES else len(_USUAL_NAMES)
    return starter.path.count("/"), known, starter.path


def gradio_starter(project: Project) -> str | None:
    """The likeliest file that makes and launches a Gradio app."""
    return next((one.path for one in starters(project) if one.is_gradio), None)
