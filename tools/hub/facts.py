"""What the Hub says, typed: account, hardware, Space, runtime, files."""

from __future__ import annotations

import hashlib
from typing import Literal

from ..model import Model, Stage

Plan = Literal["free", "pro", "team", "enterprise"]


class Organisation(Model):
    """An organisation the account belongs to; `plan` is None for one without a paid plan."""

    name: str
    plan: str | None
    role: str | None
    can_pay: bool


class Account(Model):
    """Who the token belongs to and what it may do, from `GET /api/whoami-v2`."""

    name: str
    plan: Literal["free", "pro"]
    can_pay: bool
    email_verified: bool
    token_name: str | None
    token_role: str | None
    organisations: tuple[Organisation, ...]

    def owns(self, namespace: str) -> Organisation | None:
        """The organisation of that name, or None when it is not one of the account's."""
        return next((found for found in self.organisations if found.name == namespace), None)


class Hardware(Model):
    """A hardware flavor and its price in US dollars per hour; 0 is free."""

    name: str
    pretty_name: str
    price_per_hour: float
    accelerator: str | None


class Quota(Model):
    """ZeroGPU seconds of the account: the daily allowance and what is left of it."""

    base_seconds: float
    remaining_seconds: float
    resets_at: str | None


class SpaceFacts(Model):
    """The repository side of a Space. `sha` is the head of `main`, `host` the app's address."""

    name: str
    sha: str | None
    sdk: str | None
    private: bool
    host: str | None
    page: str
    app_file: str | None
    last_modified: str | None


class RuntimeFacts(Model):
    """The running side of a Space. `sha` is the revision that serves, where the Hub says it.

    `differences` are a rehearsal's: where the platform would behave otherwise with this app.
    """

    stage: str
    sha: str | None
    hardware: str | None
    requested_hardware: str | None
    error_message: str | None
    sleep_seconds: int | None
    not_rehearsed: str | None = None
    differences: tuple[str, ...] = ()
    zero_gpu_proved: tuple[str, ...] = ()
    zero_gpu_not_proved: tuple[str, ...] = ()

    @property
    def is_moving(self) -> bool:
        """Whether the stage will change without anybody's doing."""
        return self.stage in Stage.MOVING


class RemoteFile(Model):
    """A file of a repository. `digest` is a git blob sha1, or a sha256 for a large file."""

    path: str
    size_bytes: int
    digest: str
    is_large: bool


class LogText(Model):
    """A log as far as it could be read; `cut_because` says why the reading ended early."""

    lines: tuple[str, ...]
    revision: str | None
    cut_because: str | None = None
    exists: bool = True


class Commit(Model):
    """A commit that the Hub acknowledged."""

    sha: str
    url: str
    pull_request_url: str | None


class Found(Model):
    """A Space that a search found. `about` is the Hub's own short description of it."""

    space: str
    title: str
    sdk: str | None
    likes: int
    about: str
    stage: str | None
    hardware: str | None


class Setting(Model):
    """A secret or variable by name, with the moment it was last set (ISO 8601)."""

    name: str
    updated: str | None


def file_digest(content: bytes, *, is_large: bool) -> str:
    """The digest that the Hub keeps of a file: sha256 for a large one, else git's blob sha1."""
    if is_large:
        return hashlib.sha256(content).hexdigest()
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
