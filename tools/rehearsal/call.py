"""One request, with what is known of who makes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from anyio.to_thread import run_sync
from starlette.requests import Request

from .errors import HubError, bad_request, unauthorized
from .hub import Hub
from .store.accounts import Account
from .store.git import GitRepository
from .store.records import RepositoryRecord

MAXIMUM_JSON = 16 * 1024 * 1024
"""Bytes of a JSON body; commits, which may be larger, are read line by line instead."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Call:
    """A request on its way through a handler."""

    hub: Hub
    request: Request
    captured: Mapping[str, str]
    """Segments of the path, decoded."""
    account: Account | None
    """Who sent the token; None without one."""

    def require_account(self) -> Account:
        """Return the caller's account. Raises 401 when there is no token."""
        if self.account is None:
            raise unauthorized()
        return self.account

    def query(self, name: str) -> str | None:
        """Return a query parameter, the last one of that name, or None."""
        return self.request.query_params.get(name)

    def flag(self, name: str) -> bool:
        """Return whether a query parameter is `true` or `1`."""
        return self.query(name) in {"true", "1"}

    def listed(self, name: str) -> list[str]:
        """Return all values of a query parameter, sent as `name` or as `name[]`."""
        query = self.request.query_params
        return query.getlist(name) + query.getlist(f"{name}[]")

    def number(self, name: str, default: int) -> int:
        """Return a query parameter as a whole number of at least 0. Raises 400 for another."""
        value = self.query(name)
        if value is None:
            return default
        if not value.isdecimal():
            raise bad_request(f"{name} must be a whole number, not {value!r}")
        return int(value)

    async def body(self, limit: int = MAXIMUM_JSON) -> bytes:
        """Return the request's body. Raises 413 above `limit` bytes."""
        parts, size = [], 0
        async for part in self.request.stream():
            size += len(part)
            if size > limit:
                raise HubError(413, f"the body is larger than {limit} bytes")
            parts.append(part)
        return b"".join(parts)

    async def json(self) -> Fields:
        """Return the JSON object in the body; an empty body counts as an empty object."""
        text = await self.body()
        try:
            parsed = json.loads(text) if text else {}
        except (ValueError, RecursionError) as error:
            raise bad_request("the body must be JSON") from error
        if not isinstance(parsed, dict):
            raise bad_request("the body must be a JSON object")
        return Fields(parsed)

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run blocking work (git, the database) without holding up other requests."""
        return await run_sync(work)

    async def in_repository(
        self, record: RepositoryRecord, work: Callable[[GitRepository], Result]
    ) -> Result:
        """Run work on an open repository in a thread."""

        def opened() -> Result:
            with self.hub.repositories.open(record) as repository:
                return work(repository)

        return await run_sync(opened)


class Fields:
    """The fields of a JSON object; asking for one of the wrong type is a 400 that names it."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """Return a string that must be there."""
        value = self.optional_text(name)
        if value is None:
            raise bad_request(f"{name} is required")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a string, or None when the field is missing or null."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise bad_request(f"{name} must be a string")
        if value is not None and not value.isascii() and _LONE_SURROGATE.search(value):
            raise bad_request(f"{name} must be valid Unicode")
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return one of the allowed words, or None when the field is missing or null."""
        value = self.optional_text(name)
        if value is not None and value not in allowed:
            raise bad_request(f"{name} must be one of [{', '.join(allowed)}], not {value!r}")
        return value

    def integer(self, name: str) -> int | None:
        """Return a whole number, or None when the field is missing or null."""
        value = self._values.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise bad_request(f"{name} must be a whole number")
        return value

    def boolean(self, name: str) -> bool | None:
        """Return a truth value, or None when the field is missing or null."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise bad_request(f"{name} must be true or false")
        return value

    def objects(self, name: str) -> list[Fields]:
        """Return a list of objects; empty when the field is missing or null."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_request(f"{name} must be a list of objects")
        return [Fields(item) for item in value]

    def raw(self) -> dict[str, Any]:
        """Return the object as it was sent."""
        return dict(self._values)
