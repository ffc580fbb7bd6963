"""The names that tell what GPU code does: packages, calls, classes, arguments."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load

Names = frozenset[str]


class GpuCodeFacts(Fact):
    """Names by what they tell. Calls and classes are qualified: `torch.cuda.init`."""

    torch_packages: Names
    """Packages whose import imports torch."""
    asks_cuda: Names
    """Calls that ask the driver or initialise CUDA, when nothing emulates them."""
    answers_without_gpu: Names
    """Those of them that answer on a machine without a GPU, where the others raise."""
    low_level: Names
    """Calls that ZeroGPU's emulation in the main process does not cover."""
    low_level_methods: Names
    """Methods that run a kernel, which it does not cover either."""
    streams: Names
    """Streams, which the emulation does not cover either."""
    tensor_factories: Names
    """Functions that make a tensor and take `device=`."""
    model_builders: Names
    """Callables that build a model and read its weights."""
    building_methods: Names
    """Methods that do so, whatever the class."""
    light_classes: tuple[str, ...]
    """Ends of class names that hold no weights."""
    flash_attention_3: Names
    """Names of attention kernels that do not run on ZeroGPU's card."""
    placing_device_maps: Names
    """Values of `device_map` that place weights while they load, `cuda` and indices apart."""
    deciding_parameters: Names
    """Parameters that decide how long a call computes."""
    gpu_sizes: Names
    decorator_arguments: Names
    """What `spaces.GPU` takes; it swallows every other keyword."""
    event_methods: Names
    """Methods of Gradio that bind a function to an event."""
    event_callables: Names
    """Gradio's callables that take such a function."""
    writers: dict[str, tuple[int, str]]
    """Functions that write a file, with the position and the name of the path's argument."""
    writing_methods: Names
    """Methods that write to the path that they are given first."""
    unpicklable: Names
    """Callables whose results cannot be pickled."""
    event_data: Names
    """Gradio's data of an event, which cannot be pickled either."""
    process_starters: Names
    """Callables that start processes, which a worker may not."""
    command_runners: Names
    """Callables that run a command."""
    as_of: date
    source: str


@lru_cache(maxsize=1)
def gpu_code_facts() -> GpuCodeFacts:
    """Return the names."""
    return GpuCodeFacts(**load("gpu_code.yaml"))
