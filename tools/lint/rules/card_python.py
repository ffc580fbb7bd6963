"""`python_version`: quoted, existing, new enough for Gradio, and one that ZeroGPU has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...knowledge.card_keys import card_key, python_minors, zero_gpu_pythons
from ...knowledge.gradio_versions import oldest_python
from ..card import README, CardKey
from ..card_checks import given, listed, read_as_number, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import on_gradio, on_zero_gpu, rule

_REFERENCE = "hub-docs spaces-config-reference.md (2026-03-20)"


@rule(
    "FM_PYTHON_VERSION_UNQUOTED",
    Severity.INFO,
    "`python_version` is read as a number",
    source="SpaceCard of huggingface_hub 2.4.0, measured",
    as_of="2026-11-22",
    reference="card",
    when=on_gradio,
    fix=Fix.SAFE,
)
def python_version_unquoted(project: Project) -> Iterator[Hit]:
    """YAML reads `3.10` as the decimal number 3.1, and there is no Python 3.1 to build on. `3.11`
    survives by luck; quotes keep what was typed.
    """
    yield from read_as_number(project, "python_version")


@rule(
    "FM_PYTHON_VERSION_UNKNOWN",
    Severity.ERROR,
    "`python_version` names no Python that exists",
    source=f"{_REFERENCE}; build logs of 2026 start from python:<python_version>",
    as_of="2026-08-22",
    reference="card",
    when=on_gradio,
)
def python_version_unknown(project: Project) -> Iterator[Hit]:
    """The build starts from the image of that version. A range, a word or a version that was never
    released has no image.
    """
    key = given(project, "python_version")
    if key is None:
        return
    typed = _typed(key)
    if not card_key("python_version").matches(typed):
        message = f"`python_version: {shown(typed)}` is no version"
    elif _minor(typed) not in python_minors():
        message = f"there is no Python {typed} to build on"
    else:
        return
    yield Hit(README, key.line, f'{message}; write one such as "3.12"')


@rule(
    "FM_PYTHON_VERSION_TOO_OLD",
    Severity.ERROR,
    "This Gradio does not install on this Python",
    source="https://pypi.org/project/gradio/ (Requires-Python)",
    as_of="2026-11-23",
    reference="card",
    when=on_gradio,
)
def python_version_too_old(project: Project) -> Iterator[Hit]:
    """Gradio 4 needs Python 3.8, Gradio 5 and later need 3.10. On an older Python pip finds no
    release that fits, and the build ends.
    """
    key, gradio = given(project, "python_version"), project.sdk_version or ""
    major = re.match(r"\d{1,3}(?=\.|$)", gradio)
    oldest = oldest_python().get(int(major.group())) if major else None
    if key is None or oldest is None or _minor(_typed(key)) not in python_minors():
        return
    if _numbers(_minor(_typed(key))) < _numbers(oldest):
        message = f"Gradio {gradio} needs Python {oldest} or newer, not {_typed(key)}"
        yield Hit(README, key.line, f'{message}; write `python_version: "3.12"`')


@rule(
    "FM_PYTHON_VERSION_ZEROGPU",
    Severity.WARNING,
    "ZeroGPU does not have this Python",
    source="hub-docs spaces-zerogpu.md (2026-07-21)",
    as_of="2026-07-21",
    reference="zerogpu",
    when=on_zero_gpu,
)
def python_version_zero_gpu(project: Project) -> Iterator[Hit]:
    """The documentation of ZeroGPU names two versions of Python. Wheels with CUDA code are built
    for them, and others are not supported.
    """
    key = given(project, "python_version")
    if key is None or _minor(_typed(key)) not in python_minors():
        return
    supported = zero_gpu_pythons()
    typed = _typed(key)
    if typed not in {*supported, *map(_minor, supported)}:
        versions = listed(supported)
        message = f"ZeroGPU supports Python {versions}, not {typed}"
        yield Hit(README, key.line, f'{message}; write `python_version: "{_minor(supported[-1])}"`')


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _typed(key: CardKey) -> str:
    return key.raw.strip() or str(key.value)


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
