"""What of a ZeroGPU app runs where, and when.

Three places matter. Code at import runs once in the main process, where CUDA is emulated until the
app launches. A decorated function, and all it calls, runs in a worker: a forked process that has
the GPU and whose memory nobody else sees. The functions of events that are not decorated run in the
main process, in threads, where there is neither a GPU nor the emulation.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from .callgraph import CallGraph, Edge
from .events import Handler, handlers, thread_pools
from .following import files_of_import
from .gpu import GpuFunction, decorations
from .project import Project
from .python import PythonFile
from .scopes import Scope

_THREADS = frozenset({"threading.Thread", "threading.Timer"})


@dataclass(frozen=True)
class Step:
    """How a scope is reached: where that began, and the last call on the way, if there is one."""

    origin: Scope
    caller: Scope | None = None
    call: ast.Call | None = None


Reached = dict[Scope, Step]


class Execution:
    """The model of one project; made once by `execution_of`."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.graph = CallGraph(project)
        self.decorated: tuple[GpuFunction, ...] = decorations(self.graph)

    @cached_property
    def gpu_scopes(self) -> dict[Scope, GpuFunction]:
        """The decorated functions that are written in the project."""
        return {one.scope: one for one in self.decorated if one.scope is not None}

    @cached_property
    def worker(self) -> Reached:
        """What runs in a worker, by the decorated function it belongs to."""
        return self._reach(self.gpu_scopes, lambda _: True)

    @cached_property
    def at_import(self) -> Reached:
        """What runs while the app is imported, by the module that starts it."""
        modules = [Scope(file, file.tree) for file in self.imported_files]
        return self._reach(modules, lambda edge: not edge.handed)

    @cached_property
    def in_threads_at_import(self) -> Reached:
        """What background threads run that are started while the app is imported."""
        started = [
            edge.target
            for scope in self.at_import
            for edge in self.graph.edges(scope)
            if edge.handed and self.is_thread(scope.file, edge.call)
        ]
        return self._reach(started, lambda _: True)

    @cached_property
    def handlers(self) -> tuple[Handler, ...]:
        """The functions that are bound to events, endpoints and routes."""
        return handlers(self.graph, self.project.running)

    @cached_property
    def in_handlers(self) -> Reached:
        """What undecorated functions of events run in the main process, by that function."""
        bound = [one.scope for one in self.handlers if one.scope not in self.gpu_scopes]
        return self._reach(bound, lambda _: True)

    @cached_property
    def imported_files(self) -> tuple[PythonFile, ...]:
        """The files that are imported when the app starts; the app's own first."""
        app = self.project.app
        if app is None:
            return ()
        found = {app.path: app}
        waiting = [app]
        while waiting:
            file = waiting.pop(0)
            for imported in file.imports:
                if imported.in_function:
                    continue
                for other in files_of_import(self.project, file, imported):
                    if other.path not in found:
                        found[other.path] = other
                        waiting.append(other)
        return tuple(found.values())

    def is_thread(self, file: PythonFile, call: ast.Call) -> bool:
        """Whether a call runs the function that it is given in another thread."""
        if file.qualified(call.func) in _THREADS:
            return True
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"submit", "map"}:
            return False
        receiver = call.func.value
        return isinstance(receiver, ast.Name) and receiver.id in thread_pools(file)

    def is_dead(self, scope: Scope, node: ast.AST) -> bool:
        """Whether a node at the top of an imported module stands under its `__main__` test."""
        app = self.project.app
        is_app = app is not None and scope.file.path == app.path
        return scope.is_module and not is_app and scope.file.is_main_guarded(node)

    def calls(self, *reached: Reached) -> Iterator[tuple[Scope, ast.Call]]:
        """The calls that run in some places, each once, with the scope that makes them."""
        seen: dict[Scope, None] = {}
        for scopes in reached:
            seen.update(dict.fromkeys(scopes))
        for scope in seen:
            for call in self.graph.calls(scope):
                if not self.is_dead(scope, call):
                    yield scope, call

    def _reach(self, starts: Iterable[Scope], follows: Callable[[Edge], bool]) -> Reached:
        """Everything that is called from some scopes, not going into decorated functions."""
        reached: Reached = {}
        waiting = []
        for start in starts:
            if start not in reached:
                reached[start] = Step(start)
                waiting.append(start)
        while waiting:
            scope = waiting.pop(0)
            for edge in self.graph.edges(scope):
                target = edge.target
                if target in reached or target in self.gpu_scopes or not follows(edge):
                    continue
                if self.is_dead(scope, edge.call):
                    continue
                reached[target] = Step(reached[scope].origin, scope, edge.call)
                waiting.append(target)
        return reached

    def gpu_of(self, scope: Scope) -> GpuFunction | None:
        """The decorated function whose worker runs a scope."""
        step = self.worker.get(scope)
        return self.gpu_scopes.get(step.origin) if step is not None else None

    def gpu_called_from(self, scope: Scope) -> GpuFunction | None:
        """The first decorated function that a scope is, or calls itself or through others."""
        seen, waiting = {scope}, [scope]
        while waiting:
            found = waiting.pop(0)
            if found in self.gpu_scopes:
                return self.gpu_scopes[found]
            for edge in self.graph.edges(found):
                if edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return None

    def calls_of_gpu(self) -> Iterator[tuple[Scope, ast.Call, GpuFunction]]:
        """The calls in the main process that enter a worker: their arguments are pickled."""
        for caller in {**self.at_import, **self.in_handlers, **self.in_threads_at_import}:
            if caller in self.worker:
                continue
            for edge in self.graph.edges(caller):
                gpu = self.gpu_scopes.get(edge.target)
                if gpu is not None and not edge.handed:
                    yield caller, edge.call, gpu


def is_told(project: Project) -> bool:
    """Whether somebody says that it is for ZeroGPU, rather than the code looking like it.

    `spaces` does nothing on other hardware, so code that imports it may be for any.
    """
    return not project.hardware.is_guess


def execution_of(project: Project) -> Execution:
    """The model of a project, made when it is first asked for."""
    return project.once(Execution)
