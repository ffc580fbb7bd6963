"""Gathering what a diagnosis is made from; whatever may not be read is noted, not failed on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..context import Context
from ..diagnosing.model import Revisions, StaleLayer
from ..hub.facts import RuntimeFacts, SpaceFacts
from ..model import Stage, short_revision
from ..problems import Problem
from ..revisions import same_revision, serving_revision

if TYPE_CHECKING:
    from ..diagnosing.evidence import Evidence, Files, LogSeen
    from ..hub.logs import Kind

FILE_SECONDS = 12.0
"""For reading the files of a revision, and what has to be left for looking at the newest commit."""
_LOGS: dict[str, tuple[Kind, ...]] = {
    Stage.BUILD_ERROR: ("build",),
    Stage.CONFIG_ERROR: (),
    Stage.NO_APP_FILE: (),
    Stage.PAUSED: (),
    Stage.STOPPED: (),
    Stage.SLEEPING: (),
}


def gather(context: Context, space: str, path: Path | None) -> Evidence:
    """Everything that a diagnosis of a Space looks at; `path` holds its files, where somebody has
    them.

    Raises:
        Problem: when the Space itself cannot be asked about; anything less is noted.
    """
    from ..diagnosing.evidence import Evidence, see_log

    hub = context.hub
    context.report(f"looking at {space}", None)
    facts, runtime = hub.space(space), hub.runtime(space)
    is_static = facts.sdk == "static"
    kinds = () if is_static else _LOGS.get(runtime.stage, ("run", "build"))
    logs: dict[Kind, LogSeen] = {}
    for kind in kinds:
        context.report(f"reading the {kind} log", None)
        logs[kind] = see_log(hub, facts.name, kind)
    revisions = _revisions(context, facts, runtime, logs)
    seen = Evidence(facts=facts, runtime=runtime, revisions=revisions, logs=logs)
    failed = runtime.stage in (*Stage.FAILED, Stage.NO_APP_FILE)
    files = files_of(path, hardware=seen.hardware) if path is not None else None
    if path is None and (failed or _failed_while_serving(seen)):
        files = _remote_files(context, seen)
    return replace(seen, files=files, changed=_changed(context, facts) if failed else ())


def _failed_while_serving(evidence: Evidence) -> bool:
    reading = evidence.reading("run")
    blocks = [reading.first_error, *reading.consequences] if reading else []
    return any(block is not None and block.while_serving for block in blocks)


def _revisions(
    context: Context, facts: SpaceFacts, runtime: RuntimeFacts, logs: dict[Kind, LogSeen]
) -> Revisions:
    """Head, built and running revision; a static Space's is told by what is served."""
    seen = logs.get("build")
    built = seen.revision if seen else None
    running = runtime.sha
    if facts.sdk == "static" and running is None and facts.sha and runtime.stage == Stage.RUNNING:
        running = serving_revision(context.hub, facts, runtime, facts.sha).revision
    return Revisions(
        repo=facts.sha, built=built, running=running, stale_layer=_stale(facts.sha, built, running)
    )


def _stale(repo: str | None, built: str | None, running: str | None) -> StaleLayer | None:
    """The first layer that is behind; what runs is believed before what a log says was built."""
    if repo is None or (running is not None and same_revision(running, repo)):
        return None
    if built is not None and not same_revision(built, repo):
        return "build"
    return "run" if running is not None else None


def files_of(path: Path, *, hardware: str | None) -> Files:
    """A folder's files and what linting says of them."""
    from ..diagnosing.evidence import see_files
    from ..lint.texts import FolderTexts

    texts = FolderTexts(path)
    return see_files(texts, f"{len(texts.paths)} files of {path}", hardware=hardware)


def _remote_files(context: Context, evidence: Evidence) -> Files | None:
    """The files of the revision that failed; None where they cannot be read in time."""
    from ..diagnosing.evidence import see_files
    from ..diagnosing.files import fetch_texts

    revision = _failed_revision(context, evidence)
    if revision is None or context.remaining(FILE_SECONDS) < 1:
        return None
    context.report(f"reading the files of {short_revision(revision)}", None)
    try:
        texts = fetch_texts(
            context.hub, evidence.space, revision, context.remaining, seconds=FILE_SECONDS
        )
    except Problem:
        return None
    said = f"{texts.read} of {len(texts.paths)} files at {short_revision(revision)}"
    return see_files(texts, said, hardware=evidence.hardware)


def _failed_revision(context: Context, evidence: Evidence) -> str | None:
    """The revision that was built last, in full; the head where no log names one."""
    head, built = evidence.facts.sha, evidence.revisions.built
    if built is None or (head is not None and same_revision(built, head)):
        return head
    try:
        return context.hub.space(evidence.space, revision=built).sha
    except Problem:
        return head


def _changed(context: Context, facts: SpaceFacts) -> tuple[str, ...]:
    """What the newest commit changed; nothing where the history cannot be read in time."""
    from ..diagnosing.files import changed_paths

    if facts.sha is None or context.remaining(60.0) < FILE_SECONDS:
        return ()
    try:
        history = context.hub.history(facts.name, facts.sha)
        if len(history) < 2:
            return ()
        before, after = (context.hub.files(facts.name, sha) for sha in (history[1], history[0]))
    except Problem:
        return ()
    return changed_paths(before, after)
