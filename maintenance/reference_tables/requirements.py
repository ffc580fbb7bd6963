"""The tables of `references/requirements.md`: the platform's call, torch, wheels, ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from packaging.specifiers import Specifier
from packaging.version import Version

from tools.knowledge.builder import builder_facts, platform_requirements, zero_gpu_requirements
from tools.knowledge.files import load
from tools.knowledge.gradio_needs import GradioNeeds, gradio_needs
from tools.knowledge.library_removals import Library, library_removals
from tools.knowledge.releases import gradio_releases
from tools.knowledge.torch import torch_facts
from tools.knowledge.wheels import wheel_facts
from tools.lint.rules.requirements_torch import matching_version

from .markdown import sourced, table

RANGED = ("huggingface-hub", "pydantic", "mcp", "starlette", "pandas", "pillow")
TURNING_POINTS = ("6.15.1", "6.20.0", "6.26.0")
"""Gradio releases around which a range changes, besides the last of each major version."""
_HOLDS = {
    "dataset": "in the dataset",
    "index": "PyPI's own wheel",
    "none": "not in the dataset",
}


def platform() -> str:
    """What pip is asked for beside requirements.txt."""
    facts = builder_facts()
    newest = gradio_releases().latest_by_major
    kinds = (
        ("Gradio 5 and 6, ZeroGPU", newest[6], zero_gpu_requirements()),
        ("Gradio 5 and 6, other hardware", newest[6], None),
        ("Gradio 4, other hardware", newest[4], None),
    )
    rows = [
        (kind, _quoted(platform_requirements(version, own)).replace(version, "SDK_VERSION"))
        for kind, version, own in kinds
    ]
    header = ("Space", "beside `-r requirements.txt`")
    return sourced(table(header, rows), facts.source, facts.as_of)


def torch() -> str:
    """torch, what belongs to it, and where wheels with CUDA code were built for it."""
    facts = torch_facts()
    releases = sorted({*facts.torchvision, *facts.zero_gpu.documented}, key=Version)
    shown = [one for one in releases if Version(one) >= _first_documented()]
    rows = [
        (
            release,
            facts.torchvision.get(release, "without a pin"),
            matching_version("torchaudio", release) or "none known",
            "yes" if release in facts.zero_gpu.documented else "no",
            ", ".join(_cells(release)) or None,
        )
        for release in shown
    ]
    header = ("torch", "torchvision", "torchaudio", "pin documented for ZeroGPU", "wheel cells")
    source = "Requires-Dist on PyPI; pins: hub-docs#2763 (2026-09-04); cells: see below"
    return sourced(table(header, rows), source, facts.as_of)


def wheels() -> str:
    """Packages with CUDA code, by where a wheel of them is."""
    facts = wheel_facts()
    rows = [
        (title, ", ".join(one.name for one in facts.extensions if one.wheel == holds))
        for holds, title in _HOLDS.items()
    ]
    body = table(("wheel", "packages"), rows)
    return f"{body}\n\nFrom {facts.source}; {facts.as_of:%Y-%m}."


def ranges() -> str:
    """What Gradio releases ask of the packages that builds fail on."""
    origin = GradioNeeds(**load("gradio_needs.yaml"))
    last = set(gradio_releases().latest_by_major.values())
    rows = [
        (release, *(_range(gradio_needs(release).get(name)) for name in RANGED))
        for release in sorted(last | set(TURNING_POINTS), key=Version)
    ]
    header = ("gradio", *RANGED)
    return sourced(table(header, rows), origin.source, origin.as_of)


def removals() -> str:
    """Names that new versions of libraries do not have."""
    facts = library_removals()
    rows = [row for library in facts.libraries for row in _removals(library)]
    header = ("since", "gone", "instead")
    return sourced(table(header, rows), facts.source, facts.as_of)


def _quoted(requirements: tuple[str, ...]) -> str:
    return "`" + " ".join(f'"{one}"' for one in requirements) + "`"


def _first_documented() -> Version:
    return min(Version(one) for one in torch_facts().zero_gpu.documented)


def _cells(release: str) -> Iterator[str]:
    for cell in wheel_facts().cells:
        if cell.torch == release:
            yield from (
                f"`{cell.folder(python).removeprefix('wheels/')}`" for python in cell.pythons
            )


def _range(needs: str | None) -> str:
    """A range by its tightest bounds, the lower one first."""
    if needs is None:
        return "no range"
    specifiers = [Specifier(one) for one in needs.split(",")]
    lower = [one for one in specifiers if one.operator == ">="]
    upper = [one for one in specifiers if one.operator in {"<", "<="}]
    exact = [one for one in specifiers if one.operator == "=="]
    shown = [*exact, *sorted(lower, key=_version)[-1:], *sorted(upper, key=_version)[:1]]
    return f"`{','.join(map(str, shown))}`"


def _version(specifier: Specifier) -> Version:
    return Version(specifier.version)


def _removals(library: Library) -> Iterator[tuple[str, str, str | None]]:
    since = f"{library.package} {library.removed_in}"
    by_instead: dict[str, list[str]] = {}
    for kind, gone in (
        ("`{}`", library.names),
        ('`pipeline("{}")`', library.pipeline_tasks),
        ("`from_pretrained({}=)`", library.loading_arguments),
    ):
        for name, instead in gone.items():
            by_instead.setdefault(instead, []).append(kind.format(name))
    if library.prefixes:
        by_instead["the PyTorch class"] = [f"classes `{prefix}*`" for prefix in library.prefixes]
    for instead, names in by_instead.items():
        yield since, ", ".join(names), instead or None
        since = ""


TABLES: dict[str, Callable[[], str]] = {
    "requirements-platform": platform,
    "requirements-torch": torch,
    "requirements-wheels": wheels,
    "requirements-ranges": ranges,
    "requirements-removals": removals,
}
