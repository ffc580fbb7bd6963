"""Which file of an app is started: the card's, the usual name, or one that launches something."""

from __future__ import annotations

from ..lint.entry import starters
from ..lint.project import Project


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
    if project.named_entry is not None:
        return project.named_entry, "the usual name"
    return _launching(project)


def _launching(project: Project) -> tuple[str | None, str]:
    """The likeliest file that starts an interface."""
    found = starters(project)
    if not found:
        return None, "no file that starts an app was found"
    others = f"; {len(found) - 1} more do" if len(found) > 1 else ""
    return found[0].path, f"it {found[0].how}{others}; name it as app_file"
