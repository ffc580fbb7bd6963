"""Says of names, attributes and calls whether installed packages have them.

Run by the interpreter of an environment that has them: a list of questions in JSON comes in, a
list of answers goes out; empty where all is well or nobody can say. Only the standard library.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import json
import re
import sys
import types
import typing
import warnings
from functools import cache
from pathlib import Path
from typing import Any

UNKNOWN = object()
CALLED = "()"
BUILT_LATE = {"then", "success", "failure"}


class Missing(Exception):  # noqa: N818 - an answer, no error of this program
    """What was asked for is not there."""


class Instance:
    """Some object of a class; none is made."""

    def __init__(self, kind: type) -> None:
        self.kind = kind


class Method:
    """A function as a method of an object: its first parameter is taken."""

    def __init__(self, function: Any) -> None:
        self.function = function


def answer(question: dict[str, Any]) -> str:
    """Why a use fails; empty when it does not."""
    try:
        found: Any = importlib.import_module(question["module"])
    except ImportError as error:
        return f"cannot be imported: {error}"
    name = question["module"]
    try:
        for step in question["steps"]:
            found = _called(found) if step == CALLED else _member(found, step, name)
            name += step if step == CALLED else f".{step}"
        return _call(found, question["call"]) if question["call"] else ""
    except Missing as missing:
        return str(missing)


def _member(found: Any, name: str, so_far: str) -> Any:
    if found is UNKNOWN:
        return UNKNOWN
    if isinstance(found, Instance):
        return _of_instance(found.kind, name, so_far)
    if isinstance(found, Method):
        return UNKNOWN
    if hasattr(found, name):
        return getattr(found, name)
    if isinstance(found, types.ModuleType):
        with contextlib.suppress(ImportError):
            return importlib.import_module(f"{found.__name__}.{name}")
    raise Missing(f"{so_far} has no {name}")


def _of_instance(kind: type, name: str, so_far: str) -> Any:
    if name in _events(kind) or (name in BUILT_LATE and kind.__name__ == "Dependency"):
        return _event()
    static = inspect.getattr_static(kind, name, UNKNOWN)
    if isinstance(static, property):
        return _returned(static.fget)
    if isinstance(static, types.FunctionType):
        return Method(static)
    if static is not UNKNOWN:
        return getattr(kind, name, UNKNOWN)
    if name in _own_attributes(kind) or any("__getattr__" in vars(one) for one in _bases(kind)):
        return UNKNOWN
    raise Missing(f"{so_far} has no {name}")


def _bases(kind: type) -> list[type]:
    return [one for one in kind.__mro__ if one is not object]


@cache
def _own_attributes(kind: type) -> set[str]:
    """What objects of a class are given by its annotations and by `self.name = ...`."""
    found: set[str] = set()
    for one in _bases(kind):
        found.update(inspect.get_annotations(one))
        found.update(vars(one).get("__slots__", ()))
        with contextlib.suppress(OSError, TypeError):
            found.update(re.findall(r"\bself\.(\w+)\b[^=\n]*=", inspect.getsource(one)))
    return found


def _events(kind: type) -> set[str]:
    return {str(event) for event in getattr(kind, "EVENTS", ())}


@cache
def _event() -> Any:
    """A listener of Gradio, which only a made component has."""
    gradio = importlib.import_module("gradio")
    with gradio.Blocks():
        return gradio.Button().click


def _called(found: Any) -> Any:
    if found is UNKNOWN or isinstance(found, Instance):
        return UNKNOWN
    if isinstance(found, type):
        return UNKNOWN if found.__module__ == "typing" else Instance(found)  # `Any` is a class
    return _returned(found.function if isinstance(found, Method) else found)


def _returned(function: Any) -> Any:
    """An object of the class that a function says it gives."""
    if "gradio" in sys.modules and function is _event():
        return Instance(importlib.import_module("gradio.events").Dependency)
    try:
        kind = typing.get_type_hints(function).get("return")
    except Exception:  # noqa: BLE001 - annotations of strangers may name anything
        return UNKNOWN
    return Instance(kind) if type(kind) is type and kind.__module__ != "typing" else UNKNOWN


def _call(found: Any, call: dict[str, Any]) -> str:
    if found is UNKNOWN or isinstance(found, Instance):
        return ""
    if not isinstance(found, Method) and not callable(found):
        return "cannot be called"
    parameters = _parameters(found)
    return _misfit(parameters, call) if parameters is not None else ""


def _parameters(found: Any) -> list[inspect.Parameter] | None:
    """What a call takes; None where that cannot be read."""
    function = found.function if isinstance(found, Method) else found
    try:
        read = list(inspect.signature(function).parameters.values())
    except ImportError:
        return _parameters_in_source(function)
    except (TypeError, ValueError):
        return None
    return read[1:] if isinstance(found, Method) else read


def _parameters_in_source(function: Any) -> list[inspect.Parameter] | None:
    """Of a function of `spaces` that needs torch to be looked at: as its file declares it."""
    if type(function).__module__ != "spaces":
        return None
    folder = Path(sys.modules["spaces"].__path__[0])
    for node in ast.walk(ast.parse((folder / "zero" / "torch" / "aoti.py").read_text())):
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__:
            return _declared(node.args)
    return None


def _declared(arguments: ast.arguments) -> list[inspect.Parameter]:
    kinds = inspect.Parameter
    plain = [*arguments.posonlyargs, *arguments.args]
    without = len(plain) - len(arguments.defaults)
    found = [
        kinds(one.arg, kinds.POSITIONAL_OR_KEYWORD, default=kinds.empty if at < without else None)
        for at, one in enumerate(plain)
    ]
    if arguments.vararg:
        found.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(kinds(one.arg, kinds.KEYWORD_ONLY, default=default or kinds.empty))
    if arguments.kwarg:
        found.append(kinds(arguments.kwarg.arg, kinds.VAR_KEYWORD))
    return found


def _misfit(parameters: list[inspect.Parameter], call: dict[str, Any]) -> str:
    kind = inspect.Parameter
    positional = _named(parameters, kind.POSITIONAL_ONLY, kind.POSITIONAL_OR_KEYWORD)
    named = {
        *_named(parameters, kind.POSITIONAL_OR_KEYWORD, kind.KEYWORD_ONLY),
        *_unpacked(parameters),
    }
    unknown = [one for one in call["keywords"] if one not in named]
    if unknown and not _takes_any(parameters):
        return f"takes no {', '.join(unknown)}"
    if call["positional"] > len(positional) and not _named(parameters, kind.VAR_POSITIONAL):
        return f"takes {len(positional)} positional arguments, {call['positional']} are given"
    given = {*positional[: call["positional"]], *call["keywords"]}
    missing = [
        one.name
        for one in parameters
        if one.default is kind.empty
        and one.kind not in {kind.VAR_KEYWORD, kind.VAR_POSITIONAL}
        and one.name not in given
    ]
    return f"needs {', '.join(missing)}" if missing and not call["open"] else ""


def _named(parameters: list[inspect.Parameter], *kinds: object) -> list[str]:
    return [one.name for one in parameters if one.kind in kinds]


def _takes_any(parameters: list[inspect.Parameter]) -> bool:
    """Whether there is a `**kwargs` that is not a closed list of names in disguise."""
    return any(
        one.kind is inspect.Parameter.VAR_KEYWORD and _closed(one) is None for one in parameters
    )


def _unpacked(parameters: list[inspect.Parameter]) -> set[str]:
    return {name for one in parameters for name in _closed(one) or ()}


def _closed(parameter: inspect.Parameter) -> set[str] | None:
    """The names that `**kwargs: Unpack[SomeTypedDict]` takes."""
    if "Unpack" not in str(typing.get_origin(parameter.annotation)):
        return None
    (names,) = typing.get_args(parameter.annotation)
    return set(getattr(names, "__annotations__", {}))


def main() -> None:
    """Answer what standard input asks."""
    questions = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(sys.stderr):
        with contextlib.suppress(ImportError):
            importlib.import_module("spaces")  # it wants to be imported before anything else
        answers = [answer(question) for question in questions]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
