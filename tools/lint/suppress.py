"""Comments that silence a rule: `# space-lint: ignore[ID]` on the line, or alone on the one above.

`# space-lint: ignore-file[ID]` speaks for the whole file. The ids have to be named: a comment that
silences everything would also silence what is found next year.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from .texts import lines_of

MENTION = "space-lint:"

_COMMENT = re.compile(r"space-lint:\s*ignore(?P<file>-file)?\[(?P<ids>[A-Z0-9_,\s]+)\]")
_ATTEMPT = re.compile(r"(?:#|//|<!--|/\*)\s*space-lint:\s*ignore\b")
_ALONE = re.compile(r"^\s*(?:#|//|<!--|/\*)")


class Suppressions:
    """The silencing comments of one file."""

    def __init__(self, text: str) -> None:
        self._lines: dict[int, set[str]] = {}
        self._file: set[str] = set()
        if MENTION not in text:
            return
        for number, line in enumerate(lines_of(text), start=1):
            found = _COMMENT.search(line)
            if found is None:
                continue
            ids = {name.strip() for name in found["ids"].split(",")}
            if found["file"]:
                self._file |= ids
                continue
            self._lines.setdefault(number, set()).update(ids)
            if _ALONE.match(line):
                self._lines.setdefault(number + 1, set()).update(ids)

    def covers(self, rule: str, line: int | None) -> bool:
        """Whether a finding of a rule at a line is silenced."""
        return rule in self._file or rule in self._lines.get(line or 1, ())


def comments_without_effect(text: str, rules: Collection[str]) -> Iterator[tuple[int, str | None]]:
    """The lines of comments that silence nothing, with the first id that is no rule's; None where
    there are no ids at all.
    """
    for number, line in enumerate(lines_of(text), start=1):
        if not _ATTEMPT.search(line):
            continue
        found = _COMMENT.search(line)
        if found is None:
            yield number, None
            continue
        ids = [name.strip() for name in found["ids"].split(",")]
        unknown = next((name for name in ids if name not in rules), None)
        if unknown is not None:
            yield number, unknown
