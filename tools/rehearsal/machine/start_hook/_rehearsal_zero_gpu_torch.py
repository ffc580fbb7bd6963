"""Lets the `spaces` package emulate CUDA with a CPU build of torch, in the worker as well.

On ZeroGPU the package emulates CUDA in the main process and leaves it in the worker, where the GPU
is. Here there is none, so its own emulation stays on: tensors say `cuda` and are computed on the
processor. Loaded only if the Hub was asked for it. Measured 2026-11-22 with spaces 0.51.3 and torch
2.13.0+cpu; what this cannot show is said in the facts of the run.
"""

# ruff: noqa: SLF001 - torch and the package have no public names for what is replaced here

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

CUDA_VERSION = "13.0"
_touched = False
_state = threading.local()


class CudaTensorReturned(TypeError):  # noqa: N818 - visitors see this name
    """A GPU function returned a tensor that is still on cuda. The rehearsal's own check."""


def is_in_bad_fork() -> bool:
    """Whether CUDA was initialised already: what the package asks when it is imported."""
    return _touched


def refuse_cuda() -> None:
    """Fail like CUDA in a process that sees no GPU, and remember that it was tried."""
    global _touched  # noqa: PLW0603 - a fact of this process
    _touched = True
    raise RuntimeError("No CUDA GPUs are available")


def patch_torch(torch: Any) -> None:
    """Give a CPU build what the package expects of a CUDA build."""
    torch.version.cuda = CUDA_VERSION
    torch._C._cuda_init = refuse_cuda
    torch.cuda._is_in_bad_fork = is_in_bad_fork
    # The build's own says "not compiled with CUDA" before it gets to what the package replaces.
    torch.cuda._lazy_init = lambda: torch._C._cuda_init()  # noqa: PLW0108 - replaced later


def patch_emulation(module: Any) -> None:
    """Keep the emulation on in the worker, and load the packed tensors into plain memory."""

    def init(uuid: str) -> None:
        os.environ["CUDA_VISIBLE_DEVICES"] = uuid

    def move(callback: Callable[[int], Any] | None = None) -> None:
        for pack in module.tensor_packs:
            for fakes, original in _unpacked(module.torch, pack):
                for fake in fakes:
                    module.cuda_aliases[fake] = original
        if callback is not None:
            callback(module.size())

    module.unpatch = lambda: None
    module.init = init
    module.move = move


def _unpacked(torch: Any, pack: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the tensors of a pack: those that stand for each, and its content."""
    with Path(pack.path()).open("rb") as file:
        for tensor, size, aligned in [*chain(*pack.batches), *pack.big_tensors]:
            content = bytearray(file.read(aligned)[:size])
            original = torch.empty(0, dtype=tensor.dtype)
            if content:
                storage = torch.frombuffer(content, dtype=torch.uint8).untyped_storage()
                original.set_(storage, 0, tensor.shape, tensor.stride())
            else:
                original = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype)
            yield pack.fakes[tensor], original


def patch_wrappers(module: Any) -> None:
    """Enter the emulation in the thread of each task: torch's modes belong to a thread."""
    regular, generator = module.regular_function_wrapper, module.generator_function_wrapper

    def wrap_regular(task: Any, duration: Any, gpu_size: Any) -> Any:
        @functools.wraps(task)
        def emulated(*arguments: Any, **options: Any) -> Any:
            with _Emulation():
                return _checked(task(*arguments, **options))

        return regular(emulated, duration, gpu_size)

    def wrap_generator(task: Any, duration: Any, gpu_size: Any) -> Any:
        @functools.wraps(task)
        def emulated(*arguments: Any, **options: Any) -> Any:
            with _Emulation():
                yield from map(_checked, task(*arguments, **options))

        return generator(emulated, duration, gpu_size)

    module.regular_function_wrapper = wrap_regular
    module.generator_function_wrapper = wrap_generator
    threading.Thread.start = _start_emulated  # type: ignore[assignment,method-assign] # all threads


_start = threading.Thread.start


def _start_emulated(thread: threading.Thread) -> None:
    """Start a thread in the emulation when the one that starts it is in it.

    Streaming a text means generating it in a thread of one's own; CUDA itself knows no such border.
    """
    if getattr(_state, "depth", 0):
        run = thread.run

        def emulated() -> None:
            with _Emulation():
                run()

        thread.run = emulated  # type: ignore[method-assign] # of this thread alone
    _start(thread)


class _Emulation:
    """The package's emulation in this thread; nested calls share it."""

    def __enter__(self) -> None:
        _state.depth = getattr(_state, "depth", 0) + 1
        if _state.depth == 1:
            _patching().enter_mode()

    def __exit__(self, *_: object) -> None:
        _state.depth -= 1
        if _state.depth == 0:
            patching = _patching()
            patching.dispatch_mode.__exit__(None, None, None)
            patching.function_mode.__exit__(None, None, None)


def _patching() -> Any:
    return sys.modules["spaces.zero.torch.patching"]


def _checked(result: Any) -> Any:
    """Return a result that has no tensor on cuda in it; nested calls may pass them on."""
    patching = _patching()
    leaves = patching.torch.utils._pytree.tree_leaves(result)
    tensors = (leaf for leaf in leaves if isinstance(leaf, patching.torch.Tensor))
    if _state.depth == 1 and any(tensor in patching.cuda_aliases for tensor in tensors):
        raise CudaTensorReturned("return tensor.cpu(): the main process has no GPU")
    return result


PATCHES: dict[str, Callable[[ModuleType], None]] = {
    "torch": patch_torch,
    "spaces.zero.torch.patching": patch_emulation,
    "spaces.zero.wrappers": patch_wrappers,
}
