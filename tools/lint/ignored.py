"""Files that git leaves out, so that no push publishes them."""

from __future__ import annotations

from .project import Project

GITIGNORE = ".gitignore"


def is_ignored(project: Project, path: str) -> bool:
    """Whether the .gitignore at the root names a file. Only what it says is known: a file may have
    been committed before.
    """
    text = project.text(GITIGNORE)
    if text is None:
        return False
    # Here, so that projects without anything to hide do not pay for it.
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(text.splitlines()).match_file(path)
    except ValueError:
        return False
