"""What is declared of packages that are too large to install for a test (`stubs.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from .uses import CALLED, Use

FILE = Path(__file__).with_name("stubs.yaml")
Takes = Literal["anything", "a value"] | list[str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Package(_Strict):
    """One package: the version that was read, and what of it documentation may use.

    A name is `a value`, or takes `anything`, or the listed keywords.
    """

    version: str
    names: Mapping[str, Takes]


class Stubs(_Strict):
    """All packages by the name they are imported by."""

    as_of: date
    source: str
    packages: Mapping[str, Package]


@cache
def stubs() -> Stubs:
    """The declared packages."""
    return Stubs.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def is_declared(use: Use) -> bool:
    """Whether a use is of a package that is declared rather than installed."""
    return use.package in stubs().packages


def declared(use: Use) -> str:
    """Why a use does not fit what is declared; empty when it does. What a call gives is unknown."""
    package = stubs().packages[use.package]
    steps = use.steps[: use.steps.index(CALLED)] if CALLED in use.steps else use.steps
    name = ".".join((use.module, *steps))
    # What is used of a value or of a class that is a value, such as `torch.Tensor.to`, is its own.
    takes = package.names.get(name)
    if takes is None and not any(known.startswith(f"{name}.") for known in package.names):
        where = f"tests/docs/{FILE.name}, {use.package} {package.version}, {stubs().as_of}"
        return f"{name} is not declared: add it when the wheel has it ({where})"
    if use.call is None or CALLED in use.steps or takes == "anything":
        return ""
    if takes is None or isinstance(takes, str):
        return f"{name} is declared as no call ({FILE.name}, {use.package} {package.version})"
    unknown = [keyword for keyword in use.call.keywords if keyword not in takes]
    if not unknown:
        return ""
    of = f"as declared in {FILE.name}, {use.package} {package.version}"
    return f"takes no {', '.join(unknown)} {of}"
