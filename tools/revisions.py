"""Which revision of a Space really serves, and how we know.

`RUNNING` alone says nothing: right after a push the old revision keeps serving, and the Hub's
runtime may lag behind its repository for minutes. The evidence, best first: the sha in the
runtime, the sha in the build log, for a static Space the bytes that are served.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from .hub import Hub
from .hub.facts import RemoteFile, RuntimeFacts, SpaceFacts, file_digest
from .model import Model
from .problems import Problem

MOST_BYTES = 2_000_000
MOST_FILES = 20
NOT_SERVED = frozenset({"README.md", ".gitattributes", ".gitignore"})


class Serving(Model):
    """The serving revision: its sha (short when it comes from a log), and the evidence for it.

    `revision` is None when nothing says which revision serves; `evidence` then says why.
    """

    revision: str | None
    evidence: str

    def is_revision(self, sha: str) -> bool:
        """Whether this is `sha`; either may be short."""
        return self.revision is not None and same_revision(self.revision, sha)


def same_revision(one: str, other: str) -> bool:
    """Whether two shas, full or at least seven characters of one, mean the same revision."""
    shorter, longer = sorted((one.lower(), other.lower()), key=len)
    return len(shorter) >= 7 and longer.startswith(shorter)


def serving_revision(hub: Hub, space: SpaceFacts, runtime: RuntimeFacts, wanted: str) -> Serving:
    """What serves right now, judged against `wanted` where only a comparison can tell."""
    if runtime.sha is not None:
        return Serving(revision=runtime.sha, evidence="the runtime names the revision")
    if space.sdk == "static":
        return _served_bytes(hub, space, wanted)
    built = built_revision(hub, space.name)
    if built is not None:
        return Serving(revision=built, evidence="the build log names the revision")
    return Serving(revision=None, evidence="neither the runtime nor a readable build log names it")


def built_revision(hub: Hub, space: str) -> str | None:
    """Revision of the newest build, from the first line of its log; None when it cannot be read."""
    try:
        return hub.log(space, "build", seconds=8.0).revision
    except Problem:
        return None


def _served_bytes(hub: Hub, space: SpaceFacts, wanted: str) -> Serving:
    """Whether a static Space serves what `wanted` changed, told by digests of the served bytes.

    The page alone would not do: a push may change a script and leave the page as it was.
    """
    page = PurePosixPath(space.app_file or "index.html")
    try:
        files = hub.files(space.name, wanted)
        before = _revision_before(hub, space.name, wanted)
        earlier = hub.files(space.name, before) if before else {}
    except Problem as problem:
        return Serving(revision=None, evidence=problem.message)
    looked_at = _paths_to_fetch(page, files, earlier)
    if not looked_at or space.host is None:
        return Serving(revision=None, evidence=f"that revision holds no {page} to compare")
    for path in looked_at:
        served = hub.served(space, _address(space.host, page, path))
        if served is None:
            return Serving(revision=None, evidence=f"{space.host} does not serve {path} yet")
        if _is_content(served, files[path]):
            continue
        is_old = path in earlier and _is_content(served, earlier[path])
        how = "as it was before" if is_old else "neither as in that revision nor as before"
        return Serving(revision=before if is_old else None, evidence=f"{path} is served {how}")
    what = str(page) if len(looked_at) == 1 else f"{page} and {len(looked_at) - 1} more"
    return Serving(revision=wanted, evidence=f"{what} served as in that revision")


def _revision_before(hub: Hub, space: str, revision: str) -> str | None:
    shas = hub.history(space, revision)
    return shas[1] if len(shas) > 1 else None


def _paths_to_fetch(
    page: PurePosixPath, files: Mapping[str, RemoteFile], earlier: Mapping[str, RemoteFile]
) -> list[str]:
    """The page, and what is beside or below it and changed with the revision; small files only."""
    folder = page.parent
    changed = [
        path
        for path, file in sorted(files.items())
        if path != str(page)
        and PurePosixPath(path).is_relative_to(folder)
        and PurePosixPath(path).name not in NOT_SERVED
        and file.size_bytes <= MOST_BYTES
        and (path not in earlier or earlier[path].digest != file.digest)
    ]
    return [str(page), *changed[: MOST_FILES - 1]] if str(page) in files else []


def _address(host: str, page: PurePosixPath, path: str) -> str:
    """Where a file is served: the page at the root, the others relative to the page's folder."""
    if path == str(page):
        return f"{host}/"
    return f"{host}/{quote(str(PurePosixPath(path).relative_to(page.parent)))}"


def _is_content(served: bytes, file: RemoteFile) -> bool:
    return file_digest(served, is_large=file.is_large) == file.digest
