"""Which file of an app is started: the card's, the usual name, or one that launches something."""

from __future__ import annotations

from ..lint.project import Project
from ..lint.python import PythonFile

_LAUNCHERS = ("uvicorn.run", "gradio.mount_gradio_app")


def find_entry(project: Project) -> tuple[str | None, str]:
    """The entry file and how it was found; None with the reason where there is none."""
    if project.sdk == "docker":
        if project.dockerfile is None:
            return None, "a Docker Space needs a Dockerfile, and there is none"
        return "Dockerfile", "a Docker app starts as its Dockerfile says"
    stated = project.card.get("app_file")
    if isinstance(stated, str) and stated:
        name = stated.removeprefix("./")
        missing = "" if name in project.paths else ", but that file is not there"
        return name, f"app_file in the card{missing}"
    if project.app_path is not None:
        return project.app_path, "the usual name"
    return _launching(project)


def _launching(project: Project) -> tuple[str | None, str]:
    """A file that starts an interface, the one nearest to the root."""
    found: list[tuple[int, str, str]] = []
    for path in project.files_ending(".py"):
        file = project.python(path)
        how = _launches(file) if file is not None else None
        if how is not None:
            found.append((path.count("/"), path, how))
    if not found:
        return None, "no file that starts an app was found"
    _, path, how = min(found)
    others = f"; {len(found) - 1} more do" if len(found) > 1 else ""
    return path, f"it {how}{others}; name it as app_file"


def _launches(file: PythonFile) -> str | None:
    packages = {found.module.partition(".")[0] for found in file.imports if found.level == 0}
    if "gradio" in packages and (file.method_calls("launch") or file.calls_to(*_LAUNCHERS)):
        return "launches Gradio"
    if "streamlit" in packages:
        return "is a Streamlit script"
    if file.calls_to("fastapi.FastAPI") or file.calls_to("uvicorn.run"):
        return "serves FastAPI"
    return None
