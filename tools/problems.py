"""Failures, phrased once: `code: what happened to which object. Next: tool(arguments)`.

Everything that goes wrong on the way to an answer ends here as a `Problem`. Exceptions of the
Hub's client are turned into problems by `from_client_error`, by name and status and never by
importing the client: `huggingface_hub` 2.x raises `httpx2` errors, `gradio_client` 2.7 `httpx`
errors, and neither may be loaded when the server starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .model import NextCall, Spell, as_tool_call

_NETWORK_MODULES = frozenset({"httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3"})
_INVALID_CREDENTIALS = re.compile(r"invalid (user token|credentials|username or password)", re.I)
_READ_ONLY_TOKEN = re.compile(r"read[- ]only|\bread token|token.{0,40}\brole\b", re.I)


class Problem(Exception):  # noqa: N818 - the product's word for it; shown to agents as "problem"
    """A refusal or a failure that names its object and what to do next.

    `code` is stable and machine-readable, `object` is the thing it happened to (a Space, a file,
    an argument), `next` the calls that help, `advice` what a person must do when no tool can.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        object: str = "",  # noqa: A002 - the envelope's field name
        next: tuple[NextCall, ...] = (),  # noqa: A002 - the envelope's field name
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message.rstrip(".")
        self.object = object
        self.next = next
        self.advice = advice

    def text(self, spell: Spell = as_tool_call) -> str:
        """The one line that a model or a person reads; `spell` writes the calls."""
        calls = " or ".join(spell(call) for call in self.next)
        steps = ": ".join(part for part in (self.advice.rstrip("."), calls) if part)
        return f"{self.code}: {self.message}." + (f" Next: {steps}." if steps else "")

    def __str__(self) -> str:
        return self.text()


def account_status_call(why: str) -> NextCall:
    """The call that shows which Hub and which account are in use."""
    return NextCall(tool="account_status", arguments={}, why=why)


def bad_argument(field: str, message: str, *, tool: str = "") -> Problem:
    """A refusal of one argument; `message` says what is wrong and what is allowed."""
    whose = f" of {tool}" if tool else ""
    return Problem("bad_argument", f"`{field}`{whose} {message}", object=field)


def is_network_error(error: BaseException) -> bool:
    """Whether no answer came: connection refused or reset, name not found, time-out."""
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    return status_of(error) is None and _module_of(error) in _NETWORK_MODULES


def status_of(error: BaseException) -> int | None:
    """HTTP status of a client's error, or None when no answer came."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def from_client_error(error: Exception, *, object: str, hub: str) -> Problem:  # noqa: A002
    """The problem behind an exception of huggingface_hub, httpx2, httpx or the socket layer.

    `object` is the full name of what was asked for, `hub` the Hub's endpoint.
    """
    if isinstance(error, Problem):
        return error
    status = status_of(error)
    name = type(error).__name__
    if status is None and name == "LocalTokenNotFoundError":
        return not_logged_in(hub)
    if status is None and is_network_error(error):
        return _unreachable(error, object=object, hub=hub)
    if status is None:
        return Problem("client_refused", f"{object}: {_one_line(error)}", object=object)
    return _from_status(error, status, name, object=object, hub=hub)


def not_logged_in(hub: str) -> Problem:
    """No token was found and the Hub wants one."""
    return Problem(
        "not_logged_in",
        f"{hub} wants a token and none was found",
        object=hub,
        advice="the person runs `hf auth login` in a terminal (in Claude Code: `! hf auth login`)",
        next=(account_status_call("shows whether the login was seen"),),
    )


@dataclass(frozen=True)
class _Refusal:
    """An answer of the Hub that is no success: status, the client's name for it, and its text."""

    error: Exception
    status: int
    name: str
    said: str
    object: str
    hub: str

    def problem(
        self, code: str, message: str, advice: str = "", *, account: bool = False
    ) -> Problem:
        following = (
            (account_status_call("shows the account and what it may do"),) if account else ()
        )
        return Problem(code, message, object=self.object, next=following, advice=advice)


def _from_status(error: Exception, status: int, name: str, *, object: str, hub: str) -> Problem:  # noqa: A002
    refusal = _Refusal(error, status, name, _server_text(error), object, hub)
    return next(phrase(refusal) for applies, phrase in _REFUSALS if applies(refusal))


def _is_bad_token(refusal: _Refusal) -> bool:
    text = f"{refusal.said} {refusal.error}"
    asked_who = "whoami" in str(refusal.error)
    return refusal.status == 401 and (asked_who or bool(_INVALID_CREDENTIALS.search(text)))


def _is_not_found(refusal: _Refusal) -> bool:
    names = ("RepositoryNotFoundError", "GatedRepoError", "DisabledRepoError")
    return refusal.name in names or refusal.status in (401, 404)


