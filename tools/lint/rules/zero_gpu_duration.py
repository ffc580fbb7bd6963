"""ZeroGPU: how many seconds a GPU function asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...knowledge.gpu_code import gpu_code_facts
from ...knowledge.plans import plans
from ...knowledge.zero_gpu import zero_gpu_facts
from ..callgraph import CallGraph
from ..execution import Execution, execution_of
from ..finding import Fix, Hit, Severity
from ..gpu import GpuFunction
from ..project import Project
from ..rule import on_zero_gpu, rule
from ..scopes import Scope
from ..signatures import Signature

_SENT = "spaces 0.51.3 zero/client.py get_duration_seconds, zero/configs.json"
_WRAPPERS = "spaces 0.51.3 zero/wrappers.py, run 2026-11-22"


def _constant(gpu: GpuFunction) -> object:
    """The duration when it is one literal, else None."""
    return gpu.settings_file.constant(gpu.duration)


def _seconds(gpu: GpuFunction) -> float | None:
    value = _constant(gpu)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type] # a number by the test


def _line(gpu: GpuFunction) -> int:
    return gpu.duration.lineno if gpu.duration is not None else gpu.line


def _asked_of_quota(gpu: GpuFunction, seconds: float) -> float:
    """The seconds of quota that a call needs to have left."""
    facts = zero_gpu_facts()
    is_large = gpu.settings_file.constant(gpu.size) != "xlarge"
    return seconds * (facts.duration_factor if is_large else facts.xlarge_quota_factor)


@rule(
    "ZG_DURATION_LONG",
    Severity.WARNING,
    "a call asks for more than visitors have",
    source=f"{_SENT}; hub-docs spaces-zerogpu.md (2026-08-22): daily quotas",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def duration_long(project: Project) -> Iterator[Hit]:
    """A call is refused when the visitor's quota of the day is shorter than the duration it asks
    for, however short it really is. On the present card the package multiplies the duration of size
    `large` by 1.5 before it asks, and `xlarge` counts double.
    """
    quotas = {plan.name: plan.zero_gpu_quota_seconds for plan in plans()}
    for gpu in execution_of(project).decorated:
        seconds = _seconds(gpu)
        if seconds is None or seconds >= zero_gpu_facts().quota_window_seconds:
            continue
        asked = _asked_of_quota(gpu, seconds)
        if asked > max(quotas.values()):
            who, severity = "no plan has that much a day", Severity.ERROR
        elif asked > quotas["free"]:
            who, severity = "visitors with a free account can never call it", Severity.WARNING
        elif asked > zero_gpu_facts().unauthenticated_quota_seconds:
            who, severity = "visitors who are not signed in can never call it", Severity.INFO
        else:
            continue
        message = (
            f"`duration={seconds:g}` asks for {asked:g} s of quota, and {who}; "
            "ask for what a call needs"
        )
        yield Hit(gpu.settings_file.path, _line(gpu), message, severity)


@rule(
    "ZG_DURATION_DAY",
    Severity.ERROR,
    "a duration of a day or more",
    source=f"{_WRAPPERS}: timedelta.seconds leaves out whole days",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def duration_day(project: Project) -> Iterator[Hit]:
    """The package sends the seconds of a time span without its days: 100000 becomes 13600, and a
    whole day becomes 0.
    """
    day = zero_gpu_facts().quota_window_seconds
    for gpu in execution_of(project).decorated:
        seconds = _seconds(gpu)
        if seconds is not None and seconds >= day:
            message = (
                f"`duration={seconds:g}` is a day or more, and only {seconds % day:g} s of it are "
                "sent; ask for the seconds that one call needs"
            )
            yield Hit(gpu.settings_file.path, _line(gpu), message)


@rule(
    "ZG_DURATION_TYPE",
    Severity.ERROR,
    "the duration is no number",
    source=_WRAPPERS,
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
    fix=Fix.SAFE,
)
def duration_type(project: Project) -> Iterator[Hit]:
    """A duration is a number of seconds, a `timedelta`, or a function that returns one. Text raises
    a TypeError at the first call, of which the visitor only sees that something went wrong.
    """
    for gpu in execution_of(project).decorated:
        value = _constant(gpu)
        is_text = isinstance(value, str | bytes)
        if is_text or isinstance(gpu.duration, ast.List | ast.Tuple | ast.Dict | ast.Set):
            shown = repr(value) if is_text else f"a {type(gpu.duration).__name__.lower()}"
            message = (
                f"the duration, {shown}, is no number; give the seconds, such as `duration=60`"
            )
            literal = isinstance(gpu.duration, ast.Constant) and str(value).strip().isdecimal()
            yield Hit(gpu.settings_file.path, _line(gpu), message, fixable=literal)


@rule(
    "ZG_DURATION_CONSTANT",
    Severity.INFO,
    "one duration for work of very different length",
    source="hub-docs spaces-zerogpu.md (2026-08-22): dynamic duration",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def duration_constant(project: Project) -> Iterator[Hit]:
    """Shorter durations wait less and fit into more visitors' quota. Where a parameter decides how
    long a call computes, a function of the same parameters can say the duration.
    """
    deciding = gpu_code_facts().deciding_parameters
    for gpu in execution_of(project).decorated:
        if gpu.scope is None or (gpu.duration is not None and _seconds(gpu) is None):
            continue
        found = [one.arg for one in gpu.scope.parameters if one.arg in deciding]
        if found:
            message = (
                f"`{gpu.name}` asks for the same duration whatever `{found[0]}` is; "
                "`duration=` may be a function of the same parameters"
            )
            yield Hit(gpu.file.path, gpu.line, message)


@rule(
    "ZG_DURATION_CALLABLE",
    Severity.ERROR,
    "the function that says the duration does not take what the GPU function gets",
    source=f"{_WRAPPERS}; gradio 6.31.0 helpers.special_args",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def duration_callable(project: Project) -> Iterator[Hit]:
    """It is called with exactly the arguments of the GPU function, and Gradio passes one for each
    parameter, `progress` and `request` included. A parameter too few is a TypeError before the
    call, of which the visitor only sees that something went wrong.
    """
    model = execution_of(project)
    for gpu in model.decorated:
        counter = _counter(model.graph, gpu)
        if counter is None or gpu.scope is None or _is_method(gpu.scope):
            continue
        problem = _mismatch(model, gpu.scope, Signature.of(counter.node))
        if problem is not None:
            message = (
                f"`{counter.name}` says the duration of `{gpu.name}` and {problem}; "
                "give both the same parameters, or let it take `*args, **kwargs`"
            )
            yield Hit(counter.file.path, counter.line, message)


def _counter(graph: CallGraph, gpu: GpuFunction) -> Scope | None:
    """The function of the project that says the duration."""
    if gpu.duration is None:
        return None
    return graph.function(graph.around(gpu.settings_file, gpu.duration), gpu.duration)


def _is_method(scope: Scope) -> bool:
    """Whether the object itself is among the arguments."""
    return isinstance(scope.file.parents.get(scope.node), ast.ClassDef)


def _mismatch(model: Execution, scope: Scope, counter: Signature) -> str | None:
    """How the arguments of a GPU function do not fit the function that says its duration."""
    if any(handler.scope == scope for handler in model.handlers):
        own = Signature.of(scope.node)
        if not own.takes_any_number:
            return counter.refuses(len(own.positional), ())
    calls = (call for _, call, gpu in model.calls_of_gpu() if gpu.scope == scope)
    return next(filter(None, (_refused(counter, call) for call in calls)), None)


def _refused(counter: Signature, call: ast.Call) -> str | None:
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    names = [keyword.arg for keyword in call.keywords]
    known = tuple(name for name in names if name is not None)
    return counter.refuses(len(call.args), known) if len(known) == len(names) else None
