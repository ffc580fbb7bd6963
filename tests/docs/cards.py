"""Cards, requirements and code shown in the documents: what our own linter says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import yaml

from tools.lint import Finding, Severity, lint_files

from .code import Code
from .documents import Trouble
from .markdown import Block, Document

REQUIREMENTS = re.compile(r"text requirements\.txt(?: sdk_version=(?P<version>[\d.]+))?")
NEWEST = "6.31.0"
_HEALTHY_CARD = """---
title: Shown
emoji: 🐟
colorFrom: blue
colorTo: green
sdk: gradio
sdk_version: "{version}"
python_version: "3.12"
app_file: app.py
---
"""
_DOCKER_CARD = _HEALTHY_CARD.partition("sdk:")[0] + "sdk: docker\n---\n"
_PAGE = "<!doctype html>\n<title>Shown</title>\n<p>Shown.</p>\n"


def check_yaml(document: Document) -> Iterator[Trouble]:
    """A block that begins with `---` is a card that passes the linter; any other one parses."""
    for block in document.blocks:
        if block.language not in {"yaml", "yml"}:
            continue
        try:
            content = list(yaml.safe_load_all(block.text))
        except yaml.YAMLError as error:
            yield Trouble(document.path, block.line, f"is no YAML: {' '.join(str(error).split())}")
            continue
        if block.text.startswith("---\n"):
            if not block.text.rstrip().endswith("\n---"):
                yield Trouble(document.path, block.line, "a card ends with a line of `---`, too")
            yield from _linted(document, block, _around(block.text, content[0]), "README.md")


def check_requirements(document: Document) -> Iterator[Trouble]:
    """A block of requirements has nothing that would fail.

    ```text requirements.txt sdk_version=5.50.0 shows those of a Space with that Gradio.
    """
    for block in document.blocks:
        if info := REQUIREMENTS.fullmatch(block.info):
            card = _HEALTHY_CARD.format(version=info["version"] or NEWEST)
            files = {"README.md": card, "requirements.txt": block.text, "app.py": ""}
            yield from _linted(document, block, files, "requirements.txt")


def check_dockerfiles(document: Document) -> Iterator[Trouble]:
    """A Dockerfile has nothing that would fail on a Space. The files it copies are not shown."""
    for block in document.blocks:
        if block.language == "dockerfile":
            files = {"README.md": _DOCKER_CARD, "Dockerfile": block.text}
            yield from _linted(document, block, files, "Dockerfile")


def check_code(codes: Iterable[Code]) -> Iterator[Trouble]:
    """Code that is shown to be copied has nothing that we ourselves would find in it.

    What stands in other files, such as requirements, is not in question.
    """
    card = _HEALTHY_CARD.format(version=NEWEST).replace("sdk:", "hf_oauth: true\nsdk:", 1)
    for code in codes:
        for finding in lint_files({"README.md": card, "app.py": code.block.text}).findings:
            elsewhere = finding.file != "app.py" or finding.id.startswith("REQ_")
            if not elsewhere and finding.severity is not Severity.INFO:
                yield code.trouble(finding.line or 1, f"{finding.id}: {finding.message}")


def _around(card: str, content: object) -> dict[str, str]:
    """The files that a card names, so that only the card itself is in question."""
    named = content.get("app_file") if isinstance(content, Mapping) else None
    files = {"README.md": f"{card.rstrip()}\n\n# Shown\n", "Dockerfile": "", "index.html": _PAGE}
    for name in filter(None, (named, "app.py")):
        files[str(name)] = _PAGE if str(name).endswith(".html") else ""
    return files


def _linted(
    document: Document, block: Block, files: Mapping[str, str], file: str
) -> Iterator[Trouble]:
    for finding in lint_files(files).findings:
        if finding.file == file and _matters(finding, file):
            line = block.line + (finding.line or 1) - 1
            yield Trouble(document.path, line, f"{finding.id}: {finding.message}")


def _matters(finding: Finding, file: str) -> bool:
    """In a card its own rules count, warnings too. Of other files a part may be shown, and a
    warning may be about that."""
    if finding.severity is Severity.INFO or finding.id == "DK_COPY_MISSING":
        return False
    if file == "README.md":
        return finding.id.startswith(("FM_", "SEC_"))
    return finding.severity is Severity.ERROR
