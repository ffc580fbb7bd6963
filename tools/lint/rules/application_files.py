"""Files that the code names and that will not be in the container."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from ..card import README
from ..finding import Hit, Severity
from ..gradio_objects import GradioCall, gradio_calls
from ..gradio_updates import may_be_update
from ..project import Project
from ..python import PythonFile, argument
from ..rule import on_gradio, rule

_MEDIA = re.compile(
    r"^(?!https?:|/|~|\.\.)[^\n<>|*?{}]{1,200}\.(?:png|jpe?g|webp|gif|bmp|tiff?|wav|mp3|flac|ogg|m4a|mp4|"
    r"mov|webm|avi|mkv|glb|gltf|obj|stl|ply|pdf|csv|svg|npy|zip)$",
    re.I,
)
# Code that fetches or writes files: what is missing now may be there when it is used.
_FETCHES = re.compile(
    r"urlretrieve|hf_hub_download|snapshot_download|download_url|requests\.get|urlopen|gdown|wget|"
    r"git clone|curl |\.download\(|imwrite|\.save\(|\.write\(|write_bytes|write_text|makedirs|"
    r"mkdir|to_csv|to_json|to_excel|savefig|imsave|\.dump\(|\.export\(|extractall|copyfile|shutil\.|httpx\."
)
_HOME = re.compile(
    r"""["'](?P<path>(?:/home/(?!user\b)[\w.-]+|/Users/[\w.-]+|/root|/content|/kaggle|/mnt/[a-z]|"""
    r"""[A-Za-z]:(?:\\\\|\\|/)(?:Users|Documents|Program|Python|\w+\\))[^"'\n]{0,120})["']"""
)


@rule(
    "GR_MISSING_FILE",
    Severity.WARNING,
    "An example or picture that is not in the folder",
    source="gradio 4.44.1, 5.50.0 and 6.31.0, called with files that are not there",
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
)
def missing_file(project: Project) -> Iterator[Hit]:
    """A missing example shows as a broken picture and fails when it is clicked, a missing folder of
    examples or a missing `gr.File` value raises FileNotFoundError at the start. Names are
    case-sensitive in the container, unlike on many laptops.
    """
    # Without its card this is a part of a project: the files may be with the rest of it.
    if README not in project.paths or project.card.problem is not None:
        return
    if any(_FETCHES.search(file.text) for file in project.running):
        return
    has_media = any(map(_MEDIA.match, project.paths))
    seen: set[tuple[str, str]] = set()
    for call in gradio_calls(project):
        if may_be_update(project, call):
            continue
        for node, is_error in _named_files(call):
            text = str(node.value)
            path = _relative(text)
            if path is None or _is_there(project, path) or (call.file.path, path) in seen:
                continue
            seen.add((call.file.path, path))
            message = f"`{text}` is not in the folder{_hint(project, path)}"
            # Where there is no picture at all, they are likely kept in another place.
            severity = Severity.WARNING if has_media else Severity.INFO
            yield Hit(
                call.file.path, node.lineno, message, Severity.ERROR if is_error else severity
            )


def _named_files(call: GradioCall) -> Iterator[tuple[ast.Constant, bool]]:
    """Literal paths in a call, and whether a missing one stops the app."""
    if call.name in {"Examples", "Interface", "ChatInterface"}:
        examples = argument(call.node, "examples", 0 if call.name == "Examples" else None)
        if isinstance(examples, ast.Constant) and isinstance(examples.value, str):
            yield examples, True
        else:
            yield from ((one, False) for one in _texts(call.file, examples))
    elif call.name in {"Image", "Video", "Audio", "File", "Gallery"}:
        value = argument(call.node, "value", 0)
        yield from ((one, call.name == "File") for one in _texts(call.file, value))


def _texts(file: PythonFile, node: ast.expr | None, depth: int = 0) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and _MEDIA.match(node.value):
            yield node
    elif isinstance(node, ast.List | ast.Tuple) and depth < 3:
        for one in node.elts:
            yield from _texts(file, one, depth + 1)
    elif isinstance(node, ast.Name) and depth == 0:
        values = file.module_names.get(node.id, [])
        if len(values) == 1:
            yield from _texts(file, values[0], depth + 1)


def _relative(path: str) -> str | None:
    """A path from the root, where the app is started; None for one that leads out."""
    normal = posixpath.normpath(path)
    return None if normal.startswith(("..", "/")) or "\\" in normal else normal


def _is_there(project: Project, path: str) -> bool:
    return (
        path in project.paths
        or path == "."
        or any(other.startswith(f"{path}/") for other in project.paths)
    )


def _hint(project: Project, path: str) -> str:
    lower = path.lower()
    alike = next((other for other in sorted(project.paths) if other.lower() == lower), None)
    if alike:
        return f", but `{alike}` is: names are case-sensitive there"
    name = posixpath.basename(path)
    moved = next((other for other in sorted(project.paths) if other.endswith(f"/{name}")), None)
    return f", but `{moved}` is" if moved else "; add it, or leave it out"


@rule(
    "APP_HARDCODED_PATH",
    Severity.WARNING,
    "A path of the author's machine",
    source="hub-docs spaces-overview.md: the app runs in /home/user/app (Docker: what it sets)",
    as_of="2026-11-22",
    reference="debugging",
)
def hardcoded_path(project: Project) -> Iterator[Hit]:
    """A home folder, a drive letter or a notebook's `/content` does not exist in the container.
    Paths relative to the app, or to `Path(__file__).parent`, work in both places.
    """
    if project.app is None or project.sdk not in {"gradio", None}:
        return
    for file in project.running:
        found = list(_HOME.finditer(file.text))
        if not found:
            continue
        used = {node.lineno for call in file.calls for node in _paths(file, call)}
        for match in found:
            line = file.text.count("\n", 0, match.start()) + 1
            if line in used:
                message = (
                    f"`{match['path'][:80]}` does not exist in the container; "
                    "use a path relative to the app"
                )
                yield Hit(file.path, line, message)


def _paths(file: PythonFile, call: ast.Call) -> Iterator[ast.Constant]:
    """Literals that a call surely uses as a path: no defaults of the command line, no tests, and
    none of several places where something may be.
    """
    if not _OPENS.search(file.qualified(call.func) or ""):
        return
    tried = (ast.If, ast.IfExp, ast.Try, ast.List, ast.Tuple, ast.Set, ast.BoolOp)
    if any(isinstance(up, tried) for up in file.ancestors(call)):
        return
    for given in [*call.args[:1], *(one.value for one in call.keywords)]:
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield given


_OPENS = re.compile(
    r"^open$|\bopen$|from_pretrained$|Path$|\bload\w*$|\bread_\w+$|imread$|listdir$|chdir$|path\.append$|"
    r"path\.insert$|join$|YOLO$|savefig$|\bsave\w*$|glob$|mkdir$|makedirs$"
)
