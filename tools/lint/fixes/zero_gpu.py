"""ZeroGPU: repairs that stay on one line, and the order of two imports."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..device_uses import named_devices
from ..edits import argument_span, newline_of, replace_spans, span, statement_lines
from ..execution import execution_of
from ..finding import Finding
from ..import_order import spaces_import_to_move
from ..project import Project
from ..python import PythonFile, argument
from . import Changes, fixes

Spans = dict[tuple[int, int], str]
QUEUE_SIZE = 20
"""Room for visitors who wait: as in the documentation's examples, and short enough to be served."""


def _places(findings: Sequence[Finding]) -> set[tuple[str, int | None]]:
    return {(finding.file, finding.line) for finding in findings}


def _replaced(project: Project, spans: dict[str, Spans]) -> Changes:
    changes: Changes = {}
    for path, changed in spans.items():
        file = project.python(path)
        if file is not None and changed:
            changes[path] = replace_spans(file.text, changed)
    return changes


@fixes("ZG_CUDA0_STRING", "ZG_CUDA_INDEX")
def name_the_one_gpu(project: Project, findings: Sequence[Finding]) -> Changes:
    """Write "cuda" for "cuda:0" and its like."""
    places = _places(findings)
    spans: dict[str, Spans] = defaultdict(dict)
    for found in named_devices(execution_of(project)):
        if (found.file.path, found.node.lineno) in places:
            quote = found.file.text[span(found.file, found.node)[1] - 1]
            spans[found.file.path][span(found.file, found.node)] = f"{quote}cuda{quote}"
    return _replaced(project, spans)


@fixes("ZG_ENABLE_QUEUE_ARG")
def drop_enable_queue(project: Project, findings: Sequence[Finding]) -> Changes:
    """Take the argument out."""
    places = _places(findings)
    spans: dict[str, Spans] = defaultdict(dict)
    for gpu in execution_of(project).decorated:
        for keyword in gpu.settings.keywords if gpu.settings else ():
            place = (gpu.settings_file.path, keyword.value.lineno)
            if keyword.arg == "enable_queue" and gpu.settings and place in places:
                at = argument_span(gpu.settings_file, gpu.settings, keyword)
                spans[gpu.settings_file.path][at] = ""
    return _replaced(project, spans)


@fixes("ZG_DURATION_TYPE")
def number_the_duration(project: Project, findings: Sequence[Finding]) -> Changes:
    """Write 60 for "60"."""
    places = _places(findings)
    spans: dict[str, Spans] = defaultdict(dict)
    for gpu in execution_of(project).decorated:
        file, given = gpu.settings_file, gpu.duration
        if isinstance(given, ast.Constant) and (file.path, given.lineno) in places:
            spans[file.path][span(file, given)] = str(int(str(given.value)))
    return _replaced(project, spans)


@fixes("ZG_IMPORT_ORDER")
def import_spaces_first(project: Project, findings: Sequence[Finding]) -> Changes:
    """Move `import spaces` above the first import of torch."""
    app, move = project.app, spaces_import_to_move(project)
    if app is None or move is None or not findings:
        return {}
    begins, ends = statement_lines(app, move.statement)
    target, _ = statement_lines(app, move.above)
    line = app.text[begins:ends]
    moved = line if line.endswith(("\n", "\r")) else line + newline_of(app.text)
    return {app.path: replace_spans(app.text, {(target, target): moved, (begins, ends): ""})}


@fixes("ZG_EAGER_EXAMPLES")
def cache_lazily(project: Project, findings: Sequence[Finding]) -> Changes:
    """Give the examples `cache_mode="lazy"`."""
    places = _places(findings)
    spans: dict[str, Spans] = defaultdict(dict)
    for file in project.running:
        for call in file.calls_to("gradio.Examples", "gradio.Interface", "gradio.ChatInterface"):
            mode, caches = argument(call, "cache_mode"), argument(call, "cache_examples")
            if mode is not None and (file.path, mode.lineno) in places:
                spans[file.path][span(file, mode)] = '"lazy"'
            elif caches is not None and mode is None and (file.path, caches.lineno) in places:
                end = span(file, caches)[1]
                spans[file.path][end, end] = ', cache_mode="lazy"'
    return _replaced(project, spans)


@fixes("ZG_QUEUE_SIZE")
def give_the_queue_room(project: Project, findings: Sequence[Finding]) -> Changes:
    """Give the queue a size; an app without a queue of its own gets one before `launch`."""
    places = _places(findings)
    spans: dict[str, Spans] = defaultdict(dict)
    for file in project.running:
        for call in (*file.method_calls("queue"), *file.method_calls("launch")):
            if (file.path, call.lineno) in places and isinstance(call.func, ast.Attribute):
                spans[file.path].update(dict(_with_room(file, call, call.func)))
                places.discard((file.path, call.lineno))
    return _replaced(project, spans)


def _with_room(
    file: PythonFile, call: ast.Call, method: ast.Attribute
) -> Iterator[tuple[tuple[int, int], str]]:
    if method.attr == "launch":
        end = span(file, method.value)[1]
        yield (end, end), f".queue(max_size={QUEUE_SIZE})"
        return
    inside = span(file, call)[1] - 1
    given = call.keywords[-1].value if call.keywords else None
    start = span(file, given)[1] if given is not None else inside
    yield (start, start), f"{', ' if given is not None else ''}max_size={QUEUE_SIZE}"
