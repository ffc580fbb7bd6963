"""Files of a Space on the Hub: listed, read, committed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from ..problems import Problem
from .door import Door
from .facts import Commit, RemoteFile, SpaceFacts
from .session import configure_client


class FileCalls(Door):
    """The part of `Hub` that deals with files."""

    def files(self, space: str, revision: str) -> dict[str, RemoteFile]:
        """Every file of `revision` by path."""
        from huggingface_hub.hf_api import RepoFile

        def listed() -> list[RepoFile]:
            tree = self._api.list_repo_tree(
                space, repo_type="space", revision=revision, recursive=True
            )
            return [entry for entry in tree if isinstance(entry, RepoFile)]

        found = self._read(listed, about=f"{space} at {revision[:7]}")
        return {entry.path: _remote_file(entry) for entry in found}

    def file(self, space: str, revision: str, path: str, *, most_bytes: int = 2_000_000) -> bytes:
        """Content of one file, without touching the client's cache.

        Raises:
            Problem: `file_not_found`, or `file_too_large` above `most_bytes`.
        """
        from huggingface_hub import get_session
        from huggingface_hub.utils._http import hf_raise_for_status

        configure_client()
        url = f"{self.page(space)}/resolve/{quote(revision, safe='')}/{quote(path)}"

        def fetched() -> bytes:
            answer = get_session().get(url, headers=self._headers())
            hf_raise_for_status(answer)
            return answer.content

        content = self._read(fetched, about=f"{path} of {space}")
        if len(content) > most_bytes:
            size = f"{len(content):,} bytes; at most {most_bytes:,} are read"
            raise Problem("file_too_large", f"{path} of {space} has {size}", object=path)
        return content

    def history(self, space: str, revision: str) -> tuple[str, ...]:
        """Shas from `revision` back to the first commit, newest first."""
        commits = self._read(
            lambda: self._api.list_repo_commits(space, repo_type="space", revision=revision),
            about=f"history of {space}",
        )
        return tuple(commit.commit_id for commit in commits)

    def served(
        self, space: SpaceFacts, address: str, *, most_bytes: int = 5_000_000
    ) -> bytes | None:
        """What a static Space serves at `address`, past any cache; None when it does not.

        A private one on the platform's own domain asks for the token; no other host is shown it.
        """
        from huggingface_hub import get_session

        configure_client()
        headers = {"Cache-Control": "no-cache"}
        host = urlsplit(address).hostname or ""
        if space.private and self.address.token and host.endswith(".hf.space"):
            headers["Authorization"] = f"Bearer {self.address.token}"
        try:
            answer = self._read(
                lambda: get_session().get(address, headers=headers, follow_redirects=False),
                about=address,
            )
        except Problem:
            return None
        content: bytes = answer.content
        return content if answer.status_code == 200 and len(content) <= most_bytes else None

    def commit(
        self,
        space: str,
        *,
        additions: Sequence[tuple[str, Path]],
        deletions: Iterable[str],
        message: str,
        parent: str,
        create_pull_request: bool,
    ) -> Commit:
        """One commit on `main` (or a pull request) on top of `parent`. Never repeated.

        Raises:
            Problem: `conflict` when `parent` is no longer the head, `bad_readme` when the Hub
                refuses the README's block, and the usual ones.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        operations: list[CommitOperationAdd | CommitOperationDelete] = [
            CommitOperationAdd(path_in_repo=path, path_or_fileobj=local)
            for path, local in additions
        ]
        operations += [CommitOperationDelete(path_in_repo=path) for path in deletions]

        made = self._once(
            lambda: self._api.create_commit(
                space,
                operations,
                commit_message=message,
                repo_type="space",
                parent_commit=parent,
                create_pr=create_pull_request,
            ),
            about=f"Space {space}",
        )
        return Commit(sha=made.oid, url=str(made.commit_url), pull_request_url=made.pr_url)


def _remote_file(entry: Any) -> RemoteFile:
    large = entry.lfs
    return RemoteFile(
        path=entry.path,
        size_bytes=entry.size,
        digest=large.sha256 if large else entry.blob_id,
        is_large=large is not None,
    )
