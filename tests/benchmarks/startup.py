"""Start to `tools/list` answered over stdio, against a one-tool `mcp` server; budget 1.25."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 9
ONE_TOOL = """
from mcp.server import MCPServer
server = MCPServer("one", version="1")

@server.tool()
def add(first: int, second: int) -> int:
    "Add two numbers."
    return first + second

server.run("stdio")
"""
OURS = [sys.executable, "server.py", "--hub", "rehearsal"]
MESSAGES = [
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "benchmark", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
]


def seconds_to_listing(command: list[str]) -> float:
    """Seconds from starting `command` until it has answered `tools/list`."""
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in MESSAGES:
            process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            if json.loads(line).get("id") == 2:
                break
        took = time.perf_counter() - began
        process.kill()
    return took


def measure() -> Iterator[str]:
    """Medians of interleaved rounds, after one warm-up each."""
    commands = {"one tool": [sys.executable, "-c", ONE_TOOL], "ours": OURS}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(ROUNDS + 1):
        for name, command in commands.items():
            took = seconds_to_listing(command)
            if number:
                times[name].append(took)
    floor, ours = (statistics.median(times[name]) for name in commands)
    yield f"one tool {floor * 1000:.0f} ms, ours {ours * 1000:.0f} ms: ratio {ours / floor:.2f}"
