"""Start one app after the other from a process that has imported Gradio already.

The import takes about five seconds and most apps of this corpus live for two, so each is a fork.
Orders are JSON lines on standard input: `{"folder", "port", "module", "arguments"}`; the answer to
each is the process id on standard output. A child leads its own process group and writes into
`app.log` of its folder. The module's `main(*arguments)` starts the app.
"""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from pathlib import Path

import gradio  # noqa: F401 - imported before the forks, so that it is paid for once
import numpy as np  # noqa: F401
import pandas as pd  # noqa: F401


def run(order: dict) -> None:
    """Run an app until it is killed. What it raises ends the process, told in its log."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for stream, name in ((0, os.devnull), (1, "app.log"), (2, "app.log")):
        path = Path(order["folder"]) / name  # an absolute name stays as it is
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), stream)
    os.chdir(order["folder"])
    os.environ["GRADIO_SERVER_PORT"] = str(order["port"])
    importlib.import_module(order["module"]).main(*order["arguments"])
    signal.pause()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
