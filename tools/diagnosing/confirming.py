"""What linting the files says about an error: confirmed, explained, or nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lint import Finding, Report, Severity
from .recognising import Recognised

_PLACE = re.compile(r"(?P<file>[\w./-]+\.py):(?P<line>\d+)")
_QUOTED = re.compile(r"['\"`]([^'\"`\s]{3,80})['\"`]|\b(\w{3,80})(?==[=\d])")
# Said in so many findings and errors that sharing them says nothing.
_EVERYWHERE = frozenset({"gradio", "app.py", "spaces", "python", "self", "module", "huggingface"})


def confirming(found: Recognised, report: Report) -> Finding | None:
    """A finding of one of the rules whose fix would cure the known error, or None."""
    match = found.match
    if match is None:
        return None
    rules = {rule for change in match.error.changes for rule in change.rules}
    named = [one for one in report.findings if one.id in rules]
    return next(iter(sorted(named, key=lambda one: _nearness(found, one))), None)


def explaining(found: Recognised, report: Report) -> Finding | None:
    """An error of the linter at the place of an unknown error, or about what it names; or None."""
    errors = [one for one in report.findings if one.severity is Severity.ERROR]
    telling = [one for one in errors if _is_there(found, one) or _shares_name(found, one)]
    return next(iter(sorted(telling, key=lambda one: _nearness(found, one))), None)


def of_card(report: Report) -> Finding | None:
    """The first error of the card, which is what a CONFIG_ERROR without a message is about."""
    errors = [one for one in report.findings if one.severity is Severity.ERROR]
    cards = [one for one in errors if one.id.startswith("FM_") or one.file == "README.md"]
    return next(iter(cards), None)


def _nearness(found: Recognised, finding: Finding) -> tuple[bool, bool, int]:
    return not _is_there(found, finding), not _shares_name(found, finding), finding.severity.rank


def _is_there(found: Recognised, finding: Finding) -> bool:
    place = _PLACE.match(found.block.where or "")
    if place is None:
        return False
    return finding.line == int(place["line"]) and finding.file.endswith(place["file"])


def _shares_name(found: Recognised, finding: Finding) -> bool:
    said = finding.message.lower()
    return any(
        re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", said) for name in _names(found.block.text)
    )


def _names(line: str) -> Iterator[str]:
    """What an error's line puts in quotes, or pins: the names of the things it is about."""
    for quoted, pinned in _QUOTED.findall(line):
        name = (quoted or pinned).lower()
        if name not in _EVERYWHERE:
            yield name
