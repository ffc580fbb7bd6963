"""Ready configuration for agent hosts other than Claude Code.

Formats: each host's documentation as of August to November 2026; the server is the same command.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SERVER = "spaces"
"""The server's name in every host; part of the tools' full names."""


@dataclass(frozen=True)
class Host:
    """A host: what to write, into which file, and the folder it finds skills in, if it does."""

    name: str
    file: str
    write: Callable[[str], str]
    skills: str = ""


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _common(command: str) -> str:
    return _json({"mcpServers": {SERVER: {"command": command, "args": ["serve"]}}})


def _vscode(command: str) -> str:
    server = {"type": "stdio", "command": command, "args": ["serve"]}
    return _json({"servers": {SERVER: server}})


def _codex(command: str) -> str:
    # A JSON string is a TOML basic string.
    quoted = json.dumps(command, ensure_ascii=False)
    return f'[mcp_servers.{SERVER}]\ncommand = {quoted}\nargs = ["serve"]'


def _opencode(command: str) -> str:
    server = {"type": "local", "command": [command, "serve"], "enabled": True}
    return _json({"$schema": "https://opencode.ai/config.json", "mcp": {SERVER: server}})


HOSTS = {
    host.name: host
    for host in (
        Host("codex", "~/.codex/config.toml", _codex, "~/.agents/skills"),
        Host("cursor", "~/.cursor/mcp.json, or .cursor/mcp.json of a project", _common),
        Host("gemini", "~/.gemini/settings.json", _common),
        Host(
            "mcp-json", ".mcp.json of a project, or wherever the host wants `mcpServers`", _common
        ),
        Host(
            "opencode",
            "opencode.json of a project, or ~/.config/opencode/opencode.json",
            _opencode,
            ".agents/skills of a project",
        ),
        Host("vscode", ".vscode/mcp.json of a project", _vscode, ".github/skills of a project"),
    )
}


def skill_line(host: Host, plugin: Path) -> str:
    """How the skill itself gets to a host that reads skills; empty for one that does not."""
    if not host.skills:
        return ""
    return f"The skill: link or copy {plugin} to {host.skills}, named huggingface-spaces."
