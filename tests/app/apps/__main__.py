"""Serve several apps from one process, because importing Gradio takes longer than all their tests.

Arguments are `name=port`. Each is served in a child of its own, forked after the import, so that
one can die alone, and writes into `name.log`. Prints `ready name pid` for each app that listens.
"""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import importlib
import os
import signal
import sys

import gradio  # noqa: F401 - imported before the forks, so that it is paid for once


def serve(name: str, port: int) -> None:
    parents_output = os.dup(1)
    log = os.open(f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    module = importlib.import_module(name)
    module.demo.launch(
        server_name="127.0.0.1",
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        **getattr(module, "LAUNCH", {}),
    )
    os.write(parents_output, f"ready {name} {os.getpid()}\n".encode())
    signal.pause()


def main() -> None:
    children = []
    for argument in sys.argv[1:]:
        name, _, port = argument.partition("=")
        child = os.fork()
        if child == 0:
            serve(name, int(port))
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
