"""What the one argument of a plan names: a model, a Space, a repository, a folder, a task."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from ..context import Context
from ..fetching import parse_source
from ..model import Model, NextCall, space_name
from ..origins import origin_of
from ..problems import Problem, bad_argument

Kind = Literal["nothing", "model", "model or space", "space", "folder", "task"]

_MODEL_NAME = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
_SHORT_NAME = re.compile(r"^[A-Za-z][\w.-]*$")
"""The oldest models have no namespace: `gpt2`. Without `hf:` before it that is a task in words."""
_HUB_PREFIX = re.compile(
    r"^(?:hf:(?://)?|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/)", re.IGNORECASE
)
_GITHUB_PREFIX = re.compile(r"^(?:github:|(?:https?://)?(?:www\.)?github\.com/)", re.IGNORECASE)
ALLOWED = (
    "a model (org/name), a Space (spaces/ns/name), github:owner/name, a folder, or a task in words"
)


class Source(Model):
    """What is to be planned; `name` is a repository, an absolute folder, or the task's words."""

    kind: Kind
    name: str = ""


def read_source(context: Context, source: str | None) -> Source:
    """What `source` names. A folder that exists wins over a model of the same name.

    Raises:
        Problem: `bad_argument`, `checkout_first` for a GitHub repository that is not here yet,
            `path_outside_roots`.
    """
    text = (source or "").strip()
    if not text:
        return Source(kind="nothing")
    if _GITHUB_PREFIX.match(text):
        return _github(context, text)
    if _HUB_PREFIX.match(text):
        return _on_the_hub(_HUB_PREFIX.sub("", text, count=1))
    if text.startswith("spaces/"):
        return _on_the_hub(text)
    return _folder(context, text) or _words(text)


def _on_the_hub(path: str) -> Source:
    parts = path.partition("?")[0].strip("/").split("/")
    if parts[0] == "datasets":
        raise bad_argument("source", f"names a dataset; allowed are {ALLOWED}", tool="space_plan")
    if parts[0] == "spaces":
        try:
            return Source(kind="space", name=space_name("/".join(parts[1:3])))
        except ValueError as error:
            raise bad_argument("source", f"names no Space: {error}", tool="space_plan") from None
    name = "/".join(parts[:2])
    if not (_MODEL_NAME.match(name) or _SHORT_NAME.match(name)):
        raise bad_argument("source", f"`{path}` names no model; allowed are {ALLOWED}")
    return Source(kind="model", name=name)


def _folder(context: Context, text: str) -> Source | None:
    """An existing folder; None for a text that is no path."""
    looks_like_path = text.startswith((".", "/", "~"))
    if not looks_like_path and (any(letter.isspace() for letter in text) or "\0" in text):
        return None
    folder = context.folder(text, field="source")
    if folder.is_dir():
        return Source(kind="folder", name=str(folder))
    if looks_like_path:
        raise bad_argument("source", f"is no folder: {folder}", tool="space_plan")
    return None


def _words(text: str) -> Source:
    if _MODEL_NAME.match(text):
        return Source(kind="model or space", name=text)
    if "/" in text and not any(letter.isspace() for letter in text):
        raise bad_argument("source", f"`{text}` is none of: {ALLOWED}", tool="space_plan")
    return Source(kind="task", name=" ".join(text.split()))


def _github(context: Context, text: str) -> Source:
    wanted = parse_source(re.sub(r"^(?:http://|www\.)?(?:www\.)?github\.com/", _BASE, text), None)
    name = wanted.name.partition("/")[2]
    found = _checked_out(context, wanted.name, name)
    if found is not None:
        return Source(kind="folder", name=str(found))
    checkout = {"source": text, "folder": name}
    raise Problem(
        "checkout_first",
        f"{text} is not on this machine yet, and a plan reads its files",
        object=text,
        next=(
            NextCall(tool="space_checkout", arguments=checkout, why="then plan that folder"),
            NextCall(tool="space_plan", arguments={"source": name}, why="once it is there"),
        ),
    )


_BASE = "https://github.com/"


def _checked_out(context: Context, repository: str, folder: str) -> Path | None:
    """The folder that a checkout of `repository` would be in, when it is there."""
    try:
        place = context.folder(folder)
    except Problem:
        return None
    origin = origin_of(place) if place.is_dir() else None
    if origin is None or not _GITHUB_PREFIX.match(origin.source):
        return None
    return place if parse_source(origin.source, None).name == repository else None
