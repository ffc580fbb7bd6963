"""Who gets into the app, and which files it gives out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..finding import Hit, Severity
from ..gradio_objects import GradioCall, gradio_calls
from ..project import Project
from ..python import Function, PythonFile, argument
from ..rule import rule

_WHOLE = re.compile(
    r"^(?:/|//|/home/?|/home/user/?|/root/?|/etc/?|/proc/?|/var/?|/usr/?|~/?|/app/\.\./?)$"
)
_KNOWN = frozenset(
    {
        "admin",
        "password",
        "passwd",
        "pass",
        "1234",
        "12345",
        "123456",
        "test",
        "demo",
        "user",
        "guest",
    }
    | {"admin123", "changeme", "secret", "gradio", "root", "hello", "letmein", "qwerty", ""}
)


@rule(
    "SEC_DEFAULT_PASSWORD",
    Severity.WARNING,
    "A password that stands in the code",
    source="gradio guide on sharing, authentication",
    as_of="2026-08-22",
    reference="gradio",
)
def default_password(project: Project) -> Iterator[Hit]:
    """Who can read the repository knows the password, and `admin` is guessed without reading it.
    Take it from a secret of the Space, or let people sign in with `hf_oauth`.
    """
    for call in gradio_calls(project):
        given = argument(call.node, "auth") if call.name in _LAUNCHES else None
        if given is None:
            continue
        for node, password in _passwords(project, call, given):
            what = "a well-known password" if password.lower() in _KNOWN else "a password"
            message = (
                f"{what} stands in the code; read it from a secret of the Space, such as "
                'os.environ["APP_PASSWORD"]'
            )
            yield Hit(call.file.path, node.lineno, message)


_LAUNCHES = frozenset({"Blocks.launch", "Server.launch", "mount_gradio_app"})


def _passwords(
    project: Project, call: GradioCall, given: ast.expr
) -> Iterator[tuple[ast.expr, str]]:
    file = call.file
    if isinstance(given, ast.Name):
        values = file.module_names.get(given.id, [])
        found = project.definition(file, given.id) if not values else None
        if found is not None and found[0] is file and isinstance(found[1], Function):
            yield from _compared(file, found[1])
            return
        given = values[0] if len(values) == 1 else given
    pairs = given.elts if isinstance(given, ast.List) else [given]
    for pair in pairs:
        if isinstance(pair, ast.Tuple | ast.List) and len(pair.elts) == 2:
            password = file.constant(pair.elts[1])
            if isinstance(password, str):
                yield pair, password


def _compared(file: PythonFile, function: Function) -> Iterator[tuple[ast.expr, str]]:
    """A function of (user, password) that compares the second with a literal."""
    parameters = [one.arg for one in function.args.args]
    if len(parameters) != 2:
        return
    for node in file.nodes(ast.Compare):
        sides = [node.left, *node.comparators]
        names = [one.id for one in sides if isinstance(one, ast.Name)]
        texts = [one.value for one in sides if isinstance(one, ast.Constant)]
        is_own = file.function_around(node) is function
        if is_own and parameters[1] in names and texts and isinstance(texts[0], str):
            yield node, texts[0]


@rule(
    "SEC_ALLOWED_PATHS_ROOT",
    Severity.ERROR,
    "Every file of the container is given out",
    source="gradio guide on file access",
    as_of="2026-08-22",
    reference="gradio",
)
def allowed_paths(project: Project) -> Iterator[Hit]:
    """Everything below an allowed path can be downloaded by everybody who knows its name. With the
    root, that is `/proc/self/environ`, which holds the secrets of the Space.
    """
    for call in gradio_calls(project):
        name = "paths" if call.name == "set_static_paths" else "allowed_paths"
        if call.name not in {*_LAUNCHES, "set_static_paths"}:
            continue
        given = argument(call.node, name, 0 if name == "paths" else None)
        for node in _elements(given):
            wide = _is_whole(call.file, node)
            if wide:
                message = (
                    f"{name} of `{wide}` gives out every file there; name the folder of outputs"
                )
                severity = Severity.WARNING if wide in {".", "os.getcwd()"} else None
                yield Hit(call.file.path, node.lineno, message, severity)


def _elements(given: ast.expr | None) -> list[ast.expr]:
    if given is None:
        return []
    return list(given.elts) if isinstance(given, ast.List | ast.Tuple | ast.Set) else [given]


def _is_whole(file: PythonFile, node: ast.expr) -> str | None:
    """How a path is spelt that holds far more than the app's outputs."""
    value = file.constant(node)
    if isinstance(value, str):
        return value if _WHOLE.match(value) or value in {".", "./"} else None
    if isinstance(node, ast.Call):
        name = file.qualified(node.func)
        if name in {"os.path.expanduser", "os.path.abspath", "pathlib.Path"} and node.args:
            return _is_whole(file, node.args[0])
        return (
            f"{name}()" if name in {"os.getcwd", "pathlib.Path.home", "pathlib.Path.cwd"} else None
        )
    return None
