"""The rules for SKILL.md: those of the Agent Skills specification, and tighter ones of our own.

Specification: agentskills docs/specification.mdx and the validator of skills-ref, read 2026-08-09.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from .documents import Trouble
from .markdown import Document

NAME = "huggingface-spaces"
KEYS = {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}
FIRST = 200
"""Listings of skills are cut: what makes an agent choose this one stands within so much."""
TRIGGERS = ("hugging face spaces", "deploy", "debug", "gradio", "docker", "static")
MOST_LINES = 300
MOST_BYTES = 15_000


def check_skill(skill: Document) -> Iterator[Trouble]:
    """Front matter and size."""
    for reason in (*_front_matter(skill.front_matter), *_size(skill)):
        yield Trouble(skill.path, 1, reason)


def _front_matter(text: str) -> Iterator[str]:
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        yield f"the front matter is no YAML: {error}"
        return
    if not isinstance(given, dict):
        yield "there is no front matter"
        return
    for key in sorted(given.keys() - KEYS):
        yield f"`{key}` is no key of a skill"
    name = str(given.get("name", ""))
    if name != NAME or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 64:
        yield f"`name` is not {NAME}"
    yield from _description(str(given.get("description", "")))
    if not 0 < len(str(given.get("compatibility", "any"))) <= 500:
        yield "`compatibility` has more than 500 characters"


def _description(text: str) -> Iterator[str]:
    if not 0 < len(text) <= 1024:
        yield f"the description has {len(text)} characters; 1 to 1024 are allowed"
    if re.search("[<>]", text):
        yield "the description has `<` or `>`"
    missing = [word for word in TRIGGERS if word not in text[:FIRST].lower()]
    if missing:
        yield f"the first {FIRST} characters of the description lack: {', '.join(missing)}"


def _size(skill: Document) -> Iterator[str]:
    if skill.lines >= MOST_LINES:
        yield f"{skill.lines} lines; fewer than {MOST_LINES} are allowed"
    size = len(skill.text.encode())
    if size > MOST_BYTES:
        yield f"{size:,} bytes; {MOST_BYTES:,} are allowed"
