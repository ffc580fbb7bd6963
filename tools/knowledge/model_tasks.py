"""What models are for: the Hub's tasks, the words people use, and the template of each."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from .files import Fact, load


class ModelTask(Fact):
    """A pipeline tag and the templates that start an app for it."""

    tag: str
    template: str
    words: tuple[str, ...]
    usually_small: bool = False
    """Whether the models people take for it run on a CPU."""
    browser: bool = False
    """Whether running it in the visitor's browser is usual."""
    providers_template: str | None = None
    docker_template: str | None = None


class AppShape(Fact):
    """An app that is asked for by its form, such as a project page."""

    template: str
    sdk: Literal["gradio", "docker", "static"]
    words: tuple[str, ...]
    task: str | None = None
    """The pipeline tag that such an app is always for."""


class ModelTaskFacts(Fact):
    """All of it."""

    default_template: str
    tasks: tuple[ModelTask, ...]
    shapes: tuple[AppShape, ...]
    onnx_suffixes: dict[str, str]
    """Data type by the suffix of the ONNX file that transformers.js asks for."""
    as_of: date
    source: str

    def task(self, tag: str | None) -> ModelTask | None:
        """Return the task of a pipeline tag, or None for one that is not described."""
        return next((task for task in self.tasks if task.tag == tag), None)

    @property
    def templates(self) -> frozenset[str]:
        """Every template that is named here."""
        named = {self.default_template, *(shape.template for shape in self.shapes)}
        for task in self.tasks:
            named |= {task.template, task.providers_template or "", task.docker_template or ""}
        return frozenset(named - {""})


@lru_cache(maxsize=1)
def model_tasks() -> ModelTaskFacts:
    """Return tasks, shapes of apps, and the names of ONNX files."""
    return ModelTaskFacts(**load("model_tasks.yaml"))
