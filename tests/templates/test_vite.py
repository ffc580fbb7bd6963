"""The Vite template, built as the Hub does it."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from .conftest import Scaffold


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="no npm on this machine")
def test_static_vite_builds_with_relative_addresses(scaffold: Scaffold) -> None:
    folder = scaffold("static-vite", title="Count & <see>")
    for command in (["npm", "install", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=100)
    page = (folder / "dist" / "index.html").read_text()
    assert "<h1>Count &amp; &lt;see&gt;</h1>" in page
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(addresses) == 2
    assert all((folder / "dist" / address).is_file() for address in addresses)
    assert not any(address.startswith("/") for address in addresses)
