"""Read from a wheel what documentation may use of a package, without installing it.

    python -m maintenance.documentation.wheel_names WHEEL torch.compile torch.nn.Linear

Prints lines for `tests/docs/stubs.yaml`: a list of keywords, `anything` where a call takes any, or
`a value`. A name that the wheel does not have is an error. Only what is written in Python or in a
`.pyi` is seen; overloads are put together.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.stmt
DEEPEST = 12
"""How many imports are followed from a name to where it is defined."""


class Wheel:
    """The source in a wheel."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._trees: dict[str, ast.Module] = {}

    @cached_property
    def files(self) -> frozenset[str]:
        """Paths of everything in it."""
        return frozenset(self._archive.namelist())

    def described(self, name: str) -> str:
        """What a dotted name takes, as `stubs.yaml` writes it.

        Raises:
            LookupError: the wheel does not have it.
        """
        found = self._of_class(name) or self._found(name) or self._compiled(name)
        if not found:
            raise LookupError(f"{name} is not in the wheel")
        return self._takes(found)

    def _of_class(self, name: str) -> list[Definition]:
        """A method, looked for in the class and in the classes it is made from."""
        holder, _, method = name.rpartition(".")
        for owner in self._found(holder) if "." in holder else []:
            if isinstance(owner, ast.ClassDef):
                return self._method(owner, method)
        return []

    def _method(self, owner: ast.ClassDef, method: str, depth: int = 0) -> list[Definition]:
        own = [one for one in owner.body if getattr(one, "name", None) == method]
        if own or depth > DEEPEST:
            return [*own]
        for base in owner.bases:
            for parent in self._anywhere(ast.unparse(base).rpartition(".")[2]):
                if isinstance(parent, ast.ClassDef) and parent is not owner:
                    inherited = self._method(parent, method, depth + 1)
                    if inherited:
                        return inherited
        return []

    def _found(self, name: str) -> list[Definition]:
        module, _, last = name.rpartition(".")
        path = self._path(module)
        if path is None:
            return []
        found = self._in_file(path, last)
        # Packages that import on demand name in strings what they have.
        lazy = f'"{last}"' in self._text(path) if not found else False
        return self._anywhere(last) if lazy else found

    def _in_file(self, path: str, name: str, depth: int = 0) -> list[Definition]:
        found: list[Definition] = [
            node
            for node in _top(self._tree(path).body)
            if getattr(node, "name", None) == name or name in _targets(node)
        ]
        if found or depth > DEEPEST:
            return found
        for statement in ast.walk(self._tree(path)):
            if isinstance(statement, ast.ImportFrom):
                found = self._imported(statement, path, name, depth)
                if found:
                    return found
        return []

    def _imported(self, node: ast.ImportFrom, path: str, name: str, depth: int) -> list[Definition]:
        origin = self._path(_absolute(path, node))
        for one in node.names if origin and origin != path else []:
            if (one.asname or one.name) == name or one.name == "*":
                wanted = name if one.name == "*" else one.name
                return self._in_file(str(origin), wanted, depth + 1)
        return []

    def _anywhere(self, name: str) -> list[Definition]:
        """Definitions at the top of any file; stand-ins for missing packages do not count."""
        defined = re.compile(rf"^(?:class|def) {re.escape(name)}\b", re.MULTILINE)
        for path in sorted(self.files):
            if path.endswith(".py") and "dummy_" not in path and defined.search(self._text(path)):
                return [one for one in self._tree(path).body if getattr(one, "name", None) == name]
        return []

    def _compiled(self, name: str) -> list[Definition]:
        """What a package's C part has, as its `.pyi` says."""
        package, _, last = name.partition(".")
        holder, _, method = last.rpartition(".")
        found: list[Definition] = []
        for path in sorted(self.files):
            if path.startswith(f"{package}/_C/") and path.endswith(".pyi"):
                for node in self._tree(path).body:
                    same = getattr(node, "name", None) == (holder or last)
                    if same and holder and isinstance(node, ast.ClassDef):
                        found += [*self._method(node, method)]
                    elif not holder and (same or last in _targets(node)):
                        found.append(node)
        return found

    def _takes(self, found: list[Definition]) -> str:
        keywords: dict[str, None] = {}
        for node in found:
            if isinstance(node, ast.ClassDef):
                made = self._method(node, "__init__") or self._method(node, "__new__")
                if not made:
                    return "anything"
                return self._takes(made)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.Name):
                return "anything"  # what a call or another name gives may be called itself
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                return "a value"
            if node.args.kwarg:
                return "anything"
            keywords |= dict.fromkeys(_named(node.args))
        return f"[{', '.join(keywords)}]"

    def _path(self, module: str) -> str | None:
        stem = module.replace(".", "/")
        ways = (f"{stem}/__init__.py", f"{stem}.py", f"{stem}/__init__.pyi", f"{stem}.pyi")
        return next((way for way in ways if way in self.files), None)

    def _text(self, path: str) -> str:
        return self._archive.read(path).decode("utf-8", errors="replace")

    def _tree(self, path: str) -> ast.Module:
        if path not in self._trees:
            self._trees[path] = ast.parse(self._text(path))
        return self._trees[path]


def _top(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those under its conditions included."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _top([*node.body, *node.orelse])


def _absolute(path: str, node: ast.ImportFrom) -> str:
    """The module that a file imports from."""
    if not node.level:
        return node.module or ""
    folder = path.split("/")[:-1]
    folder = folder[: len(folder) - node.level + 1]
    return ".".join([*folder, *([node.module] if node.module else [])])


def _targets(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        yield from (one.id for one in node.targets if isinstance(one, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _named(arguments: ast.arguments) -> Iterator[str]:
    for one in (*arguments.args, *arguments.kwonlyargs):
        if one.arg not in {"self", "cls"}:
            yield one.arg


def main() -> int:
    """Print a line for each name; 1 when one is not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("names", nargs="+")
    given = parser.parse_args()
    wheel, code = Wheel(given.wheel), 0
    for name in given.names:
        try:
            sys.stdout.write(f"{name}: {wheel.described(name)}\n")
        except LookupError as error:
            sys.stderr.write(f"{error}\n")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
