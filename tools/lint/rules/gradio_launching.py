"""How a Gradio app is started: that it is, and that the platform can reach it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..finding import Fix, Hit, Severity
from ..gradio_objects import GradioCall, gradio_calls
from ..gradio_updates import is_called
from ..project import Project
from ..python import Function, argument
from ..rule import on_gradio, rule

PORT = 7860
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Anything of this may start the app in a way that cannot be seen.
_STARTED_OTHERWISE = re.compile(
    r"\.launch\b|mount_gradio_app|uvicorn|hypercorn|gunicorn|subprocess|os\.system|os\.exec|runpy|"
    r"exec\(|getattr\(|importlib|\.startup_events|\.run\("
)


@rule(
    "GR_NO_LAUNCH",
    Severity.ERROR,
    "A Gradio app that nothing launches",
    source="gradio 6.31.0: a script without launch() ends; hub-docs spaces-sdks-gradio.md",
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
)
def no_launch(project: Project) -> Iterator[Hit]:
    """The platform runs the app file like any script. If it builds an interface and never calls
    `launch()`, the script ends and the Space stops with a runtime error, although the same file
    works with `gradio app.py` on a laptop.
    """
    app = project.app
    if app is None or any(file.syntax_error for file in project.running):
        return
    built = [call for call in gradio_calls(project) if call.name in _LAUNCHABLE]
    if not built:
        return
    launches = [call for file in project.running for call in file.method_calls("launch")]
    if not launches:
        if not any(_STARTED_OTHERWISE.search(file.text) for file in project.running):
            last = _outermost(built)
            message = f"{last.spelt} is built and never launched; call `.launch()` at the end"
            yield Hit(last.file.path, last.node.lineno, message)
        return
    yield from _in_unused_function(project)


_LAUNCHABLE = frozenset({"Blocks", "Interface", "ChatInterface", "TabbedInterface", "Server"})


def _outermost(built: list[GradioCall]) -> GradioCall:
    whole = [call for call in built if call.name in {"Blocks", "TabbedInterface"}]
    return (whole or built)[-1]


def _in_unused_function(project: Project) -> Iterator[Hit]:
    """Every launch stands in a function that nothing calls."""
    unused: list[tuple[str, int, str]] = []
    for file in project.running:
        for call in file.method_calls("launch"):
            function = file.function_around(call)
            if not isinstance(function, Function) or not _is_unused(project, function):
                return
            unused.append((file.path, call.lineno, function.name))
    for path, line, name in unused[:1]:
        yield Hit(path, line, f"`launch()` stands in `{name}()`, which nothing calls; call it")


def _is_unused(project: Project, function: Function) -> bool:
    if function.decorator_list or is_called(project, function.name):
        return False
    mentioned = re.compile(rf"\b{re.escape(function.name)}\b")
    return sum(len(mentioned.findall(file.text)) for file in project.running) == 1


@rule(
    "GR_SERVER_NAME",
    Severity.ERROR,
    "The app listens where the platform cannot reach it",
    source="gradio 6.31.0 http_server.py: an argument wins over GRADIO_SERVER_NAME",
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
    fix=Fix.SAFE,
)
def server_name(project: Project) -> Iterator[Hit]:
    """The platform sets `GRADIO_SERVER_NAME=0.0.0.0`, and an argument overrides it. An app on the
    loopback address never becomes healthy: the Space starts until its time is over.
    """
    for call, value, given in _launch_values(project, "server_name"):
        if value in _LOOPBACK:
            message = (
                f'`server_name="{value}"` cannot be reached from outside the container; leave it '
                "out, the platform sets the address"
            )
            yield Hit(call.file.path, given.lineno, message)


@rule(
    "GR_SERVER_PORT",
    Severity.ERROR,
    "The app listens on another port than the platform forwards",
    source="hub-docs spaces-sdks-gradio.md: Gradio Spaces are served on port 7860",
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
    fix=Fix.SAFE,
)
def server_port(project: Project) -> Iterator[Hit]:
    """A Gradio Space is reached on port 7860 only; `app_port` is for Docker. On any other port the
    app never becomes healthy.
    """
    for call, value, given in _launch_values(project, "server_port"):
        if isinstance(value, int) and not isinstance(value, bool) and value != PORT:
            message = (
                f"`server_port={value}` is not forwarded, a Gradio Space is reached on {PORT}; "
                "leave it out"
            )
            yield Hit(call.file.path, given.lineno, message)


@rule(
    "GR_SHARE_TRUE",
    Severity.INFO,
    "`share=True` does nothing on a Space",
    source='gradio 6.31.0 blocks.py: "Setting share=True is not supported on Hugging Face Spaces"',
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
    fix=Fix.SAFE,
)
def share_true(project: Project) -> Iterator[Hit]:
    """A Space has its own public address. Gradio prints a warning and ignores the argument there;
    on a laptop it opens a public tunnel, which is easily forgotten.
    """
    for call, value, given in _launch_values(project, "share"):
        if value is True:
            message = "`share=True` does nothing on a Space but print a warning; leave it out"
            yield Hit(call.file.path, given.lineno, message)


@rule(
    "GR_DEBUG",
    Severity.INFO,
    "A launch argument for the laptop",
    source="gradio 6.31.0 blocks.py, launch()",
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
    fix=Fix.SAFE,
)
def debug_launch(project: Project) -> Iterator[Hit]:
    """`debug=True` is for notebooks, `inbrowser=True` opens a browser where the app runs. In a
    container both are without effect, and readers wonder why they are there.
    """
    for name in ("debug", "inbrowser"):
        for call, value, given in _launch_values(project, name):
            if value is True:
                message = f"`{name}=True` has no use in a Space; leave it out"
                yield Hit(call.file.path, given.lineno, message)


def _launch_values(project: Project, name: str) -> Iterator[tuple[GradioCall, object, ast.expr]]:
    """The literal values that launch() surely gets for an argument on the platform."""
    for call in gradio_calls(project):
        if call.name not in {"Blocks.launch", "Server.launch"}:
            continue
        given = argument(call.node, name)
        if given is not None and not _is_elsewhere(project, call):
            yield call, call.file.constant(given), given


def _is_elsewhere(project: Project, call: GradioCall) -> bool:
    """Whether the launch stands in a branch that may not be taken on the platform."""
    file = call.file
    app = project.app
    for above in file.ancestors(call.node):
        if isinstance(above, ast.If | ast.IfExp | ast.Try) and not _is_main(above):
            return True
    # Under the test for `__main__`, a module that is imported launches nothing.
    return file.is_main_guarded(call.node) and app is not None and file.path != app.path


def _is_main(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
