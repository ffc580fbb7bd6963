"""Names of this product in the documents: tools, lint rules, known errors."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache

import click
from huggingface_hub import SpaceStage

from tools.cli.main import commands
from tools.knowledge.hardware import hardware_flavors
from tools.knowledge.known_errors import known_errors
from tools.lint import all_rules
from tools.registry import all_tools

from .documents import Trouble
from .markdown import Document

_TOOL_LIKE = re.compile(r"(?<![\w/])(?:space|bucket|provider|grant|account|reference)_[a-z_]+")
_RULE_LIKE = re.compile(r"\b[A-Z]{2,4}_[A-Z0-9_]+\b")
_ID_LIKE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_ABOUT_ERRORS = re.compile(r"known[ -]errors?\b", re.IGNORECASE)


def check_tools(document: Document) -> Iterator[Trouble]:
    """What is named like a tool is one, or an argument or method of the Hub's client."""
    known = set(all_tools()) | _names_of_the_client() | set(_toolsets_and_arguments())
    for span in document.spans:
        for name in _TOOL_LIKE.findall(re.sub(r"[\w.]+\.(?=\w)", "", span.text)):
            if name not in known:
                yield Trouble(document.path, span.line, f"there is no tool `{name}`")


@cache
def _names_of_the_client() -> frozenset[str]:
    """Methods of `HfApi` and their parameters."""
    import huggingface_hub

    methods = dict(inspect.getmembers(huggingface_hub.HfApi, inspect.isfunction))
    parameters = {name for one in methods.values() for name in inspect.signature(one).parameters}
    kinds = (huggingface_hub.SpaceRuntime, huggingface_hub.SpaceInfo, huggingface_hub.Volume)
    fields = {name for kind in kinds for name in kind.__annotations__}
    return frozenset(methods) | parameters | fields


def _toolsets_and_arguments() -> Iterator[str]:
    for tool in all_tools().values():
        yield from tool.arguments_model.model_fields


def check_rules(document: Document) -> Iterator[Trouble]:
    """What is named like a lint rule is one, or a stage of a Space."""
    known = {*all_rules(), *(stage.value for stage in SpaceStage)}
    prefixes = {rule.partition("_")[0] for rule in all_rules()}
    for part in document.prose:
        for name in _RULE_LIKE.findall(part.text):
            if name.partition("_")[0] in prefixes and name not in known:
                line = next((one.line for one in part.spans if name in one.text), part.line)
                yield Trouble(document.path, line, f"there is no lint rule `{name}`")


def check_errors(document: Document) -> Iterator[Trouble]:
    """Where known errors are spoken of, what is named like the id of one is one.

    The first word of an id says what it is about, so that other names with hyphens are left alone.
    """
    ids = {error.id for error in known_errors()}
    subjects = {one.partition("-")[0] for one in ids}
    others = {flavor.name for flavor in hardware_flavors()}
    others |= set(commands.list_commands(click.Context(commands)))
    for part in document.prose:
        if not _ABOUT_ERRORS.search(part.text):
            continue
        for span in part.spans:
            if not _ID_LIKE.fullmatch(span.text) or span.text in ids | others:
                continue
            if span.text.partition("-")[0] in subjects:
                yield Trouble(document.path, span.line, f"there is no known error `{span.text}`")
