"""Starts the MCP server of this checkout: `.venv/bin/python server.py [serve options]`."""

from __future__ import annotations

import sys

from tools.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
