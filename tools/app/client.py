"""One call of one endpoint through gradio_client, with a deadline that holds.

The outcome is a value: the library's exceptions are told apart here and go no further. Nothing is
printed, no telemetry is sent and no thread is left that could keep the program alive.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass
from typing import Any, Literal

from .deadline import DaemonThreads, Deadline, attempt
from .login import Access

HIDDEN_ERROR = "has not enabled verbose error reporting"
REFUSED_VALUE = (
    "is not in the list of choices",
    "is greater than maximum value",
    "is less than minimum value",
    "Invalid file type",
)
"""How Gradio's components word their own refusal of a value (measured 2026-11-22, 6.31.0)."""

SECONDS_BETWEEN_BYTES = 120.0


@dataclass(frozen=True)
class Returned:
    """The call succeeded. `yields` counts the values a generator gave, 1 for a plain function.

    `earlier` is what a generator gave just before the end, empty when it gave nothing else.
    """

    values: tuple[Any, ...]
    yields: int
    earlier: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Unfinished:
    """The deadline passed. `values` is the last thing a generator gave, empty if nothing came."""

    status: str
    values: tuple[Any, ...]
    yields: int


FailureKind = Literal["app_error", "payload_refused", "connection_lost", "busy", "client_error"]


@dataclass(frozen=True)
class Failed:
    """The call failed. `hidden` says that the app keeps the error's text to itself."""

    kind: FailureKind
    message: str
    hidden: bool = False


Outcome = Returned | Unfinished | Failed


class Session:
    """A connected client. The app keeps its gr.State and chat history as long as the session."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def call(self, name: str, values: Mapping[str, Any], outputs: int, seconds: float) -> Outcome:
        """Call the endpoint `name` and wait at most `seconds`; `outputs` is how many it returns.

        `values` holds every parameter, in the app's order.
        """
        deadline = Deadline(seconds)
        # By position, because an app's parameter may be called `self` or `api_name`, too.
        given = tuple(values.values())
        submitted = attempt(lambda: self._client.submit(*given, api_name=name), deadline.left)
        if not submitted.done():
            return Unfinished("the app did not accept the call", (), 0)
        error = submitted.exception()
        if error is not None:
            return _failure(error)
        job = submitted.result()
        wait([job.future], timeout=deadline.left)
        partial = [_values(each, outputs) for each in job.outputs()]
        if not job.future.done():
            status = str(getattr(job.status().code, "value", "unknown"))
            self._abandon(job)
            return Unfinished(status, partial[-1] if partial else (), len(partial))
        error = job.future.exception()
        if error is not None:
            return _failure(error)
        earlier = partial[-2] if len(partial) > 1 else ()
        return Returned(_values(job.future.result(), outputs), max(1, len(partial)), earlier)

    def _abandon(self, job: Any) -> None:
        """Ask the app to stop, and end the client's threads that wait for the answer."""
        DaemonThreads().submit(job.cancel)
        for messages in list(self._client.pending_messages_per_event.values()):
            messages.append(None)

    def close(self) -> None:
        """End the session. Returns at once; the client would wait up to a second."""
        DaemonThreads().submit(self._client.close)


def connect(url: str, *, access: Access, seconds: float) -> Session | Failed:
    """Connect to the app at `url` within `seconds`; without a token none is sent at all."""
    future: Future[Any] = attempt(lambda: _quiet_client(url, access, seconds), seconds)
    if not future.done():
        return Failed("busy", f"could not connect within {seconds:.0f} s")
    error = future.exception()
    return Session(future.result()) if error is None else _failure(error)


def _quiet_client(url: str, access: Access, seconds: float) -> Any:
    gradio_client = importlib.import_module("gradio_client")
    httpx = importlib.import_module("httpx")
    # The argument analytics_enabled=False is ignored by 2.7.2, so the method itself goes.
    quiet = type("QuietClient", (gradio_client.Client,), {"_telemetry_thread": lambda _: None})
    client: Any = quiet(
        url,
        token=access.token.value
        if access.token
        else False,  # None would send the token that is saved on this machine
        verbose=False,
        download_files=False,
        analytics_enabled=False,
        httpx_kwargs={
            "timeout": httpx.Timeout(max(seconds, SECONDS_BETWEEN_BYTES)),
            "cookies": dict(access.cookies),
        },
    )
    client.executor = client.helper_executor = client.stream_executor = DaemonThreads()
    return client


def _values(result: Any, outputs: int) -> tuple[Any, ...]:
    """The client unwraps a single output; a tuple stands for several."""
    if outputs == 1 or not isinstance(result, (tuple, list)):
        return (result,)
    return tuple(result)


def _failure(error: BaseException) -> Failed:
    message = str(error) or type(error).__name__
    kind = _kind(error, message)
    if kind == "connection_lost":
        message = f"the connection broke during the call ({type(error).__name__})"
    elif kind == "client_error":
        message = f"{type(error).__name__}: {message}"
    return Failed(kind, message, HIDDEN_ERROR in message)


def _kind(error: BaseException, message: str) -> FailureKind:
    exceptions = importlib.import_module("gradio_client.exceptions")
    utils = importlib.import_module("gradio_client.utils")
    httpx = importlib.import_module("httpx")
    if isinstance(error, exceptions.AppError):
        refused = any(phrase in message for phrase in REFUSED_VALUE)
        return "payload_refused" if refused else "app_error"
    if isinstance(error, (exceptions.ValidationError, TypeError)):
        return "payload_refused"
    if isinstance(error, (utils.QueueError, utils.TooManyRequestsError)):
        return "busy"
    if isinstance(error, httpx.HTTPStatusError):
        return "app_error" if error.response.status_code >= 500 else "client_error"
    lost = isinstance(error, (CancelledError, httpx.TransportError)) or message == "Server stopped."
    return "connection_lost" if lost else "client_error"
