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
    from .folder import FolderPlan, PlannedFile


class Changes(Model):
    """What one commit changes, by path.

    `left_on_hub` are files of the Hub that the folder lacks; they stay. `not_arrived` are files
    that were sent and that the Hub left out of the commit, which it does without saying so;
    `checked` is false when its files could not be listed afterwards.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int
    left_on_hub: tuple[str, ...]
    ignored: tuple[str, ...]
    not_arrived: tuple[str, ...] = ()
    checked: bool = False

    @property
    def sent(self) -> tuple[str, ...]:
        """Paths whose content travels."""
        return (*self.added, *self.changed)

    def default_message(self) -> str:
        """A commit message that names the first files."""
        names = [*self.sent, *self.deleted]
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        kinds = {"Add": self.added, "Update": self.changed, "Delete": self.deleted}
        verbs = [verb for verb, paths in kinds.items() if paths]
        return f"{verbs[0] if len(verbs) == 1 else 'Update'} {shown}"

    def as_found(
        self, before: Mapping[str, RemoteFile], after: Mapping[str, RemoteFile]
    ) -> Changes:
        """These changes as the Hub really made them, from its files before and after the commit."""
        missing = {path for path in self.sent if after.get(path) == before.get(path)}
        return self.model_copy(
            update={
                "added": tuple(path for path in self.added if path not in missing),
                "changed": tuple(path for path in self.changed if path not in missing),
                "not_arrived": tuple(sorted(missing)),
                "checked": True,
            }
        )

    def are_in(self, files: Sequence[PlannedFile], remote: Mapping[str, RemoteFile]) -> bool:
        """Whether a revision with the files `remote` holds all of it; `files` are those sent."""
        return not any(path in remote for path in self.deleted) and all(
            is_same(file.local, remote.get(file.path_in_repo)) for file in files
        )

    def lines(self) -> Iterator[str]:
        """The change as text, a line for each kind."""
        for word, paths in (
            ("added", self.added),
            ("changed", self.changed),
            ("deleted, kept in the history", self.deleted),
        ):
            if paths:
                more = f" and {len(paths) - 10} more" if len(paths) > 10 else ""
                yield f"  {word}: {', '.join(paths[:10])}{more}"
        yield f"  unchanged: {self.unchanged}"
        if self.left_on_hub:
            yield f"  on the Hub only, left as they are: {', '.join(self.left_on_hub[:10])}"
        if self.ignored:
            yield f"  ignored: {', '.join(self.ignored[:10])}"
        if self.not_arrived:
            yield f"  NOT on the Hub, which left them out: {', '.join(self.not_arrived)}"
        elif not self.checked:
            yield "  whether every file arrived could not be seen: the Hub did not list them"


def compare(plan: FolderPlan, remote: Mapping[str, RemoteFile], delete: Sequence[str]) -> Changes:
    """Compare `plan` with the files on the Hub; `delete` names paths to remove there.

    Raises:
        Problem: `file_not_found` when `delete` names what is not there, `bad_argument` when it
            names what the folder sends.
    """
    unknown = [path for path in delete if path not in remote]
    if unknown:
        raise Problem(
            "file_not_found",
            f"`delete` names what is not on the Hub: {', '.join(unknown)}",
            object=unknown[0],
        )
    local = {file.path_in_repo: file for file in plan.files}
    both = [path for path in delete if path in local]
    if both:
        raise Problem(
            "bad_argument",
            f"`delete` names what the folder itself holds and would send: {', '.join(both)}",
            object=both[0],
            advice="remove it from the folder as well, or take it out of `delete`",
        )
    added = [path for path in local if path not in remote]
    changed = [
        path
        for path, file in local.items()
        if path in remote and not is_same(file.local, remote[path])
    ]
    left = [path for path in remote if path not in local and path not in delete]
    return Changes(
        added=tuple(sorted(added)),
        changed=tuple(sorted(changed)),
        deleted=tuple(delete),
        unchanged=len(local) - len(added) - len(changed),
        left_on_hub=tuple(path for path in left if path != ".gitattributes"),
        ignored=plan.ignored,
    )


def is_same(path: Path, remote: RemoteFile | None) -> bool:
    """Whether the local file is the remote one, byte for byte."""
    if remote is None or path.stat().st_size != remote.size_bytes:
        return False
    digest = hashlib.sha256() if remote.is_large else hashlib.sha1(usedforsecurity=False)
    if not remote.is_large:
        digest.update(b"blob %d\0" % remote.size_bytes)
    with path.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == remote.digest
