"""What a folder would change on the Hub, found by comparing digests before anything is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .hub.facts import RemoteFile
from .model import Model
from .problems import Problem

if TYPE_CHECKING:
    from .folder import FolderPlan


class Changes(Model):
    """What one commit changes, by path.

    `left_on_hub` are files of the Hub that the folder lacks; they stay.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int
    left_on_hub: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def sent(self) -> tuple[str, ...]:
        """Paths whose content travels."""
        return (*self.added, *self.changed)

    def default_message(self) -> str:
        """A commit message that names the first files."""
        names = [*self.sent, *self.deleted]
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return f"Update {shown}" if not self.added or self.changed else f"Add {shown}"

    def lines(self) -> Iterator[str]:
        """The change as text, a line for each kind."""
        for word, paths in (
            ("added", self.added),
            ("changed", self.changed),
            ("deleted", self.deleted),
        ):
            if paths:
                more = f" and {len(paths) - 10} more" if len(paths) > 10 else ""
                yield f"  {word}: {', '.join(paths[:10])}{more}"
        yield f"  unchanged: {self.unchanged}"
        if self.left_on_hub:
            yield f"  on the Hub only, left as they are: {', '.join(self.left_on_hub[:10])}"
        if self.ignored:
            yield f"  ignored: {', '.join(self.ignored[:10])}"


def compare(plan: FolderPlan, remote: Mapping[str, RemoteFile], delete: Sequence[str]) -> Changes:
    """Compare `plan` with the files on the Hub; `delete` names paths to remove there.

    Raises:
        Problem: `file_not_found` when `delete` names what is not there.
    """
    unknown = [path for path in delete if path not in remote]
    if unknown:
        raise Problem(
            "file_not_found",
            f"`delete` names what is not on the Hub: {', '.join(unknown)}",
            object=unknown[0],
        )
    local = {file.path_in_repo: file for file in plan.files}
    added = [path for path in local if path not in remote]
    changed = [
        path
        for path, file in local.items()
        if path in remote and local_digest(file.local, remote[path]) != remote[path].digest
    ]
    removed = [path for path in delete if path not in local]
    left = [path for path in remote if path not in local and path not in delete]
    return Changes(
        added=tuple(sorted(added)),
        changed=tuple(sorted(changed)),
        deleted=tuple(removed),
        unchanged=len(local) - len(added) - len(changed),
        left_on_hub=tuple(path for path in left if path != ".gitattributes"),
        ignored=plan.ignored,
    )


def local_digest(path: Path, remote: RemoteFile) -> str:
    """The local file's digest, of the kind the Hub keeps for the remote one."""
    if path.stat().st_size != remote.size_bytes:
        return ""
    digest = hashlib.sha256() if remote.is_large else hashlib.sha1(usedforsecurity=False)
    if not remote.is_large:
        digest.update(b"blob %d\0" % remote.size_bytes)
    with path.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
