"""The typed description of a template, read from its folder."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ..model import Model

FOLDER = Path(__file__).parent
PLACEHOLDERS = ("title", "model", "sdk_version", "python_version")
"""What `@@NAME@@` in a file may name."""


class ModelChoice(Model):
    """The model that a template loads when none is named, and the kinds it is written for."""

    default: str
    tasks: tuple[str, ...]
    """Pipeline tags, as the Hub spells them."""
    libraries: tuple[str, ...]
    """Libraries, as the Hub spells them; empty where the app itself loads no weights."""


class Proof(Model):
    """What is known of a template: that it was rehearsed, or why only its text was checked."""

    kind: Literal["rehearsal", "static"]
    detail: str

    @property
    def sentence(self) -> str:
        """The proof as text, such as `static checks only: ...`."""
        word = "rehearsed" if self.kind == "rehearsal" else "static checks only"
        return f"{word}: {self.detail}"


class Template(Model):
    """What a template makes, for whom, and what is proved of it."""

    id: str
    title: str
    """The title of an app made from it, when the caller names none."""
    summary: str
    choose_when: str
    sdk: Literal["gradio", "docker", "static"]
    hardware: str | None
    """The flavor it is meant for; None for a static Space, which has none."""
    model: ModelChoice | None = None
    edit_first: tuple[str, ...]
    notes: tuple[str, ...] = ()
    proof: Proof
    as_of: date
    source: str

    @property
    def line(self) -> str:
        """The template in one line."""
        return f"{self.id}: {self.summary}"

    def files(self) -> dict[str, str]:
        """Its files as they stand, by path with `/`; empty when the Hub itself holds them."""
        root = FOLDER / self.id / "files"
        return {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(root.rglob("*"))
            # Installing a package byte-compiles every program in it, these included.
            if path.is_file() and "__pycache__" not in path.parts
        }


@lru_cache(maxsize=1)
def all_templates() -> dict[str, Template]:
    """Every template by its id."""
    found = sorted(path.parent.name for path in FOLDER.glob("*/template.yaml"))
    return {name: _read(name) for name in found}


def template(name: str) -> Template:
    """The template with this id.

    Raises:
        KeyError: there is none.
    """
    return all_templates()[name]


def _read(name: str) -> Template:
    import yaml

    text = (FOLDER / name / "template.yaml").read_text(encoding="utf-8")
    return Template.model_validate({"id": name, **yaml.safe_load(text)})
