"""The project that is linted: its files, each read and parsed at most once, and what it is for."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, TypeVar, cast

from .card import README, Card, read_card
from .dockerfile import Dockerfile, read_dockerfile
from .following import reachable_from
from .python import Function, PythonFile
from .requirements import Requirements, read_requirements
from .texts import Texts

ZERO_GPU = "zero-a10g"
Built = TypeVar("Built")


@dataclass(frozen=True)
class Hardware:
    """The flavor that is assumed; None where nobody says. `said_by` names who does.

    `is_guess` says that nobody named it: the code only looks like it.
    """

    flavor: str | None
    said_by: str
    is_guess: bool = False


class Project:
    """What the rules look at. Everything is read when it is first asked for, and only once."""

    def __init__(
        self,
        texts: Texts,
        *,
        hardware: str | None = None,
        hardware_from: str = "the argument",
        app_file: str | None = None,
        resolve_seconds: float | None = None,
    ) -> None:
        self._texts = texts
        self._hardware = hardware
        self._hardware_from = hardware_from
        self._app_file = app_file
        self.resolve_seconds = resolve_seconds
        """How long the package index may be asked; None for not at all."""

    @property
    def paths(self) -> frozenset[str]:
        """Every file of the project, as paths from its root with `/`."""
        return self._texts.paths

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file."""
        return self._texts.sizes

    def text(self, path: str) -> str | None:
        """A text file's content; None when it is not there, not text, or far too large."""
        return self._texts.get(path)

    @cached_property
    def card(self) -> Card:
        """The block of README.md."""
        return read_card(self.text(README))

    @cached_property
    def declared_sdk(self) -> str | None:
        """What the card says, whether it exists or not."""
        value = self.card.get("sdk")
        return str(value) if value is not None else None

    @cached_property
    def sdk(self) -> str | None:
        """`gradio`, `docker` or `static`: the card's, else what the files look like, else None."""
        if self.declared_sdk is not None:
            return self.declared_sdk
        if "Dockerfile" in self.paths:
            return "docker"
        if self.app is not None and self._reaches("gradio", "spaces"):
            return "gradio"
        return "static" if "index.html" in self.paths else None

    @cached_property
    def sdk_version(self) -> str | None:
        """The card's `sdk_version` as it was typed."""
        key = self.card.keys.get("sdk_version")
        return (key.raw or str(key.value)) if key and key.value is not None else None

    @cached_property
    def hardware(self) -> Hardware:
        """The flavor the app is for: as told, else named by the card, else used by the code."""
        if self._hardware:
            return Hardware(self._hardware, self._hardware_from)
        # The Hub ignores `hardware`, but whoever wrote it meant it.
        for key in ("suggested_hardware", "hardware"):
            named = self.card.get(key)
            if isinstance(named, str) and named:
                ignored = ", which the Hub ignores" if key == "hardware" else ""
                return Hardware(named, f"{key} in the card{ignored}")
        if self.sdk == "gradio" and self._reaches("spaces"):
            return Hardware(ZERO_GPU, "the code imports `spaces`", is_guess=True)
        return Hardware(None, "nothing names a flavor")

    @property
    def on_zero_gpu(self) -> bool:
        """Whether the app runs, or is meant to run, on ZeroGPU."""
        return self.hardware.flavor == ZERO_GPU and self.sdk in {"gradio", None}

    @property
    def names_app_file(self) -> bool:
        """Whether the caller named the file to look at: then the rest may be no whole Space."""
        return self._app_file is not None

    @cached_property
    def app_path(self) -> str | None:
        """The file that is started or served, if it is there.

        A folder without a card may call it as it likes: there it is the one that launches Gradio.
        """
        if self.named_entry is not None or self.card.keys or "Dockerfile" in self.paths:
            return self.named_entry
        from .entry import gradio_starter

        return None if "index.html" in self.paths else gradio_starter(self)

    @cached_property
    def named_entry(self) -> str | None:
        """The file that is named by the caller or the card, or has the usual name, if it exists."""
        for name in (self._app_file, self.card.get("app_file"), self._default_app_file):
            if isinstance(name, str) and name.removeprefix("./") in self.paths:
                return name.removeprefix("./")
        return None

    @property
    def _default_app_file(self) -> str:
        return "index.html" if self.declared_sdk == "static" else "app.py"

    @cached_property
    def app(self) -> PythonFile | None:
        """The Python file that is started."""
        path = self.app_path
        return self.python(path) if path is not None and path.endswith(".py") else None

    def python(self, path: str) -> PythonFile | None:
        """A Python file of the project, parsed once."""
        if path not in self._parsed:
            text = self.text(path)
            self._parsed[path] = PythonFile(path, text) if text is not None else None
        return self._parsed[path]

    @cached_property
    def _parsed(self) -> dict[str, PythonFile | None]:
        return {}

    def once(self, build: Callable[[Project], Built]) -> Built:
        """What a function makes of this project, made once: models that several rules share."""
        if build not in self._built:
            self._built[build] = build(self)
        return cast("Built", self._built[build])

    @cached_property
    def _built(self) -> dict[Callable[[Project], object], object]:
        return {}

    @cached_property
    def running(self) -> tuple[PythonFile, ...]:
        """The Python files that the app imports, itself first: what really runs in the Space.

        For a Docker Space without a known entry, every Python file.
        """
        if self.app is not None:
            return reachable_from(self, self.app)
        paths = sorted(path for path in self.paths if path.endswith(".py"))
        return tuple(file for file in map(self.python, paths) if file is not None)

    def _reaches(self, *packages: str) -> bool:
        return any(
            found.level == 0 and found.module.partition(".")[0] in packages
            for file in self.running
            for found in file.imports
        )

    def module_file(
        self, module: str, *, importer: PythonFile, level: int = 0
    ) -> PythonFile | None:
        """The file that a module name means inside the project, seen from the file importing it."""
        # Absolute names are found from the started file, whoever imports them.
        seen_from = importer.path if level or self.app_path is None else ""
        key = (module, seen_from, level)
        if key not in self._module_paths:
            self._module_paths[key] = self._module_path(module, importer, level)
        path = self._module_paths[key]
        return self.python(path) if path is not None else None

    def _module_path(self, module: str, importer: PythonFile, level: int) -> str | None:
        from .following import module_paths

        found = module_paths(self, module, importer, level)
        return next((path for path in found if path in self.paths), None)

    @cached_property
    def _module_paths(self) -> dict[tuple[str, str, int], str | None]:
        return {}

    def definition(
        self, file: PythonFile, name: str
    ) -> tuple[PythonFile, Function | ast.ClassDef] | None:
        """The function or class of the project that a qualified name of `file` means."""
        from .following import find_definition

        return find_definition(self, file, name)

    @cached_property
    def requirements(self) -> Requirements | None:
        """requirements.txt at the root."""
        return self.requirements_file("requirements.txt")

    @cached_property
    def pre_requirements(self) -> Requirements | None:
        """pre-requirements.txt at the root, installed before the others."""
        return self.requirements_file("pre-requirements.txt")

    def requirements_file(self, path: str) -> Requirements | None:
        """Any file in the format of requirements.txt."""
        text = self.text(path)
        return read_requirements(path, text) if text is not None else None

    @cached_property
    def dockerfile(self) -> Dockerfile | None:
        """The Dockerfile at the root."""
        text = self.text("Dockerfile")
        return read_dockerfile(text) if text is not None else None

    @cached_property
    def package_json(self) -> dict[str, Any] | None:
        """package.json at the root, when it is an object."""
        try:
            parsed = json.loads(self.text("package.json") or "null")
        except (ValueError, RecursionError):
            return None
        return parsed if isinstance(parsed, dict) else None

    def files_ending(self, *endings: str) -> list[str]:
        """Paths with one of these endings, sorted."""
        return sorted(path for path in self.paths if path.endswith(endings))

    def folder_of(self, path: str) -> str:
        """The folder a file is in, empty for the root."""
        parent = str(PurePosixPath(path).parent)
        return "" if parent == "." else parent
