"""Python in the documents: it compiles, and names and calls only what exists."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tools.knowledge.gradio_arguments import gradio_arguments

from .documents import Trouble
from .environment import answers
from .markdown import Block, Document
from .stubs import declared, is_declared
from .uses import Use, uses

BAD = "python bad"
"""A counter-example: it only has to compile."""


_ALWAYS_THERE = {*dir(builtins), "__file__", "__name__"}


@dataclass(frozen=True)
class Code:
    """A Python block that compiles."""

    path: str
    block: Block
    tree: ast.Module

    def trouble(self, line: int, reason: str) -> Trouble:
        """Something wrong in a line of the block, counted from 1."""
        return Trouble(self.path, self.block.line + line - 1, reason)


def python_blocks(document: Document) -> Iterator[Block]:
    """The blocks of a document that are Python."""
    return (block for block in document.blocks if block.language in {"python", "py", "python3"})


def check_compiles(document: Document) -> Iterator[Trouble]:
    """Every Python block compiles as a module: no `await` outside of a function."""
    for block in python_blocks(document):
        try:
            compile(block.text, document.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = block.line + (getattr(error, "lineno", None) or 1) - 1
            yield Trouble(document.path, line, f"does not compile: {error}")


def shown_to_be_copied(documents: Iterable[Document]) -> list[Code]:
    """The blocks that have to be right: all that compile and are no counter-examples."""
    found: list[Code] = []
    for document in documents:
        wrong = {trouble.line for trouble in check_compiles(document)}
        for block in python_blocks(document):
            lines = range(block.line, block.line + block.text.count("\n") + 1)
            if block.info != BAD and not wrong.intersection(lines):
                found.append(Code(document.path, block, ast.parse(block.text)))
    return found


def check_uses(codes: Iterable[Code]) -> Iterator[Trouble]:
    """Imports, attributes and arguments, asked of the real packages in one go."""
    asked: list[tuple[Code, Use]] = []
    for code in codes:
        for use in uses(code.tree):
            if not is_declared(use):
                asked.append((code, use))
            elif said := declared(use):
                yield code.trouble(use.line, said)
    for (code, use), said in zip(asked, answers([use for _, use in asked]), strict=True):
        if reason := said or _refused_by_gradio(use):
            yield code.trouble(use.line, f"`{use.text}`: {reason}")


def _refused_by_gradio(use: Use) -> str:
    """Arguments that a `**kwargs` of Gradio takes and then refuses."""
    table = gradio_arguments()
    name = ".".join(use.steps)
    if use.module != "gradio" or not use.call or not table.has_call(name, table.newest.bit):
        return ""
    bit = table.newest.bit
    unknown = [word for word in use.call.keywords if not table.takes(name, word, bit)]
    return f"takes no {', '.join(unknown)} (tried with {table.newest.version})" if unknown else ""


def check_names(codes: Iterable[Code]) -> Iterator[Trouble]:
    """Names that nothing in the block defines: whoever copies it gets a NameError."""
    for code in codes:
        table = symtable.symtable(code.block.text, code.path, "exec")
        symbols = table.get_symbols()
        defined = {
            one.get_name()
            for one in symbols
            if one.is_assigned() or one.is_imported() or one.is_namespace()
        }
        for name in sorted(_read(table) - defined - _ALWAYS_THERE):
            first = next(
                node.lineno
                for node in ast.walk(code.tree)
                if isinstance(node, ast.Name) and node.id == name
            )
            yield code.trouble(first, f"nothing in the block defines `{name}`")


def _read(table: symtable.SymbolTable) -> set[str]:
    """Global names that a scope or one inside it reads."""
    found = {
        one.get_name()
        for one in table.get_symbols()
        if one.is_referenced() and (one.is_global() or table.get_type() == "module")
    }
    return found.union(*(_read(child) for child in table.get_children()))
