"""`Hub`: the calls that tools make, each with a deadline, each ending in facts or a `Problem`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from ..problems import Problem, from_client_error, not_logged_in, status_of
from ..which_hub import HubAddress
from . import logs
from .facts import (
    Account,
    Commit,
    Hardware,
    LogText,
    Organisation,
    Quota,
    RemoteFile,
    RuntimeFacts,
    SpaceFacts,
)
from .session import configure_client, repeat

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Answer = TypeVar("Answer")


class Hub:
    """One Hub with one token. Made for a single call, so a new login is seen at the next one."""

    def __init__(self, address: HubAddress) -> None:
        self.address = address

    @cached_property
    def _api(self) -> HfApi:
        from huggingface_hub import HfApi

        configure_client()
        return HfApi(
            endpoint=self.address.endpoint,
            token=self.address.token or False,
            library_name="huggingface-spaces",
        )

    def _read(self, call: Callable[[], Answer], *, about: str) -> Answer:
        """A call that changes nothing: repeated after passing failures."""
        return self._once(lambda: repeat(call), about=about)

    def _once(self, call: Callable[[], Answer], *, about: str) -> Answer:
        """A call that must not be repeated on its own."""
        try:
            return call()
        except (OSError, ValueError, RuntimeError) as error:
            raise self.problem(error, about=about) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in ("huggingface_hub", "httpx2"):
                raise
            raise self.problem(error, about=about) from error

    def problem(self, error: Exception, *, about: str) -> Problem:
        """The problem behind a client's exception, on this Hub."""
        return from_client_error(error, object=about, hub=self.address.endpoint)

    def require_login(self) -> None:
        """Refuse before asking when there is no token.

        Raises:
            Problem: `not_logged_in`.
        """
        if self.address.token is None:
            raise not_logged_in(self.address.endpoint)

    # The account and what the platform offers

    def account(self) -> Account:
        """The token's account."""
        self.require_login()
        return _account(self._read(self._api.whoami, about="the account"))

    def hardware(self) -> tuple[Hardware, ...]:
        """The hardware flavors that the Hub offers now, with live prices."""
        offered = self._read(self._api.list_spaces_hardware, about="the hardware list")
        return tuple(_hardware(flavor) for flavor in offered)

    def quota(self) -> Quota | None:
        """ZeroGPU seconds left, or None where this Hub does not tell."""
        try:
            told = self._read(self._api.get_zero_gpu_quota, about="the ZeroGPU quota")
        except Problem as problem:
            if problem.code in ("not_found", "forbidden", "hub_refused"):
                return None
            raise
        return Quota(
            base_seconds=told.base,
            remaining_seconds=told.remaining,
            resets_at=told.resets_at.isoformat() if told.resets_at else None,
        )

    # Spaces

    def space(self, space: str) -> SpaceFacts:
        """The repository's facts."""
        info = self._read(lambda: self._api.space_info(space), about=f"Space {space}")
        card: Any = info.card_data or {}
        return SpaceFacts(
            name=info.id,
            sha=info.sha,
            sdk=info.sdk or card.get("sdk"),
            private=bool(info.private),
            host=info.host,
            page=self.page(space),
            app_file=card.get("app_file"),
            last_modified=info.last_modified.isoformat() if info.last_modified else None,
        )

    def page(self, space: str) -> str:
        """Address of the Space's page."""
        return f"{self.address.endpoint}/spaces/{space}"

    def runtime(self, space: str) -> RuntimeFacts:
        """The Space's stage, hardware and serving revision."""
        told = self._read(lambda: self._api.get_space_runtime(space), about=f"Space {space}").raw
        hardware = told.get("hardware") or {}
        return RuntimeFacts(
            stage=told["stage"],
            sha=told.get("sha"),
            hardware=hardware.get("current"),
            requested_hardware=hardware.get("requested"),
            error_message=told.get("errorMessage"),
            sleep_seconds=told.get("gcTimeout"),
            not_rehearsed=(told.get("rehearsal") or {}).get("notRehearsed"),
        )

    def log(self, space: str, kind: logs.Kind, *, seconds: float = 20.0) -> LogText:
        """The Space's newest build or run log; `exists` is false when there is none yet."""
        url = f"{self.address.endpoint}/api/spaces/{space}/logs/{kind}"
        headers = self._headers()
        try:
            return self._read(
                lambda: logs.read_log(url, headers, seconds=seconds), about=f"Space {space}"
            )
        except Problem as problem:
            cause = problem.__cause__
            if isinstance(cause, Exception) and status_of(cause) == 404 and self._is_there(space):
                return LogText(lines=(), revision=None, exists=False)
            raise

    def _is_there(self, space: str) -> bool:
        try:
            self.space(space)
        except Problem:
            return False
        return True

    def _headers(self) -> dict[str, str]:
        from huggingface_hub.utils._headers import build_hf_headers

        return build_hf_headers(
            token=self.address.token or False, library_name="huggingface-spaces"
        )

    def create_space(self, space: str, settings: Mapping[str, Any]) -> str:
        """Create a Space and return its page. `settings` are `create_repo`'s keyword arguments.

        Never repeated: a lost answer is told apart by the caller, who looks whether it is there.
        """
        made = self._once(
            lambda: self._api.create_repo(space, repo_type="space", exist_ok=False, **settings),
            about=f"Space {space}",
        )
        return str(made)

    def delete_space(self, space: str) -> None:
        """Delete a Space and everything in it."""
        self._once(lambda: self._api.delete_repo(space, repo_type="space"), about=f"Space {space}")

    # Files

    def files(self, space: str, revision: str) -> dict[str, RemoteFile]:
        """Every file of `revision` by path."""
        from huggingface_hub.hf_api import RepoFile

        def listed() -> list[RepoFile]:
            tree = self._api.list_repo_tree(
                space, repo_type="space", revision=revision, recursive=True
            )
            return [entry for entry in tree if isinstance(entry, RepoFile)]

        found = self._read(listed, about=f"files of {space}@{revision[:7]}")
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


def _account(told: Mapping[str, Any]) -> Account:
    token = (told.get("auth") or {}).get("accessToken") or {}
    return Account(
        name=told["name"],
        plan="pro" if told.get("isPro") else "free",
        can_pay=bool(told.get("canPay")),
        email_verified=bool(told.get("emailVerified", True)),
        token_name=token.get("displayName"),
        token_role=token.get("role"),
        organisations=tuple(
            Organisation(
                name=found["name"],
                plan=found.get("plan"),
                role=found.get("roleInOrg"),
                can_pay=bool(found.get("canPay")),
            )
            for found in told.get("orgs", ())
        ),
    )


def _hardware(flavor: Any) -> Hardware:
    per_hour = {"minute": 60, "hour": 1, "second": 3600}.get(flavor.unit_label, 60)
    accelerator = flavor.accelerator
    return Hardware(
        name=flavor.name,
        pretty_name=flavor.pretty_name,
        price_per_hour=round(flavor.unit_cost_usd * per_hour, 4),
        accelerator=f"{accelerator.quantity}x {accelerator.model} {accelerator.vram}"
        if accelerator
        else None,
    )


def _remote_file(entry: Any) -> RemoteFile:
    large = entry.lfs
    return RemoteFile(
        path=entry.path,
        size_bytes=entry.size,
        digest=large.sha256 if large else entry.blob_id,
        is_large=large is not None,
    )
