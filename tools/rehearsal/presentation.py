"""The Hub's JSON for a repository and for a Space's runtime."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from . import front_matter
from .gates import DEFAULT_HARDWARE
from .hub import Hub
from .model_information import dataset_fields, model_fields
from .store import moments
from .store.git import GitRepository
from .store.large_files import Pointer
from .store.records import RepositoryRecord
from .store.revisions import CommitRecord, Entry, File

FREE_SLEEP_SECONDS = 48 * 3600
"""A Space on cpu-basic sleeps after 48 idle hours and nobody can change that (huggingface_hub 2.4.0
says so where it warns about `space_sleep_time`)."""

_ONLY_EXPANDED = {"xetEnabled": False}
"""Fields that nobody gets without asking (recorded from huggingface.co, 2025-03-07)."""

README_LIMIT = 1024 * 1024

Json = dict[str, Any]


def information(
    hub: Hub,
    record: RepositoryRecord,
    repository: GitRepository,
    revision: str,
    *,
    with_blobs: bool = False,
) -> Json:
    """Return all that the Hub tells of a repository at a revision (a full commit id)."""
    newest = next(repository.history(revision))
    card = card_data(repository, revision)
    facts = hub.world.of(record.id)
    common = {
        "_id": record.id,
        "id": record.full_name,
        "author": record.namespace,
        "sha": revision,
        "createdAt": record.created_at,
        "lastModified": moments.text(newest.date),
        "private": record.visibility != "public",
        "visibility": record.visibility,
        "gated": record.gated or facts.gated or False,
        "disabled": False,
        "likes": facts.likes,
        "trendingScore": facts.trending,
        "tags": _tags(record, card),
        "cardData": card,
        "siblings": _siblings(repository, revision, with_blobs=with_blobs),
        "usedStorage": _used_storage(repository, revision),
    }
    if record.kind == "spaces":
        return common | _space_fields(hub, record, card)
    if record.kind == "datasets":
        return common | dataset_fields(card, facts)
    found = model_fields(repository, revision, card, facts, hub.weights)
    return common | {"modelId": record.full_name} | found


def _space_fields(hub: Hub, record: RepositoryRecord, card: Json) -> Json:
    state = hub.machine.runtime(record.full_name)
    return {
        "sdk": card.get("sdk") or record.sdk,
        "subdomain": subdomain(record),
        "host": state.host,
        "runtime": runtime(hub, record),
        "models": _names(card.get("models")),
        "datasets": _names(card.get("datasets")),
    }


def expanded(information: Json, wanted: Collection[str]) -> Json:
    """Return only the id and the fields that `expand` asks for."""
    known = information | _ONLY_EXPANDED
    return {key: known[key] for key in ("_id", "id", *wanted) if key in known}


def card_data(repository: GitRepository, revision: str) -> Json:
    """Return the front matter of a revision as JSON values; empty when it can't be read."""
    content = repository.read_path(revision, "README.md")
    if content is None or len(content) > README_LIMIT:
        return {}
    try:
        metadata = front_matter.read(content.decode("utf-8", "replace"))
    except front_matter.FrontMatterError:
        return {}
    return {key: _json_value(value) for key, value in metadata.items()}


def _json_value(value: object) -> Any:
    if isinstance(value, dict):
        return {str(key): _json_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    # YAML also knows dates, and floats that JSON does not.
    return value if isinstance(value, float) and abs(value) < float("inf") else str(value)


def _names(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _tags(record: RepositoryRecord, card: Json) -> list[str]:
    sdk = card.get("sdk") or record.sdk
    return [*([str(sdk)] if sdk else []), *_names(card.get("tags")), "region:us"]


def _siblings(repository: GitRepository, revision: str, *, with_blobs: bool) -> list[Json]:
    files = [e for e in repository.entries(revision, recursive=True) if isinstance(e, File)]
    if not with_blobs:
        return [{"rfilename": file.path} for file in files]
    return [_sibling(file) for file in files]


def _sibling(file: File) -> Json:
    answer: Json = {"rfilename": file.path, "size": file.size}
    if file.pointer is None:
        return answer | {"blobId": file.blob_id}
    large = {"sha256": file.pointer.checksum, **_pointer_sizes(file.pointer)}
    return answer | {"blobId": file.pointer.blob_id, "lfs": large}


def _pointer_sizes(pointer: Pointer) -> Json:
    return {"size": pointer.size, "pointerSize": len(pointer.content)}


def _used_storage(repository: GitRepository, revision: str) -> int:
    entries = repository.entries(revision, recursive=True)
    return sum(entry.size for entry in entries if isinstance(entry, File))


def subdomain(record: RepositoryRecord) -> str:
    """Return the name under which the platform would serve the app on hf.space."""
    return re.sub("[^a-z0-9]+", "-", f"{record.namespace}-{record.name}".lower()).strip("-")


def runtime(hub: Hub, record: RepositoryRecord) -> Json:
    """Return the runtime of a Space; the answer of every operation on it, too.

    Which keys there are: recorded from huggingface.co on 2025-03-07, `tests/contract/fields.yaml`.
    """
    state = hub.machine.runtime(record.full_name)
    serves = state.stage.startswith("RUNNING")
    answer: Json = {
        "stage": state.stage,
        "hardware": {"current": None, "requested": None},
        "storage": None,
        "replicas": {"requested": 1} | ({"current": 1} if serves else {}),
        "rehearsal": {"host": state.host, **state.facts},
    }
    if record.sdk != "static":
        answer |= {
            "hardware": {
                "current": state.hardware_current,
                "requested": state.hardware_requested or record.hardware,
            },
            "gcTimeout": _sleep_seconds(record),
            "devMode": record.dev_mode,
            "domains": _domains(state.host),
        }
    optional: Mapping[str, Any] = {
        "sha": state.revision,
        "errorMessage": state.error_message,
        "volumes": list(record.volumes),
    }
    return answer | {key: value for key, value in optional.items() if value}


def _sleep_seconds(record: RepositoryRecord) -> int | None:
    return FREE_SLEEP_SECONDS if record.hardware == DEFAULT_HARDWARE else record.sleep_seconds


def _domains(host: str | None) -> list[Json]:
    return [{"domain": urlsplit(host).netloc, "stage": "READY"}] if host else []


def entry(found: Entry, last_commit: CommitRecord | None = None) -> Json:
    """Return a file or folder of a tree."""
    if isinstance(found, File):
        answer: Json = {"type": "file", "oid": found.blob_id, "size": found.size}
        if found.pointer is not None:
            answer["oid"] = found.pointer.blob_id
            answer["lfs"] = {"oid": found.pointer.checksum, **_pointer_sizes(found.pointer)}
    else:
        answer = {"type": "directory", "oid": found.tree_id, "size": 0}
    answer["path"] = found.path
    if last_commit is not None:
        date = moments.text(last_commit.date)
        answer["lastCommit"] = {"id": last_commit.id, "title": last_commit.title, "date": date}
    return answer


def commit(record: CommitRecord, *, formatted: bool = False) -> Json:
    """Return a commit of a history, with its texts as HTML too when `formatted`."""
    answer: Json = {
        "id": record.id,
        "title": record.title,
        "message": record.message,
        "date": moments.text(record.date),
        "authors": [{"user": record.author}],
    }
    if formatted:
        texts = {"title": html.escape(record.title), "message": html.escape(record.message)}
        answer["formatted"] = texts
    return answer
