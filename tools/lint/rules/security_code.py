"""Foreign code that changes under the app, and secrets in its log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..finding import Hit, Severity
from ..project import Project
from ..python import PythonFile, argument
from ..rule import rule

_SECRET = re.compile(
    r"TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY", re.I
)
_COMMIT = re.compile(r"^[0-9a-f]{7,40}$|^v?\d")


@rule(
    "SEC_TRUST_REMOTE_CODE",
    Severity.INFO,
    "Code from a model repository, in whatever version it is",
    source="transformers documentation of trust_remote_code and code_revision",
    as_of="2026-11-22",
    reference="debugging",
)
def trust_remote_code(project: Project) -> Iterator[Hit]:
    """With `trust_remote_code=True` the app runs Python files of the model's repository, also those
    that are changed tomorrow, with the Space's secrets in reach. A commit in `revision=` fixes what
    was read once; it also keeps the app working when the repository changes.
    """
    for file in project.running:
        if "trust_remote_code" not in file.text:
            continue
        seen: set[str] = set()
        for call in file.calls:
            given = argument(call, "trust_remote_code")
            if given is None or file.constant(given) is not True:
                continue
            model = ast.dump(call.args[0]) if call.args else ""
            pinned = any(_is_pinned(file, call, name) for name in ("revision", "code_revision"))
            if pinned or model in seen:
                continue
            seen.add(model)
            message = "the code of the model's repository is not pinned; add revision=<commit>"
            yield Hit(file.path, given.lineno, message)


def _is_pinned(file: PythonFile, call: ast.Call, name: str) -> bool:
    """Whether a revision is given that is no branch; what is computed is believed."""
    given = argument(call, name)
    if given is None:
        return False
    value = file.constant(given)
    return not isinstance(value, str) or bool(_COMMIT.match(value))


@rule(
    "SEC_PRINT_TOKEN",
    Severity.WARNING,
    "A secret is printed",
    source="hub-docs spaces-overview.md: secrets; logs are readable for all who may write",
    as_of="2026-11-22",
    reference="debugging",
)
def print_token(project: Project) -> Iterator[Hit]:
    """What is printed is kept in the log, which more people read than may know the secret, and
    which is pasted into issues and chats. Print whether it is set, not what it is.
    """
    for file in project.running:
        if "environ" not in file.text and "getenv" not in file.text:
            continue
        secrets = _secret_names(file)
        for call in file.calls:
            if not _is_output(file, call):
                continue
            for given in [*call.args, *(one.value for one in call.keywords)]:
                name = _printed(file, given, secrets)
                if name is not None:
                    message = f"the secret `{name}` is written to the log; print bool(...) of it"
                    yield Hit(file.path, call.lineno, message)
                    break


def _secret_names(file: PythonFile) -> dict[str, str]:
    """Names at the top of the module that hold a secret, with the variable it comes from."""
    found = {}
    for name, values in file.module_names.items():
        variables = [_variable(file, value) for value in values]
        if len(variables) == 1 and variables[0] is not None:
            found[name] = variables[0]
    return found


def _variable(file: PythonFile, node: ast.expr) -> str | None:
    """The environment variable that an expression reads, if its name is that of a secret."""
    name: object = None
    if isinstance(node, ast.Call) and node.args:
        if file.qualified(node.func) in {"os.environ.get", "os.getenv"}:
            name = file.constant(node.args[0])
    elif isinstance(node, ast.Subscript) and file.qualified(node.value) == "os.environ":
        name = file.constant(node.slice)
    return name if isinstance(name, str) and _SECRET.search(name) else None


def _is_output(file: PythonFile, call: ast.Call) -> bool:
    name = file.qualified(call.func) or ""
    if name == "print":
        return True
    receiver, _, method = name.rpartition(".")
    return method in _LEVELS and receiver.rpartition(".")[2].lower() in {
        "logging",
        "logger",
        "log",
        "_log",
    }


_LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception"})


def _printed(file: PythonFile, node: ast.expr, secrets: dict[str, str]) -> str | None:
    """The secret that an argument shows as it is; a part of it, or a test of it, is none."""
    if isinstance(node, ast.Name):
        return secrets.get(node.id)
    if isinstance(node, ast.JoinedStr):
        shown = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
        return next((name for one in shown if (name := _printed(file, one, secrets))), None)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _printed(file, node.left, secrets) or _printed(file, node.right, secrets)
    return _variable(file, node)
