"""Reading a commit's body: one JSON object a line, taken as it arrives."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from .errors import bad_request
from .paths import checked_path

MAXIMUM_BODY = 4 * 1024**3
"""Bytes of a whole commit body."""

_SHA_256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Header:
    """The first line: what the commit is called, and what it is based on."""

    summary: str
    description: str
    parent_commit: str | None


@dataclass(frozen=True)
class FileContent:
    """A file to create or replace."""

    path: str
    content: bytes


@dataclass(frozen=True)
class StoredFile:
    """A file whose content the repository has already: how the client copies large files."""

    path: str
    checksum: str
    """SHA-256, 64 hexadecimal digits."""


@dataclass(frozen=True)
class Deletion:
    """A file or folder to remove."""

    path: str
    is_folder: bool


Operation = Header | FileContent | StoredFile | Deletion


async def lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Split a byte stream at newlines; empty lines are left out. Raises 400 above MAXIMUM_BODY."""
    pending: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MAXIMUM_BODY:
            raise bad_request(f"a commit must not be larger than {MAXIMUM_BODY} bytes")
        *complete, rest = chunk.split(b"\n")
        for part in complete:
            line = b"".join([*pending, part])
            pending = []
            if line.strip():
                yield line
        pending.append(rest)
    if last := b"".join(pending).strip():
        yield last


def parse(line: bytes) -> Operation:
    """Return what one line says. Raises 400 that names the field that is wrong."""
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise bad_request("every line of a commit must be JSON") from error
    if not isinstance(parsed, dict) or not isinstance(parsed.get("value"), dict):
        raise bad_request('every line of a commit must be {"key": ..., "value": {...}}')
    return _operation(parsed.get("key"), parsed["value"])


def _operation(key: object, value: dict[str, Any]) -> Operation:
    if key == "header":
        return _header(value)
    if key == "file":
        return FileContent(checked_path(value.get("path")), _content(value))
    if key == "deletedFile":
        return Deletion(checked_path(value.get("path")), is_folder=False)
    if key == "deletedFolder":
        folder = value.get("path")
        stripped = folder.rstrip("/") if isinstance(folder, str) else folder
        return Deletion(checked_path(stripped), is_folder=True)
    if key == "lfsFile":
        return StoredFile(checked_path(value.get("path")), _checksum(value))
    raise bad_request(
        f"key must be one of [header, file, lfsFile, deletedFile, deletedFolder], not {key!r}"
    )


def _header(value: dict[str, Any]) -> Header:
    summary, description = value.get("summary"), value.get("description") or ""
    parent = value.get("parentCommit")
    if not isinstance(summary, str) or not summary.strip():
        raise bad_request("header.summary must be a text that is not empty")
    if not isinstance(description, str):
        raise bad_request("header.description must be a string")
    if parent is not None and not isinstance(parent, str):
        raise bad_request("header.parentCommit must be a string")
    return Header(summary, description, parent or None)


def _content(value: dict[str, Any]) -> bytes:
    content, encoding = value.get("content"), value.get("encoding", "utf-8")
    if not isinstance(content, str):
        raise bad_request("file.content must be a string")
    try:
        if encoding == "base64":
            return base64.b64decode(content, validate=True)
        if encoding == "utf-8":
            return content.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise bad_request(f"file.content is not valid {encoding}") from error
    raise bad_request(f"file.encoding must be one of [base64, utf-8], not {encoding!r}")


def _checksum(value: dict[str, Any]) -> str:
    checksum = value.get("oid")
    if not isinstance(checksum, str) or not _SHA_256.fullmatch(checksum):
        raise bad_request("lfsFile: oid must be a SHA-256 of 64 hexadecimal digits")
    return checksum
