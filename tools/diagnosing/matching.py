"""Which known errors a piece of a log shows."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..knowledge.known_errors import KnownError, known_errors
from ..knowledge.packages import distributions_of

FLAGS = re.MULTILINE | re.ASCII
"""How signatures are compiled; RE2 knows no other classes than those of ASCII."""
_ALTERNATIVE = re.compile(r"_\d$")
_RE2_MEMORY = 64 * 1024 * 1024  # bytes; the default of 8 MB does not hold all signatures


@dataclass(frozen=True)
class Match:
    """A known error that was recognised: the line that shows it, and the parts the line names.

    A group `name_2` of the signature is another place where the part `name` may stand. For a part
    `module` there is also a part `distribution`, the package on PyPI that contains it.
    """

    error: KnownError
    line: str
    groups: dict[str, str] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """`text` with every `{name}` replaced by the part of the line that has that name.

        The parts are a stranger's text: what people or agents read is made by `proposing.filled`.
        """
        for name, value in self.groups.items():
            text = text.replace("{" + name + "}", value)
        return text


def matches(
    lines: Sequence[str], headline: str = "", errors: Iterable[KnownError] | None = None
) -> tuple[Match, ...]:
    """The known errors that a block of a log shows, the best first.

    `headline` is the line of the block that names the error. A specific error comes before a
    generic wrapper, one that the headline shows before one that another line shows, and a long
    signature before a short one, because it says more.
    """
    text = "\n".join([headline, *lines]) if headline else "\n".join(lines)
    candidates = _candidates(tuple(known_errors() if errors is None else errors), text)
    found = [match for error in candidates if (match := _match(error, text)) is not None]
    return tuple(sorted(found, key=lambda match: _rank(match, headline)))


def _match(error: KnownError, text: str) -> Match | None:
    found = _compiled(error.signature).search(text)
    if found is None or (error.unless and _compiled(error.unless).search(text)):
        return None
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.start())
    line = text[start : end if end >= 0 else None].strip()
    return Match(error, line, _parts(found.groupdict()))


def _parts(groups: dict[str, str | None]) -> dict[str, str]:
    parts: dict[str, str] = {}
    for name, value in groups.items():
        if value is not None:
            parts.setdefault(_ALTERNATIVE.sub("", name), value)
    module = parts.get("module")
    if module:
        parts["distribution"] = next(iter(distributions_of(module)), module.partition(".")[0])
    return parts


@lru_cache(maxsize=1024)
def _compiled(signature: str) -> re.Pattern[str]:
    return re.compile(signature, FLAGS)


def _rank(match: Match, headline: str) -> tuple[bool, bool, int]:
    shown = bool(headline) and _compiled(match.error.signature).search(headline) is not None
    return match.error.generic, not shown, -len(match.error.signature)


def _candidates(errors: tuple[KnownError, ...], text: str) -> Iterable[KnownError]:
    """The errors whose signature may match, found in one pass where RE2 is installed."""
    find = _finder(tuple(error.signature for error in errors))
    return errors if find is None else [errors[index] for index in sorted(find(text))]


@lru_cache(maxsize=4)
def _finder(signatures: tuple[str, ...]) -> Callable[[str], Iterable[int]] | None:
    try:
        engine = importlib.import_module("re2")
    except ImportError:  # not on every platform; without it each signature is tried by itself
        return None
    options = engine.Options()
    options.max_mem = _RE2_MEMORY
    patterns = engine.Set.SearchSet(options)
    for signature in signatures:
        patterns.Add(f"(?m){signature}")
    patterns.Compile()
    return lambda text: patterns.Match(text.encode("utf-8", "replace")) or ()
