"""`space_upload`: a folder, or files of it, in one commit on top of a known revision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import override

from ..background import join_or_start
from ..card import parse_card
from ..changes import Changes, compare
from ..committing import UploadRequest, commit_files
from ..context import Context, Report
from ..environment_values import holds_token
from ..hub.facts import Commit, RemoteFile
from ..model import NextCall, Result, SpaceName, short_revision
from ..problems import Problem
from ..registry import Effect, tool
from ..revisions import same_revision
from .create import Sdk

if TYPE_CHECKING:
    from ..folder import FolderPlan, PlannedFile

REBUILD_FILES = frozenset(
    {"README.md", "requirements.txt", "pre-requirements.txt", "packages.txt", "Dockerfile"}
)
EXPECTED = {
    "restart": "30 to 90 seconds",
    "rebuild": "1 to 15 minutes",
    "serve": "seconds",
}
"""How long until the new revision serves, as observed on the real Hub in mid-2026.

`serve` is what happens to a static Space without a build command: there is nothing to build.
"""


Consequence = Literal["restart", "rebuild", "serve"]


class Uploaded(Result):
    """The commit is on the Hub. `effect` says whether the Space restarts, rebuilds or, being
    static, just serves the files.
    """

    outcome = "uploaded"

    space: str
    revision: str
    parent: str
    commit_url: str
    page: str
    changes: Changes
    effect: Consequence
    expected_wait: str
    answer_was_lost: bool = False

    @override
    def lines(self) -> Iterator[str]:
        if self.answer_was_lost:
            yield "The Hub's answer was lost, but the commit is there."
        yield f"Committed {short_revision(self.revision)} to {self.space}: {self.commit_url}"
        yield from self.changes.lines()
        what = "serve the files without a build" if self.effect == "serve" else self.effect
        yield f"The Space will {what}; expect {self.expected_wait}. Page: {self.page}"


class PullRequest(Result):
    """The commit went into a pull request; the Space itself does not change until it is merged."""

    outcome = "pull_request"

    space: str
    revision: str
    url: str
    changes: Changes

    @override
    def lines(self) -> Iterator[str]:
        yield f"Opened a pull request on {self.space}: {self.url}"
        yield from self.changes.lines()
        yield "The Space changes when somebody who may write merges it."


class NothingToUpload(Result):
    """Every file is on the Hub already or left out by a .gitignore; there is no new commit.

    `not_arrived` are files that were sent and that the Hub silently left out.
    """

    outcome = "nothing_to_upload"

    space: str
    revision: str
    unchanged: int
    ignored: tuple[str, ...]
    not_arrived: tuple[str, ...] = ()

    @override
    def lines(self) -> Iterator[str]:
        if self.not_arrived:
            yield f"The Hub left out everything that was sent: {', '.join(self.not_arrived)}."
        others = "other " if self.not_arrived or self.ignored else ""
        yield f"Nothing to upload: all {others}files ({self.unchanged}) are in {self.space}"
        yield f"already, at {short_revision(self.revision)}. No commit was made."
        if self.ignored:
            yield f"Ignored: {', '.join(self.ignored[:10])}"


class StillUploading(Result):
    """The upload goes on; the same call again joins it and does not start another."""

    outcome = "still_running"
    exit_code = 2

    space: str

    @override
    def lines(self) -> Iterator[str]:
        yield f"The upload to {self.space} goes on. The same call joins it."


@tool(
    title="Upload to a Space",
    effect=Effect.WRITE,
    examples=({"folder": ".", "space": "me/demo"},),
)
def space_upload(
    context: Context,
    folder: Annotated[str, Field(description="local folder")],
    space: SpaceName,
    files: Annotated[
        tuple[str, ...], Field(description="only these paths or globs of the folder")
    ] = (),
    delete: Annotated[tuple[str, ...], Field(description="paths to delete on the Hub")] = (),
    message: str | None = None,
    parent: Annotated[
        str | None, Field(description="revision the change builds on; default the head")
    ] = None,
    create_pr: bool = False,
) -> Uploaded | PullRequest | NothingToUpload | StillUploading:
    """Push a folder to a Space in one commit. Honours .gitignore; refuses tokens, .env and key
    files with file and line. Says what changed and whether the Space restarts or rebuilds.

    Files that the folder lacks stay on the Hub unless named in `delete`. The commit is bound to
    `parent`, so somebody else's push in between is a `conflict` and never overwritten; for the
    same reason repeating the call is safe.

    Raises:
        Problem: `folder_missing`, `folder_empty`, `upload_refused`, `bad_readme`, `conflict`,
            `forbidden` (try create_pr), and the Hub's usual ones. Nothing is committed then.
    """
    if message is not None and holds_token(message):
        raise Problem(
            "upload_refused",
            "`message` holds what looks like a token, and history stays. Nothing was uploaded",
            object="message",
        )
    plan = _plan(context, folder, files)
    request = UploadRequest(folder, space, files, delete, message, parent, create_pr)
    account = hashlib.sha256((context.address.token or "").encode()).digest()
    key = ("upload", context.address.endpoint, account, request, plan.files)
    finished = join_or_start(key, lambda report: _push(context, plan, request, report), context)
    return finished or StillUploading(space=space, next=(request.again("joins the upload"),))


def mirror(context: Context, folder: Path, space: str) -> str:
    """Make the Space's head hold exactly the folder's files; gives the revision.

    For rehearsals: on a person's own Space, files that a folder lacks are never deleted unasked.
    """
    unbounded = replace(context, settings=replace(context.settings, seconds=None))
    plan = _plan(unbounded, str(folder), ())
    local = {file.path_in_repo for file in plan.files}
    remote = unbounded.hub.files(space, _head(unbounded, space))
    stale = tuple(path for path in remote if path not in {*local, ".gitattributes", "README.md"})
    result = space_upload(unbounded, str(folder), space, delete=stale, message="Rehearse")
    if ".gitignore" in stale:  # its rules still held for the commit that deleted it
        result = space_upload(unbounded, str(folder), space, message="Rehearse")
    if isinstance(result, Uploaded | NothingToUpload):
        return result.revision
    raise Problem("client_refused", f"the folder did not reach {space}", object=space)


def sdk_of(folder: Path) -> Sdk:
    """The SDK that the folder's README names; gradio when there is no README."""
    readme = folder / "README.md"
    if not readme.is_file():
        return "gradio"
    card = parse_card(readme.read_text(encoding="utf-8", errors="replace"))
    sdk: Sdk = card["sdk"]
    return sdk


