"""Refusals of the Hub: status, machine-readable code and text.

huggingface_hub decides by the `X-Error-Code` header, and on an http endpoint by nothing else
(utils/_http.py of 2.4.0), so every refusal that has a code must send it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class HubError(Exception):
    """A request that the Hub refuses; the application turns it into an HTTP answer."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.body = body or {}
        self.headers = headers or {}


def bad_request(message: str) -> HubError:
    """Return the refusal of a request that is malformed; `message` names the field."""
    return HubError(400, message)


def unauthorized(
    message: str = "A token is required: send it as Authorization: Bearer",
) -> HubError:
    """Return the refusal of a request without a token where one is needed."""
    return HubError(401, message)


def invalid_token() -> HubError:
    """Return the refusal of an unknown token; the client looks for exactly this text."""
    return HubError(401, "Invalid credentials in Authorization header")


def forbidden(message: str) -> HubError:
    """Return the refusal of something this account may not do."""
    return HubError(403, message)


def repository_not_found(repository: str, *, anonymous: bool = False) -> HubError:
    """Return the refusal for a repository that is missing or invisible to the caller.

    The two are not told apart, so that a private name does not leak. Without a token the status is
    401, as on the real Hub.
    """
    return HubError(
        401 if anonymous else 404,
        # The name stays out of the header, whose text the client would repeat after its own.
        "Repository not found",
        code="RepoNotFound",
        body={"repository": repository},
    )


def revision_not_found(revision: str) -> HubError:
    """Return the refusal of a branch, tag, reference or commit that does not exist."""
    return HubError(404, f"Invalid rev id: {revision}", code="RevisionNotFound")


def entry_not_found(path: str, commit: str | None = None) -> HubError:
    """Return the refusal of a missing file or folder; `commit` lets the client cache that."""
    headers = {"X-Repo-Commit": commit} if commit else {}
    return HubError(404, f"Entry not found: {path}", code="EntryNotFound", headers=headers)


def conflict(message: str, **body: Any) -> HubError:
    """Return the refusal of something that exists already; `body` is added to the JSON answer."""
    return HubError(409, message, body=body)


def stale_parent(expected: str, actual: str | None) -> HubError:
    """Return the refusal of a commit whose `parentCommit` is not the head any more."""
    message = "The branch was updated since you opened this page. Please refresh and try again."
    return HubError(412, message, body={"parentCommit": expected, "head": actual})
