"""The door to the Hub in bad weather: errors that pass, streams that break, a Hub that is silent.

The other side is a small real server that misbehaves on purpose; the clients are the real ones.
"""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typing_extensions import override

from tools.context import Context
from tools.hub import Hub
from tools.problems import Problem
from tools.settings import Settings
from tools.which_hub import HubAddress

SPACE = "me/demo"
Behaviour = Callable[["Handler"], None]


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers each path with the next of its behaviours; the last one stays."""

    protocol_version = "HTTP/1.1"
    behaviours: dict[str, list[Behaviour]]
    asked: list[str]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(path)
        known = self.behaviours.get(path, [status(404)])
        (known.pop(0) if len(known) > 1 else known[0])(self)

    def do_POST(self) -> None:
        self.do_GET()

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def send(self, code: int, body: bytes, **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def status(code: int, **headers: str) -> Behaviour:
    return lambda handler: handler.send(code, b'{"error":"said so"}', **headers)


def answers(value: object) -> Behaviour:
    return lambda handler: handler.send(200, json.dumps(value).encode())


def stream(*lines: str, after: Callable[[Handler], None] = lambda _: None) -> Behaviour:
    """An event stream of log lines; `after` says how it ends."""

    def send(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for line in lines:
            event = {"data": line, "timestamp": "2026-11-23T00:00:00.000Z"}
            chunk = f"data: {json.dumps(event)}\n\n".encode()
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        handler.wfile.flush()
        after(handler)

    return send


def ended(handler: Handler) -> None:
    handler.wfile.write(b"0\r\n\r\n")


def broken(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def silent(handler: Handler) -> None:
    time.sleep(4)
    handler.close_connection = True


def chattering(handler: Handler) -> None:
    """Keep-alives for ever: a reader that waits for silence would never return."""
    handler.close_connection = True
    try:
        for _ in range(200):
            handler.wfile.write(b"8\r\ndata:\n\n\r\n")
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        return


@pytest.fixture
def weather() -> Iterator[tuple[Hub, type[Handler]]]:
    """A Hub whose server does what the test puts into `behaviours`."""
    handler = type("Weather", (Handler,), {"behaviours": {}, "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = HubAddress("other", f"http://127.0.0.1:{server.server_port}", "t", confirmed=True)
    yield Hub(address), handler
    server.shutdown()
    server.server_close()


RUNTIME = f"/api/spaces/{SPACE}/runtime"
LOG = f"/api/spaces/{SPACE}/logs/run"
RUNNING = answers({"stage": "RUNNING", "hardware": None, "sha": "a" * 40})


def test_passing_errors_are_waited_out(weather: tuple[Hub, type[Handler]]) -> None:
    hub, handler = weather
    handler.behaviours[RUNTIME] = [status(503), status(500), status(502), RUNNING]
    assert hub.runtime(SPACE).stage == "RUNNING"
    assert handler.asked.count(RUNTIME) == 4


def test_a_rate_limit_is_obeyed(weather: tuple[Hub, type[Handler]]) -> None:
    hub, handler = weather
    handler.behaviours[RUNTIME] = [status(429, Retry_After="1"), RUNNING]
    began = time.monotonic()
    assert hub.runtime(SPACE).stage == "RUNNING"
    assert 1.0 <= time.monotonic() - began < 4


def test_a_rate_limit_header_of_a_503_does_not_count(
    weather: tuple[Hub, type[Handler]],
) -> None:
    """The Hub sends `RateLimit` with every answer; only an exhausted window means waiting."""
    hub, handler = weather
    window = '"api";r=480;t=228'
    handler.behaviours[RUNTIME] = [status(503, RateLimit=window), RUNNING]
    assert hub.runtime(SPACE).stage == "RUNNING"
    handler.behaviours[RUNTIME] = [status(429, RateLimit='"api";r=0;t=1'), RUNNING]
    assert hub.runtime(SPACE).stage == "RUNNING"


def test_a_silent_hub_is_given_up_within_a_call(weather: tuple[Hub, type[Handler]]) -> None:
    """No call outlasts its 45 s because a Hub accepts it and then says nothing."""
    hub, handler = weather
    handler.behaviours[RUNTIME] = [lambda _: time.sleep(30)]
    settings = Settings(hub=hub.address.endpoint, seconds=3.0, environment={"HF_TOKEN": "t"})
    began = time.monotonic()
    with pytest.raises(Problem, match="hub_unreachable"):
        Context(settings).hub.runtime(SPACE)
    assert time.monotonic() - began < 8


def test_a_cancelled_call_stops_repeating(weather: tuple[Hub, type[Handler]]) -> None:
    hub, handler = weather
    handler.behaviours[RUNTIME] = [status(503)]
    context = Context(Settings(hub=hub.address.endpoint, environment={}))
    context.cancelled.set()
    with pytest.raises(Problem, match="cancelled"):
        context.hub.runtime(SPACE)
    assert handler.asked == [RUNTIME]


def test_a_long_rate_limit_is_told_and_not_waited_out(
    weather: tuple[Hub, type[Handler]],
) -> None:
    hub, handler = weather
    handler.behaviours[RUNTIME] = [status(429, Retry_After="250")]
    began = time.monotonic()
    with pytest.raises(Problem, match=r"rate_limited: .* it asks for 250 s"):
        hub.runtime(SPACE)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("code", "problem"),
    [(401, "not_found"), (404, "not_found"), (403, "forbidden"), (402, "plan_gate")],
)
def test_final_errors_are_not_repeated(
    weather: tuple[Hub, type[Handler]], code: int, problem: str
) -> None:
    hub, handler = weather
    handler.behaviours[RUNTIME] = [status(code)]
    with pytest.raises(Problem) as refused:
        hub.runtime(SPACE)
    assert refused.value.code == problem
    assert SPACE in refused.value.text()
    assert handler.asked == [RUNTIME]


def test_creating_is_never_repeated(weather: tuple[Hub, type[Handler]]) -> None:
    hub, handler = weather
    handler.behaviours["/api/repos/create"] = [status(503)]
    with pytest.raises(Problem, match="hub_error: the Hub answered 503"):
        hub.create_space(SPACE, {"space_sdk": "static"})
    assert handler.asked == ["/api/repos/create"]


def test_a_log_that_ends(weather: tuple[Hub, type[Handler]]) -> None:
    hub, handler = weather
    handler.behaviours[LOG] = [stream("one\n", "two ", "halves\nthree\n", after=ended)]
    log = hub.log(SPACE, "run")
    assert log.lines == ("one", "two halves", "three")
    assert log.cut_because is None


@pytest.mark.parametrize("after", [silent, chattering])
def test_a_live_log_is_read_up_to_now(
    weather: tuple[Hub, type[Handler]], after: Callable[[Handler], None]
) -> None:
    hub, handler = weather
    handler.behaviours[LOG] = [stream("one\n", "two\n", after=after)]
    began = time.monotonic()
    log = hub.log(SPACE, "run", seconds=2.0)
    assert log.lines == ("one", "two")
    assert time.monotonic() - began < 4
    assert (log.cut_because is None) == (after is silent)


def test_a_log_that_starts_late_is_waited_for(weather: tuple[Hub, type[Handler]]) -> None:
    hub, handler = weather

    def late(handler: Handler) -> None:
        time.sleep(2.5)
        stream("one\n", after=ended)(handler)

    handler.behaviours[LOG] = [late]
    assert hub.log(SPACE, "run").lines == ("one",)


def test_a_log_that_never_starts_is_not_called_empty(
    weather: tuple[Hub, type[Handler]],
) -> None:
    hub, handler = weather
    handler.behaviours[LOG] = [stream(after=silent)]
    log = hub.log(SPACE, "run", seconds=2.0)
    assert log.lines == ()
    assert "nothing came" in (log.cut_because or "")


def test_a_log_that_breaks_says_so_and_keeps_what_came(
    weather: tuple[Hub, type[Handler]],
) -> None:
    hub, handler = weather
    handler.behaviours[LOG] = [stream("one\n", after=broken)]
    log = hub.log(SPACE, "run")
    assert log.lines == ("one",)
    assert log.cut_because is not None


def test_nobody_there() -> None:
    hub = Hub(HubAddress("other", "http://127.0.0.1:9", "t", confirmed=True))
    began = time.monotonic()
    with pytest.raises(Problem, match=r"hub_unreachable: http://127.0.0.1:9") as refused:
        hub.runtime(SPACE)
    assert time.monotonic() - began < 8
    assert refused.value.object == f"Space {SPACE}"


def test_an_answer_that_is_no_json(weather: tuple[Hub, type[Handler]]) -> None:
    hub, handler = weather
    handler.behaviours[RUNTIME] = [lambda handler: handler.send(200, b"<html>captive portal")]
    with pytest.raises(Problem) as refused:
        hub.runtime(SPACE)
    assert refused.value.code == "client_refused"
