"""Logging in to an app that Gradio's `auth` protects, and what a call then carries.

The form is posted to `/login` of the app's own host and the cookie of the answer is kept, as
gradio_client 2.7.2 does it (source read 2026-11-23). A redirect is not followed, because the
password is in the body.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .deadline import Deadline, attempt
from .errors import AppNeedsLogin, AppUnreachable, DeadlinePassed
from .web import SECONDS_BETWEEN_BYTES, AppToken

_ASKS_FOR_LOGIN = re.compile(
    r"requires a logged in user"  # gr.OAuthProfile and gr.OAuthToken, gradio 6.31.0
    r"|\b(?:please|must|need to|have to|required to|not)\b[^.\n]{0,30}"
    r"\b(?:log(?:ged)?[ -]?in|sign(?:ed)?[ -]?in|authenticated?)\b"
    r"|\b(?:log|sign) ?in (?:first|to|with|required)\b|\blogin required\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"'NoneType' object has no attribute '(?:username|name|token|profile|picture)'"
)


@dataclass(frozen=True)
class Login:
    """A user name and password for one app."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Access:
    """What each request to the app carries: a token, and the cookies of a login."""

    token: AppToken | None
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of a request, with secrets in them."""
        found = dict(self.token.headers) if self.token else {}
        if self.cookies:
            found["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return found


def log_in(url: str, login: Login, *, token: AppToken | None, deadline: Deadline) -> Access:
    """Log in to the app at `url`.

    Raises `AppNeedsLogin` when it does not accept the user, `AppUnreachable`, `DeadlinePassed`.
    """
    import httpx

    def post() -> httpx.Response:
        return httpx.post(
            f"{url.rstrip('/')}/login",
            data={"username": login.user, "password": login.password},
            headers=token.headers if token else {},
            timeout=SECONDS_BETWEEN_BYTES,
            follow_redirects=False,
        )

    future = attempt(post, deadline.left)
    if not future.done():
        raise DeadlinePassed(url, "no answer to the login within the time allowed")
    error = future.exception()
    if isinstance(error, (httpx.HTTPError, httpx.InvalidURL)):
        raise AppUnreachable(url, f"the login failed: {type(error).__name__}")
    answer = future.result()
    if not answer.is_success:
        raise AppNeedsLogin(url, f"it refused the login: HTTP {answer.status_code}")
    return Access(token, dict(answer.cookies.items()))


def asks_for_login(words: str) -> bool:
    """Whether a short text tells the reader to log in, or is the error that nobody did."""
    return len(words) < 500 and bool(_ASKS_FOR_LOGIN.search(words) or _NOBODY.search(words))
