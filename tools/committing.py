"""One commit on a known parent, and what became of it when the Hub's answer was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .changes import Changes
from .context import Context
from .hub.door import Door
from .hub.facts import Commit
from .model import NextCall, short_revision
from .problems import Problem
from .revisions import same_revision

if TYPE_CHECKING:
    from .folder import PlannedFile


@dataclass(frozen=True)
class UploadRequest:
    """The caller's arguments, kept to build the calls that come next."""

    folder: str
    space: str
    files: tuple[str, ...]
    delete: tuple[str, ...]
    message: str | None
    parent: str | None
    create_pr: bool

    def again(self, why: str, **changed: Any) -> NextCall:
        """The same call, with some arguments changed; empty ones are left out."""
        arguments = {**asdict(self), **changed}
        written = {name: value for name, value in arguments.items() if value}
        return NextCall(tool="space_upload", arguments=written, why=why)


def commit_files(
    context: Context,
    request: UploadRequest,
    parent: str,
    files: Sequence[PlannedFile],
    changes: Changes,
) -> tuple[Commit, bool]:
    """The commit, and whether the Hub's answer was lost and the commit found afterwards.

    Raises:
        Problem: `conflict`, `forbidden`, `bad_readme`, `commit_unknown` and the Hub's usual ones,
            each with the call that helps.
    """
    try:
        commit = context.hub.commit(
            request.space,
            additions=[(file.path_in_repo, file.local) for file in files],
            deletions=changes.deleted,
            message=request.message or changes.default_message(),
            parent=parent,
            create_pull_request=request.create_pr,
        )
    except Problem as problem:
        if problem.code in ("hub_unreachable", "hub_error"):
            if request.create_pr:
                raise _maybe_a_pull_request(context, request.space, problem) from problem
            return _found_after_loss(context, request, parent, files, changes, problem), True
        raise _explained(problem, request, parent) from problem
    return commit, False


def _maybe_a_pull_request(context: Context, space: str, problem: Problem) -> Problem:
    """A lost pull request is bound to nothing: made again, there would be two."""
    return Problem(
        "commit_unknown",
        f"the Hub stopped answering ({problem.message}), and a pull request on {space} may or"
        " may not have been opened",
        object=space,
        advice=f"look at {context.hub.page(space)}/discussions first; repeat the call only when"
        " no pull request with this change is there",
    )


def _found_after_loss(
    context: Context,
    request: UploadRequest,
    parent: str,
    files: Sequence[PlannedFile],
    changes: Changes,
    problem: Problem,
) -> Commit:
    """The commit, when it arrived though its answer did not; else the problem, made exact."""
    space = request.space
    again = request.again("safe to repeat: it is bound to the same parent", parent=parent)
    try:
        child = _History(context.address).child(space, parent)
        arrived = child is not None and changes.are_in(files, context.hub.files(space, child))
    except Problem:
        raise Problem(
            "commit_unknown",
            f"the Hub stopped answering during the commit to {space} ({problem.message}), and"
            " whether it arrived cannot be seen now",
            object=space,
            next=(again,),
        ) from problem
    if child is not None and arrived:
        url = f"{context.hub.page(space)}/commit/{child}"
        return Commit(sha=child, url=url, pull_request_url=None)
    head = "is still the head" if child is None else f"was followed by {short_revision(child)}"
    raise Problem(
        problem.code,
        f"{problem.message}. Nothing was committed: {short_revision(parent)} {head}",
        object=space,
        next=(again,),
    ) from problem


def _explained(problem: Problem, request: UploadRequest, parent: str) -> Problem:
    if problem.code == "conflict":
        return Problem(
            "conflict",
            f"somebody pushed to {request.space} after {short_revision(parent)}; nothing was"
            " uploaded and their commit is untouched",
            object=request.space,
            next=(
                NextCall(
                    tool="space_status",
                    arguments={"space": request.space},
                    why="shows the new head; take its changes in, then upload with it as parent",
                ),
            ),
        )
    if problem.code == "forbidden":
        call = request.again("opens a pull request instead", create_pr=True)
        return Problem(problem.code, problem.message, object=problem.object, next=(call,))
    if problem.code == "client_refused" and "README.md" in problem.message:
        return Problem(
            "bad_readme",
            f"the Hub refuses README.md: {problem.message}. Nothing was uploaded",
            object="README.md",
        )
    return problem


class _History(Door):
    """The commits of a Space's `main`."""

    def child(self, space: str, parent: str) -> str | None:
        """The revision made right on top of `parent`, or None while that is the head.

        Raises:
            Problem: `revision_not_found` when `main` does not hold `parent`, and the usual ones.
        """
        commits = self._read(
            lambda: self._api.list_repo_commits(space, repo_type="space"),
            about=f"the history of {space}",
        )
        newer = None
        for commit in commits:  # newest first
            if same_revision(commit.commit_id, parent):
                return newer
            newer = commit.commit_id
        raise Problem(
            "revision_not_found", f"the history of {space} does not hold {parent}", object=space
        )
