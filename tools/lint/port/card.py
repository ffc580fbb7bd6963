"""The card of a ZeroGPU Space: written when there is none, completed when it lacks something."""

from __future__ import annotations

import re

from ...knowledge.card_keys import zero_gpu_pythons
from ...knowledge.releases import gradio_releases, latest_gradio
from ..card import README, read_card
from ..card_edits import add_card, first_heading, set_card_key, yaml_scalar
from ..entry import gradio_starter
from ..project import Project
from ..recipes import StepResult

_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|<[^>]*>|[*_`]")
LONGEST_TITLE = 60


def write_card(project: Project) -> StepResult:
    """Give the README a block with what ZeroGPU needs; what it says already stays."""
    entry = project.app.path if project.app is not None else gradio_starter(project)
    if entry is None:
        return StepResult({}, ("no Python file of the folder makes and launches a Gradio app",))
    text, problem = project.text(README), project.card.problem
    kind = problem.kind if problem else None
    if kind not in {None, "missing", "byte_order_mark", "not_first"}:
        return StepResult({}, ("the README's block cannot be read; repair it first",))
    if project.declared_sdk not in {None, "gradio"}:
        said = f"ZeroGPU runs Gradio Spaces only, and the card says `sdk: {project.declared_sdk}`"
        return StepResult({}, (said,))
    gradio, note = _gradio(project)
    wanted = {
        "title": yaml_scalar(_title(text)),
        "sdk": "gradio",
        "sdk_version": f'"{gradio}"',
        "python_version": f'"{_python()}"',
        "app_file": yaml_scalar(entry),
    }
    is_new = text is None or kind == "missing"
    completed = add_card(text, wanted) if is_new else _completed(text or "", wanted)
    is_told = note is not None and "sdk_version" not in project.card.keys
    return StepResult({README: completed}, (note,) if note and is_told else ())


def _completed(text: str, wanted: dict[str, str]) -> str:
    card = read_card(text)
    for name, value in wanted.items():
        if name not in card.keys:
            text = set_card_key(text, name, value)
    python = card.keys.get("python_version")
    if python is not None and not _is_there(python.raw):
        text = set_card_key(text, "python_version", wanted["python_version"])
    return text


def _is_there(version: str) -> bool:
    """Whether ZeroGPU has a Python: `3.12`, or the very patch release."""
    return any(there == version or there.startswith(f"{version}.") for there in zero_gpu_pythons())


def _python() -> str:
    return ".".join(zero_gpu_pythons()[-1].split(".")[:2])


def _gradio(project: Project) -> tuple[str, str | None]:
    """The Gradio to name: the one that the requirements pin or allow, else the newest."""
    lines = project.requirements.named("gradio") if project.requirements else ()
    releases = gradio_releases()
    for line in lines:
        pinned = line.pinned
        if pinned and int(pinned.split(".")[0]) in releases.latest_by_major:
            return pinned, None
        specifier = line.requirement.specifier if line.requirement else None
        if specifier and not pinned:
            allowed = [one for one in releases.latest_by_major.values() if one in specifier]
            if allowed:
                return max(allowed, key=lambda one: int(one.split(".")[0])), None
        if pinned or specifier:
            note = (
                f"ZeroGPU cannot run `{line.text}` of the requirements; its code may need changes"
            )
            return latest_gradio(), note
    return latest_gradio(), None


def _title(text: str | None) -> str:
    title = " ".join(_MARKUP.sub(r"\1", first_heading(text) or "").split())
    return title[:LONGEST_TITLE].strip() or "ZeroGPU demo"
