"""The one table of what an error looks like on the line that starts it.

Patterns stay within what both RE2 and Python understand (no look-around), because the same table
feeds the fast search and the classification. They are generic on purpose: naming a known error and
its remedy is the task of the known-error list, not of this table. Wordings were collected from real
logs and from the installed packages; those of tools are in `wordings.py` (2026-11-22).
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import BlockKind
from .wordings import (
    COMMANDS_SAY,
    PIP_SAYS,
    PLATFORM_SAYS,
    PRINTED_EXCEPTIONS,
    UV_SAYS,
    ZEROGPU_SAYS,
)

# What log streams put before a line: a time stamp, a docker compose service, a BuildKit step. One
# blank after each, so that the indentation of the line itself survives.
STREAM_PREFIX = (
    r"(?:\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[0-9.,]*(?:Z|(?: ?[+-]\d\d:?\d\d))?\]?[ \t])?"
    r"(?:[a-z][a-z0-9_.-]*[-_]\d+ +\| )?"
    r"(?:#\d+ \d+\.\d+ )?"
)
TRACEBACK_HEADER = r"Traceback \(most recent call last\):"
RUN_BANNER = "={3,} Application Startup"
EXCEPTION_NAME = (
    r"(?:(?:[A-Za-z_]\w*\.)*(?:[A-Za-z_]\w*Error|\w*Exception(?:Group)?)|"
    r"(?:[A-Za-z_]\w*\.)+(?:[A-Z]\w*|error|timeout|\w*error))"
)


@dataclass(frozen=True)
class Cue:
    """One way an error announces itself."""

    kind: BlockKind
    pattern: str
    anchored: bool = True
    """The pattern has to stand at the start of the line, after indentation."""
    provisional: bool = False
    """The line says that something failed, but not what."""


def _pip(pattern: str) -> Cue:
    return Cue("pip", pattern)


def _anywhere(kind: BlockKind, *wordings: str) -> Cue:
    return Cue(kind, "|".join(wordings), anchored=False)


_KILLED = (
    r"(?:\S+: line \d+: +)?(?:\d+ +)?(?:Killed|Segmentation fault|Aborted|Bus error|"
    r"Illegal instruction)(?: \(core dumped\))?(?:[ \t]{2,}\S.*)?$"
)
_LEVEL = "(?:ERROR|CRITICAL|FATAL|SEVERE)"

CUES: tuple[Cue, ...] = (
    _pip(rf"ERROR: (?:{PIP_SAYS})"),
    _pip(r"error: [a-z]+(?:-[a-z]+)+$"),
    _pip(r"[×x] (?:.* did not run successfully\.|Encountered error while )"),
    Cue("uv", r"[×x] (?:No solution found|Failed to |No interpreter|Because )"),
    Cue("uv", rf"error: (?:{UV_SAYS})"),
    Cue("uv", "Because .*(?: depends on |we can conclude|unsatisfiable)"),
    Cue("apt", "E: "),
    Cue("npm", "npm (?:ERR!|error)"),
    Cue(
        "docker",
        r"(?:--> )?ERROR: process .* did not complete successfully: exit code: 13[79]",
    ),
    Cue("docker", r"(?:--> )?ERROR: failed to (?:calculate|compute|walk) |COPY failed: "),
    Cue("docker", r"(?:--> )?ERROR: process .* did not complete successfully", provisional=True),
    Cue("docker", r"(?:ERROR|error): failed to solve: process ", provisional=True),
    Cue("docker", r"(?:--> |(?:ERROR|error): )?(?:ERROR: )?failed to solve:"),
    Cue("docker", r"(?:ERROR: )?[Dd]ockerfile parse error"),
    Cue("docker", "--> ERROR", provisional=True),
    Cue(
        "exit",
        r"Job failed with exit code: (?:12[678]|13\d)|Exit code: (?:12[678]|13\d)\b|"
        r"exit(?:ed with)? code:? (?:137|139)\b|OOMKilled|"
        "Reason: application does not seem to be initialized",
        anchored=False,
    ),
    Cue(
        "exit",
        r"Job failed with exit code: \d+|Exit code: (?:\d+|\?)\. Reason:|"
        r"\bexited with (?:code|status):? [1-9]",
        anchored=False,
        provisional=True,
    ),
    Cue("exit", _KILLED),
    Cue("exit", r"(?:\S+: )?(?:exec \S+: |.*: )?(?:[Ee]xec format error|cannot execute binary)"),
    Cue("exit", "Fatal Python error: |terminate called after throwing|.* entered FATAL state"),
    _anywhere("platform", *PLATFORM_SAYS),
    Cue("traceback", rf"{EXCEPTION_NAME}(?::(?:[ \t].*)?| \[\w+\]: .*)?$"),
    _anywhere("platform", *ZEROGPU_SAYS),
    _anywhere("message", *PRINTED_EXCEPTIONS),
    Cue("message", rf"\W{{0,3}}{_LEVEL}(?:[:\]|-]|[ \t]|$)"),
    Cue("message", rf"(?:\[[^\]]{{1,40}}\][ \t]*){{1,3}}\[?{_LEVEL}\]?(?:[: \t]|$)"),
    Cue(
        "message",
        rf"\W{{0,3}}[\w./-]{{1,60}}(?::\d+)?(?: - | \| |:[ ]?){_LEVEL}(?: - |[ \t]*[|:])",
    ),
    _anywhere("message", r"\blevel=(?:error|fatal|critical)\b", r'"level": ?"(?:error|fatal)"'),
    Cue("message", r"[Ee]rror(?: \[\w+\]|\[\w+\])?: "),
    Cue("message", r"(?:fatal|FATAL|panic|PANIC|remote: (?:- )?Error): "),
    Cue("message", r"\S+:\d+(?::\d+)?: (?:fatal )?error: |\S+: (?:fatal )?error: \S"),
    Cue("message", r"\S+\(\d+,\d+\): error |error during build:|Failed to compile"),
    Cue("message", r"\S*sh: (?:line )?\d+: .*(?:not found|[Pp]ermission denied|No such file)"),
    Cue("message", r"\S*sh: \S+: (?:command )?not found|exec: .*(?:not found|no such file)"),
    Cue("message", "|".join(COMMANDS_SAY)),
    Cue("message", r"exec \S+: (?:no such file|permission denied)"),
    Cue("message", r"CMake Error|make(?:\[\d+\])?: \*\*\* |Exception in thread |Uncaught "),
    Cue("message", r"thread '.*' panicked at|Configuration error|Bad request"),
    # An app that prints what went wrong and goes on: often harmless, so anything firmer wins.
    Cue("message", r"\W{0,3}Error [a-z]+ing [^:]{1,80}: ", provisional=True),
)


@dataclass(frozen=True)
class Sign:
    """A phrase that says a step went well."""

    name: str
    pattern: str
    serving: bool = True
    """The app is up; otherwise only the build got this far."""


SIGNS: tuple[Sign, ...] = (
    Sign("Running on local URL", "Running on local URL: "),
    Sign("Running on public URL", "Running on public URL: "),
    Sign("Uvicorn running on", "Uvicorn running on "),
    Sign("Application startup complete", r"Application startup complete\."),
    Sign("Running on", r"\* Running on http"),
    Sign("Listening", r"\b[Ll]istening (?:on|at)\b"),
    Sign("You can now view your Streamlit app", "You can now view your Streamlit app"),
    Sign("Ready", r"(?:✓|▲|VITE).{0,40}\b[Rr]eady in "),
    Sign("Pushing image", "--> Pushing image", serving=False),
)

IGNORED_EXCEPTION = "Exception ignored (?:in|while)"
INTERESTING = (
    rf"(?m)(?:^{STREAM_PREFIX}[ \t]*(?:"
    + "|".join(f"(?:{cue.pattern})" for cue in CUES if cue.anchored)
    + ")|"
    + "|".join(f"(?:{cue.pattern})" for cue in CUES if not cue.anchored)
    + "|"
    + "|".join(f"(?:{sign.pattern})" for sign in SIGNS)
    + f"|{TRACEBACK_HEADER}|{IGNORED_EXCEPTION}|{RUN_BANNER})"
)
"""Matches wherever a line may matter; a line without a match starts no block."""
