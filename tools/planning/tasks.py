"""A task in words: which of the Hub's tasks it is, and what kind of app."""

from __future__ import annotations

import re

from ..knowledge.model_tasks import AppShape, ModelTask, model_tasks
from .subjects import TaskSubject


def read_task(words: str) -> TaskSubject:
    """What a person asks for, by the words of `model_tasks.yaml` and nothing beyond them."""
    facts = model_tasks()
    text = words.lower()
    task, task_words = _task(text)
    shape, shape_words = _shape(text)
    if shape is not None and task is None:
        task = facts.task(shape.task)
    template = task.template if task else facts.default_template
    return TaskSubject(
        words=words,
        task=task.tag if task else None,
        template=shape.template if shape else template,
        sdk=shape.sdk if shape else None,
        matched=(*task_words, *shape_words),
        unknown=_unknown(task, shape),
    )


def _unknown(task: ModelTask | None, shape: AppShape | None) -> tuple[str, ...]:
    if task is not None:
        return ("which model: none is named, so neither size nor memory is known",)
    if shape is not None:
        return ("what it computes: no known word for a model's task stands in it",)
    return ("which of the Hub's tasks it is: no known word for one stands in it",)


def _task(text: str) -> tuple[ModelTask | None, tuple[str, ...]]:
    """The task with the longest word that occurs: `speech to text` says more than `text`."""
    best: tuple[int, ModelTask, str] | None = None
    for task in model_tasks().tasks:
        for word in task.words:
            if _occurs(word, text) and (best is None or len(word) > best[0]):
                best = (len(word), task, word)
    return (best[1], (best[2],)) if best else (None, ())


def _shape(text: str) -> tuple[AppShape | None, tuple[str, ...]]:
    for shape in model_tasks().shapes:
        for word in shape.words:
            if _occurs(word, text):
                return shape, (word,)
    return None, ()


def _occurs(word: str, text: str) -> bool:
    """Whether a word occurs as such, also as the beginning of its plural."""
    pattern = rf"(?<![a-z0-9]){re.escape(word)}(?:s|es)?(?![a-z0-9])"
    return re.search(pattern, text) is not None
