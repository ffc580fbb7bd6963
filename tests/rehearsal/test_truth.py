"""What a Space does at run time is what it does on the platform: sleep, limits, ports, exits."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from huggingface_hub import HfApi

from tests.calling import plain_app, readme
from tests.conftest import Hub
from tools.knowledge import runtime_defaults
from tools.rehearsal.machine.idleness import sleep_after
from tools.rehearsal.machine.limits import limits_of
from tools.rehearsal.machine.own_settings import parse_seconds, parse_size
from tools.rehearsal.machine.source import SpaceSettings

NewSpace = Callable[..., str]


@pytest.fixture
def new_space(hub: Hub) -> Iterator[NewSpace]:
    """Make a Space with these files and variables; it is deleted at the end."""
    api, made = hub.api("rehearsal-pro"), list[str]()

    def make(app: str, *, hardware: str | None = None, card: str = "", **variables: str) -> str:
        space = f"rehearsal-team/{'r-' + uuid.uuid4().hex[:10]}"
        settings = [{"key": key, "value": value} for key, value in variables.items()]
        api.create_repo(
            space,
            repo_type="space",
            space_sdk="gradio",
            space_hardware=hardware,  # type: ignore[arg-type]  # a plain name is as good
            space_variables=settings,
        )
        made.append(space)
        block = readme(python_version='"3.11"')
        api.upload_file(
            path_or_fileobj=block.replace("sdk: gradio\n", f"sdk: gradio\n{card}").encode(),
            path_in_repo="README.md",
            repo_id=space,
            repo_type="space",
        )
        api.upload_file(
            path_or_fileobj=app.encode(),
            path_in_repo="app.py",
            repo_id=space,
            repo_type="space",
        )
        return space

    yield make
    for space in made:
        api.delete_repo(space, repo_type="space")


def runtime(api: HfApi, space: str) -> dict[str, Any]:
    raw: dict[str, Any] = api.get_space_runtime(space).raw
    return raw


def settled(api: HfApi, space: str) -> dict[str, Any]:
    api.wait_for_space(space, timeout=100)
    return runtime(api, space)


def becomes(api: HfApi, space: str, stage: str, seconds: float = 30) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while (seen := runtime(api, space))["stage"] != stage:
        assert time.monotonic() < deadline, seen
        time.sleep(0.1)
    return seen


def visit(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own address
        text: str = answer.read().decode()
        return text


# Sleeping


def test_paid_hardware_sleeps_after_its_sleep_time_and_wakes_for_a_visitor(
    api: HfApi, new_space: NewSpace
) -> None:
    space = new_space(plain_app("awake"), hardware="cpu-upgrade")
    running = settled(api, space)
    assert (running["stage"], running["gcTimeout"]) == ("RUNNING", None)
    host = running["rehearsal"]["host"]
    api.set_space_sleep_time(space, 2)
    asleep = becomes(api, space, "SLEEPING", seconds=10)
    assert "sha" not in asleep
    assert asleep["hardware"] == {"current": None, "requested": "cpu-upgrade"}
    assert "awake" in visit(host)
    assert becomes(api, space, "RUNNING")["sha"] == running["sha"]
    api.set_space_sleep_time(space, -1)
    time.sleep(3)
    assert runtime(api, space)["stage"] == "RUNNING", "-1 is never"


def test_a_connected_visitor_keeps_a_space_awake(api: HfApi, new_space: NewSpace) -> None:
    streaming = plain_app().replace(
        "        body =",
        "        if self.path == '/stream':\n            import time\n"
        "            self.send_response(200); self.end_headers(); time.sleep(600)\n        body =",
    )
    space = new_space(streaming, REHEARSAL_SLEEP_SECONDS="2")
    host = settled(api, space)["rehearsal"]["host"]
    with urllib.request.urlopen(f"{host}/stream", timeout=60):  # noqa: S310 - our own address
        time.sleep(5)
        assert runtime(api, space)["stage"] == "RUNNING"
    becomes(api, space, "SLEEPING", seconds=15)


def test_when_a_space_sleeps() -> None:
    def after(hardware: str, seconds: int | None = None, **variables: str) -> float | None:
        return sleep_after(
            SpaceSettings("a/b", "gradio", hardware, "c", variables, sleep_seconds=seconds)
        )

    assert after("cpu-basic") == after("cpu-basic", 60) == 48 * 3600
    assert after("t4-small") is after("t4-small", -1) is None
    assert after("t4-small", 600) == 600
    assert after("cpu-basic", REHEARSAL_SLEEP_SECONDS="1.5") == 1.5
    assert after("cpu-basic", REHEARSAL_SLEEP_SECONDS="soon") == 48 * 3600


# Limits


def test_more_memory_than_the_hardware_has_is_a_runtime_error(
    api: HfApi, new_space: NewSpace
) -> None:
    greedy = "import time\nkept = []\nwhile True:\n    kept.append(bytearray(b'x') * 10**7)\n"
    greedy += "    time.sleep(0.02)\n"
    space = new_space(greedy, REHEARSAL_MEMORY_LIMIT="200Mi")
    failed = settled(api, space)
    assert failed["stage"] == "RUNTIME_ERROR"
    assert failed["errorMessage"] == "Memory limit exceeded (200Mi)"


def test_processes_that_share_memory_pay_for_it_once(api: HfApi, new_space: NewSpace) -> None:
    forking = "import os, time\nkept = bytearray(b'x') * 80_000_000\n"
    forking += "for _ in range(4):\n    if os.fork() == 0:\n        time.sleep(600)\n"
    space = new_space(forking + plain_app(), REHEARSAL_MEMORY_LIMIT="200Mi")
    assert settled(api, space)["stage"] == "RUNNING"
    time.sleep(2.5)
    assert runtime(api, space)["stage"] == "RUNNING"


def test_more_disk_than_the_hardware_has_evicts_a_running_space(
    api: HfApi, new_space: NewSpace
) -> None:
    writing = "import pathlib, threading\ndef fill():\n    import time; time.sleep(2)\n"
    writing += "    (pathlib.Path.home() / 'weights').write_bytes(b'x' * 30_000_000)\n"
    writing += "threading.Thread(target=fill).start()\n"
    space = new_space(writing + plain_app(), REHEARSAL_DISK_LIMIT="20M")
    assert settled(api, space)["stage"] == "RUNNING"
    evicted = becomes(api, space, "RUNTIME_ERROR")
    assert evicted["errorMessage"] == "Workload evicted, storage limit exceeded (20M)"
    api.restart_space(space)
    assert settled(api, space)["stage"] == "RUNNING", "a restart begins with an empty disk"


def test_limits_are_those_of_the_hardware() -> None:
    def messages(hardware: str, **variables: str) -> tuple[str | None, str]:
        limits = limits_of(SpaceSettings("a/b", "gradio", hardware, "c", variables))
        return limits.memory.message if limits.memory else None, limits.disk.message

    evicted = "Workload evicted, storage limit exceeded"
    assert messages("cpu-basic") == ("Memory limit exceeded (16Gi)", f"{evicted} (50G)")
    assert messages("cpu-upgrade") == ("Memory limit exceeded (32Gi)", f"{evicted} (50G)")
    assert messages("zero-a10g") == (None, f"{evicted} (150G)")
    assert messages("cpu-basic", REHEARSAL_DISK_LIMIT="1Gi")[1] == f"{evicted} (1Gi)"
    odd = limits_of(
        SpaceSettings("a/b", "gradio", "cpu-basic", "c", {"REHEARSAL_MEMORY_LIMIT": "lots"})
    )
    assert odd.memory is not None
    assert odd.memory.size == 16 * 2**30
    assert odd.complaints == (
        "REHEARSAL_MEMORY_LIMIT has no effect: 'lots' is not a size such as 300Mi or 50G",
    )


@pytest.mark.parametrize(
    ("text", "size"), [("1", 1), ("300Mi", 300 * 2**20), ("50G", 50 * 10**9), ("2K", 2000)]
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5G", "5GB", "x", "1 G", "٣"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)
    if text not in ("1.5G",):
        with pytest.raises(ValueError, match="number of seconds"):
            parse_seconds(text)


# Starting and ending


def test_an_app_on_another_port_is_never_healthy_and_says_so_at_once(
    api: HfApi, new_space: NewSpace
) -> None:
    elsewhere = plain_app().replace("7860", "8000")
    space = new_space(elsewhere, card="startup_duration_timeout: 9s\n")
    becomes(api, space, "APP_STARTING", seconds=60)
    deadline = time.monotonic() + 8.5
    while not (told := runtime(api, space))["rehearsal"]["differences"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert told["stage"] == "APP_STARTING"
    with pytest.raises(urllib.error.HTTPError, match="503"):
        visit(told["rehearsal"]["host"])
    failed = settled(api, space)
    assert failed["stage"] == "RUNTIME_ERROR"
    assert failed["errorMessage"] == "Launch timed out, workload was not healthy after 9 s"
    assert failed["rehearsal"]["differences"] == told["rehearsal"]["differences"]
    log = "".join(api.fetch_space_logs(space))
    assert "listens on port 8000; the platform forwards only 7860" in log


def test_an_app_that_ends_without_a_server_is_not_initialized(
    api: HfApi, new_space: NewSpace
) -> None:
    failed = settled(api, new_space("print('all done')\n"))
    assert failed["stage"] == "RUNTIME_ERROR"
    reason = "Exit code: 0. Reason: application does not seem to be initialized"
    assert failed["errorMessage"] == reason


def test_settings_restart_the_app_and_a_commit_to_a_branch_does_not(
    api: HfApi, new_space: NewSpace
) -> None:
    space = new_space(plain_app())
    assert settled(api, space)["stage"] == "RUNNING"
    api.create_branch(space, branch="other", repo_type="space")
    api.upload_file(
        path_or_fileobj=b"x",
        path_in_repo="x",
        repo_id=space,
        repo_type="space",
        revision="other",
    )
    assert runtime(api, space)["stage"] == "RUNNING"
    api.add_space_secret(space, "NEW", "value-of-it")
    assert runtime(api, space)["stage"] == "APP_STARTING"
    assert settled(api, space)["stage"] == "RUNNING"
    api.request_space_hardware(space, "cpu-upgrade")  # type: ignore[arg-type]
    starting = runtime(api, space)
    assert starting["stage"] == "APP_STARTING"
    assert starting["hardware"] == {"current": None, "requested": "cpu-upgrade"}
    assert settled(api, space)["hardware"]["current"] == "cpu-upgrade"


def test_the_image_has_pip(api: HfApi, new_space: NewSpace) -> None:
    """Apps that install at start do so with the pip of their image."""
    space = new_space("import pip\nprint('pip', pip.__version__, flush=True)\n" + plain_app())
    assert settled(api, space)["stage"] == "RUNNING"


def test_a_debian_package_that_is_gone_fails_the_build(api: HfApi, new_space: NewSpace) -> None:
    space = new_space(plain_app())
    api.upload_file(
        path_or_fileobj=b"libgl1-mesa-glx\n",
        path_in_repo="packages.txt",
        repo_id=space,
        repo_type="space",
    )
    failed = settled(api, space)
    assert failed["stage"] == "BUILD_ERROR"
    assert failed["errorMessage"].startswith("Job failed with exit code: 123. Reason: ")
    line = "E: Package 'libgl1-mesa-glx' has no installation candidate"
    assert line in failed["errorMessage"]


def test_defaults_are_dated() -> None:
    known = runtime_defaults()
    assert known.default_python.observed != known.default_python.documented
    assert known.as_of.year >= 2026
    assert known.source
