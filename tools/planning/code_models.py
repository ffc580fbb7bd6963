"""Models that an app's code loads, by the names it passes to the loaders of the usual libraries."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..lint.project import Project
from ..lint.python import PythonFile, argument
from ..model import Model

_NAME = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
# Where the name of a model stands: position (from 0) and keywords.
_LOADERS: dict[str, tuple[int, tuple[str, ...]]] = {
    "from_pretrained": (0, ("pretrained_model_name_or_path", "repo_id", "model_id")),
    "from_single_file": (0, ("pretrained_model_link_or_path",)),
    "load_lora_weights": (0, ("pretrained_model_name_or_path_or_dict",)),
    "load_ip_adapter": (0, ("pretrained_model_name_or_path_or_dict",)),
    "from_pipe": (99, ()),
    "hf_hub_download": (0, ("repo_id",)),
    "snapshot_download": (0, ("repo_id",)),
    "cached_download": (0, ("repo_id",)),
    "pipeline": (1, ("model",)),
    "SentenceTransformer": (0, ("model_name_or_path",)),
    "CrossEncoder": (0, ("model_name", "model_name_or_path")),
    "WhisperModel": (0, ("model_size_or_path",)),
    "InferenceClient": (0, ("model",)),
    "AsyncInferenceClient": (0, ("model",)),
    "LLM": (0, ("model",)),
    "create_model": (0, ("model_name",)),
    "load": (0, ("name",)),
}
# These names mean a model only in the library that they are imported from.
_ONLY_FROM = {"pipeline": "transformers", "LLM": "vllm", "create_model": "timm", "load": "gradio"}
REMOTE = frozenset({"InferenceClient", "AsyncInferenceClient", "load"})
# Classes that take only small files of a model's repository.
_WITHOUT_WEIGHTS = re.compile(
    r"(?:Tokenizer|TokenizerFast|Processor|ProcessorFast|FeatureExtractor|Config|Scheduler)$"
)
# These take the oldest models by a name without a namespace as well: `gpt2`, `bert-base-uncased`.
_TAKES_SHORT_NAMES = frozenset({"from_pretrained", "pipeline"})
_SHORT_NAME = re.compile(r"^[A-Za-z][\w.-]*$")
_MODEL_SCHEMES = ("hf-hub:", "hf_hub:", "models/", "huggingface/")


class ModelUse(Model):
    """A model that the code names, with file and line.

    `is_remote` says that a service runs it, `is_weightless` that only its tokenizer or another
    small part is loaded.
    """

    name: str
    seen_in: str
    is_remote: bool
    is_weightless: bool = False

    @property
    def is_hosted(self) -> bool:
        """Whether its weights are in the app's memory."""
        return not self.is_remote and not self.is_weightless


def models_in(project: Project) -> tuple[ModelUse, ...]:
    """Models that the running files load, each once, in the order of the files.

    Names are followed through constants, defaults of parameters, `os.environ.get("X", "default")`
    and imports between the project's files.
    """
    found: dict[str, ModelUse] = {}
    for file in project.running:
        for use in _uses(project, file):
            known = found.setdefault(use.name, use)
            if use.is_hosted and not known.is_hosted:
                found[use.name] = use
    return tuple(found.values())


def loads_not_followed(project: Project) -> tuple[str, ...]:
    """Places, as file and line, that load weights whose name the code does not say."""
    return tuple(
        dict.fromkeys(
            f"{file.path}:{call.lineno}"
            for file in project.running
            for call, loader, node in _loads(file)
            if loader not in REMOTE
            and not _is_weightless(file, call)
            and text_of(project, file, node) is None
        )
    )


def _uses(project: Project, file: PythonFile) -> Iterator[ModelUse]:
    for call, loader, node in _loads(file):
        name = _model_name(text_of(project, file, node), short=loader in _TAKES_SHORT_NAMES)
        if name is not None and not _is_local(project, name):
            yield ModelUse(
                name=name,
                seen_in=f"{file.path}:{call.lineno}",
                is_remote=loader in REMOTE,
                is_weightless=_is_weightless(file, call),
            )


def _loads(file: PythonFile) -> Iterator[tuple[ast.Call, str, ast.expr]]:
    """Calls of loaders, each with the loader and the expression that names the model."""
    for call in file.calls:
        loader = _loader(file, call)
        if loader is None or _loads_other_kind(file, call):
            continue
        for node in _named(call, *_LOADERS[loader]):
            yield call, loader, node


