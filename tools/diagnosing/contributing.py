"""A solved error as a contribution: the entry, the broken Space, the test, the words for a pull
request. Everything is made here as text; nothing is sent anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from ..knowledge.known_errors import Edit, KnownError, Stage, Verdict

MOST_SPECIMEN_LINES = 200
STAGES: tuple[str, ...] = get_args(Stage)
VERDICTS: tuple[str, ...] = get_args(Verdict)
_IDENTITY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


@dataclass(frozen=True)
class Solved:
    """An error that somebody understood and cured.

    `line` is the line of the log, `block` the lines around it; `cause` and `how` are the person's
    sentences; `before` holds the files that the cure changed, as they were.
    """

    identity: str
    stage: Stage
    verdict: Verdict
    line: str
    signature: str
    cause: str
    how: str
    block: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    by_hand: tuple[str, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    healthy: tuple[str, ...] = ()
    today: date = field(default_factory=date.today)


def identity_of(line: str, stage: str) -> str:
    """A name for an error, from the first telling words of its line."""
    words = [word.lower() for word in re.findall(r"[A-Za-z]{3,}", line)]
    telling = [word for word in words if word not in {"error", "the", "and", "for", "not"}]
    return "-".join([stage.replace("_", "-"), *(telling or ["error"])[:4]])


def is_identity(text: str) -> bool:
    """Whether a name has the form of those of known errors: words joined by hyphens."""
    return _IDENTITY.fullmatch(text) is not None


def contribution(solved: Solved) -> dict[str, str]:
    """The files of a contribution, as name to text.

    Raises:
        ValueError: when the entry would not be one that the loader accepts.
    """
    record = _record(solved)
    KnownError(**{"stage": solved.stage, **record})
    return {
        f"{solved.identity}.yaml": _entry(solved, record),
        f"{solved.identity}.specimen": _specimen(solved),
        f"test_{solved.identity.replace('-', '_')}.py": _test(solved),
        "PULL_REQUEST.md": _pull_request(solved),
    }


def _record(solved: Solved) -> dict[str, Any]:
    change: dict[str, Any] = {"how": solved.how}
    if solved.edits:
        change["edits"] = [edit.model_dump(exclude_none=True) for edit in solved.edits]
    return {
        "id": solved.identity,
        "verdict": solved.verdict,
        "signature": solved.signature,
        "examples": [solved.line],
        "healthy": list(solved.healthy),
        "cause": solved.cause,
        "changes": [change],
        "verify": "The line is gone from the log, and the Space gets past that stage.",
        "sources": [{"what": "the log of the person who reports it", "as_of": solved.today}],
        "confidence": "reported",
        "not_rehearsable": "Not tried yet; set `rehearsable: true` once the specimen fails so.",
    }


def _entry(solved: Solved, record: dict[str, Any]) -> str:
    import yaml

    text: str = yaml.safe_dump([record], sort_keys=False, allow_unicode=True, width=100)
    head = f"# To be added under `errors:` of tools/knowledge/errors/{solved.stage}.yaml\n"
    return head + "".join(f"  {line}\n" for line in text.splitlines())


def _specimen(solved: Solved) -> str:
    """The broken Space: what the cure changed, as it was; the least that fails is the best."""
    fails = {"hub": "push", "client": "call"}.get(solved.stage, solved.stage)
    lines = [f"fails: {fails}"]
    for path, text in sorted(solved.before.items()):
        lines.append(f"=== broken/{path}")
        lines += text.splitlines()[:MOST_SPECIMEN_LINES]
    if not solved.before:
        lines += ["=== broken/app.py", "# The smallest app that fails with this error goes here."]
    return "\n".join(lines) + "\n"


def _test(solved: Solved) -> str:
    name = solved.identity.replace("-", "_")
    return f'''"""The line of the report is recognised."""

from __future__ import annotations

from tools.diagnosing.matching import matches


def test_{name}() -> None:
    line = {solved.line!r}
    assert [match.error.id for match in matches((line,), line)] == [{solved.identity!r}]
'''


def _pull_request(solved: Solved) -> str:
    parts = [
        f"# Add the known error `{solved.identity}`",
        "What the log says:",
        "\n".join(["```", *(solved.block or (solved.line,)), "```"]),
        f"Cause: {solved.cause}",
        f"Cure: {solved.how}",
    ]
    if solved.edits:
        files = ", ".join(sorted({edit.file for edit in solved.edits}))
        parts.append(f"A machine can make the change in {files}.")
    if solved.by_hand:
        parts.append(f"By hand, because lines alone do not say it: {', '.join(solved.by_hand)}.")
    parts.append("\n".join(_left_to_do(solved)))
    return "\n\n".join(parts) + "\n"


def _left_to_do(solved: Solved) -> Iterator[str]:
    """What a person has to see to before sending it."""
    yield "Before sending it:"
    yield f"- [ ] the entry stands in `tools/knowledge/errors/{solved.stage}.yaml`"
    yield (
        f"- [ ] `{solved.identity}.specimen` is as small as it can be, stands in"
        " `tests/diagnosing/broken/` and fails so; then `rehearsable: true` and no"
        " `not_rehearsable`"
    )
    yield "- [ ] the source is one that others can open, with its date"
    yield "- [ ] no name, path or token of yours is left in any of the files"
