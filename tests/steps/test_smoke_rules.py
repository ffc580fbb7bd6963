"""What a smoke test may do and what it must not claim, on a Hub that plays every situation.

The Hub is a small real server that says what each test wants; the apps behind it are real, and so
are all clients.
"""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from tests.app.hosting import ServedApp, plain_server, serving
from tests.calling import Caller
from tools.context import Context
from tools.hub.facts import RuntimeFacts, SpaceFacts
from tools.render import Answer
from tools.settings import Settings
from tools.steps import smoke_test
from tools.targets import App, app_token

SPACE = "somebody/demo"
HEAD, OLD = "d" * 40, "0" * 40
TOKEN = "hf_" + "xYzAbCd" * 5
NEW_LINE = "\n"
A10G = {
    "name": "a10g-small",
    "prettyName": "A10G",
    "cpu": "4 vCPU",
    "ram": "15 GB",
    "accelerator": None,
    "unitCostUSD": 1.0,
    "unitCostMicroUSD": 1_000_000,
    "unitLabel": "hour",
}
STARTED = "===== Application Startup at 2026-11-23 05:00:00 ====="


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, ServedApp]]:
    with serving(["witness"], tmp_path_factory.mktemp("apps")) as served:
        yield served


@dataclass
class World:
    """What the Hub says about the one Space it has; `stages` come one after the other."""

    app: ServedApp
    private: bool = False
    hardware: str = "cpu-basic"
    serves: str = HEAD
    stages: list[str] = field(default_factory=lambda: ["RUNNING"])
    log: list[str] = field(default_factory=lambda: [STARTED, "fine"])
    log_breaks: bool = False

    def answer(self, path: str) -> object:
        answers: dict[str, Callable[[], object]] = {
            f"/api/spaces/{SPACE}": self._space,
            f"/api/spaces/{SPACE}/runtime": self._runtime,
            "/api/spaces/hardware": lambda: [A10G],
            "/api/spaces/zero-gpu/quota": lambda: {"base": 300, "current": 200},
        }
        return answers[path]() if path in answers else None

    def _space(self) -> object:
        return {
            "id": SPACE,
            "sha": HEAD,
            "sdk": "gradio",
            "private": self.private,
            "host": self.app.url,
            "tags": [],
            "likes": 0,
        }

    def _runtime(self) -> object:
        stage = self.stages.pop(0) if len(self.stages) > 1 else self.stages[0]
        if stage == "RUNNING":
            self.asleep.unlink(missing_ok=True)
        hardware = {"current": self.hardware, "requested": self.hardware}
        return {"stage": stage, "sha": self.serves, "hardware": hardware}

    @property
    def asleep(self) -> Path:
        """While this file exists, the app answers 503."""
        return self.app.log.parent / "asleep"

    def requests(self) -> list[str]:
        """What the app has been asked so far, by path and header."""
        return list(self.app.read_log().lines)


class Handler(http.server.BaseHTTPRequestHandler):
    world: World

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.endswith("/logs/run"):
            self._stream()
            return
        found = self.world.answer(path)
        self._send(404 if found is None else 200, json.dumps(found).encode())

    def _stream(self) -> None:
        body = "".join(
            f"data: {json.dumps({'data': f'{line}{NEW_LINE}'})}\n\n" for line in self.world.log
        )
        self._send(200, body.encode(), missing=100 if self.world.log_breaks else 0)

    def _send(self, status: int, body: bytes, missing: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + missing))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own: baselines of one must not meet those of another."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("HUGGINGFACE_SPACES_STATE", str(folder))
    return folder


@pytest.fixture
def world(apps: Mapping[str, ServedApp]) -> World:
    return World(apps["witness"])


@pytest.fixture
def caller(world: World, tmp_path: Path) -> Iterator[Caller]:
    handler = type("OneHub", (Handler,), {"world": world})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Caller(
        Settings(
            hub=f"http://127.0.0.1:{server.server_port}",
            hub_confirmed=True,
            roots=(tmp_path,),
            environment={"HF_TOKEN": TOKEN},
        )
    )
    server.shutdown()
    server.server_close()