def _plan(context: Context, folder: str, files: Sequence[str]) -> FolderPlan:
    """The files to send.

    Raises:
        Problem: for a folder that cannot be sent, or `upload_refused` listing every offence.
    """
    from ..folder import FolderProblem, plan_folder

    try:
        plan = plan_folder(context.folder(folder), only=files)
    except FolderProblem as problem:
        raise Problem(problem.code, problem.message, object=folder) from problem
    if plan.refusals:
        found = [
            f"{refusal.path}{f':{refusal.line}' if refusal.line else ''} ({refusal.reason})"
            for refusal in plan.refusals
        ]
        shown = "; ".join(found[:8]) + (f"; and {len(found) - 8} more" if len(found) > 8 else "")
        raise Problem(
            "upload_refused",
            f"{len(found)} files must not leave this machine: {shown}. Nothing was uploaded",
            object=plan.refusals[0].path,
            advice="remove them, list them in .gitignore, or give the value as a secret",
        )
    _check_card(plan.files)
    return plan


def _check_card(files: Sequence[PlannedFile]) -> None:
    readme = next((file for file in files if file.path_in_repo == "README.md"), None)
    if readme is not None:
        parse_card(readme.local.read_text(encoding="utf-8", errors="replace"))


def _push(
    context: Context, plan: FolderPlan, request: UploadRequest, report: Report
) -> Uploaded | PullRequest | NothingToUpload:
    hub = context.hub
    hub.require_login()
    report(f"comparing {len(plan.files)} files with {request.space}", 0.1)
    parent = request.parent or _head(context, request.space)
    remote = hub.files(request.space, parent)
    if ".gitignore" in remote:
        plan = _less_what_the_hub_ignores(context, plan, request, parent)
    changes = compare(plan, remote, request.delete)
    if not changes.sent and not changes.deleted:
        return _nothing(request.space, parent, changes)
    wanted = set(changes.sent)
    sent = [file for file in plan.files if file.path_in_repo in wanted]
    size = sum(file.size_bytes for file in sent)
    report(f"sending {len(sent)} files, {size:,} bytes", 0.4)
    commit, lost = commit_files(context, request, parent, sent, changes)
    report("checking what arrived", 0.9)
    if same_revision(commit.sha, parent):
        return _nothing(request.space, parent, changes.as_found(remote, remote))
    changes = _as_found(context, request.space, commit, changes, remote)
    if not changes.sent and not changes.deleted:
        return _nothing(request.space, parent, changes)
    if request.create_pr:
        url = commit.pull_request_url or commit.url
        return PullRequest(space=request.space, revision=commit.sha, url=url, changes=changes)
    effect = _effect(plan, changes)
    return _uploaded(context, request.space, parent, commit, changes, effect, lost=lost)


