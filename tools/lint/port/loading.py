"""Models that are built for each call, moved to where they are built once: at import.

Each run of the step makes one change and is run again on the result, until nothing is left that
can be moved.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..edits import (
    indentation,
    newline_of,
    replace_spans,
    source,
    span,
    stands_alone,
    statement_lines,
)
from ..project import Project
from ..python import Function, PythonFile
from ..recipes import StepResult
from ..scopes import Scope
from .app import App
from .classes import load_in_constructor
from .idle import without_idle_function
from .moving import apply_move
from .names import ModuleNames, parameters, reads
from .planning import PREPARING, CannotMoveError, guard_of, plan_move
from .statements import method_class, statement_of


def load_at_import(project: Project) -> StepResult:
    """Move the first model that can be moved; say of the others why they cannot be."""
    app = App(project)
    notes = []
    for file, function, call in _lazily_built(app):
        try:
            return StepResult({file.path: _moved(app, file, function, call)})
        except CannotMoveError as error:
            shown = _shown(file, call)
            notes.append(
                f"{file.path}:{call.lineno}: `{shown}` stays in `{function.name}`: {error}"
            )
    return StepResult({}, tuple(notes))


def _lazily_built(app: App) -> Iterator[tuple[PythonFile, Function, ast.Call]]:
    """The calls that build a model when a visitor calls, each once and outermost."""
    for scope in app.at_events:
        if not isinstance(scope.node, Function):
            continue
        made = [call for call in app.graph.calls(scope) if _is_lazy(app, scope, scope.node, call)]
        inner = {below for call in made for below in ast.walk(call) if below is not call}
        yield from ((scope.file, scope.node, call) for call in made if call not in inner)


def _is_lazy(app: App, scope: Scope, function: Function, call: ast.Call) -> bool:
    if scope in app.execution.at_import and scope not in app.handlers:
        return False  # it is called at import too: a later call finds the model there
    if not app.builds(scope, call) and not _stores(app, scope, call):
        return False
    if scope in app.handlers or not app.gives_model(scope):
        return True
    # A loader's own body stays when its callers can be moved; a cached model is the exception.
    return guard_of(scope.file, function, statement_of(scope.file, call)) is not None


def _stores(app: App, scope: Scope, call: ast.Call) -> bool:
    """Whether a call of the project's own loader leaves a model in a global variable, and its
    body could not be moved because the model is chosen by an argument.
    """
    target = app.graph.function(scope, call.func)
    if target is None or not isinstance(target.node, Function) or target in app.handlers:
        return False
    is_alone = isinstance(scope.file.parents.get(call), ast.Expr)
    if not is_alone or method_class(target.file, target.node) is not None:
        return False
    made = [one for one in app.graph.calls(target) if app.builds(target, one)]
    return bool(made) and not _can_move(target.file, target.node, made[0])


def _can_move(file: PythonFile, function: Function, call: ast.Call) -> bool:
    try:
        plan_move(file, function, call)
    except CannotMoveError:
        return False
    return True


def _moved(app: App, file: PythonFile, function: Function, call: ast.Call) -> str:
    """The file's text with one model built at import.

    Raises:
        CannotMoveError: when it has to stay.
    """
    owner = method_class(file, function)
    if owner is not None:
        return load_in_constructor(app, file, owner, function, call)
    chain = _whole_chain(file, call)
    if not _is_made_by_statement(file, chain):
        return _named(file, function, chain)
    text = apply_move(plan_move(file, function, call))
    return without_idle_function(app, file, function, text)


def _whole_chain(file: PythonFile, call: ast.Call) -> ast.expr:
    """`X.from_pretrained(y).to("cuda")` around its first call; a call of the result is its use."""
    found: ast.expr = call
    while True:
        attribute = file.parents.get(found)
        above = file.parents.get(attribute) if isinstance(attribute, ast.Attribute) else None
        is_call = isinstance(above, ast.Call) and above.func is attribute
        prepares = isinstance(attribute, ast.Attribute) and PREPARING.match(attribute.attr)
        if not is_call or not prepares or not isinstance(above, ast.Call):
            return found
        found = above


def _is_made_by_statement(file: PythonFile, chain: ast.expr) -> bool:
    """Whether the statement around a chain gives it a name, or only calls it."""
    statement = statement_of(file, chain)
    value = getattr(statement, "value", None)
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr):
        return value is chain or _is_part_of_construction(file, chain, statement)
    return False


def _is_part_of_construction(file: PythonFile, chain: ast.expr, statement: ast.stmt) -> bool:
    """`pair = (A.from_pretrained(x), B.from_pretrained(y))`, or `wrap(A.from_pretrained(x))`."""
    for above in file.ancestors(chain):
        if above is statement:
            return isinstance(statement, ast.Assign | ast.AnnAssign) or _prepares(chain)
        if isinstance(above, ast.Call) and chain not in above.args:
            keywords = [one.value for one in above.keywords]
            if chain not in keywords:
                return False
        elif not isinstance(above, ast.Call | ast.keyword | ast.Tuple | ast.List | ast.Dict):
            return False
        chain = above if isinstance(above, ast.expr) else chain
    return False


def _prepares(call: ast.expr) -> bool:
    """`model.load_state_dict(...)`, which takes what is read as an argument."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    return PREPARING.match(call.func.attr) is not None


def _named(file: PythonFile, function: Function, chain: ast.expr) -> str:
    """The file's text with an expression that builds a model given a name before its use."""
    statement = statement_of(file, chain)
    if reads(chain) & _bound_in_expression(file, chain) or not stands_alone(file, statement):
        raise CannotMoveError("it depends on what is around it in its expression")
    if isinstance(statement, ast.For | ast.While | ast.If | ast.With | ast.Try | Function):
        raise CannotMoveError("it is built in the head of a block")
    taken = set(ModuleNames(file).bound) | {
        node.id for node in ast.walk(function) if isinstance(node, ast.Name)
    }
    name = "pipe" if "pipeline" in source(file, chain).lower() else "model"
    while name in taken:
        name += "_"
    start = statement_lines(file, statement)[0]
    line = f"{indentation(file, statement)}{name} = {source(file, chain)}{newline_of(file.text)}"
    return replace_spans(file.text, {(start, start): line, span(file, chain): name})


def _bound_in_expression(file: PythonFile, node: ast.expr) -> set[str]:
    """The names that lambdas and comprehensions around a node bind."""
    found: set[str] = set()
    for above in file.ancestors(node):
        if isinstance(above, ast.stmt):
            break
        if isinstance(above, ast.Lambda):
            found |= parameters(above)
        for generator in getattr(above, "generators", ()):
            found |= {part.id for part in ast.walk(generator.target) if isinstance(part, ast.Name)}
    return found


def _shown(file: PythonFile, call: ast.Call) -> str:
    text = " ".join(source(file, call.func).split())
    return f"{text if len(text) <= 60 else text[:59] + '…'}(…)"
