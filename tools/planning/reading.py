"""Reading a model: what it is, how large it is, and what a person must do before using it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..context import Context
from ..hub.models import ModelCalls, ModelFacts, ModelFile
from ..problems import Problem
from .browser import browser_downloads
from .kinds import framework_of, is_text_generator, kind_of
from .licensing import license_notes, license_of
from .memory import Memory, estimate, together
from .sizes import SizeReader, gguf_choices, usual_gguf
from .subjects import Component, Download, ModelKind, ModelSubject
from .weights import Weights

_TEXTS = (".json", ".txt", ".model", ".py", ".jinja", ".tiktoken", ".jsonl")
_LEAST_SECONDS = 2.0


@dataclass
class _Reading:
    """A model while it is read; `unknown` grows where the Hub refuses or time runs out."""

    context: Context
    calls: ModelCalls
    facts: ModelFacts
    files: Sequence[ModelFile] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def json(self, path: str) -> dict[str, Any]:
        """A JSON file of the repository, empty where it is missing or refused."""
        if all(file.path != path for file in self.files):
            return {}
        if self.context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
            self.unknown.append(f"{path} of {self.facts.name}: no time was left to read it")
            return {}
        try:
            return self.calls.model_json(self.facts.name, self.facts.sha, path)
        except Problem as problem:
            why = "gated, and this account has no access" if self.facts.gated else problem.code
            self.unknown.append(f"{path} of {self.facts.name} could not be read ({why})")
            return {}


def model_calls(context: Context) -> ModelCalls:
    """The door to models, on the Hub of `context`."""
    return ModelCalls(context.address, clock=context)


def read_model(context: Context, name: str, *, with_base: bool = True) -> ModelSubject:
    """A model as the Hub of `context` describes it; an adapter together with its base, unless
    `with_base` is false.

    Raises:
        Problem: `not_found`, and the Hub's usual ones for the model itself. What else cannot be
            read is named in `unknown`.
    """
    reading = _begun(context, name)
    kind = kind_of(reading.facts, reading.files)
    weights, components = _sizes(reading, kind)
    base_name = _base_name(reading) if kind == "adapter" else None
    base = _base(reading, base_name) if base_name and with_base else None
    subject = _described(reading, kind, weights, components, base_name)
    return _with_base(subject, base, reading) if base_name and with_base else subject


def _begun(context: Context, name: str) -> _Reading:
    calls = model_calls(context)
    reading = _Reading(context, calls, calls.model(name))
    try:
        reading.files = calls.model_files(name, reading.facts.sha)
    except Problem as problem:
        reading.unknown.append(f"files of {name} could not be listed ({problem.code})")
    reading.config = {**reading.facts.config, **reading.json("config.json")}
    return reading


def _sizes(reading: _Reading, kind: ModelKind) -> tuple[Weights, tuple[Component, ...]]:
    sizes = SizeReader(reading.context, reading.calls, reading.facts, reading.files)
    if kind == "diffusers pipeline":
        components = sizes.components(reading.json("model_index.json"))
        if components:
            total = components[0].weights
            for part in components[1:]:
                total = total.plus(part.weights)
            return total, components
    return sizes.weights(kind, reading.config), ()


def _base_name(reading: _Reading) -> str | None:
    """The base of an adapter: its configuration's word first, then the card's."""
    stated = reading.json("adapter_config.json").get("base_model_name_or_path")
    peft = reading.facts.config.get("peft")
    repeated = peft.get("base_model_name_or_path") if isinstance(peft, dict) else None
    card = reading.facts.card.get("base_model")
    named = card[0] if isinstance(card, list) and card else card
    for name in (stated, repeated, named):
        if isinstance(name, str) and name.count("/") == 1:
            return name
    return None


def _base(reading: _Reading, name: str) -> ModelSubject | None:
    try:
        base = read_model(reading.context, name, with_base=False)
    except Problem as problem:
        reading.unknown.append(f"base model {name} could not be read ({problem.code})")
        return None
    if base.kind == "adapter":
        reading.unknown.append(f"base model {name} is an adapter itself; its base was not read")
        return None
    return base


def _described(
    reading: _Reading,
    kind: ModelKind,
    weights: Weights,
    components: tuple[Component, ...],
    base: str | None,
) -> ModelSubject:
    facts = reading.facts
    named = license_of(facts.card)
    custom = "auto_map" in reading.config or "custom_code" in facts.tags
    if not weights.is_known:
        reading.unknown.append(f"size of {facts.name}: no header, configuration or file says it")
    return ModelSubject(
        name=facts.name,
        revision=facts.sha,
        kind=kind,
        library=facts.library,
        framework=framework_of(facts, kind),
        task=facts.pipeline_tag,
        license=named,
        private=facts.private,
        gated=facts.gated,
        custom_code=custom,
        base=base,
        weights=weights,
        components=components,
        memory=_memory(reading, weights),
        gguf_files=gguf_choices(reading.files),
        browser=browser_downloads(reading.files),
        providers=_live_providers(facts),
        download_bytes=_download(reading, kind, weights),
        must_do=_duties(facts),
        notes=(*license_notes(named), *_notes(facts, custom=custom)),
        unknown=tuple(dict.fromkeys(reading.unknown)),
    )


def _memory(reading: _Reading, weights: Weights) -> Memory | None:
    cached = is_text_generator(reading.facts, reading.config)
    return estimate(weights, reading.config, has_cache=cached)


def _with_base(adapter: ModelSubject, base: ModelSubject | None, reading: _Reading) -> ModelSubject:
    """The adapter with its base's size added: both are in memory when it runs."""
    if base is None:
        return adapter.model_copy(
            update={"memory": None, "download_bytes": None, "unknown": tuple(reading.unknown)}
        )
    both = adapter.weights.plus(base.weights)
    sizes = (adapter.download_bytes, base.download_bytes)
    return adapter.model_copy(
        update={
            "framework": base.framework,
            "task": adapter.task or base.task,
            "weights": both,
            "components": base.components,
            "memory": together(both, (base.memory,) if base.memory else ()),
            "download_bytes": None if None in sizes else sum(size or 0 for size in sizes),
            "must_do": (*adapter.must_do, *base.must_do),
            "custom_code": adapter.custom_code or base.custom_code,
            "notes": (*adapter.notes, *_base_notes(adapter, base)),
            "unknown": tuple(dict.fromkeys((*reading.unknown, *base.unknown))),
        }
    )


