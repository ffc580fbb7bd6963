"""What a subject asks of a Space, in the few facts that the choice of a route turns on."""

from __future__ import annotations

from dataclasses import dataclass

from ..hub.facts import Hardware
from ..knowledge.model_tasks import ModelTask, model_tasks
from ..knowledge.precisions import precision_facts
from .frameworks import COMPUTING
from .kinds import TORCH
from .memory import Memory, MemoryNeed
from .starting import DOCKER_FRAME, starting_template
from .subjects import AppSubject, Download, ModelSubject, Subject, TaskSubject

PROVIDERS = "llm-chat-providers"
"""The template whose model runs at an inference provider."""
# Streamlit lost its own SDK; such an app runs in a container.
_IN_A_CONTAINER = frozenset({"docker", "streamlit"})
# The templates of tasks load their model with torch, or in a small case with any runtime.
_OF_THE_TEMPLATES = frozenset({TORCH})


@dataclass(frozen=True)
class Needs:
    """What decides between the routes.

    `framework` is what computes, None for an app that computes nothing heavy. `is_small` says
    that a CPU will do. `browser` is the smallest download for a visitor's browser, `may_browse`
    that a page instead of a server is thinkable at all. `providers` are None where unknown.
    `sdk` is the app's own, or that of the form which a task asks for; `shape` is that form's
    template. `model` is the one that an app is to be written for.
    """

    framework: str | None
    task: ModelTask | None = None
    memory: Memory | None = None
    is_small: bool = False
    browser: Download | None = None
    may_browse: bool = False
    providers: tuple[str, ...] | None = None
    is_app: bool = False
    sdk: str | None = None
    shape: str | None = None
    hardware: str | None = None
    model: ModelSubject | None = None

    @property
    def runs_on_zero_gpu(self) -> bool:
        """Whether ZeroGPU, which emulates CUDA for torch alone, can serve it."""
        return self.framework == TORCH

    @property
    def is_server(self) -> bool:
        """Whether it is, or asks for, a server in a container."""
        return self.sdk in _IN_A_CONTAINER

    @property
    def may_be_gradio(self) -> bool:
        """Whether the Gradio SDK is thinkable: files that are there decide it."""
        return not self.is_app or self.sdk not in {*_IN_A_CONTAINER, "static"}

    @property
    def usual(self) -> MemoryNeed | None:
        """Memory at 16 bits, or as stored."""
        return self.memory.usual if self.memory else None

    def template(self, sdk: str, flavor: Hardware | None = None) -> str | None:
        """The template that starts on `flavor`; None for an app, whose files are there."""
        if self.is_app:
            return None
        wanted = self._usual_template(sdk)
        return wanted if sdk == "static" else starting_template(wanted, sdk, flavor, self.model)

    def _usual_template(self, sdk: str) -> str:
        if self.shape is not None and self.sdk == sdk:
            return self.shape
        if sdk == "docker":
            return (self.task.docker_template if self.task else None) or DOCKER_FRAME
        fits = self.task is not None and self.framework in _OF_THE_TEMPLATES
        return self.task.template if fits and self.task else model_tasks().default_template


def needs_of(subject: Subject) -> Needs:
    """The deciding facts of a subject."""
    if isinstance(subject, ModelSubject):
        return _of_model(subject)
    return _of_app(subject) if isinstance(subject, AppSubject) else _of_task(subject)


def _of_model(subject: ModelSubject) -> Needs:
    assumed = precision_facts().assumptions
    browser = subject.browser[0] if subject.browser else None
    stored = subject.weights.stored_bytes
    if subject.framework == "llama.cpp":
        is_small = stored is not None and stored <= assumed.cpu_gguf_bytes
    else:
        is_small = _is_small(subject.weights.total, stored)
    return Needs(
        framework=subject.framework,
        task=model_tasks().task(subject.task),
        memory=subject.memory,
        is_small=is_small,
        browser=browser,
        may_browse=browser is not None,
        providers=subject.providers,
        model=subject,
    )


def _is_small(parameters: int | None, stored: int | None) -> bool:
    most = precision_facts().assumptions.cpu_parameters
    if parameters is not None:
        return parameters <= most
    return stored is not None and stored <= 4 * most


def _of_app(subject: AppSubject) -> Needs:
    computing = next((name for name in subject.frameworks if name in COMPUTING), None)
    stored = [model.stored_bytes for model in subject.models]
    all_small = bool(stored) and all(_is_small(None, size) for size in stored)
    is_page = subject.sdk == "static" or "transformers.js" in subject.frameworks
    return Needs(
        framework=computing,
        task=model_tasks().task(subject.task),
        memory=subject.memory,
        is_small=computing is None or (all_small and not subject.wants_gpu),
        may_browse=is_page or computing is None,
        providers=subject.providers,
        is_app=True,
        sdk=subject.sdk,
        hardware=subject.hardware,
    )


def _of_task(subject: TaskSubject) -> Needs:
    task = model_tasks().task(subject.task)
    is_hosted = task is not None and subject.template != PROVIDERS
    return Needs(
        framework=TORCH if is_hosted else None,
        task=task,
        is_small=not is_hosted or bool(task and task.usually_small),
        may_browse=subject.sdk == "static" or bool(is_hosted and task and task.browser),
        sdk=subject.sdk,
        shape=subject.template if subject.sdk else None,
    )
