"""Reading an app's files: its entry, what it computes with, the models it loads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..context import Context
from ..lint.project import Project
from ..lint.texts import FolderTexts, Texts
from ..problems import Problem
from ..public_reading import read_publicly
from .code_models import ModelUse, loads_not_followed, models_in
from .cuda import cuda_needs
from .entry import find_entry
from .frameworks import COMPUTING, frameworks_of, wants_gpu
from .memory import Memory, together
from .reading import read_model
from .subjects import AppSubject, Download, ModelSubject, UsedModel
from .weights import Weights

LARGE_BYTES = 10_000_000
"""Above this a file goes to the Hub as a large file (LFS or Xet), never through plain git."""
MOST_MODELS = 6
MOST_UNNAMED = 3
_LEAST_SECONDS = 5.0


def read_app(
    context: Context, texts: Texts, name: str, *, is_space: bool
) -> tuple[AppSubject, str | None]:
    """An app by its files, and a note where its models were not looked up on the whole Hub.

    A model that cannot be looked up, for want of a network as well, is unknown and no failure.
    """
    project = Project(texts)
    entry, entry_from = find_entry(project)
    if entry is not None and entry.endswith(".py") and project.app is None:
        # Seen from the entry that was found, so that its imports are followed.
        project = Project(texts, app_file=entry)
    uses = models_in(project)
    known, unknown, note = _looked_up(context, uses)
    frameworks = frameworks_of(project)
    main = next(iter(known.values()), None)
    hosted = [known[use.name] for use in uses if use.name in known and use.is_hosted]
    all_known = len(hosted) == sum(use.is_hosted for use in uses)
    subject = AppSubject(
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
        # The Hub sends the file itself; only a folder can hold a pointer in its place.
        pointers=texts.pointers() if isinstance(texts, FolderTexts) else (),
        hardware=project.hardware.flavor,
        memory=_memory(hosted) if all_known else None,
        task=next((model.task for model in known.values() if model.task), None),
        providers=main.providers if main else None,
        download_bytes=_download(hosted) if all_known else None,
        must_do=tuple(duty for model in known.values() for duty in model.must_do),
        notes=_notes(project, known),
        unknown=(
            *unknown,
            *(what for model in known.values() for what in model.unknown),
            *_unknown(uses, loads_not_followed(project), frameworks),
        ),
    )
    return subject, note


def _looked_up(
    context: Context, uses: Sequence[ModelUse]
) -> tuple[dict[str, ModelSubject], list[str], str | None]:
    """The first models of the code as the Hub describes them, what could not be asked, a note."""
    known: dict[str, ModelSubject] = {}
    note = None
    unknown = [f"{use.name}: not looked up" for use in uses[MOST_MODELS:]]
    counted = {use.name for use in uses if use.is_hosted}
    for use in uses[:MOST_MODELS]:
        if context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
            unknown.append(f"{use.name}: no time was left to look it up")
            continue
        try:
            read = partial(_read, name=use.name, counted=counted)
            known[use.name], _, note = read_publicly(context, read)
        except Problem as problem:
            unknown.append(f"{use.name} ({use.seen_in}): not readable ({problem.code})")
    return known, unknown, note


def _read(context: Context, *, name: str, counted: set[str]) -> ModelSubject:
    """A model; an adapter without its base where that is `counted` already, as it then is."""
    found = read_model(context, name)
    if found.kind != "adapter" or found.base is None:
        return found
    if found.base in counted:
        return read_model(context, name, with_base=False)
    counted.add(found.base)
    return found


def _used(use: ModelUse, found: ModelSubject | None) -> UsedModel:
    note = "run by a service, not in the Space" if use.is_remote else ""
    if use.is_weightless:
        note = "only its tokenizer or another small part is loaded"
    if found is None:
        return UsedModel(name=use.name, seen_in=use.seen_in, note=note)
    return UsedModel(
        name=use.name,
        seen_in=use.seen_in,
        stored_bytes=found.weights.stored_bytes,
        gated=found.gated,
        note=note or (found.kind if found.kind != "full weights" else ""),
    )


def _memory(hosted: Sequence[ModelSubject]) -> Memory | None:
    """All models in memory together."""
    if not hosted:
        return None
    if len(hosted) == 1:
        return hosted[0].memory
    total: Weights = hosted[0].weights
    for model in hosted[1:]:
        total = total.plus(model.weights)
    return together(total, [model.memory for model in hosted if model.memory])


def _download(hosted: Sequence[ModelSubject]) -> int | None:
    sizes = [model.download_bytes for model in hosted]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _large(project: Project) -> tuple[Download, ...]:
    large = [
        Download(name=path, size_bytes=size)
        for path, size in project.sizes.items()
        if size > LARGE_BYTES
    ]
    return tuple(sorted(large, key=lambda file: -file.size_bytes))


def _notes(project: Project, known: dict[str, ModelSubject]) -> tuple[str, ...]:
    notes = [note for model in known.values() for note in model.notes]
    if not project.card.exists or project.card.problem is not None:
        notes.append("README.md has no usable block for a Space yet; space_fix can write one")
    if project.sdk == "streamlit":
        notes.append("the Streamlit SDK is gone: it runs as a Docker Space")
    return tuple(dict.fromkeys(notes))


def _unknown(
    uses: Sequence[ModelUse], unnamed: Sequence[str], frameworks: Sequence[str]
) -> tuple[str, ...]:
    computes = any(name in COMPUTING for name in frameworks)
    if uses and unnamed:
        more = f" and {len(unnamed) - MOST_UNNAMED} places more" if unnamed[MOST_UNNAMED:] else ""
        places = ", ".join(unnamed[:MOST_UNNAMED])
        return (f"what {places}{more} load besides: no name stands there; not in the memory",)
    if computes and not uses:
        return ("which models the app loads: no name of one stands in its code",)
    return ()