def smoke(caller: Caller, outcome: str, **arguments: Any) -> Answer:
    answer = caller.answer("space_smoke_test", **{"space": SPACE} | arguments)
    assert answer.envelope["outcome"] == outcome, answer.text
    return answer


def evidence(answer: Answer) -> str:
    return " | ".join(each["what"] for each in answer.envelope["result"]["evidence"])


def credentials(world: World, before: int) -> dict[str, set[str]]:
    """Which values of the two headers reached the app since its log had `before` lines."""
    found: dict[str, set[str]] = {"authorization:": set(), "x-hf-authorization:": set()}
    for line in world.requests()[before:]:
        path, header, value = line.split(" ", 2)
        assert path.startswith("/")
        found[header].add(value)
    return found


@pytest.mark.parametrize(
    ("private", "hardware", "shown"),
    [
        (False, "cpu-basic", "nothing"),
        (False, "a10g-small", "nothing"),
        (True, "cpu-basic", f"Bearer {TOKEN}"),
        (False, "zero-a10g", f"Bearer {TOKEN}"),
    ],
)
@pytest.mark.parametrize("tool", ["space_smoke_test", "space_api"])
def test_the_token_reaches_an_app_only_where_it_is_needed(
    caller: Caller, world: World, tool: str, private: bool, hardware: str, shown: str
) -> None:
    world.private, world.hardware = private, hardware
    before = len(world.requests())
    answer = caller.answer(tool, space=SPACE)
    assert answer.envelope["outcome"] in ("works", "api"), answer.text
    assert credentials(world, before) == {
        "authorization:": {"nothing"},
        "x-hf-authorization:": {shown},
    }


def test_the_token_never_reaches_a_bare_address(caller: Caller, world: World) -> None:
    world.private = True
    before = len(world.requests())
    smoke(caller, "works", space=world.app.url)
    assert credentials(world, before)["x-hf-authorization:"] == {"nothing"}


@pytest.mark.parametrize(
    ("private", "hardware", "address", "headers"),
    [
        (True, "cpu-basic", "https://me-demo.hf.space", {"authorization", "x-hf-authorization"}),
        (False, "zero-a10g", "https://me-demo.hf.space", {"x-hf-authorization"}),
        (False, "cpu-basic", "https://me-demo.hf.space", None),
        (True, "zero-a10g", "https://hf.space.example.com", None),
    ],
)
def test_the_front_of_a_private_space_sees_the_token(
    private: bool, hardware: str, address: str, headers: set[str] | None
) -> None:
    settings = Settings(hub="https://huggingface.co", environment={"HF_TOKEN": TOKEN})
    facts: dict[str, Any] = {"name": "me/demo", "sha": HEAD, "sdk": "gradio", "host": address}
    space = SpaceFacts(**facts, private=private, page="", app_file=None, last_modified=None)
    runtime = RuntimeFacts(
        stage="RUNNING",
        sha=HEAD,
        hardware=hardware,
        requested_hardware=hardware,
        error_message=None,
        sleep_seconds=None,
    )
    app = App(name="me/demo", address=address, space=space, runtime=runtime)
    token = app_token(Context(settings), app)
    assert (token and set(token.headers)) == headers


@pytest.fixture
def secret_files(tmp_path: Path) -> dict[str, Path]:
    """Files in the folder of the server, or beside it, that must not leave the machine."""
    files = {
        ".env": tmp_path / ".env",
        "key": tmp_path / "id_ed25519",
        "notes": tmp_path / "notes.txt",
        "outside": tmp_path.parent / f"{tmp_path.name}.txt",
        "link": tmp_path / "link.txt",
        "working directory": Path("pyproject.toml").resolve(),
    }
    for name in (".env", "key", "outside"):
        files[name].write_text("words")
    files["notes"].write_text(f"my token is {TOKEN}\n")
    files["link"].symlink_to(files["outside"])
    return files