def _base_notes(adapter: ModelSubject, base: ModelSubject) -> tuple[str, ...]:
    licensed = f"base {base.name}: license {base.license or 'not stated'}, {base.kind}"
    return (licensed, *(note for note in base.notes if note not in adapter.notes))


def _live_providers(facts: ModelFacts) -> tuple[str, ...] | None:
    if facts.providers is None:
        return None
    return tuple(one.name for one in facts.providers if one.status == "live")


def _download(reading: _Reading, kind: ModelKind, weights: Weights) -> int | None:
    """Bytes that loading the model fetches: one set of weights, and the small files beside it."""
    if kind == "gguf":
        chosen: Download | None = usual_gguf(gguf_choices(reading.files))
        return chosen.size_bytes if chosen else None
    if weights.stored_bytes is None:
        return None
    beside = (
        file.size_bytes
        for file in reading.files
        if file.path.endswith(_TEXTS) and not file.path.startswith("onnx/")
    )
    return weights.stored_bytes + sum(beside)


def _duties(facts: ModelFacts) -> tuple[str, ...]:
    if facts.gated:
        how = "at once" if facts.gated == "auto" else "when its owner agrees"
        duty = (
            f"{facts.name} is gated: a person accepts the terms on its page (access comes {how}),"
            " and the Space gets a token of that account as the secret HF_TOKEN"
        )
        return (duty,)
    if facts.private:
        return (f"{facts.name} is private: the Space needs a token as the secret HF_TOKEN",)
    return ()


def _notes(facts: ModelFacts, *, custom: bool) -> tuple[str, ...]:
    notes = []
    if custom:
        pin = f' and revision="{facts.sha}"' if facts.sha else " and a pinned revision"
        notes.append(
            f"{facts.name} brings its own code: it loads with trust_remote_code=True{pin}, which"
            " runs that code in the Space"
        )
    if facts.pipeline_tag is None:
        notes.append(
            f"the card of {facts.name} has no pipeline_tag, so the template is a guess: read the"
            " card for what goes in and out"
        )
    return tuple(notes)
