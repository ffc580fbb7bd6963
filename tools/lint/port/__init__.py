"""Porting a Gradio app to ZeroGPU.

In order: the card names what the platform needs; what would run on the GPU at import is taken out;
models that are built for each call are built at import; the GPU goes by the name that ZeroGPU
knows; the functions that use it are decorated, and where none does, one that nobody calls, because
the platform asks for one; and `spaces` is imported first. Then the requirements, by the fixes of
their rules.
"""

from __future__ import annotations

from ..project import ZERO_GPU
from ..recipes import Recipe, Step
from .card import write_card
from .decorating import decorate
from .devices import name_the_gpu
from .imports import import_spaces
from .loading import load_at_import
from .probing import leave_out_probes
from .unused import decorate_something
from .wrapping import wrap_methods

ZERO_GPU_PORT = Recipe(
    name="zerogpu-port",
    summary="make a Gradio app run on ZeroGPU",
    steps=(
        Step("README block", write_card),
        Step("nothing on the GPU at import", leave_out_probes),
        Step("models at module scope", load_at_import),
        Step("devices", name_the_gpu),
        Step("functions around methods", wrap_methods),
        Step("decorator", decorate),
        Step("a function for the platform", decorate_something),
        Step("import of spaces", import_spaces),
    ),
    rules=(
        "FM_HARDWARE_KEY",
        "FM_PYTHON_VERSION_UNQUOTED",
        "REQ_TORCH_UNSUPPORTED",
        "REQ_TORCH_FAMILY",
        "REQ_PLATFORM_PKG",
        "REQ_SDK_VERSION_CONFLICT",
        "GR_SHARE_TRUE",
        "GR_SERVER_NAME",
        "ZG_IMPORT_ORDER",
        "ZG_CUDA_INDEX",
        "ZG_CUDA0_STRING",
        "ZG_QUEUE_SIZE",
    ),
    covers=(
        "ZG_CUDA_IN_HANDLER",
        "ZG_DEVICE_MAP",
        "ZG_LAZY_LOAD",
        "ZG_NOTHING_DECORATED",
    ),
    hardware=ZERO_GPU,
    tidies=True,
)
