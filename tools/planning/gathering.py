"""From a source to a subject: asks the Hub or reads the folder, and says where it looked."""

from __future__ import annotations

from pathlib import Path

from ..context import Context
from ..lint.texts import FolderTexts, MemoryTexts, as_text
from ..problems import Problem
from ..public_reading import read_publicly
from .apps import read_app
from .browser import browser_downloads
from .reading import model_calls, read_model
from .routes import STATIC_TEMPLATE
from .sources import Source
from .subjects import AppSubject, Candidate, ModelSubject, Subject, TaskSubject
from .tasks import read_task

_TEXT_ENDINGS = (".py", ".txt", ".md", ".toml", ".json", ".html", ".js", ".mjs", ".ts", ".tsx")
MOST_FILES = 40
MOST_BYTES = 300_000
MOST_CANDIDATES = 3
_LEAST_SECONDS = 12.0


def gather(context: Context, source: Source) -> tuple[Subject, Context, str | None]:
    """The subject, the context it was read from, and a note where that is not the whole Hub.

    Raises:
        Problem: `not_found` when neither a model nor a Space has the name, and the usual ones.
    """
    if source.kind == "task":
        return _task(context, source.name)
    if source.kind == "folder":
        return _folder(context, source.name)
    if source.kind == "space":
        return read_publicly(context, lambda place: _space(place, source.name))
    either = source.kind == "model or space"
    return read_publicly(context, lambda place: _model_or_space(place, source.name, either=either))


def _task(context: Context, words: str) -> tuple[TaskSubject, Context, str | None]:
    """The task; for a page that runs in the browser with models that could run there."""
    subject = read_task(words)
    tag = subject.task
    if tag is None or subject.template != STATIC_TEMPLATE:
        return subject, context, None
    try:
        found, _, note = read_publicly(context, lambda place: _in_the_browser(place, tag))
    except Problem as problem:
        missing = f"which models have ONNX files: the Hub could not be asked ({problem.code})"
        return _with_unknown(subject, missing), context, None
    if not found:
        subject = _with_unknown(subject, f"a model for {tag} with ONNX files: none was found")
    return subject.model_copy(update={"candidates": found}), context, note


def _with_unknown(subject: TaskSubject, what: str) -> TaskSubject:
    return subject.model_copy(update={"unknown": (*subject.unknown, what)})


def _in_the_browser(context: Context, tag: str) -> tuple[Candidate, ...]:
    """The most liked models of a task that transformers.js runs, with the bytes to download."""
    calls = model_calls(context)
    found = []
    for name in calls.models_tagged("transformers.js", tag, most=MOST_CANDIDATES):
        if context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
            break
        downloads = browser_downloads(calls.model_files(name, None))
        if downloads:
            found.append(Candidate(name=name, browser=downloads))
    return tuple(found)


def _model_or_space(context: Context, name: str, *, either: bool) -> ModelSubject | AppSubject:
    try:
        return read_model(context, name)
    except Problem as problem:
        if problem.code != "not_found" or not either:
            raise
    try:
        return _space(context, name)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        raise Problem(
            "not_found",
            f"there is neither a model nor a Space {name} on {context.address.endpoint}, or it is"
            " private and this account may not see it",
            object=name,
            next=problem.next,
        ) from problem


def _folder(context: Context, folder: str) -> tuple[AppSubject, Context, str | None]:
    """The folder's files; only its models are looked up, which a missing network does not stop."""
    texts = FolderTexts(Path(folder))
    if not texts.paths:
        raise Problem("empty_folder", f"{folder} holds no file to plan for", object=folder)
    subject, note = read_app(context, texts, folder, is_space=False)
    return subject, context, note


def _space(context: Context, name: str) -> AppSubject:
    """A Space by the text files that decide: code, requirements and card."""
    facts = context.hub.space(name)
    if facts.sha is None:
        raise Problem("no_revision", f"{name} has no commit", object=name)
    listed = context.hub.files(name, facts.sha)
    wanted = sorted(
        (path for path, file in listed.items() if _is_wanted(path, file.size_bytes)),
        key=lambda path: (path.count("/"), path),
    )
    texts: dict[str, str] = {}
    missing = len(wanted[MOST_FILES:])
    for path in wanted[:MOST_FILES]:
        if context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
            missing += 1
            continue
        content = as_text(context.hub.file(name, facts.sha, path, most_bytes=MOST_BYTES))
        if content is not None:
            texts[path] = content
    sizes = {path: file.size_bytes for path, file in listed.items()}
    subject, _ = read_app(context, ListedTexts(texts, sizes), name, is_space=True)
    left_out = (f"{missing} more files of {name} were not read",) if missing else ()
    return subject.model_copy(update={"unknown": (*subject.unknown, *left_out)})


def _is_wanted(path: str, size: int) -> bool:
    name = path.rpartition("/")[2]
    return size <= MOST_BYTES and (name == "Dockerfile" or name.endswith(_TEXT_ENDINGS))


class ListedTexts(MemoryTexts):
    """Some files in memory, and the sizes of all that the repository lists."""

    def __init__(self, files: dict[str, str], sizes: dict[str, int]) -> None:
        super().__init__(files)
        self.__dict__["sizes"] = sizes
        self.__dict__["paths"] = frozenset(sizes)
