"""Libraries as small as an app can be run with: what it builds and computes is written down.

A ported app must answer what the original answered, and build each model once, at import. That is
tried by running both, not by reading them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

LIBRARY = """
events = []
handlers = []


class Tensor:
    def __init__(self, text):
        self.text = text

    def to(self, *place, **named):
        return self

    cpu = cuda = half = to


class Built:
    def __init__(self, source, **options):
        self.source, self.device = source, "cpu"
        events.append(("build", source))

    @classmethod
    def from_pretrained(cls, source, **options):
        return cls(source)

    def to(self, device):
        self.device = device
        return self

    def cuda(self):
        return self.to("cuda")

    def eval(self):
        return self

    half = eval

    def load_state_dict(self, weights):
        events.append(("fill", self.source))

    def enable_attention_slicing(self):
        events.append(("slice", self.source))

    def __call__(self, *given, **options):
        events.append(("run", self.source))
        return f"{self.source}: {given}"

    generate = __call__


def pipeline(task, model=None, **options):
    return Built(model or task)


class Event:
    def __getattr__(self, name):
        def bind(*given, fn=None, **options):
            function = fn or (given[0] if given and callable(given[0]) else None)
            if function is not None:
                handlers.append(function)
            return Event()

        return bind

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


def component(*given, **options):
    return Event()


def bound(fn=None, *given, **options):
    handlers.append(fn)
    return Event()


def GPU(function=None, **options):
    if function is None:
        return lambda inner: GPU(inner)
    events.append(("decorate", function.__name__))
    return function
"""


@dataclass
class Ran:
    """An app that was imported: what happened, and the functions it bound."""

    events: list[tuple[str, str]]
    handlers: list[Callable[..., Any]]
    at_import: list[tuple[str, str]] = field(default_factory=list)

    @property
    def built(self) -> list[str]:
        """What has been built until now."""
        return [source for kind, source in self.events if kind == "build"]

    @property
    def built_at_import(self) -> list[str]:
        return [source for kind, source in self.at_import if kind == "build"]


@contextmanager
def run_app(
    files: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch, app: str = "app.py"
) -> Iterator[Ran]:
    """Import an app with the stand-ins in place of its libraries."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    library = _modules()
    own = {path.removesuffix(".py").replace("/", ".") for path in files if path.endswith(".py")}
    for name in own:
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name, module in library.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.syspath_prepend(str(folder))
    names: dict[str, Any] = {"__name__": "__main__", "__file__": str(folder / app)}
    exec(compile(files[app], app, "exec"), names)  # noqa: S102 - the test's own text
    torch = library["torch"]
    ran = Ran(torch.events, [one for one in torch.handlers if one is not None])
    ran.at_import = list(ran.events)
    yield ran
    for name in own:
        sys.modules.pop(name, None)


def _modules() -> dict[str, ModuleType]:
    shared: dict[str, Any] = {}
    exec(LIBRARY, shared)  # noqa: S102 - the text above
    names = ("torch", "transformers", "diffusers", "gradio", "spaces", "sentence_transformers")
    modules = {name: ModuleType(name) for name in names}
    for module in modules.values():
        module.__dict__.update(shared)
    modules["gradio"].__dict__["__getattr__"] = lambda name: (
        shared["bound"] if name in {"Interface", "ChatInterface"} else shared["component"]
    )
    for name in ("transformers", "diffusers", "sentence_transformers"):
        modules[name].__dict__["__getattr__"] = lambda _: shared["Built"]
    modules["torch"].__dict__.update(_torch(shared))
    return modules


def _torch(shared: dict[str, Any]) -> dict[str, Any]:
    cuda = ModuleType("torch.cuda")
    cuda.__dict__.update(is_available=lambda: True, empty_cache=lambda: None)

    class NoGrad:
        def __enter__(self) -> None:
            return None

        def __exit__(self, *error: object) -> None:
            return None

        def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
            return function

    return {
        "cuda": cuda,
        "load": lambda path: path,
        "float16": "float16",
        "bfloat16": "bfloat16",
        "no_grad": NoGrad,
        "inference_mode": NoGrad,
        "Tensor": shared["Tensor"],
    }
