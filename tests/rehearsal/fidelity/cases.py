"""Small Spaces that fail as somebody's did on the platform; written for these tests.

`line` is the first error line as it was reported between 2024-05 and 2026-10. What is out of reach
of a machine without a GPU and a container engine is listed at the end, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.calling import plain_app, readme

PYTHON = '"3.11"'
GRADIO = """
import gradio as gr

with gr.Blocks(head="<script>while (true) {}</script>") as demo:
    gr.Markdown("never shown")
demo.launch()
"""


def card(**keys: str) -> str:
    """The README of a Space on a Python that most machines have."""
    return readme(**{"python_version": PYTHON, **keys})


@dataclass(frozen=True)
class Case:
    """One failure."""

    name: str
    stage: str
    """What the Space settles in."""
    line: str
    """The first error line on the platform."""
    app: str
    more: Mapping[str, str] = field(default_factory=dict)
    """Files besides `README.md` and `app.py`."""
    block: str = field(default_factory=card)
    variables: Mapping[str, str] = field(default_factory=dict)
    here: str | None = None
    """The line as a regular expression, where a number or a path in it can't be the same."""
    is_slow: bool = False


CASES = (
    Case(
        "b001_apt_libgl1_mesa_glx",
        "BUILD_ERROR",
        "E: Package 'libgl1-mesa-glx' has no installation candidate",
        plain_app(),
        more={"packages.txt": "ffmpeg\nlibgl1-mesa-glx\n"},
    ),
    Case(
        "b005_gradio_pin_conflict",
        "BUILD_ERROR",
        "ERROR: Cannot install gradio==3.50.2 and gradio==6.19.0 because these package versions "
        "have conflicting dependencies.",
        plain_app(),
        more={"requirements.txt": "gradio==3.50.2\n"},
        block=card(sdk_version='"6.19.0"'),
    ),
    Case(
        "b012_apt_typo_pkg",
        "BUILD_ERROR",
        "librandr2",
        plain_app(),
        more={"packages.txt": "librandr2\n"},
    ),
    Case(
        "b015_invalid_wheel",
        "BUILD_ERROR",
        "ERROR: Wheel 'botocore' located at "
        "/tmp/pip-unpack-6pji9o0y/botocore-1.12.198-py2.py3-none-any.whl is invalid.",
        plain_app(),
        more={"requirements.txt": "{wheels}/botocore-1.12.198-py2.py3-none-any.whl\n"},
        here=r"ERROR: Wheel 'botocore' located at "
        r"/\S+/botocore-1\.12\.198-py2\.py3-none-any\.whl is invalid\.",
    ),
    Case(
        "c001_config_missing",
        "CONFIG_ERROR",
        "Missing configuration in README",
        plain_app(),
        block="# My app\n\nThe block that configured it is gone.\n",
    ),
    Case(
        "r008_torch_missing",
        "RUNTIME_ERROR",
        "ModuleNotFoundError: No module named 'torch'",
        "import torch\n\nprint(torch.zeros(1))\n",
    ),
    Case(
        "r011_kokoro_attribute",
        "RUNTIME_ERROR",
        "AttributeError: type object 'EspeakWrapper' has no attribute 'set_data_path'. "
        "Did you mean: 'data_path'?",
        "class EspeakWrapper:\n    data_path = None\n\n\nEspeakWrapper.set_data_path('voices')\n",
    ),
    Case(
        "r013_launch_timeout_port8000",
        "RUNTIME_ERROR",
        "Launch timed out, workload was not healthy after 30 min",
        plain_app().replace("7860", "8000"),
        block=card(startup_duration_timeout="3s"),
        here="Launch timed out, workload was not healthy after 3 s",
    ),
    Case(
        "r014_launch_timeout_health",
        "RUNTIME_ERROR",
        "Launch timed out, workload was not healthy after 30 min",
        "import time\n\nprint('loading the model', flush=True)\ntime.sleep(600)\n" + plain_app(),
        block=card(startup_duration_timeout="3s"),
        here="Launch timed out, workload was not healthy after 3 s",
    ),
    Case(
        "r016_abstract_class",
        "RUNTIME_ERROR",
        "Can't instantiate abstract class CommunicationAgent with abstract method shutdown",
        "import abc\n\n\nclass Agent(abc.ABC):\n    @abc.abstractmethod\n"
        "    def shutdown(self): ...\n\n\nclass CommunicationAgent(Agent): ...\n\n\n"
        "CommunicationAgent()\n",
    ),
    Case(
        "r017_ui_loading_forever",
        "RUNNING",
        "* Running on local URL:  http://0.0.0.0:7860",
        GRADIO,
    ),
    Case(
        "r018_no_launch_exit0",
        "RUNTIME_ERROR",
        "Exit code: 0. Reason: application does not seem to be initialized",
        "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Markdown('not launched')\n",
    ),
    Case(
        "r031_memory_16gi",
        "RUNTIME_ERROR",
        "Memory limit exceeded (16Gi)",
        "import time\n\nindex = []\nfor _ in range(1000):\n    index.append(b'x' * 10**7)\n"
        "    time.sleep(0.02)\n",
        variables={"REHEARSAL_MEMORY_LIMIT": "200Mi"},
        here=r"Memory limit exceeded \(200Mi\)",
    ),
    Case(
        "r033_starlette_template",
        "RUNTIME_ERROR",
        "TypeError: unhashable type: 'dict'",
        "import gradio as gr\n\ngr.Interface(lambda text: text, 'text', 'text').launch()\n",
        more={"requirements.txt": "pydantic<2.11\nhuggingface_hub<1\nstarlette>=1\n"},
        block=card(sdk_version='"4.44.0"', python_version='"3.10"'),
        is_slow=True,
    ),
)

NOT_REPRODUCED = {
    "b012_apt_typo_pkg": "whether a package exists depends on the Debian of the platform's image",
}
"""Cases that do not fail here as they do there, and why; the rest must."""

OUT_OF_SCOPE = {
    "b008_dockerfile_parse": "needs a container engine",
    "b010_exit_137_conda": "needs a container engine",
    "b011_exit_137_kotaemon": "a fault of the platform's builder",
    "b016_trackio_build": "the cause is not known",
    "r012_zerogpu_pack_enospc": "needs a GPU",
    "r021_containerd_128": "a fault of the platform",
    "r022_exit_question": "the cause is not known",
    "r026_gr_error_hidden": "needs a GPU",
    "r028_cuda_main_process": "needs a GPU",
    "r029_cuda_stateless": "needs a GPU",
    "r030_quota_message": "needs a GPU",
    "r032_gradio5431_zerogpu": "needs a GPU",
}
"""Reported failures that are not tried."""
