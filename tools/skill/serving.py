"""The skill over MCP: as plain resources, and through the Skills extension.

The extension is `io.modelcontextprotocol/skills` (SEP-2640; ext-skills, specification/stable, read
2026-11-23): `skills/list` and `skills/get` tell every file of a skill with its SHA-256 digest and
size, and a host reads the files as resources and checks them. `mcp` 2.3.0 has no helper for it.
Everything is computed from the bytes that are served, at the time of the question.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    Resource,
)
from typing_extensions import override

from ..problems import Problem
from .files import MAIN, NAME, SkillFile, skill_files
from .markdown import Document

MARKDOWN = "text/markdown"
FRESH_MS = 300_000
"""How long a client may keep what it was told: the text changes with an upgrade only."""
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class SkillsExtension(Extension):
    """Adds `skills/list` and `skills/get`; the one skill is this package's own."""

    identifier = "io.modelcontextprotocol/skills"

    @override
    def methods(self) -> Sequence[MethodBinding]:
        """The two methods that the extension demands."""
        return (
            MethodBinding("skills/list", PaginatedRequestParams, _list),
            MethodBinding("skills/get", ReadResourceRequestParams, _get),
        )


async def _list(
    context: ServerRequestContext[Any, Any],  # noqa: ARG001 - the SDK's shape
    params: PaginatedRequestParams,
) -> dict[str, Any]:
    if params.cursor is not None:
        raise MCPError(code=INVALID_PARAMS, message="there is one page of skills and no cursor")
    return _complete({"skills": [skill_entry()]})


async def _get(
    context: ServerRequestContext[Any, Any],  # noqa: ARG001 - the SDK's shape
    params: ReadResourceRequestParams,
) -> dict[str, Any]:
    entry = skill_entry()
    if params.uri != entry["uri"]:
        message = f"no skill is served at {params.uri}; there is: {entry['uri']}"
        raise MCPError(code=INVALID_PARAMS, message=message, data={"uri": params.uri})
    return _complete({"skill": entry})


def _complete(result: dict[str, Any]) -> dict[str, Any]:
    return {"resultType": "complete", **result, "ttlMs": FRESH_MS, "cacheScope": "public"}


def skill_entry() -> dict[str, Any]:
    """The skill as the extension describes one: address, front matter, all files with digests."""
    files = _files()
    return {
        "uri": files[0].uri,
        "frontmatter": front_matter(files[0].text()),
        "resources": [_manifest_line(file) for file in files],
    }


def front_matter(text: str) -> dict[str, Any]:
    """The YAML at the beginning of SKILL.md as JSON values, every key as its author wrote it."""
    from ruamel.yaml import YAML  # YAML 1.2 as hosts read it: `on` is a word

    found = _FRONT_MATTER.match(text)
    parsed = YAML(typ="safe", pure=True).load(found[1]) if found else None
    if not isinstance(parsed, dict):
        raise MCPError(code=INTERNAL_ERROR, message=f"{MAIN} does not begin with front matter")
    # YAML knows dates, JSON does not; as text they are what the author wrote.
    told: dict[str, Any] = json.loads(json.dumps(parsed, default=str))
    return told


def _manifest_line(file: SkillFile) -> dict[str, Any]:
    data = file.data()
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return {"uri": file.uri, "digest": digest, "size": len(data)}


def skill_resources() -> list[Resource]:
    """The skill's files as `resources/list` shows them."""
    return [_resource(file) for file in _files()]


def _resource(file: SkillFile) -> Resource:
    data = file.data()
    text = data.decode("utf-8")
    document = Document(text)
    is_main = file.path == MAIN
    return Resource(
        uri=file.uri,
        name=NAME if is_main else file.path,
        title=document.title or file.path,
        description=front_matter(text).get("description") if is_main else document.about,
        mime_type=MARKDOWN,
        size=len(data),
    )


def read_skill_resource(uri: str) -> str:
    """The text behind an address.

    Raises:
        ResourceNotFoundError: nothing is served there; names what is.
    """
    files = _files()
    for file in files:
        if file.uri == uri:
            return file.text()
    there = ", ".join(file.uri for file in files)
    raise ResourceNotFoundError(f"there is no resource {uri}; there are: {there}")


def _files() -> tuple[SkillFile, ...]:
    try:
        return skill_files()
    except Problem as problem:
        raise MCPError(code=INTERNAL_ERROR, message=problem.text()) from None
