"""Who may see and change a repository."""

from __future__ import annotations

from .call import Call
from .errors import bad_request, forbidden, repository_not_found
from .store.accounts import Account, Owner
from .store.discussions import PULL_REQUESTS
from .store.records import KINDS, Kind, RepositoryRecord


def named_kind(name: str) -> Kind:
    """Return the kind called `name`, such as `spaces`. Raises 400 for another word."""
    for kind in KINDS:
        if kind == name:
            return kind
    raise bad_request(f"type must be one of {', '.join(kind[:-1] for kind in KINDS)}")


def find_readable(call: Call, kind: Kind, namespace: str, name: str) -> RepositoryRecord:
    """Return a repository the caller may see. Raises 404 (401 without a token) otherwise."""
    record = call.hub.repositories.records.find(kind, namespace, name)
    if record is None or not may_read(call.account, record):
        raise repository_not_found(f"{namespace}/{name}", anonymous=call.account is None)
    return record


def may_read(account: Account | None, record: RepositoryRecord) -> bool:
    """Return whether an account sees a repository: everybody a public one, members all."""
    if record.visibility == "public":
        return True
    return account is not None and account.namespace(record.namespace) is not None


def may_write(account: Account | None, record: RepositoryRecord) -> bool:
    """Return whether an account may change a repository: members with a write token."""
    return (
        account is not None
        and account.can_write
        and account.namespace(record.namespace) is not None
    )


def readable(call: Call) -> RepositoryRecord:
    """Return the repository named in the path, which the caller may see."""
    captured = call.captured
    kind = named_kind(captured.get("kind", "spaces"))
    return find_readable(call, kind, captured["namespace"], captured["name"])


def writable(call: Call) -> RepositoryRecord:
    """Return the repository named in the path. Raises 401 or 403 when it is not the caller's."""
    account = call.require_account()
    record = readable(call)
    require_namespace(account, record.namespace)
    return record


def contributable(call: Call, revision: str) -> RepositoryRecord:
    """Return the repository named in the path, to whose `revision` the caller may commit.

    Whoever sees a repository may propose a change to it, in a new pull request (`create_pr`) or in
    one they opened. Raises like `writable`.
    """
    account = call.require_account()
    record = readable(call)
    require_namespace(account, account.name)
    if call.flag("create_pr") or _opened(call, account, record, revision):
        return record
    return writable(call)


def _opened(call: Call, account: Account, record: RepositoryRecord, revision: str) -> bool:
    number = revision.removeprefix(PULL_REQUESTS)
    if number == revision or not number.isascii() or not number.isdecimal():
        return False
    found = call.hub.discussions.find(record, int(number[:9]))
    return found is not None and found.author == account.name


def require_namespace(account: Account, namespace: str) -> Owner:
    """Return the owner called `namespace`. Raises 403 when the account may not write there."""
    if not account.can_write:
        raise forbidden(
            f"The token of {account.name} has role read; this needs a token with role write"
        )
    owner = account.namespace(namespace)
    if owner is None:
        raise forbidden(f"{account.name} has no write access to the namespace {namespace}")
    return owner
