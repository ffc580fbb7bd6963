"""Write the generated part of `references/known-errors.md` from the known errors.

    python -m maintenance.known_errors_document [--check]

With `--check` nothing is written; the exit code is 1 when the file is not what the entries say.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from tools.knowledge.known_errors import Change, KnownError, Stage, known_errors
from tools.lint.formats.documentation import heading_anchor

FILE = Path(__file__).parent.parent / "references" / "known-errors.md"
BEGIN = "<!-- begin of the generated part: python -m maintenance.known_errors_document -->\n"
END = "<!-- end of the generated part -->\n"
STAGES = {
    "config": "Reading the card",
    "build": "Building",
    "start": "Starting",
    "health_check": "Health check, memory, disk and scheduling",
    "call": "Calling the app",
    "client": "A client of the app or of inference",
    "hub": "The Hub",
}
_CONFIDENCE = {
    "measured": "measured",
    "read_in_code": "read in code",
    "documented": "documented",
    "reported": "reported",
}
_PLACEHOLDER = re.compile(r"\{([a-z]\w*)\}")


def renewed(text: str) -> str:
    """`text` with the part between the markers written anew.

    Raises:
        ValueError: a marker is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{FILE.name} lacks the markers of its generated part")
    return f"{before}{BEGIN}\n{document(known_errors())}\n{END}{after}"


def document(errors: Iterable[KnownError]) -> str:
    """The contents and all sections, one per stage."""
    by_stage: dict[str, list[KnownError]] = {stage: [] for stage in get_args(Stage)}
    for error in errors:
        by_stage[error.stage].append(error)
    contents = [
        f"- [{STAGES[stage]}](#{heading_anchor(STAGES[stage])}) ({len(found)})"
        for stage, found in by_stage.items()
    ]
    sections = [_section(STAGES[stage], found) for stage, found in by_stage.items()]
    return "\n".join([*contents, "", "\n".join(sections)])


def _section(title: str, errors: Iterable[KnownError]) -> str:
    return "\n".join([f"## {title}", "", *(_entry(error) for error in errors)])


def _entry(error: KnownError) -> str:
    kind = "a wrapper, never the cause itself" if error.generic else f"verdict {error.verdict}"
    note = "" if error.severity == "error" else f"; {error.severity} only"
    lines = [f"### {error.id}", "", f"{_plain(error.cause)} ({kind}{note})", "", "```text"]
    lines += [line for example in error.examples for line in example.splitlines()]
    lines += ["```", "", *_changes(error), ""]
    sources = "; ".join(f"{source.what} ({source.as_of})" for source in error.sources)
    seen = f"{_CONFIDENCE[error.confidence].capitalize()}: {sources}."
    return "\n".join([*lines, f"It worked when: {_plain(error.verify)} {seen}", ""])


def _changes(error: KnownError) -> Iterator[str]:
    for number, change in enumerate(error.changes, start=1):
        yield f"{number}. {_plain(change.how)}{_by_machine(error, change)}"


def _by_machine(error: KnownError, change: Change) -> str:
    """What a machine does of the change."""
    found = [f"`{error.id}`"] if change.edits else []
    found += [f"`{rule}`" for rule in change.rules]
    found += [f"`{change.call.tool}`"] if change.call else []
    return f" [{', '.join(found)}]" if found else ""


def _plain(sentence: str) -> str:
    """A sentence in which no particular line fills the parts."""
    return _PLACEHOLDER.sub(lambda found: found[1].upper(), sentence)


def main() -> int:
    """Write the file, or only compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    text = FILE.read_text(encoding="utf-8")
    wanted = renewed(text)
    if not arguments.check:
        FILE.write_text(wanted, encoding="utf-8")
    return int(arguments.check and text != wanted)


if __name__ == "__main__":
    sys.exit(main())
