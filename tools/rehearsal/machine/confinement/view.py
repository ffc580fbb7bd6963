"""What a confined program sees of the machine's files: a list of folders, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MOST_LINKS = 40
"""Links followed for one path; the kernel gives up after as many (path_resolution(7))."""


@dataclass(frozen=True)
class Mount:
    """A file or folder of the machine, at the place where the program finds it."""

    source: str
    target: str
    writable: bool


@dataclass(frozen=True)
class Link:
    """A symbolic link that the program finds."""

    path: str
    target: str


@dataclass(frozen=True)
class View:
    """Everything a confined program sees, parents before what is in them."""

    mounts: tuple[Mount, ...]
    links: tuple[Link, ...]
    home: str
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that take the place of the program's own."""

    def as_json(self) -> dict[str, Any]:
        """Return the view as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> View:
        """Return the view that `as_json` wrote."""
        return cls(
            mounts=tuple(Mount(**mount) for mount in values["mounts"]),
            links=tuple(Link(**link) for link in values["links"]),
            home=values["home"],
            variables=values["variables"],
        )


class ViewBuilder:
    """Collects what a program shall see."""

    def __init__(self, hidden: Iterable[Path]) -> None:
        """Begin with nothing.

        Args:
            hidden: folders that are never shown whole, such as the person's home. Folders inside
                them may be shown.
        """
        self._hidden = [folder.resolve() for folder in hidden]
        self._mounts: dict[str, Mount] = {}
        self._links: dict[str, Link] = {}

    def show(self, path: Path, *, writable: bool = False) -> bool:
        """Show a file or folder at its own path, and every link on the way to it.

        Returns whether it is shown: not when it does not exist, or holds a hidden folder.
        """
        real, links = follow(path)
        if not real.exists() or self._holds_hidden(real):
            return False
        self._links.update({link.path: link for link in links})
        known = self._mounts.get(str(real))
        writable = writable or (known is not None and known.writable)
        self._mounts[str(real)] = Mount(str(real), str(real), writable)
        return True

    def show_as(self, source: Path, target: str) -> None:
        """Show the folder `source` at the path `target`, to write to."""
        self._mounts[target] = Mount(str(source.resolve()), target, writable=True)

    def build(self, home: Path, variables: Mapping[str, str]) -> View:
        """Return the view."""
        mounts = sorted(self._mounts.values(), key=lambda mount: mount.target.count("/"))
        links = [link for link in self._links.values() if not self._is_there(link)]
        return View(tuple(mounts), tuple(links), str(home), dict(variables))

    def _holds_hidden(self, real: Path) -> bool:
        return any(real == hidden or real in hidden.parents for hidden in self._hidden)

    def _is_there(self, link: Link) -> bool:
        """Whether the link is inside a folder that is shown where it is on the machine."""
        return any(
            mount.source == mount.target and link.path.startswith(mount.target + "/")
            for mount in self._mounts.values()
        )


def follow(path: Path) -> tuple[Path, list[Link]]:
    """Return where a path really leads, and the links on the way, the first first.

    The result need not exist. Raises OSError for a loop of links.
    """
    links: list[Link] = []
    current, pending = Path("/"), list(path.absolute().parts[1:])
    while pending:
        name = pending.pop(0)
        if name in {".", ".."}:
            current = current if name == "." else current.parent
            continue
        current /= name
        if current.is_symlink():
            if len(links) == MOST_LINKS:
                raise OSError(f"too many symbolic links in {path}")
            target = str(current.readlink())
            links.append(Link(str(current), target))
            pending = [*(part for part in Path(target).parts if part != "/"), *pending]
            current = Path("/") if target.startswith("/") else current.parent
    return current, links