def _is_weightless(file: PythonFile, call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    name = file.qualified(owner) if owner is not None else None
    return _WITHOUT_WEIGHTS.search(name or "") is not None


def _loader(file: PythonFile, call: ast.Call) -> str | None:
    """The loader that is called, by its last name; None for anything else."""
    func = call.func
    if isinstance(func, ast.Attribute):
        last = func.attr
    elif isinstance(func, ast.Name):
        last = file.bound_imports.get(func.id, func.id).rpartition(".")[2]
    else:
        return None
    if last not in _LOADERS:
        return None
    library = _ONLY_FROM.get(last)
    qualified = file.qualified(func) or ""
    if library is not None and qualified.partition(".")[0] != library:
        return None
    return last


def _loads_other_kind(file: PythonFile, call: ast.Call) -> bool:
    """Whether a download names a dataset or a Space."""
    kind = file.constant(argument(call, "repo_type"))
    return kind in {"dataset", "space"}


def _named(call: ast.Call, position: int, keywords: tuple[str, ...]) -> Iterator[ast.expr]:
    for keyword in keywords:
        node = argument(call, keyword)
        if node is not None:
            yield node
            return
    node = argument(call, "", position)
    if node is not None:
        yield node


def text_of(project: Project, file: PythonFile, node: ast.AST, depth: int = 0) -> str | None:
    """The text that an expression comes to, when it is one constant whatever happens."""
    if depth > 4:
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Call):
        return _environment_default(project, file, node, depth)
    if isinstance(node, ast.Name):
        local = _local_value(file, node)
        if local is not None:
            return text_of(project, file, local, depth + 1)
        return _named_text(project, file, node.id, depth)
    return None


def _local_value(file: PythonFile, node: ast.Name) -> ast.expr | None:
    """What a name of the function around gets, when that is one thing: assigned or a default."""
    around = file.function_around(node)
    if around is None:
        return None
    assigned = [
        assignment.value
        for assignment in file.nodes(ast.Assign)
        if file.function_around(assignment) is around
        and any(isinstance(to, ast.Name) and to.id == node.id for to in assignment.targets)
    ]
    if assigned:
        return assigned[0] if len(assigned) == 1 else ast.Constant(None)
    return _default(around.args, node.id)


def _default(arguments: ast.arguments, name: str) -> ast.expr | None:
    """The default of a parameter; a parameter without one can be anything."""
    positional = [*arguments.posonlyargs, *arguments.args]
    padding: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    given = zip(
        [*positional, *arguments.kwonlyargs],
        [*padding, *arguments.defaults, *arguments.kw_defaults],
        strict=True,
    )
    for parameter, default in given:
        if parameter.arg == name:
            return default or ast.Constant(None)
    return None


def _environment_default(
    project: Project, file: PythonFile, call: ast.Call, depth: int
) -> str | None:
    """`os.environ.get("MODEL", "org/name")` is `org/name` unless somebody sets the variable."""
    if file.qualified(call.func) not in {"os.environ.get", "os.getenv"}:
        return None
    default = argument(call, "default", 1)
    return text_of(project, file, default, depth + 1) if default is not None else None


def _named_text(project: Project, file: PythonFile, name: str, depth: int) -> str | None:
    """A name of this module, of the function around it or of another module of the project."""
    values = file.module_names.get(name, [])
    if len(values) == 1:
        return text_of(project, file, values[0], depth + 1)
    for imported in file.imports:
        if imported.binds != name or not isinstance(imported.node, ast.ImportFrom):
            continue
        other = project.module_file(imported.module, importer=file, level=imported.level)
        if other is not None and other.path != file.path:
            return _named_text(project, other, imported.target.rpartition(".")[2], depth + 1)
    return None


def _model_name(text: str | None, *, short: bool = False) -> str | None:
    if text is None:
        return None
    is_short = short and _SHORT_NAME.match(text) is not None
    for scheme in _MODEL_SCHEMES:
        text = text.removeprefix(scheme)
    if text.startswith("https://huggingface.co/"):
        text = "/".join(text.removeprefix("https://huggingface.co/").split("/")[:2])
    is_name = _NAME.match(text) or is_short
    return text if is_name and not text.endswith((".py", ".json", ".pt")) else None


def _is_local(project: Project, name: str) -> bool:
    return name in project.paths or any(path.startswith(f"{name}/") for path in project.paths)
