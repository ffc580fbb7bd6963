"""How each tool announces an error, in its own words, and which line names the cause."""

from __future__ import annotations

import pytest

from tools.logreading import BlockKind, read_log

FIRST_LINES: list[tuple[str, str, BlockKind]] = [
    (
        (
            "ERROR: Ignored the following versions that require a different python version: 5.0\n"
            "ERROR: Could not find a version that satisfies the requirement x==9 (from: none)\n"
            "ERROR: No matching distribution found for x==9"
        ),
        "ERROR: Could not find a version that satisfies the requirement x==9 (from: none)",
        "pip",
    ),
    (
        (
            "  × No solution found when resolving dependencies:\n"
            "  ╰─▶ Because gradio[mcp]==6.31.0 depends on pydantic<=2.12.5 and you require\n"
            "      pydantic>=2.13, we can conclude that your requirements are unsatisfiable."
        ),
        "× No solution found when resolving dependencies:",
        "uv",
    ),
    (
        "error: Failed to fetch: `https://example.org/simple/x/`\n  Caused by: Request failed",
        "error: Failed to fetch: `https://example.org/simple/x/`",
        "uv",
    ),
    ("E: Unable to locate package a\nE: Unable to locate package b", "package a", "apt"),
    ("npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve", "ERESOLVE unable", "npm"),
    ("npm error code E404\nnpm error 404 Not Found - GET x", "404 Not Found", "npm"),
    ("#12 34.56 E: Unable to locate package a", "E: Unable to locate package a", "apt"),
    ("Killed", "Killed", "exit"),
    ("/start.sh: line 3:    12 Killed                  python app.py", "Killed", "exit"),
    ("Segmentation fault (core dumped)", "Segmentation fault", "exit"),
    ("exec /app/start.sh: exec format error", "exec format error", "exit"),
    ("Exit code: 137. Reason: OOMKilled", "OOMKilled", "exit"),
    (
        "OSError: Cannot find empty port in range: 7860-7860. You can specify another",
        "Cannot find empty port",
        "traceback",
    ),
    (
        (
            "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\n"
            "Error: Cannot find module 'express'\nRequire stack:\n- /app/index.js\n"
            "    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n"
            "  code: 'MODULE_NOT_FOUND',\n}\n\nNode.js v20.11.0"
        ),
        "Error: Cannot find module 'express'",
        "message",
    ),
    ("[2026-07-01 10:00:00 +0000] [7] [ERROR] Worker failed to boot", "failed to boot", "message"),
    ("2026-07-01 10:00:00,123 - app.model - ERROR - no weights", "no weights", "message"),
    ("2026-07-01 10:00:00.123 | ERROR    | app:load:12 - no weights", "no weights", "message"),
    ('{"level":"error","time":1,"msg":"no weights"}', "no weights", "message"),
    ("/bin/sh: 1: nvcc: not found", "nvcc: not found", "message"),
    ("\x1b[31mERROR: boom\x1b[0m", "ERROR: boom", "message"),
    ("Downloading  5%|#\rDownloading 10%|##\rError: disk quota", "Error: disk quota", "message"),
    ("No @spaces.GPU function detected during startup", "No @spaces.GPU", "platform"),
    ("ZeroGPU worker error", "ZeroGPU worker error", "platform"),
]


@pytest.mark.parametrize(("log", "text", "kind"), FIRST_LINES)
def test_the_first_error_of_other_tools(log: str, text: str, kind: BlockKind) -> None:
    reading = read_log(["Starting", *log.split("\n"), "Stopped"])
    assert reading.first_error is not None
    assert text in reading.first_error.text
    assert reading.first_error.kind == kind
    assert reading.later_errors == 0
    assert "\x1b" not in reading.first_error.text
