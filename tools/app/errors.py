"""Why an app could not be described: one class for each reason a caller may want to tell apart."""

from __future__ import annotations


class UploadRefused(Exception):  # noqa: N818 - a refusal, no error
    """A file that a caller named must not be sent to the app; `reason` says why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class AppProblem(Exception):  # noqa: N818 - "problem" is the word of the reports
    """The app at `url` could not be described; `reason` is one plain sentence."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class AppUnreachable(AppProblem):
    """No connection, or the server answered with an HTTP status of 500 or more."""


class AppNeedsLogin(AppProblem):
    """The app or the host in front of it asks for a user name and password, or for a token."""


class NotAGradioApp(AppProblem):
    """Something answers over HTTP, but not with a Gradio configuration."""


class DeadlinePassed(AppProblem):
    """The app did not answer within the seconds the caller allowed."""
