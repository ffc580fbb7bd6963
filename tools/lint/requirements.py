"""requirements.txt line by line, as pip reads it; a line that cannot be read is kept as such."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_COMMENT = re.compile(r"(^|\s)#.*$")
_BEHIND = re.compile(r"\s+(?=-)")
_OPTION = re.compile(r"(?:^|\s)(--?[A-Za-z][\w-]*)")
_OF_A_REQUIREMENT = frozenset(
    {"--hash", "--config-setting", "--config-settings", "--global-option"}
)
# pip 22.3 to 25.3 read these behind a requirement, too, and do nothing with them there.
_OF_THE_FILE = frozenset(
    {"-i", "--index-url", "--pypi-url", "--extra-index-url", "--no-index", "-f", "--find-links"}
    | {"--no-binary", "--only-binary", "--prefer-binary", "--pre", "--trusted-host"}
    | {"--require-hashes", "--use-feature"}
)
_URL = re.compile(r"^(?:git\+|https?://|file:|ssh://|hg\+|svn\+)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_WHEEL_NAME = re.compile(r"/([A-Za-z0-9_.]+?)-[0-9][^/]*\.whl(?:[#?]|$)")
_LOCAL = re.compile(r"^(?:\.{0,2}/|\.$|\.\[|.+\.(?:whl|zip|tar\.gz)$)")


class LineKind(Enum):
    """What a line asks for."""

    REQUIREMENT = "requirement"
    URL = "url"
    EDITABLE = "editable"
    INCLUDE = "include"
    CONSTRAINT = "constraint"
    LOCAL = "local"
    OPTION = "option"
    INVALID = "invalid"


@dataclass(frozen=True)
class RequirementLine:
    """One logical line. `name` is canonical (`huggingface-hub`), empty where none can be told.

    `text` is the line without its comment; `target` the path or address it names, if any.
    """

    file: str
    line: int
    text: str
    kind: LineKind
    name: str = ""
    target: str = ""
    requirement: Requirement | None = None

    @property
    def pinned(self) -> str | None:
        """The version of an `==` or `===` pin without wildcard, else None."""
        for specifier in self.requirement.specifier if self.requirement else ():
            if specifier.operator in {"==", "==="} and not specifier.version.endswith("*"):
                return specifier.version
        return None

    @property
    def misplaced_options(self) -> tuple[str, ...]:
        """Options of the whole file that stand behind a requirement, where pip ignores them."""
        if self.kind is not LineKind.REQUIREMENT:
            return ()
        return tuple(name for name in _options_behind(self.text) if name in _OF_THE_FILE)


@dataclass(frozen=True)
class Requirements:
    """A requirements file."""

    file: str
    text: str
    lines: tuple[RequirementLine, ...]

    def named(self, *names: str) -> tuple[RequirementLine, ...]:
        """The lines that ask for one of these packages (canonical names)."""
        return tuple(line for line in self.lines if line.name in names)


def read_requirements(file: str, text: str) -> Requirements:
    """Parse a requirements file; never raises."""
    lines = []
    pending, start = "", 0
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        start = start if pending else number
        if raw.endswith("\\"):
            pending += raw[:-1] + " "
            continue
        logical = _COMMENT.sub("", pending + raw).strip()
        pending = ""
        if logical:
            lines.append(_line(file, start, logical))
    if pending.strip():
        lines.append(_line(file, start, _COMMENT.sub("", pending).strip()))
    return Requirements(file, text, tuple(lines))


def _line(file: str, number: int, text: str) -> RequirementLine:
    option, _, rest = text.partition(" ")
    option, _, attached = option.partition("=")
    target = (attached or rest).strip()
    if option in {"-e", "--editable"}:
        return RequirementLine(file, number, text, LineKind.EDITABLE, _egg(target), target)
    if option in {"-r", "--requirement"} or re.match(r"-r\S", text):
        return RequirementLine(file, number, text, LineKind.INCLUDE, "", target or text[2:])
    if option in {"-c", "--constraint"}:
        return RequirementLine(file, number, text, LineKind.CONSTRAINT, "", target)
    if text.startswith("-"):
        return RequirementLine(file, number, text, LineKind.OPTION, "", target)
    if _URL.match(text):
        return RequirementLine(file, number, text, LineKind.URL, _egg(text), text)
    return _requirement(file, number, text)


def _requirement(file: str, number: int, text: str) -> RequirementLine:
    try:
        parsed = Requirement(_without_options(text))
    except InvalidRequirement:
        kind = LineKind.LOCAL if _LOCAL.match(text) else LineKind.INVALID
        return RequirementLine(file, number, text, kind, target=text)
    name = canonicalize_name(parsed.name)
    if parsed.url:
        return RequirementLine(file, number, text, LineKind.URL, name, parsed.url, parsed)
    return RequirementLine(file, number, text, LineKind.REQUIREMENT, name, "", parsed)


def _without_options(text: str) -> str:
    """A requirement without what stands behind it, if that is something pip can read."""
    names = set(_options_behind(text))
    readable = names and names <= _OF_A_REQUIREMENT | _OF_THE_FILE
    return _BEHIND.split(text, maxsplit=1)[0] if readable else text


def _options_behind(text: str) -> list[str]:
    _, *behind = _BEHIND.split(text, maxsplit=1)
    return _OPTION.findall(behind[0]) if behind else []


def _egg(address: str) -> str:
    """The package that an address names: by its egg fragment, its wheel, or its repository."""
    found = _EGG.search(address) or _WHEEL_NAME.search(address)
    if found:
        return canonicalize_name(found.group(1))
    if address.startswith("git+"):
        path = address.split("://", 1)[-1].split("@", maxsplit=1)[0].split("#", maxsplit=1)[0]
        return canonicalize_name(path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git"))
    return ""
