"""What to do after a plan, and what the plan could not find out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..hub.facts import Found
from ..model import FOLDER, NextCall
from .frameworks import COMPUTING
from .route import Route
from .standing import Standing
from .starting import takes_model
from .subjects import AppSubject, ModelSubject, Subject, TaskSubject

MOST_READS = 3


def next_calls(
    subject: Subject, routes: Sequence[Route], similar: Sequence[Found], who: Standing
) -> tuple[NextCall, ...]:
    """The likest prior art first, then the best route's own call, then more to read."""
    reads = [
        NextCall(tool="space_read", arguments={"space": found.space}, why="how others did it")
        for found in similar[:MOST_READS]
    ]
    return (*reads[:1], *_begin(subject, routes, who), *reads[1:])


def _begin(subject: Subject, routes: Sequence[Route], who: Standing) -> Iterator[NextCall]:
    best = next(iter(routes), None)
    if best is None:
        return
    if isinstance(subject, AppSubject):
        yield _for_app(subject, routes)
    elif best.is_placeholder and who.namespace is not None:
        yield _placeholder(who.namespace.name)
    else:
        arguments = {"template": best.template or "", "folder": FOLDER}
        if best.hardware is not None:
            arguments["hardware"] = best.hardware
        model = _model_for(subject, best)
        if model is not None and takes_model(best.template or ""):
            arguments["model"] = model
        yield NextCall(tool="space_scaffold", arguments=arguments, why=f"starts {best.place}")


def _model_for(subject: Subject, best: Route) -> str | None:
    if isinstance(subject, ModelSubject):
        return subject.name
    if isinstance(subject, TaskSubject) and subject.candidates and best.sdk == "static":
        return subject.candidates[0].name
    return None


def _for_app(subject: AppSubject, routes: Sequence[Route]) -> NextCall:
    """Files that are there are checked for the first open route that keeps their SDK; those of a
    Space have to be here first.
    """
    if subject.is_space:
        arguments = {"source": subject.name, "folder": subject.name.partition("/")[2]}
        return NextCall(tool="space_checkout", arguments=arguments, why="its files, to change them")
    kept = (route for route in routes if route.is_open and route.sdk == subject.sdk)
    best = next(kept, routes[0])
    checked = {"folder": subject.name}
    if best.hardware is not None:
        checked["hardware"] = best.hardware
    return NextCall(tool="space_lint", arguments=checked, why=f"what stands against {best.place}")


def _placeholder(namespace: str) -> NextCall:
    arguments = {"space": f"{namespace}/my-demo", "sdk": "static"}
    return NextCall(tool="space_create", arguments=arguments, why="holds the name for the grant")


def open_questions(
    subject: Subject, routes: Sequence[Route], who: Standing, reason: str | None
) -> tuple[str, ...]:
    """Everything that the plan does not know, what matters most first."""
    questions = list(subject.unknown)
    if reason:
        questions.append(reason)
    if who.namespace is None:
        questions.append(f"what this account may do: {who.said}")
    if any(route.allowed == "try" for route in routes):
        questions.append("whether the Hub grants a free slot: accounts alike were refused with 402")
    if any(route.visitor_seconds for route in routes):
        questions.append("how much of their ZeroGPU quota visitors have left")
    if isinstance(subject, ModelSubject) or _computes(subject):
        questions.append("speed, and the memory that one call really takes: nothing was run")
    return tuple(dict.fromkeys(questions))


def _computes(subject: Subject) -> bool:
    return isinstance(subject, AppSubject) and any(name in COMPUTING for name in subject.frameworks)
