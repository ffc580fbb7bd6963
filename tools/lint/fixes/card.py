"""Repairs of the card: keys taken out, quoted, renamed, respelt or added."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...knowledge import latest_gradio
from ...knowledge.card_keys import card_key, card_keys, zero_gpu_pythons
from ..card import README, read_card
from ..card_checks import closest
from ..card_edits import (
    add_card,
    first_heading,
    quote_card_value,
    remove_card_key,
    remove_keys,
    rename_card_key,
    set_card_key,
    yaml_scalar,
)
from ..finding import Finding
from ..project import Project
from ..rules.card_metadata import known_license
from ..rules.card_values import known_color
from . import Changes, fixes

_DEFAULT_FILES = {"gradio": "app.py", "static": "index.html"}


def _readme(project: Project, edit: Callable[[str], str]) -> Changes:
    text = project.text(README)
    return {} if text is None else {README: edit(text)}


@fixes("FM_HARDWARE_KEY")
def remove_hardware(project: Project, _: Sequence[Finding]) -> Changes:
    """Take the key out: the Hub ignores it."""
    return _readme(project, lambda text: remove_card_key(text, "hardware"))


@fixes("FM_SUGGESTED_STORAGE")
def remove_suggested_storage(project: Project, _: Sequence[Finding]) -> Changes:
    """Take the key out: the Hub ignores it."""
    return _readme(project, lambda text: remove_card_key(text, "suggested_storage"))


@fixes("FM_PYTHON_VERSION_UNQUOTED")
def quote_python_version(project: Project, _: Sequence[Finding]) -> Changes:
    """Put the version into quotes as it was typed."""
    return _readme(project, lambda text: quote_card_value(text, "python_version"))


@fixes("FM_SDK_VERSION_UNQUOTED")
def quote_sdk_version(project: Project, _: Sequence[Finding]) -> Changes:
    """Put the version into quotes as it was typed."""
    return _readme(project, lambda text: quote_card_value(text, "sdk_version"))


@fixes("FM_BOM")
def remove_mark(project: Project, _: Sequence[Finding]) -> Changes:
    """Take the invisible mark away."""
    return _readme(project, lambda text: text.removeprefix("\ufeff"))


@fixes("FM_NOT_FIRST")
def block_first(project: Project, _: Sequence[Finding]) -> Changes:
    """Take the blank lines above the block away."""
    return _readme(project, lambda text: text.lstrip())


@fixes("FM_DUPLICATE_KEY")
def remove_duplicate(project: Project, findings: Sequence[Finding]) -> Changes:
    """Take the earlier one of two equal keys out."""
    lines = {finding.line for finding in findings if finding.fixable}
    card = project.card
    gone = [key for key in card.duplicates if key.line in lines]
    return _readme(project, lambda text: remove_keys(text, card, *gone))


@fixes("FM_SDK_UNKNOWN")
def respell_sdk(project: Project, _: Sequence[Finding]) -> Changes:
    """Write the SDK in lower case."""
    value = str(project.card.get("sdk")).strip().lower()
    return _readme(project, lambda text: set_card_key(text, "sdk", value))


@fixes("FM_COLOR")
def respell_color(project: Project, _: Sequence[Finding]) -> Changes:
    """Write a colour by the Hub's name for it."""

    def edit(text: str) -> str:
        for name in ("colorFrom", "colorTo"):
            color = known_color(str(project.card.get(name) or ""))
            if color and color != project.card.get(name):
                text = set_card_key(text, name, color)
        return text

    return _readme(project, edit)


@fixes("FM_LICENSE")
def respell_license(project: Project, _: Sequence[Finding]) -> Changes:
    """Write the licence by the Hub's identifier."""
    identifier = known_license(str(project.card.get("license")))
    if identifier is None:
        return {}
    return _readme(project, lambda text: set_card_key(text, "license", yaml_scalar(identifier)))


@fixes("FM_APP_PORT")
def unquote_port(project: Project, _: Sequence[Finding]) -> Changes:
    """Write the port as a number."""
    number = project.card.keys["app_port"].raw
    return _readme(project, lambda text: set_card_key(text, "app_port", number))


@fixes("FM_BASE_PATH")
def begin_with_slash(project: Project, _: Sequence[Finding]) -> Changes:
    """Begin the path with `/`."""
    path = f"/{project.card.get('base_path')}"
    return _readme(project, lambda text: set_card_key(text, "base_path", path))


@fixes("FM_APP_FILE_MISSING")
def name_app_file(project: Project, _: Sequence[Finding]) -> Changes:
    """Name the file that the Hub starts anyway."""
    return _readme(project, lambda text: set_card_key(text, "app_file", _DEFAULT_FILES["gradio"]))


@fixes("FM_OAUTH_MISSING")
def turn_oauth_on(project: Project, _: Sequence[Finding]) -> Changes:
    """Turn OAuth on: the app does not start without it."""
    return _readme(project, lambda text: set_card_key(text, "hf_oauth", "true"))


@fixes("FM_SDK_VERSION_MISSING")
def pin_gradio(project: Project, _: Sequence[Finding]) -> Changes:
    """Pin the newest Gradio that is known."""
    version = f'"{latest_gradio()}"'
    return _readme(project, lambda text: set_card_key(text, "sdk_version", version))


@fixes("FM_SDK_MISSING")
def name_sdk(project: Project, _: Sequence[Finding]) -> Changes:
    """Name the SDK that the files look like, and what belongs to it."""

    def edit(text: str) -> str:
        for name, value in _for_sdk(project).items():
            if project.card.get(name) is None:
                text = set_card_key(text, name, value)
        return text

    return _readme(project, edit) if project.sdk else {}


@fixes("FM_UNKNOWN_KEY")
def rename_keys(project: Project, findings: Sequence[Finding]) -> Changes:
    """Rename misspelt keys."""
    lines = {finding.line for finding in findings if finding.fixable}
    known = card_keys()

    def edit(text: str) -> str:
        for key in project.card.keys.values():
            name = closest(key.name, known)
            if key.line in lines and name and name not in read_card(text).keys:
                text = rename_card_key(text, key.name, name)
        return text

    return _readme(project, edit)


@fixes("FM_SHORT_DESCRIPTION")
def shorten(project: Project, _: Sequence[Finding]) -> Changes:
    """Cut the description after the last word that fits."""
    longest = card_key("short_description").longest or 0
    text = str(project.card.get("short_description"))
    cut = text[: longest - 1]
    if " " in cut and not text[longest - 1].isspace():
        cut = cut.rsplit(" ", 1)[0]
    value = yaml_scalar(cut.rstrip(" ,;:.-") + "…")
    return _readme(project, lambda readme: set_card_key(readme, "short_description", value))


@fixes("FM_MISSING")
def add_block(project: Project, findings: Sequence[Finding]) -> Changes:
    """Put a block above the text, with what the files tell."""
    if project.sdk is None or not any(finding.fixable for finding in findings):
        return {}
    text = project.text(README)
    title = yaml_scalar(first_heading(text) or "Space")
    return {README: add_card(text, {"title": title, **_for_sdk(project)})}


def _for_sdk(project: Project) -> dict[str, str]:
    """The keys that choose the SDK, as YAML."""
    sdk = project.sdk or ""
    values = {"sdk": sdk}
    if sdk == "gradio":
        values["sdk_version"] = f'"{latest_gradio()}"'
        values["python_version"] = f'"{".".join(zero_gpu_pythons()[-1].split(".")[:2])}"'
    if sdk in _DEFAULT_FILES:
        values["app_file"] = yaml_scalar(project.app_path or _DEFAULT_FILES[sdk])
    return values
