"""What real apps say about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tools.app.deadline import Deadline
from tools.app.description import AppDescription, Endpoint, describe_app
from tools.app.errors import AppNeedsLogin, AppUnreachable, DeadlinePassed, NotAGradioApp
from tools.app.web import AppToken, get

from .hosting import ServedApp, free_ports, plain_server


@pytest.fixture(scope="module")
def described(apps: Mapping[str, ServedApp]) -> AppDescription:
    return describe_app(apps["many_endpoints"].url, token=None, deadline=10)


def endpoint(app: AppDescription, name: str) -> Endpoint:
    return next(each for each in app.endpoints if each.name == name)


def test_the_app_as_a_whole(described: AppDescription) -> None:
    assert described.title == "Many endpoints"
    assert described.gradio_version == "6.31.0"
    assert (described.mode, described.zero_gpu) == ("blocks", None)
    assert described.endpoints[0].name == "/greet"
    assert described.endpoints[0].description == "Greet a person by name."


def test_parameters(described: AppDescription) -> None:
    (name,) = endpoint(described, "/greet").parameters
    assert (name.name, name.label, name.component, name.type) == ("name", "Text", "Textbox", "text")
    assert name.required
    assert name.choices is None
    (number,) = endpoint(described, "/double").parameters
    assert (number.type, number.required, number.default) == ("number between 10 and 20", False, 10)
    color, extras = endpoint(described, "/pick").parameters
    assert color.choices == ("red", "blue")
    assert extras.choices == ("salt", "pepper")
    assert color.type == 'one of "red", "blue"'


def test_an_example_comes_from_the_app_s_own_examples(described: AppDescription) -> None:
    text, image = endpoint(described, "/caption").parameters
    assert text.example == "from the examples"
    assert isinstance(image.example, dict)
    assert image.example["orig_name"] == "drawn.png"
    assert image.type == "file path"


def test_outputs_streams_and_kinds(described: AppDescription) -> None:
    picture, result = endpoint(described, "/two_outputs").returns
    assert (picture.component, picture.type, result.label) == ("Image", "file path", "Result")
    assert endpoint(described, "/count").streaming
    assert not endpoint(described, "/greet").streaming
    kinds = {each.name: each.kind for each in described.endpoints}
    assert (kinds["/greet"], kinds["/lambda"], kinds["/on_load"]) == ("function", "lambda", "load")
    assert kinds["/load_model"] == "function"


def test_state_is_no_parameter(described: AppDescription) -> None:
    assert [each.name for each in endpoint(described, "/remember").parameters] == ["text"]


def test_modes(apps: Mapping[str, ServedApp]) -> None:
    modes = {
        name: describe_app(apps[name].url, token=None, deadline=10).mode
        for name in ("chat", "custom_server", "idle")
    }
    assert modes == {"chat": "chat_interface", "custom_server": "server", "idle": "blocks"}


def test_reasons_are_told_apart(apps: Mapping[str, ServedApp]) -> None:
    with pytest.raises(AppNeedsLogin, match="HTTP 401"):
        describe_app(apps["behind_login"].url, token=None, deadline=10)
    with plain_server(200, b"<html>", "text/html") as url, pytest.raises(NotAGradioApp):
        describe_app(url, token=None, deadline=5)
    with plain_server(503, b"", "text/html") as url, pytest.raises(AppUnreachable, match="503"):
        describe_app(url, token=None, deadline=5)
    with plain_server(401, b"", "text/html") as url, pytest.raises(AppNeedsLogin, match="401"):
        describe_app(url, token=None, deadline=5)
    (port,) = free_ports(1)
    with pytest.raises(AppUnreachable, match="ConnectError"):
        describe_app(f"http://127.0.0.1:{port}", token=None, deadline=5)
    with pytest.raises(AppUnreachable):
        describe_app("not a url", token=None, deadline=5)


def test_a_silent_server_costs_no_more_than_the_deadline() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)  # accepts, never answers
    clock = Deadline(5)
    with pytest.raises(DeadlinePassed):
        describe_app(f"http://127.0.0.1:{server.server_port}", token=None, deadline=0.5)
    assert clock.elapsed < 2
    server.server_close()


def test_the_token_goes_to_the_app_only_and_a_redirect_is_followed() -> None:
    seen: dict[str, list[str | None]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = [self.headers.get("authorization"), self.headers.get("x-hf-authorization")]
            seen[self.path] = headers
            self.send_response(200 if self.path == "/there" else 302)
            target = "/second" if self.path == "/" else f"http://localhost:{port}/there"
            self.send_header("location", target)
            self.end_headers()

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    token = AppToken("a token", for_front=True)
    answer = get(f"http://127.0.0.1:{port}/", token=token, deadline=Deadline(5))
    server.shutdown()
    server.server_close()
    thread.join()
    assert (answer.status, answer.url) == (200, f"http://localhost:{port}/there")
    first, second, third = seen.values()
    assert first == second == ["Bearer a token", "Bearer a token"]
    assert third == [None, None]
