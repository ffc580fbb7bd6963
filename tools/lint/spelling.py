"""Code in a few characters, for messages; and words in a piece of it.

`ast.unparse` would do, but it calls itself for each level, and chains of a hundred calls exist.
"""

from __future__ import annotations

import ast

from .python import PythonFile

LONGEST = 6
"""Names and calls of a chain that are shown."""


def spelled(node: ast.AST) -> str:
    """A name or a chain of calls without their arguments: `Model(...).to`."""
    text = ""
    for _ in range(LONGEST):
        if isinstance(node, ast.Attribute):
            text, node = f".{node.attr}{text}", node.value
        elif isinstance(node, ast.Call):
            text, node = f"(...){text}", node.func
        else:
            break
    root = node.id if isinstance(node, ast.Name) else ""
    return f"{root}{text}" if root else text.lstrip(".")


def mentions(file: PythonFile, node: ast.expr | ast.stmt, *words: str) -> bool:
    """Whether the lines of a node have one of some words in them."""
    lines = file.lines[node.lineno - 1 : node.end_lineno]
    return any(word in line for line in lines for word in words)
