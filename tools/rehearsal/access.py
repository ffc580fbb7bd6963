"""Who may see and change a repository."""

from __future__ import annotations

from .call import Call
from .errors import HubError, bad_request, forbidden, repository_not_found
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
    """Return a repository the caller may see.

    Raises 404 (401 without a token) otherwise, and 307 where the path has an old name.
    """
    records = call.hub.repositories.records
    record = records.find(kind, namespace, name)
    if record is None:
        _redirect(call, records.find_renamed(kind, namespace, name))
    if record is None or not may_read(call.account, record):
        raise repository_not_found(f"{namespace}/{name}", anonymous=call.account is None)
    return record


def _redirect(call: Call, renamed: RepositoryRecord | None) -> None:
    captured = call.captured
    if renamed is None or "name" not in captured or not may_read(call.account, renamed):
        return
    old = f"/{captured['namespace']}/{captured['name']}".encode()
    path = call.request.scope["raw_path"].replace(old, f"/{renamed.full_name}".encode(), 1)
    query = call.request.scope["query_string"]
    location = (path + (b"?" + query if query else b"")).decode("ascii")
    message = f"This repository is called {renamed.full_name} now"
    raise HubError(307, message, headers={"Location": location})


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


def check_download(call: Call, record: RepositoryRecord) -> None:
    """Raise 401 or 403 (GatedRepo) when the caller may see a repository but not its files.

    Both texts as reported (401: 2024-09 to 2025-12; 403: 2025-05, huggingface.co).
    """
    facts, name = call.hub.world.of(record.id), record.full_name
    if not (record.gated or facts.gated):
        return
    if call.account and call.account.namespace(record.namespace):
        return
    restricted = f"Access to {record.kind[:-1]} {name} is restricted"
    if call.account is None:
        why = "You must have access to it and be authenticated to access it. Please log in."
        raise HubError(401, f"{restricted}. {why}", code="GatedRepo")
    if call.account.name not in facts.admitted:
        page = call.hub.endpoint + record.web_path
        why = f"and you are not in the authorized list. Visit {page} to ask for access."
        raise HubError(403, f"{restricted} {why}", code="GatedRepo")


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
