"""Which template starts an app: one that runs on the flavor, and loads the model that is named."""

from __future__ import annotations

from ..hub.facts import Hardware
from ..knowledge import hardware_flavor
from ..knowledge.model_tasks import model_tasks
from ..templates import template
from .flavors import gpu_bytes
from .subjects import ModelSubject

DOCKER_FRAME = "fastapi-docker"
_LOADED_WHOLE = frozenset({"full weights", "diffusers pipeline"})


def starting_template(
    wanted: str, sdk: str, flavor: Hardware | None, model: ModelSubject | None
) -> str:
    """`wanted` where an app from it starts on `flavor` with `model`, else the SDK's frame."""
    runs = _runs_on(wanted, flavor)
    if runs and (model is None or loads(wanted, model)):
        return wanted
    return DOCKER_FRAME if sdk == "docker" else model_tasks().default_template


def is_frame(name: str) -> bool:
    """Whether a template knows no model: one has to be put into it by hand."""
    return name in {DOCKER_FRAME, model_tasks().default_template}


def takes_model(name: str) -> bool:
    """Whether `space_scaffold` takes a model for this template."""
    return template(name).model is not None


def loads(name: str, model: ModelSubject) -> bool:
    """Whether a template is written for models of this task, library and kind.

    True as well for a template that runs no model itself, or leaves that to a provider.
    """
    choice = template(name).model
    if choice is None:
        return True
    if model.task not in choice.tasks:
        return False
    library = model.library or "transformers"
    return not choice.libraries or (library in choice.libraries and model.kind in _LOADED_WHOLE)


def _runs_on(name: str, flavor: Hardware | None) -> bool:
    known = hardware_flavor(template(name).hardware or "")
    needs_gpu = known is not None and known.accelerator is not None
    return not needs_gpu or flavor is None or gpu_bytes(flavor) is not None
