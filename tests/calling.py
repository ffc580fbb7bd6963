"""Calling tools in tests as the front ends do: through the one flow, to an `Answer`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.call import call_tool
from tools.context import Context
from tools.registry import all_tools
from tools.render import Answer
from tools.settings import Settings

README = """---
title: A test app
emoji: 🧪
colorFrom: blue
colorTo: green
sdk: {sdk}
{more}---
"""
PLAIN_APP = '''
"""Serves without Gradio: starts in a moment, which is what most tests need."""
import http.server


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<!doctype html><title>{word}</title>{word}"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        print("served", self.path, flush=True)


print("starting {word}", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 7860), Page).serve_forever()
'''


def readme(sdk: str = "gradio", **keys: str) -> str:
    """A README whose block names the SDK and the given keys."""
    if sdk == "gradio":
        keys = {"sdk_version": '"6.31.0"', "app_file": "app.py", **keys}
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return README.format(sdk=sdk, more=more)


def plain_app(word: str = "hello") -> str:
    """An app on port 7860 that starts at once."""
    return PLAIN_APP.replace("{word}", word)


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write `files` below `folder` and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@dataclass
class Caller:
    """Calls tools on one Hub as one account; remembers the progress it was told."""

    settings: Settings
    progress: list[str] = field(default_factory=list)

    def answer(self, tool: str, **arguments: Any) -> Answer:
        """The whole answer of one call."""
        context = Context(self.settings, report=lambda message, _: self.progress.append(message))
        return call_tool(all_tools()[tool], arguments, context)

    def result(self, tool: str, outcome: str, **arguments: Any) -> dict[str, Any]:
        """The result of a call that must come to `outcome`."""
        answer = self.answer(tool, **arguments)
        assert answer.envelope["outcome"] == outcome, answer.text
        found: dict[str, Any] = answer.envelope["result"]
        return found

    def problem(self, tool: str, code: str, **arguments: Any) -> str:
        """The text of a call that must fail with `code`."""
        answer = self.answer(tool, **arguments)
        assert answer.is_error, answer.text
        assert answer.envelope["problem"]["code"] == code, answer.text
        assert answer.text.startswith(f"{code}: ")
        assert "Traceback" not in answer.text
        return answer.text

    def wait(self, space: str, revision: str | None = None) -> dict[str, Any]:
        """Wait until it settles, over as many calls as that takes; result with its outcome."""
        for _ in range(8):
            answer = self.answer("space_wait", space=space, revision=revision)
            if answer.envelope["outcome"] != "still_running":
                return {"outcome": answer.envelope["outcome"], **answer.envelope["result"]}
        raise AssertionError(answer.text)
