"""Reading an app's files: its entry, what it computes with, the models it loads."""

from __future__ import annotations

from collections.abc import Sequence

from ..context import Context
from ..lint.project import Project
from ..lint.texts import Texts
from ..problems import Problem
from .code_models import ModelUse, models_in
from .cuda import cuda_needs
from .entry import find_entry
from .frameworks import COMPUTING, frameworks_of, wants_gpu
from .memory import Memory, estimate
from .reading import read_model
from .subjects import AppSubject, Download, ModelSubject, UsedModel
from .weights import Weights

LARGE_BYTES = 10_000_000
"""Above this a file goes to the Hub as a large file (LFS or Xet), never through plain git."""
MOST_MODELS = 6
_LEAST_SECONDS = 5.0
_POINTER = "version https://git-lfs.github.com/spec/v1"
_POINTER_BYTES = 1024


def read_app(context: Context, texts: Texts, name: str, *, is_space: bool) -> AppSubject:
    """An app by its files; its models are looked up on the Hub of `context`."""
    project = Project(texts)
    entry, entry_from = find_entry(project)
    if entry is not None and entry.endswith(".py") and project.app is None:
        # Seen from the entry that was found, so that its imports are followed.
        project = Project(texts, app_file=entry)
    uses = models_in(project)
    known, unknown = _looked_up(context, uses)
    frameworks = frameworks_of(project)
    main = next(iter(known.values()), None)
    hosted = [known[use.name] for use in uses if use.name in known and not use.is_remote]
    return AppSubject(
        name=name,
        is_space=is_space,
        sdk=project.sdk,
        entry=entry,
        entry_from=entry_from,
        frameworks=frameworks,
        wants_gpu=wants_gpu(project),
        models=tuple(_used(use, known.get(use.name)) for use in uses),
        cuda=cuda_needs(project),
        large_files=_large(project),
        pointers=_pointers(project),
        hardware=project.hardware.flavor,
        memory=_memory(hosted, all_known=len(hosted) == sum(not use.is_remote for use in uses)),
        task=main.task if main else None,
        providers=main.providers if main else None,
        download_bytes=_download(hosted, uses),
        must_do=tuple(duty for model in known.values() for duty in model.must_do),
        notes=_notes(project, known),
        unknown=(*unknown, *_unknown(uses, frameworks)),
    )


def _looked_up(
    context: Context, uses: Sequence[ModelUse]
) -> tuple[dict[str, ModelSubject], list[str]]:
    """The first models of the code as the Hub describes them, and what could not be asked."""
    known: dict[str, ModelSubject] = {}
    unknown = [f"{use.name}: not looked up" for use in uses[MOST_MODELS:]]
    for use in uses[:MOST_MODELS]:
        if context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
            unknown.append(f"{use.name}: no time was left to look it up")
            continue
        try:
            known[use.name] = read_model(context, use.name)
        except Problem as problem:
            unknown.append(f"{use.name} ({use.seen_in}): not readable ({problem.code})")
            if problem.code == "hub_unreachable":
                break
    return known, unknown


def _used(use: ModelUse, found: ModelSubject | None) -> UsedModel:
    note = "run by a service, not in the Space" if use.is_remote else ""
    if found is None:
        return UsedModel(name=use.name, seen_in=use.seen_in, note=note)
    return UsedModel(
        name=use.name,
        seen_in=use.seen_in,
        stored_bytes=found.weights.stored_bytes,
        gated=found.gated,
        note=note or (found.kind if found.kind != "full weights" else ""),
    )


def _memory(hosted: Sequence[ModelSubject], *, all_known: bool) -> Memory | None:
    """All models in memory together; None unless every one of them is known."""
    if not hosted or not all_known:
        return None
    if len(hosted) == 1:
        return hosted[0].memory
    total: Weights = hosted[0].weights
    for model in hosted[1:]:
        total = total.plus(model.weights)
    return estimate(total, {}, has_cache=False)


def _download(hosted: Sequence[ModelSubject], uses: Sequence[ModelUse]) -> int | None:
    sizes = [model.download_bytes for model in hosted]
    complete = len(hosted) == sum(not use.is_remote for use in uses)
    known = [size for size in sizes if size is not None]
    return sum(known) if complete and len(known) == len(sizes) else None


def _large(project: Project) -> tuple[Download, ...]:
    large = [
        Download(name=path, size_bytes=size)
        for path, size in project.sizes.items()
        if size > LARGE_BYTES
    ]
    return tuple(sorted(large, key=lambda file: -file.size_bytes))


def _pointers(project: Project) -> tuple[str, ...]:
    small = (path for path, size in project.sizes.items() if 0 < size < _POINTER_BYTES)
    return tuple(sorted(p for p in small if (project.text(p) or "").startswith(_POINTER)))


def _notes(project: Project, known: dict[str, ModelSubject]) -> tuple[str, ...]:
    notes = [note for model in known.values() for note in model.notes]
    if not project.card.exists or project.card.problem is not None:
        notes.append("README.md has no usable block for a Space yet; space_fix can write one")
    if project.sdk == "streamlit":
        notes.append("the Streamlit SDK is gone: it runs as a Docker Space")
    return tuple(dict.fromkeys(notes))


def _unknown(uses: Sequence[ModelUse], frameworks: Sequence[str]) -> tuple[str, ...]:
    computes = any(name in COMPUTING for name in frameworks)
    if computes and not uses:
        return ("which models the app loads: no name of one stands in its code",)
    return ()
