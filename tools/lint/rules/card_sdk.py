"""Which SDK runs the Space, and in which version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...knowledge import latest_gradio
from ...knowledge.card_keys import card_key, withdrawn_sdks
from ...knowledge.gradio_versions import gradio_versions
from ..card import README
from ..card_checks import closest, given, is_parsed, listed, meant, read_as_number, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import on_gradio, rule

_REFERENCE = "hub-docs spaces-config-reference.md (2026-03-20)"
_FINAL = re.compile(r"\d+(?:\.\d+)*")
_ANY_VERSION = re.compile(r"\d+(?:\.\d+)*(?:(?:a|b|rc)\d+|\.dev\d+|\.post\d+)*")


@rule(
    "FM_SDK_MISSING",
    Severity.ERROR,
    "The block names no `sdk`",
    source=f"{_REFERENCE}; message of Spaces without one, reported 2026-10",
    as_of="2026-11-22",
    reference="card",
    fix=Fix.UNSAFE,
)
def sdk_missing(project: Project) -> Iterator[Hit]:
    """Without an SDK the Hub does not know what to build: the Space stays in CONFIG_ERROR with
    "Missing configuration in README".
    """
    if not is_parsed(project) or project.card.get("sdk") is not None:
        return
    looks_like = f" (the files look like `{project.sdk}`)" if project.sdk else ""
    yield Hit(
        README,
        project.card.line("sdk"),
        f"the block names no `sdk`; add one of {listed(card_key('sdk').allowed)}{looks_like}",
        fixable=project.sdk is not None and "sdk" not in project.card.keys,
    )


@rule(
    "FM_SDK_UNKNOWN",
    Severity.ERROR,
    "`sdk` names an SDK that does not exist",
    source=f"{_REFERENCE}; create_repo of huggingface_hub 2.4.0",
    as_of="2026-08-22",
    reference="card",
    fix=Fix.SAFE,
)
def sdk_unknown(project: Project) -> Iterator[Hit]:
    """The Hub knows three SDKs and refuses every other value, in capitals too."""
    key, allowed = given(project, "sdk"), card_key("sdk").allowed
    if key is None or key.value in (*allowed, *withdrawn_sdks()):
        return
    message = f"`sdk: {shown(key.value)}` is none of {listed(allowed)}"
    yield Hit(
        README,
        key.line,
        message + meant(str(key.value), allowed),
        fixable=str(key.value).strip().lower() in allowed,
    )


@rule(
    "FM_SDK_STREAMLIT",
    Severity.WARNING,
    "The SDK has been withdrawn",
    source=f"{_REFERENCE}: removed on 2025-07-14; spaces-sdks-docker-streamlit.md",
    as_of="2026-08-22",
    reference="card",
)
def sdk_streamlit(project: Project) -> Iterator[Hit]:
    """Streamlit is no SDK of its own any more: the documentation and the form for new Spaces name
    it no longer, and creating one was refused in 2026. It runs in a Docker Space.
    """
    key = given(project, "sdk")
    if key is not None and str(key.value) in withdrawn_sdks():
        instead = withdrawn_sdks()[str(key.value)]
        message = (
            f"`sdk: {key.value}` is withdrawn and new Spaces are refused; use `sdk: {instead}`"
        )
        yield Hit(README, key.line, f"{message} with a Dockerfile that starts it on port 7860")


@rule(
    "FM_SDK_VERSION_MISSING",
    Severity.WARNING,
    "No `sdk_version`: the Space takes whatever Gradio is newest",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
    when=on_gradio,
    fix=Fix.UNSAFE,
)
def sdk_version_missing(project: Project) -> Iterator[Hit]:
    """A build on another day may bring another major version of Gradio, and with it arguments that
    are gone. A pinned version keeps a working Space working.
    """
    if not is_parsed(project) or project.card.get("sdk") != "gradio":
        return
    if project.card.get("sdk_version") is None:
        yield Hit(
            README,
            project.card.line("sdk"),
            f'no `sdk_version`; pin the one you tested, such as `sdk_version: "{latest_gradio()}"`',
            fixable="sdk_version" not in project.card.keys,
        )


@rule(
    "FM_SDK_VERSION_UNQUOTED",
    Severity.INFO,
    "`sdk_version` is read as a number",
    source="SpaceCard of huggingface_hub 2.4.0, measured",
    as_of="2026-11-22",
    reference="card",
    when=on_gradio,
    fix=Fix.SAFE,
)
def sdk_version_unquoted(project: Project) -> Iterator[Hit]:
    """YAML reads two numbers with one dot as a decimal number, so `5.10` becomes 5.1, which is
    another release. Quotes keep what was typed.
    """
    yield from read_as_number(project, "sdk_version")


@rule(
    "FM_SDK_VERSION_UNKNOWN",
    Severity.ERROR,
    "No such version of Gradio has been published",
    source="https://pypi.org/project/gradio/",
    as_of="2026-11-23",
    reference="card",
    when=on_gradio,
)
def sdk_version_unknown(project: Project) -> Iterator[Hit]:
    """The build installs exactly this version with pip. A version that was never published, or a
    range such as `>=5`, ends the build.
    """
    key = given(project, "sdk_version")
    if key is None or project.card.get("sdk") != "gradio":
        return
    text = key.raw.strip() or str(key.value)
    if not _ANY_VERSION.fullmatch(text):
        message = f"`sdk_version: {shown(text)}` is no version; write one such as"
        yield Hit(README, key.line, f'{message} "{latest_gradio()}", without a range')
    elif _FINAL.fullmatch(text) and not _is_published(text):
        newer = _parts(text) > max(map(_parts, gradio_versions()))
        known = f"; the newest known here is {latest_gradio()}" if newer else _nearest(text)
        message = (
            f"Gradio {text} is not on PyPI{' as far as is known here' if newer else ''}{known}"
        )
        yield Hit(README, key.line, message, Severity.INFO if newer else None)


def _is_published(text: str) -> bool:
    return _parts(text) in set(map(_parts, gradio_versions()))


def _parts(version: str) -> tuple[int, ...]:
    """Numbers without zeros at the end: to pip `6.0` and `6.0.0` are the same."""
    numbers = [int(part[:9]) for part in version.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _nearest(text: str) -> str:
    series = ".".join(text.split(".")[:2]) + "."
    found = [version for version in gradio_versions() if version.startswith(series)]
    near = found[-1] if found else closest(text, gradio_versions())
    return f"; {near} is" if near else ""
