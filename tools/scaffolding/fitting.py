"""A template's files for other hardware than its own, so that what is written starts there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..knowledge.hardware import hardware_flavor, hardware_flavors
from ..problems import Problem, bad_argument
from ..templates import Template

ZERO_GPU = "zero-a10g"
# A card of the Turing generation computes no bfloat16.
_WITHOUT_BFLOAT16 = ("T4",)
_ON_CPU, _ON_GPU = 'device="cpu"', 'device="cuda"'
_FIRST_FUNCTION = re.compile(r"^def ", re.MULTILINE)
_START = '\nif __name__ == "__main__":\n'
_GRADIO_IMPORT = re.compile(r"^(?=(?:import|from) gradio\b)", re.MULTILINE)
_IMPORT_SPACES = "import spaces  # ZeroGPU wants it imported before anything that touches CUDA\n"
# Without one the platform stops the Space after its start, whether anybody calls it or not.
_IDLE_FUNCTION = '''
@spaces.GPU(duration=1)
def keep_on_zero_gpu() -> None:
    """Do nothing: ZeroGPU runs only apps with a decorated function, and this one has no other."""

'''


def checked_hardware(chosen: Template, hardware: str | None) -> str | None:
    """The flavor that the files are for: the one that was named, else the template's own.

    Raises:
        Problem: `unknown_hardware`, or `bad_argument` where the template cannot run there.
    """
    if hardware is None or hardware == chosen.hardware:
        return chosen.hardware
    if chosen.sdk == "static":
        raise bad_argument("hardware", f"must be left out: {chosen.id} is static and has none")
    if hardware_flavor(hardware) is None:
        names = ", ".join(flavor.name for flavor in hardware_flavors())
        raise Problem(
            "unknown_hardware",
            f"`hardware`: no flavor is called {hardware}; there are: {names}",
            object=hardware,
        )
    if hardware == ZERO_GPU and chosen.sdk != "gradio":
        raise bad_argument("hardware", f"is {ZERO_GPU}, which takes the gradio SDK only")
    if _has_gpu(chosen.hardware) and not _has_gpu(hardware):
        raise bad_argument(
            "hardware", f"is {hardware}, where {chosen.id} does not start: its model needs a GPU"
        )
    return hardware


def fitted(files: Mapping[str, str], chosen: Template, hardware: str | None) -> dict[str, str]:
    """The template's files, changed where `hardware` asks for it."""
    if hardware == chosen.hardware or chosen.sdk != "gradio":
        return dict(files)
    if hardware == ZERO_GPU:
        return _for_zero_gpu(files)
    if _has_gpu(hardware):
        return {path: _for_own_gpu(text, hardware or "") for path, text in files.items()}
    return dict(files)


def _for_zero_gpu(files: Mapping[str, str]) -> dict[str, str]:
    """The function that runs the model is decorated; an app without a model gets an idle one."""
    app = _GRADIO_IMPORT.sub(_IMPORT_SPACES, files["app.py"], count=1)
    if _ON_CPU not in app:
        return {**files, "app.py": app.replace(_START, f"{_IDLE_FUNCTION}{_START}", 1)}
    app = _FIRST_FUNCTION.sub("@spaces.GPU(duration=30)\ndef ", app, count=1)
    changed = {**files, "app.py": app.replace(_ON_CPU, _ON_GPU)}
    return {path: text.replace("on CPU", "on ZeroGPU") for path, text in changed.items()}


def _for_own_gpu(text: str, hardware: str) -> str:
    """`@spaces.GPU` stays: away from ZeroGPU it does nothing (hub-docs spaces-zerogpu, 2026-07)."""
    for place in ("on CPU", "on ZeroGPU", "from ZeroGPU"):
        text = text.replace(place, f"{place.split()[0]} a GPU")
    text = text.replace(_ON_CPU, _ON_GPU)
    known = hardware_flavor(hardware)
    if known and known.accelerator and known.accelerator.model in _WITHOUT_BFLOAT16:
        text = text.replace("torch.bfloat16", "torch.float16")
    return text


def _has_gpu(hardware: str | None) -> bool:
    known = hardware_flavor(hardware) if hardware else None
    return known is not None and known.accelerator is not None
