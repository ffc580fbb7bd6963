"""A GPU that the Space's hardware does not have."""

from __future__ import annotations

from collections.abc import Iterator

from ...knowledge.hardware import hardware_flavor
from ..at_start import runs_at_every_start, surely_needs_cuda
from ..execution import execution_of, is_told
from ..finding import Hit, Severity
from ..project import ZERO_GPU, Project
from ..rule import on_gradio, rule
from ..spelling import spelled


@rule(
    "APP_CUDA_ON_CPU",
    Severity.ERROR,
    "The app puts something on the GPU while it starts, and its hardware has none",
    source="torch 2.13 torch/cuda/__init__.py (_lazy_init raises), run without a GPU",
    as_of="2026-11-23",
    reference="debugging",
    when=on_gradio,
)
def cuda_on_cpu(project: Project) -> Iterator[Hit]:
    """On a machine without a GPU `.to("cuda")` raises "Found no NVIDIA driver on your system" or
    "Torch not compiled with CUDA enabled". At the top of the app that ends the start: the Space
    goes into a runtime error. It is only said where somebody names the hardware, and not behind a
    condition such as `torch.cuda.is_available()`.
    """
    flavor = project.hardware.flavor
    if project.app is None or not is_told(project) or not _has_no_gpu(flavor):
        return
    model = execution_of(project)
    for scope, call in model.calls(model.at_import):
        if surely_needs_cuda(model.graph, scope, call) and runs_at_every_start(model, scope, call):
            message = (
                f"`{spelled(call.func)}(...)` needs a GPU while the app starts, and {flavor} has "
                'none; choose the device by `"cuda" if torch.cuda.is_available() else "cpu"`, or '
                "take hardware with a GPU"
            )
            yield Hit(scope.file.path, call.lineno, message)


def _has_no_gpu(name: str | None) -> bool:
    """Whether a flavor is known and has no GPU of its own or by the call."""
    flavor = hardware_flavor(name) if name is not None and name != ZERO_GPU else None
    return flavor is not None and flavor.accelerator is None