@pytest.mark.parametrize("name", [".env", "key", "notes", "outside", "link", "working directory"])
def test_a_file_that_must_not_leave_is_refused_before_anything_is_sent(
    caller: Caller, world: World, secret_files: dict[str, Path], name: str
) -> None:
    path = str(secret_files[name])
    marked = {"path": path, "meta": {"_type": "gradio.FileData"}}
    before = len(world.requests())
    for endpoint, given in (
        ("/fetch", {"document": path}),
        ("/fetch", {"document": {"deep": [path]}}),
        ("/fetch", {"document": [marked]}),
        ("/greet", {"name": marked}),
        (None, {"document": path}),
    ):
        text = caller.problem(
            "space_smoke_test", "upload_refused", space=SPACE, endpoint=endpoint, input=given
        )
        assert path in text
        assert TOKEN not in text
    asked = {line.split()[0] for line in world.requests()[before:]}
    assert asked <= {"/", "/config", "/gradio_api/info"}


def test_a_text_that_names_a_file_stays_a_text(
    caller: Caller, secret_files: dict[str, Path]
) -> None:
    for path in (secret_files["outside"], secret_files[".env"]):
        answer = smoke(caller, "works", endpoint="/greet", input={"name": str(path)})
        assert answer.envelope["result"]["endpoints"][0]["outputs"] == [f"Hello {path}!"]


def test_a_harmless_file_is_sent_also_by_a_relative_path(caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("words")
    for path in ("words.txt", str(tmp_path / "words.txt")):
        answer = smoke(caller, "works", endpoint="/fetch", input={"document": path})
        assert "characters of a path" in answer.text


def test_an_old_revision_that_serves_is_told(caller: Caller, world: World) -> None:
    world.serves = OLD
    answer = smoke(caller, "works_with_warnings", endpoint="/greet")
    assert "serves 0000000, not the head ddddddd" in evidence(answer)
    assert answer.text.index("not the head") < answer.text.index("<untrusted-text")
    assert answer.envelope["next"][0]["tool"] == "space_wait"


def test_an_error_since_the_start_is_told(caller: Caller, world: World) -> None:
    clean = smoke(caller, "works", endpoint="/greet")
    assert "the run log holds no error" in evidence(clean)
    world.log += ["Traceback (most recent call last):", '  File "app.py", line 1', "KeyError: 'x'"]
    dirty = smoke(caller, "works_with_warnings", endpoint="/greet")
    assert "before the calls: KeyError: 'x'" in evidence(dirty)
    world.log.append(STARTED)
    assert "holds no error" in evidence(smoke(caller, "works", endpoint="/greet"))


def test_a_log_read_in_part_is_never_called_clean(caller: Caller, world: World) -> None:
    world.log_breaks = True
    answer = smoke(caller, "works", endpoint="/greet")
    assert "the run log was read only in part" in evidence(answer)
    assert "no error" not in evidence(answer)


def test_a_sleeping_space_is_woken_and_waited_for(caller: Caller, world: World) -> None:
    world.asleep.touch()
    world.stages = ["SLEEPING", "SLEEPING", "APP_STARTING", "RUNNING"]
    before = len(world.requests())
    answer = smoke(caller, "works", endpoint="/greet")
    assert world.requests()[before].startswith("/ ")
    assert answer.envelope["result"]["seconds"] < 10


def test_a_space_that_stays_asleep_is_not_verified(caller: Caller, world: World) -> None:
    world.stages = ["SLEEPING"]
    answer = smoke(caller, "not_verified", seconds=5)
    assert answer.envelope["next"][0]["tool"] == "space_wait"
    assert "SLEEPING" in evidence(answer)


@pytest.mark.parametrize("tool", ["space_smoke_test", "space_api"])
def test_paid_hardware_is_not_woken(caller: Caller, world: World, tool: str) -> None:
    world.stages, world.hardware = ["SLEEPING"], "a10g-small"
    before = len(world.requests())
    answer = caller.answer(tool, space=SPACE)
    assert "costs $1.00 an hour" in answer.text
    assert answer.exit_code == 2
    following = answer.envelope["next"][0]
    assert following["tool"] == "space_restart"
    assert following["arguments"] == {"space": SPACE, "how": "wake"}
    assert world.requests()[before:] == []


def test_a_baseline_is_saved_and_later_tests_say_what_changed(
    caller: Caller, world: World, state: Path
) -> None:
    first = smoke(caller, "works", endpoint="/greet", save_baseline=True)
    saved = Path(first.envelope["result"]["baseline"])
    assert saved.is_relative_to(state / "baselines")
    assert "since the baseline" not in evidence(first)
    again = smoke(caller, "works", endpoint="/greet")
    assert "nothing changed since the baseline" in evidence(again)
    assert again.envelope["result"]["baseline"] is None
    record = json.loads(saved.read_text())
    record["parameters"]["/farewell"] = {}
    saved.write_text(json.dumps(record))
    changed = smoke(caller, "works_with_warnings", endpoint="/greet")
    assert "the endpoint /farewell is gone" in evidence(changed)
    smoke(caller, "works", endpoint="/greet", save_baseline=True)
    assert "/farewell" not in saved.read_text()


def test_sizing_is_told_in_words_and_numbers(caller: Caller) -> None:
    answer = smoke(caller, "works", endpoint="/greet", sizing=True)
    sizing = answer.envelope["result"]["sizing"]
    assert len(sizing["calls"]) == 3
    assert sizing["duration_seconds"] >= sizing["max_seconds"] >= sizing["p50_seconds"] > 0
    assert "sizing of /greet" in answer.text
    assert smoke(caller, "works", endpoint="/greet").envelope["result"]["sizing"] is None


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("user:password", None, "bad_argument"),
        ("DATABASE_URL", "user:password", "bad_argument"),
        ("DEMO_AUTH", None, "not_in_environment"),
        ("DEMO_AUTH", "password", "bad_argument"),
        ("DEMO_AUTH", "https://user:password@example.com", "bad_argument"),
        ("DEMO_AUTH", f"user:{TOKEN}", "bad_argument"),
    ],
)
def test_a_login_is_named_and_never_any_secret(
    caller: Caller, world: World, name: str, value: str | None, code: str
) -> None:
    before = len(world.requests())
    given = {**caller.settings.environment, **({name: value} if value else {})}
    other = Caller(replace(caller.settings, environment=given))
    text = other.problem("space_smoke_test", code, space=SPACE, auth=name)
    assert "password" not in text.replace("USER:PASSWORD", "").replace("user:password", "")
    assert TOKEN not in text
    assert world.requests()[before:] == []


