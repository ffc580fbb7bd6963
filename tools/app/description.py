"""What an app offers: its endpoints with their parameters, defaults, choices and examples."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

from pydantic import BaseModel, JsonValue

from . import web
from .deadline import Deadline
from .errors import AppNeedsLogin, AppUnreachable, NotAGradioApp
from .interface import EndpointKind, Function, Input, Result, functions
from .schema import choices_of, describe, items, mapping, text

Mode = Literal["blocks", "interface", "chat_interface", "server"]
_MODES: dict[str, Mode] = {
    "interface": "interface",
    "tabbed_interface": "interface",
    "chat_interface": "chat_interface",
    "server": "server",
}


class Parameter(BaseModel, frozen=True):
    """One input of an endpoint. `example` comes from the app's `gr.Examples` where it has any."""

    name: str
    label: str
    component: str
    type: str
    choices: tuple[JsonValue, ...] | None
    required: bool
    default: JsonValue
    example: JsonValue


class Output(BaseModel, frozen=True):
    """One value an endpoint returns."""

    label: str
    component: str
    type: str


class Endpoint(BaseModel, frozen=True):
    """One callable function of an app. `name` begins with a slash, as clients write it."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: tuple[Output, ...]
    streaming: bool
    description: str
    kind: EndpointKind


class AppDescription(BaseModel, frozen=True):
    """What a running app says about itself.

    `zero_gpu` is None when the app does not say, which is the case of every Gradio up to 6.31.0.
    """

    url: str
    title: str
    gradio_version: str
    mode: Mode
    zero_gpu: bool | None
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True)
class OpenApp:
    """A reachable Gradio app: its page, its configuration and its functions."""

    url: str
    page: web.Answer
    config: dict[str, Any]
    functions: tuple[Function, ...]

    @property
    def api_root(self) -> str:
        """The URL below which the app's API lives, with a final slash."""
        prefix = text(self.config.get("api_prefix")).strip("/")
        return urljoin(self.url, f"{prefix}/" if prefix else "")

    @property
    def has_login_button(self) -> bool:
        """Whether visitors can log in with Hugging Face, so that functions may want them to.

        A gr.LoginButton is a button whose click goes to this route (gradio 6.31.0, 2026-11-23).
        """
        events = map(mapping, items(self.config.get("dependencies")))
        return any("/login/huggingface" in text(each.get("js")) for each in events)

    @property
    def is_server(self) -> bool:
        """Whether it is a gr.Server, which may have routes of its own."""
        return self.config.get("mode") == "server"

    @property
    def has_tools(self) -> bool:
        """Whether it says that it is an MCP server as well."""
        return self.config.get("mcp_server") is True


def describe_app(url: str, *, token: web.Credential | None, deadline: float) -> AppDescription:
    """Read what the app at `url` offers, within `deadline` seconds.

    The token is sent to the app's host only; None sends none, whatever is saved on this machine.
    Raises `AppUnreachable`, `AppNeedsLogin`, `NotAGradioApp` or `DeadlinePassed`.
    """
    return describe_open_app(open_app(url, token=token, deadline=Deadline(deadline)))


def open_app(url: str, *, token: web.Credential | None, deadline: Deadline) -> OpenApp:
    """Fetch page, configuration and API description. Raises what `describe_app` raises."""
    page = open_page(url, token=token, deadline=deadline)
    # An app can answer its API while its page fails, so a failing page alone ends nothing here.
    base = page.url if page.url.endswith("/") else f"{page.url}/"
    base = base if web.same_origin(base, url) else f"{url.rstrip('/')}/"
    try:
        config = _json(urljoin(base, "config"), page, token, deadline)
    except (AppUnreachable, NotAGradioApp):
        if page.status in web.GATEWAY:
            raise AppUnreachable(url, f"GET / answers HTTP {page.status}") from None
        raise
    if "version" not in config or "dependencies" not in config:
        raise NotAGradioApp(url, f"answers HTTP {page.status}, is not a Gradio app")
    app = OpenApp(base, page, config, ())
    info = _json(urljoin(app.api_root, "info"), page, token, deadline)
    return OpenApp(base, page, config, functions(config, info))


def open_page(url: str, *, token: web.Credential | None, deadline: Deadline) -> web.Answer:
    """Fetch the app's page, whatever its status. Raises `AppUnreachable`, `AppNeedsLogin`."""
    page = web.get(f"{url.rstrip('/')}/", token=token, deadline=deadline)
    if page.status in {401, 403}:
        raise AppNeedsLogin(url, f"GET / answers HTTP {page.status}: it needs a login or a token")
    return page


def _json(
    address: str, page: web.Answer, token: web.Credential | None, deadline: Deadline
) -> dict[str, Any]:
    answer = web.get(address, token=token, deadline=deadline)
    if answer.status in {401, 403}:
        reason = f"it answers HTTP {answer.status}: the app needs a login (its page: {page.status})"
        raise AppNeedsLogin(address, reason)
    if answer.status >= 500:
        raise AppUnreachable(address, f"HTTP {answer.status}")
    try:
        found = json.loads(answer.text)
    except (ValueError, RecursionError):
        found = None
    if answer.status >= 400 or not isinstance(found, dict):
        reason = f"answers HTTP {page.status}, is not a Gradio app (no JSON at this address)"
        raise NotAGradioApp(address, reason)
    return found


def describe_open_app(app: OpenApp) -> AppDescription:
    """The public description of an app that `open_app` has read."""
    config = mapping(app.config)
    return AppDescription(
        url=app.url,
        title=text(config.get("title")),
        gradio_version=text(config.get("version")),
        mode=_MODES.get(text(config.get("mode")), "blocks"),
        zero_gpu=None,
        endpoints=tuple(map(_endpoint, app.functions)),
    )


def _endpoint(function: Function) -> Endpoint:
    return Endpoint(
        name=function.name,
        parameters=tuple(map(_parameter, function.inputs)),
        returns=tuple(map(_output, function.results)),
        streaming=function.streaming,
        description=function.description,
        kind=function.kind,
    )


def _parameter(given: Input) -> Parameter:
    return Parameter(
        name=given.name,
        label=given.label,
        component=given.component,
        type=describe(given.schema),
        choices=choices_of(given.schema) or None,
        required=not given.has_default,
        default=given.default,
        example=given.samples[0] if given.samples else given.example,
    )


def _output(result: Result) -> Output:
    return Output(label=result.label, component=result.component, type=describe(result.schema))
