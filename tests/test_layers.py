"""One way down through the layers, held by reading every module's imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parent.parent / "tools"
# Programs of Spaces, which are data here: they import what a Space may import.
DATA = {"demo_app", "world", "files"}
MODULES = sorted(path for path in TOOLS.rglob("*.py") if not DATA & set(path.parts))


def part(path: Path) -> str:
    return path.relative_to(TOOLS).parts[0].removesuffix(".py")


# What a part of the package may import of the package; whatever is not named is above it.
BELOW: dict[str, frozenset[str]] = {
    "knowledge": frozenset(),
    "rehearsal": frozenset({"knowledge"}),
    "secret_names": frozenset(),
    "lint": frozenset({"knowledge", "model", "redaction", "secret_names", "token_kinds"}),
    "templates": frozenset({"model"}),
    "skill": frozenset({"problems"}),
    "progress": frozenset(),
    "installing": frozenset({"model", "problems", "settings"}),
    "prompts": frozenset({"knowledge", "model", "problems"}),
    "planning": frozenset(
        {
            "context",
            "fetching",
            "gates",
            "hub",
            "knowledge",
            "lint",
            "model",
            "origins",
            "problems",
            "public_reading",
            "templates",
        }
    ),
    "diagnosing": frozenset({"hub", "knowledge", "lint", "logreading", "model", "problems"}),
    "logreading": frozenset(),
    "app": frozenset({"logreading"}),
    "token_kinds": frozenset(),
    "redaction": frozenset({"token_kinds"}),
    "folder": frozenset({"token_kinds", "secret_names", "model"}),
    "model": frozenset(),
    "problems": frozenset({"model"}),
    "settings": frozenset(),
    "rehearsal_process": frozenset({"problems", "settings"}),
    "which_hub": frozenset({"problems", "settings", "rehearsal_process"}),
    "hub": frozenset({"model", "problems", "which_hub"}),
}
ONE_DOOR = {"huggingface_hub": ("hub", "which_hub"), "gradio_client": ("app",)}


def own_imports(path: Path) -> set[str]:
    """Top-level parts of this package that a module imports, relative imports resolved."""
    package = path.relative_to(TOOLS).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)]
            names = (node.module or "").split(".") if node.module else []
            targets = [[*base, *names]] if names else [[*base, alias.name] for alias in node.names]
            found |= {target[0] for target in targets if target}
    return found


def outer_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if part(path) in BELOW],
    ids=lambda path: str(path.relative_to(TOOLS)),
)
def test_imports_go_down_only(path: Path) -> None:
    assert not own_imports(path) - BELOW[part(path)] - {part(path), "__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TOOLS)))
def test_only_the_doors_import_the_clients(path: Path) -> None:
    imported = outer_imports(path)
    assert "tools" not in imported, "imports inside the package are relative"
    for client, doors in ONE_DOOR.items():
        if client in imported:
            assert part(path) in doors


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TOOLS)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("name", ["tools", "huggingface_spaces"])
def test_one_process_loads_the_package_under_one_name(name: str) -> None:
    """In a checkout it is `tools`, installed it is `huggingface_spaces`; both at once would give
    two registries and two sets of types."""
    other = {"tools": "huggingface_spaces", "huggingface_spaces": "tools"}[name]
    code = (
        f"import sys; from {name}.registry import all_tools; all_tools();"
        f"import {name}.serve, {name}.cli;"
        f"print(any(module.split('.')[0] == {other!r} for module in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=TOOLS.parent, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"
