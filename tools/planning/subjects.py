"""What is planned for: a model, an app's files, or a task; what is known of it, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..model import Model
from .memory import Memory
from .weights import Weights

MOST_LINES = 8
"""Lines of one sort in an answer for people; the structured result has all."""
ModelKind = Literal[
    "full weights",
    "adapter",
    "gguf",
    "onnx",
    "diffusers pipeline",
    "sentence-transformers",
    "other library",
    "no weights",
]


class Component(Model):
    """One part of a pipeline, such as its `vae`, with the size of its weights."""

    name: str
    weights: Weights


class Download(Model):
    """What has to be downloaded for one choice of files: a data type, or one GGUF file."""

    name: str
    size_bytes: int


class ModelSubject(Model):
    """A model as far as the Hub tells.

    `framework` is what runs it: `torch`, `llama.cpp`, `onnx`, `tensorflow`, `jax` or another
    library's name. `must_do` is what a person has to do before anybody can use it. `providers`
    are the inference providers that serve it, None where the Hub does not say.
    """

    subject: Literal["model"] = "model"
    name: str
    revision: str | None
    kind: ModelKind
    library: str | None
    framework: str
    task: str | None
    license: str | None
    private: bool
    gated: str | None
    custom_code: bool
    base: str | None = None
    weights: Weights
    components: tuple[Component, ...] = ()
    memory: Memory | None = None
    gguf_files: tuple[Download, ...] = ()
    browser: tuple[Download, ...] = ()
    providers: tuple[str, ...] | None = None
    download_bytes: int | None = None
    must_do: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The model for a person."""
        runs = f", runs with {self.framework}" if self.framework != self.library else ""
        yield f"{self.name}: {self._what}, task {self.task or 'not stated'}{runs}."
        for duty in self.must_do:
            yield f"First: {duty}."
        yield self._size
        if self.memory:
            needs = ", ".join(need.text for need in self.memory.needs)
            yield f"Memory: {needs} ({'; '.join(self.memory.assumptions)})."
        if self.gguf_files:
            yield f"GGUF files: {_downloads(self.gguf_files)}."
        if self.browser:
            yield f"A visitor's browser downloads: {_downloads(self.browser)}."
        yield from (f"Note: {note}." for note in self.notes)

    @property
    def _what(self) -> str:
        # What a card says may be of any length, and is a stranger's.
        base = f" of {one_line(self.base)}" if self.base and self.kind == "adapter" else ""
        library = (
            f" ({one_line(self.library)})" if self.library and self.library != self.kind else ""
        )
        return f"{self.kind}{base}{library}, license {one_line(self.license or 'not stated')}"

    @property
    def _size(self) -> str:
        weights = self.weights
        if not weights.is_known:
            return "Size: unknown."
        counted = ", ".join(f"{count:,} {kind}" for kind, count in weights.parameters.items())
        stored = f"{weights.stored_bytes:,} bytes" if weights.stored_bytes else "size unknown"
        parts = "; ".join(
            f"{part.name} {part.weights.stored_bytes:,}"
            for part in self.components
            if part.weights.stored_bytes
        )
        numbers = f"{counted} parameters, {stored}" if counted else stored
        return f"Size: {numbers}{f' ({parts})' if parts else ''}, from {weights.origin}."


class CudaNeed(Model):
    """A package with CUDA code: where it was seen, and whether a wheel for ZeroGPU is known."""

    name: str
    seen_in: str
    wheel: Literal["dataset", "index", "none"]
    advice: str


class UsedModel(Model):
    """A model that the code loads: where, and its size where the Hub could be asked."""

    name: str
    seen_in: str
    stored_bytes: int | None = None
    gated: str | None = None
    note: str = ""


class AppSubject(Model):
    """An app's files: a folder, or a Space's repository.

    `entry_from` says how the entry was found. `large_files` are above the size that plain git
    takes, `pointers` what git-lfs left in the place of files. `frameworks` are those that the code
    imports or requires.
    """

    subject: Literal["app"] = "app"
    name: str
    is_space: bool
    sdk: str | None
    entry: str | None
    entry_from: str
    frameworks: tuple[str, ...]
    wants_gpu: bool
    models: tuple[UsedModel, ...]
    cuda: tuple[CudaNeed, ...]
    large_files: tuple[Download, ...]
    pointers: tuple[str, ...]
    hardware: str | None
    memory: Memory | None = None
    task: str | None = None
    providers: tuple[str, ...] | None = None
    download_bytes: int | None = None
    must_do: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The app for a person."""
        uses = ", ".join(self.frameworks) or "no known framework"
        entry = f"{self.entry} ({self.entry_from})" if self.entry else self.entry_from
        yield f"{self.name}: SDK {self.sdk or 'not stated'}, entry {entry}, uses {uses}."
        yield from (f"First: {duty}." for duty in self.must_do)
        for model in self.models[:MOST_LINES]:
            size = f"{model.stored_bytes:,} bytes" if model.stored_bytes else "size unknown"
            gate = f", gated ({model.gated})" if model.gated else ""
            note = f" - {model.note}" if model.note else ""
            yield f"Model {model.name} in {model.seen_in}: {size}{gate}{note}."
        if len(self.models) > MOST_LINES:
            yield f"And {len(self.models) - MOST_LINES} models more."
        if self.memory:
            needs = ", ".join(need.text for need in self.memory.needs)
            yield f"Memory of all of them: {needs} ({'; '.join(self.memory.assumptions)})."
        for need in self.cuda[:MOST_LINES]:
            yield f"CUDA code: {need.name} ({need.seen_in}): {need.advice}."
        if self.large_files:
            yield f"Above 10 MB, so upload as large files: {_downloads(self.large_files)}."
        if self.pointers:
            yield f"LFS pointers instead of the files: {', '.join(self.pointers[:5])}."
        yield from (f"Note: {note}." for note in self.notes[:MOST_LINES])


class Candidate(Model):
    """A model that would do, and what each data type of it makes a visitor download."""

    name: str
    browser: tuple[Download, ...]


class TaskSubject(Model):
    """A task in words: the pipeline tag and the template that its words ask for.

    `candidates` are models with ONNX files for a page that runs in the browser.
    """

    subject: Literal["task"] = "task"
    words: str
    task: str | None
    template: str
    sdk: str | None
    matched: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    download_bytes: int | None = None
    must_do: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The task for a person."""
        found = f" (by the words: {', '.join(self.matched)})" if self.matched else ""
        yield f"Task {self.words!r}: {self.task or 'no known model task'}{found}."
        for candidate in self.candidates:
            yield f"Has ONNX files: {candidate.name}, {_downloads(candidate.browser)}."
        yield from (f"Note: {note}." for note in self.notes)


Subject = ModelSubject | AppSubject | TaskSubject


def one_line(text: str, most: int = 80) -> str:
    """`text` on one line, cut to `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _downloads(found: tuple[Download, ...], most: int = 6) -> str:
    shown = ", ".join(f"{one.name} {one.size_bytes:,} bytes" for one in found[:most])
    return shown + (f" and {len(found) - most} more" if len(found) > most else "")
