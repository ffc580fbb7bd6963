"""Which names a repository and a file in it may have."""

from __future__ import annotations

import re

from .errors import HubError, bad_request

MAXIMUM_NAME = 96
MAXIMUM_PATH = 4096
MAXIMUM_SEGMENT = 255

_ALLOWED_NAME = re.compile(r"[A-Za-z0-9._-]+")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")


def broken_name_rule(name: str) -> str | None:
    """Return the rule that a repository name breaks, in words, or None for a good name.

    The rules are those of validate_repo_id in huggingface_hub 2.4.0.
    """
    if not 1 <= len(name) <= MAXIMUM_NAME:
        return f"must have 1 to {MAXIMUM_NAME} characters"
    if not _ALLOWED_NAME.fullmatch(name):
        return "may use only letters A-Z a-z, digits, '-', '_' and '.'"
    if name[0] in "-." or name[-1] in "-.":
        return "must not start or end with '-' or '.'"
    if "--" in name or ".." in name:
        return "must not contain '--' or '..'"
    if name.endswith(".git"):
        return "must not end in '.git'"
    return None


def checked_name(name: object) -> str:
    """Return `name` when it is a valid repository name. Raises a 400 that names the rule."""
    if not isinstance(name, str):
        raise bad_request("name must be a string")
    rule = broken_name_rule(name)
    if rule is not None:
        raise bad_request(f"name {name!r} {rule}")
    return name


def checked_path(path: object) -> str:
    """Return `path` when it stays inside the repository. Raises a refusal that names the rule.

    422, as the real Hub answers to `..` (huggingface_hub 1.28.0, tests of 2026-08-18); 400 when it
    is no text at all.
    """
    if not isinstance(path, str):
        raise bad_request("path must be a string")
    rule = _broken_path_rule(path)
    if rule is not None:
        raise HubError(422, f"path {path!r} {rule}")
    return path


def _broken_path_rule(path: str) -> str | None:
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return "must be valid Unicode"
    if not 1 <= size <= MAXIMUM_PATH:
        return f"must have 1 to {MAXIMUM_PATH} bytes"
    if _CONTROL_CHARACTER.search(path):
        return "must not contain control characters"
    if path.startswith("/"):
        return "must be relative"
    if path.startswith("..\\"):
        return "must not start with '..' and a backslash, which Windows would follow"
    return next(filter(None, map(_broken_segment_rule, path.split("/"))), None)


def _broken_segment_rule(segment: str) -> str | None:
    if segment in {"", ".", ".."}:
        return "must not contain empty, '.' or '..' segments"
    if segment.lower() == ".git":
        return "must not contain a '.git' segment"
    if len(segment.encode()) > MAXIMUM_SEGMENT:
        return f"must not contain a segment of more than {MAXIMUM_SEGMENT} bytes"
    return None