def _bad_token(refusal: _Refusal) -> Problem:
    return refusal.problem(
        "bad_token",
        f"{refusal.hub} does not accept the token in use",
        "the person runs `hf auth login --force`, or corrects HF_TOKEN",
        account=True,
    )


def _not_found(refusal: _Refusal) -> Problem:
    return refusal.problem(
        "not_found",
        f"there is no {refusal.object} on {refusal.hub}, or it is private and this account may"
        " not see it",
        account=True,
    )


def _forbidden(refusal: _Refusal) -> Problem:
    code = "read_only_token" if _READ_ONLY_TOKEN.search(refusal.said) else "forbidden"
    message = f"the Hub answered 403 for {refusal.object}: {refusal.said}"
    return refusal.problem(code, message, account=True)


def _rate_limited(refusal: _Refusal) -> Problem:
    wait = asked_wait(getattr(getattr(refusal.error, "response", None), "headers", {}))
    asked = f"; it asks for {wait} s" if wait else ""
    message = f"the Hub limits the rate of calls for {refusal.object}{asked}"
    return refusal.problem("rate_limited", message, "wait, then make the same call again")


def _hub_error(refusal: _Refusal) -> Problem:
    return refusal.problem(
        "hub_error",
        f"the Hub answered {refusal.status} for {refusal.object}: {refusal.said}",
        "a fault of the Hub, not of the Space: make the same call again in a minute",
    )


def _plainly(code: str, sentence: str, *, account: bool = False) -> Callable[[_Refusal], Problem]:
    """A phrase whose sentence needs nothing but `{object}`, `{status}` and `{said}`."""

    def phrase(refusal: _Refusal) -> Problem:
        values = {"object": refusal.object, "status": refusal.status, "said": refusal.said}
        return refusal.problem(code, sentence.format(**values), account=account)

    return phrase


# The first row that applies phrases the problem.
_REFUSALS: tuple[tuple[Callable[[_Refusal], bool], Callable[[_Refusal], Problem]], ...] = (
    (
        lambda refusal: refusal.name == "RevisionNotFoundError",
        _plainly("revision_not_found", "no such revision in {object}"),
    ),
    (
        lambda refusal: "EntryNotFound" in refusal.name,
        _plainly("file_not_found", "no such file: {object}"),
    ),
    (_is_bad_token, _bad_token),
    (_is_not_found, _not_found),
    (
        lambda refusal: refusal.status == 402,
        _plainly("plan_gate", "the Hub answered 402 for {object}: {said}", account=True),
    ),
    (lambda refusal: refusal.status == 403, _forbidden),
    (
        lambda refusal: refusal.status == 412 or "expected parent" in refusal.said.lower(),
        _plainly("conflict", "{object} has moved on since it was read: {said}"),
    ),
    (
        lambda refusal: refusal.status == 409,
        _plainly("already_exists", "{object} exists already: {said}"),
    ),
    (lambda refusal: refusal.status == 429, _rate_limited),
    (lambda refusal: refusal.status >= 500, _hub_error),
    (
        lambda refusal: True,  # noqa: ARG005
        _plainly("hub_refused", "the Hub answered {status} for {object}: {said}"),
    ),
)


def _unreachable(error: Exception, *, object: str, hub: str) -> Problem:  # noqa: A002
    reason = "no answer in time" if "timeout" in type(error).__name__.lower() else _one_line(error)
    local = "127.0.0.1" in hub or "localhost" in hub
    start = NextCall(tool="account_status", why="starts the rehearsal Hub again when it is in use")
    return Problem(
        "hub_unreachable",
        f"{hub} could not be asked about {object} ({reason})",
        object=object,
        advice="" if local else "check the network; the Hub in use is never switched on its own",
        next=(start,) if local else (),
    )


def _module_of(error: BaseException) -> str:
    return type(error).__module__.partition(".")[0]


def _one_line(error: BaseException, limit: int = 300) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _server_text(error: Exception) -> str:
    """What the Hub itself said, without the client's decoration of it."""
    said = getattr(error, "server_message", None)
    text = said if isinstance(said, str) and said else _one_line(error)
    return " ".join(text.split())[:400].rstrip(".") or "no reason given"


def asked_wait(headers: Mapping[str, str]) -> int | None:
    """Seconds that a 429 asks to wait, from `Retry-After` or from an exhausted `RateLimit`.

    `RateLimit` comes with every answer; its `t` means waiting only where `r`, what is left of the
    window, is 0 (hub-docs rate-limits, read 2026-11-22).
    """
    retry_after = headers.get("retry-after", "")
    if retry_after.isdigit():
        return int(retry_after)
    window = headers.get("ratelimit", "")
    if not re.search(r"\br=0\b", window):
        return None
    found = re.search(r"\bt=(\d+)", window)
    return int(found.group(1)) if found else None