def _effect(plan: FolderPlan, changes: Changes) -> Consequence:
    """What the Space does with the commit, by the folder's card and what was touched."""
    readme = next((file for file in plan.files if file.path_in_repo == "README.md"), None)
    if readme is not None:
        card = parse_card(readme.local.read_text(encoding="utf-8", errors="replace"))
        if card["sdk"] == "static" and not card.get("app_build_command"):
            return "serve"
    touched = {*changes.sent, *changes.deleted}
    return "rebuild" if touched & REBUILD_FILES else "restart"


def _less_what_the_hub_ignores(
    context: Context, plan: FolderPlan, request: UploadRequest, parent: str
) -> FolderPlan:
    """The plan without what the Space's .gitignore names, unless the folder brings its own.

    The Hub applies that file at the parent, and its client drops such files without a word
    (huggingface_hub 2.4.0, measured 2026-11-23).

    Raises:
        Problem: `upload_refused` when such a file was asked for by its path.
    """
    from ..folder import leave_out

    if any(file.path_in_repo == ".gitignore" for file in plan.files):
        return plan
    gitignore = context.hub.file(request.space, parent, ".gitignore").decode("utf-8", "replace")
    kept = leave_out(plan, gitignore, whose="the Space's")
    missing = {file.path_in_repo for file in plan.files} - {
        file.path_in_repo for file in kept.files
    }
    asked = sorted(missing.intersection(request.files))
    if asked:
        raise Problem(
            "upload_refused",
            f"the .gitignore of {request.space} leaves out {', '.join(asked)}; nothing was"
            " uploaded",
            object=asked[0],
            advice="upload a .gitignore that does not name it, together with the file",
        )
    return kept


def _as_found(
    context: Context,
    space: str,
    commit: Commit,
    changes: Changes,
    before: Mapping[str, RemoteFile],
) -> Changes:
    """The changes as the Hub made them, or as planned where it does not list its files."""
    try:
        return changes.as_found(before, context.hub.files(space, commit.sha))
    except Problem:
        return changes


def _head(context: Context, space: str) -> str:
    sha = context.hub.space(space).sha
    if sha is None:
        raise Problem("no_revision", f"{space} has no commit to build on", object=space)
    return sha


def _nothing(space: str, parent: str, changes: Changes) -> NothingToUpload:
    return NothingToUpload(
        space=space,
        revision=parent,
        unchanged=changes.unchanged,
        ignored=changes.ignored,
        not_arrived=changes.not_arrived,
        next=(_wait_call(space, parent, "whether that revision runs"),),
    )


def _uploaded(
    context: Context,
    space: str,
    parent: str,
    commit: Commit,
    changes: Changes,
    effect: Consequence,
    *,
    lost: bool,
) -> Uploaded:
    return Uploaded(
        space=space,
        revision=commit.sha,
        parent=parent,
        commit_url=commit.url,
        page=context.hub.page(space),
        changes=changes,
        effect=effect,
        expected_wait=EXPECTED[effect],
        answer_was_lost=lost,
        next=(_wait_call(space, commit.sha, "until this very revision runs"),),
    )


def _wait_call(space: str, revision: str, why: str) -> NextCall:
    return NextCall(tool="space_wait", arguments={"space": space, "revision": revision}, why=why)
