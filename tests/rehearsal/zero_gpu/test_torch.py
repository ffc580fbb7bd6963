"""The real package with a CPU build of torch: weights, devices, and the package's own refusals."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Hub, cache_folder
from tools.rehearsal.machine.processes import Marker

from .apps import WITH_TORCH
from .spaces_on_zero_gpu import AppError, ZeroGpuSpace, make_space

FOLDERS = os.environ.get("PIP_FIND_LINKS", "").split()
WHEELS = [wheel for folder in FOLDERS for wheel in Path(folder).glob("torch-*+cpu-cp311-*.whl")]
REQUIREMENTS = "torch==2.13.0+cpu\nnumpy\n"
EARLY_CUDA = """
import contextlib, torch
with contextlib.suppress(RuntimeError):
    torch.ones(1).cuda()
import spaces
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not WHEELS, reason="no CPU build of torch for Python 3.11 on this machine"),
]


def start(folder: Path, setting: str | None) -> Hub:
    hub = Hub(folder / "rehearsal", cache_folder())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUGGINGFACE_SPACES_ZERO_GPU_TORCH", setting or "")
        hub.start()
    return hub


@pytest.fixture(scope="module")
def torch_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = start(tmp_path_factory.mktemp("torch"), "cpu")
    yield hub
    assert hub.stop() == 0


@pytest.fixture(scope="module")
def space(torch_hub: Hub) -> ZeroGpuSpace:
    app = WITH_TORCH
    space = make_space(torch_hub, "torch", app, REQUIREMENTS)
    assert space.runtime["stage"] == "RUNNING", space.log
    return space


@pytest.fixture
def visitor(space: ZeroGpuSpace) -> Any:
    return space.visitor("rehearsal-pro")


def test_weights_are_packed_and_unpacked_for_the_worker(space: ZeroGpuSpace, visitor: Any) -> None:
    answer = visitor.predict([1, 2, 3], api_name="/predict")
    assert answer["sum"] == pytest.approx(plain_sum(space), abs=1e-4)
    assert (answer["device"], answer["ok"]) == ("cuda:0", True)
    assert visitor.predict([1, 2, 3], api_name="/predict") == answer
    assert any("what CUDA does" in line for line in space.facts["notProved"])


def plain_sum(space: ZeroGpuSpace) -> float:
    """Return what plain torch computes, with the interpreter of the Space itself."""
    running = Marker.of(space.hub.state).processes()
    python = next(one.cmdline()[0] for one in running if "app.py" in one.cmdline())
    code = (
        "import torch; torch.manual_seed(0); model = torch.nn.Linear(3, 2);"
        "print(model(torch.tensor([[1., 2., 3.]])).sum().item())"
    )
    ran = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def test_generators_compute_on_cuda(visitor: Any) -> None:
    assert list(visitor.submit(3, api_name="/stream")) == [0, 1, 2]


def test_a_tensor_on_cuda_must_not_be_returned(visitor: Any) -> None:
    assert visitor.predict("cpu", api_name="/keep") == [1.0, 1.0]
    with pytest.raises(AppError) as failed:
        visitor.predict("cuda", api_name="/keep")
    assert failed.value.message == "CudaTensorReturned"


def test_two_devices_do_not_mix(space: ZeroGpuSpace, visitor: Any) -> None:
    with pytest.raises(AppError) as failed:
        visitor.predict("mixed", api_name="/keep")
    assert failed.value.message == "RuntimeError"
    assert space.says("found at least two devices, cuda:0 (ZeroGPU) and cpu!")


def test_cuda_outside_of_a_gpu_function_is_the_package_s_own_error(
    space: ZeroGpuSpace, visitor: Any
) -> None:
    assert visitor.predict("", api_name="/without_gpu") is True
    with pytest.raises(AppError):
        visitor.predict("cuda", api_name="/without_gpu")
    assert space.says("Low-level CUDA init (`torch._C._cuda_init`) reached.")


def test_cuda_before_the_package_is_imported(torch_hub: Hub) -> None:
    space = make_space(torch_hub, "early", EARLY_CUDA, REQUIREMENTS)
    assert space.runtime["stage"] == "RUNTIME_ERROR"
    expected = "CUDA has been initialized before importing the `spaces` package."
    assert expected in space.runtime["errorMessage"]


def test_without_the_setting_the_log_says_what_is_missing(tmp_path: Path) -> None:
    hub = start(tmp_path, None)
    try:
        space = make_space(hub, "plain", WITH_TORCH, REQUIREMENTS)
        assert space.runtime["stage"] == "RUNTIME_ERROR"
        assert space.says("start the Hub with HUGGINGFACE_SPACES_ZERO_GPU_TORCH=cpu")
    finally:
        assert hub.stop() == 0
