"""Variables, secrets and volumes as requests describe them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .call import Fields
from .errors import bad_request

VOLUME_TYPES = ("bucket", "model", "dataset", "space")
_KEY = re.compile("[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Setting:
    """One variable or secret to be stored."""

    key: str
    value: str
    description: str | None
    secret: bool


def read_setting(fields: Fields, *, secret: bool) -> Setting:
    """Return a variable or secret. Raises 400 for a key that no environment can hold."""
    key, value = fields.text("key"), fields.text("value")
    if not _KEY.fullmatch(key):
        raise bad_request(
            f"key {key!r} must be a letter or '_' followed by letters, digits and '_'"
        )
    if "\0" in value:
        raise bad_request(f"value of {key} must not contain a zero byte")
    return Setting(key, value, fields.optional_text("description"), secret)


def read_settings(fields: Fields, name: str, *, secret: bool) -> list[Setting]:
    """Return the list of variables or secrets in field `name`."""
    return [read_setting(item, secret=secret) for item in fields.objects(name)]


def read_volumes(fields: Fields) -> tuple[dict[str, Any], ...]:
    """Return the volumes in field `volumes`. Raises 400 that names the wrong field."""
    volumes = tuple(_volume(item) for item in fields.objects("volumes"))
    paths = [volume["mountPath"] for volume in volumes]
    if len(set(paths)) < len(paths):
        raise bad_request("volumes: two volumes have the same mountPath")
    return volumes


def _volume(fields: Fields) -> dict[str, Any]:
    kind = fields.choice("type", VOLUME_TYPES)
    if kind is None:
        raise bad_request("volumes: type is required")
    mount_path = fields.text("mountPath")
    if not mount_path.startswith("/") or ".." in mount_path.split("/"):
        raise bad_request(f"volumes: mountPath must be absolute, not {mount_path!r}")
    read_only = fields.boolean("readOnly")
    volume = {
        "type": kind,
        "source": fields.text("source"),
        "mountPath": mount_path,
        # Only a bucket can be written to.
        "readOnly": True if kind != "bucket" else bool(read_only),
        "revision": fields.optional_text("revision"),
        "path": fields.optional_text("path"),
    }
    return {key: value for key, value in volume.items() if value is not None}
