"""What the server loads before it answers: a host waits for it, so nothing that it may not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAVY = {
    "anthropic",
    "gradio_client",
    "httpx",
    "huggingface_hub.hf_api",
    "dulwich",
    "PIL",
    "yaml",
    "tools.rehearsal",
}

LISTING = """
import asyncio, sys
from mcp import Client
from tools.serve import SpacesServer, choose_tools
from tools.settings import Settings
before = set(sys.modules)

async def main():
    async with Client(SpacesServer(Settings(), choose_tools())) as client:
        await client.list_tools()

asyncio.run(main())
print("\\n".join(sys.modules))
"""


def test_listing_the_tools_loads_no_heavy_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LISTING], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split())
    assert "tools.steps.create" in loaded
    assert not loaded & HEAVY