@pytest.mark.parametrize(
    ("hardware", "outcome"),
    [("cpu-basic", "works"), ("t4-small", "works_with_warnings")],
)
def test_the_cpu_is_a_fallback_only_where_there_is_a_gpu(
    caller: Caller, world: World, hardware: str, outcome: str
) -> None:
    world.hardware = hardware
    world.log += ["CUDA is not available, using CPU"]
    answer = smoke(caller, outcome, endpoint="/greet")
    assert ("although the Space has a GPU" in evidence(answer)) == (hardware != "cpu-basic")


def test_on_zero_gpu_one_call_is_made(caller: Caller, world: World) -> None:
    world.hardware = "zero-a10g"
    answer = smoke(caller, "works")
    verdicts = [each["verdict"] for each in answer.envelope["result"]["endpoints"]]
    assert sorted(verdicts) == ["skipped", "works"]
    assert answer.envelope["result"]["zero_gpu_seconds"] == 0.0


def test_words_of_the_app_are_fenced(caller: Caller) -> None:
    answers = (
        caller.answer("space_api", space=SPACE),
        smoke(caller, "works", endpoint="/greet", input={"name": "everyone"}),
    )
    for answer, words in zip(
        answers, (("Witness", "/fetch"), ("/greet", "Hello everyone")), strict=True
    ):
        before, _, inside = answer.text.partition("<untrusted-text")
        assert all(word in inside for word in words), answer.text
        assert not any(word in before for word in words)


def test_progress_is_told_while_the_app_is_silent(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert smoke_test.REPORT_SECONDS <= 5
    monkeypatch.setattr(smoke_test, "REPORT_SECONDS", 0.5)
    with plain_server(200, b"<html>", "text/html", drip=True) as address:
        smoke(caller, "unreachable", space=address, seconds=5)
    assert len(caller.progress) >= 5
