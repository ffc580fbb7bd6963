"""Known errors as repairs: the change that an entry proposes, made in somebody's files.

A remedy is named like `build-apt-package-gone`, or with the parts of the log line that its edits
need: `start-module-missing?module=cv2`. It becomes a recipe of the fix engine, which shows the diff
and takes care of syntax and paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from ..knowledge.known_errors import Change, KnownError, known_error
from ..knowledge.packages import distributions_of
from ..lint.fixes import fix_for
from ..lint.fixing import Repairs, repair
from ..lint.recipes import Recipe
from ..lint.texts import Texts
from ..problems import bad_argument
from .editing import placeholders, step_of

MOST_VALUE = 200
# Values come from a stranger's log and end up in files: one line, and nothing that a shell, YAML or
# a requirements file would read as more than a name, a version or a path.
_HARMLESS_VALUE = re.compile(r"[\w.@+=<>!~^*,:/\[\]() -]+")


@dataclass(frozen=True)
class Remedy:
    """A known error whose cure is asked for, and the values its edits need.

    `number` chooses one of the entry's changes, counted from 1; None takes the first that applies.
    """

    error: KnownError
    values: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None

    @property
    def identity(self) -> str:
        """How `space_fix` is asked for it; only the values that edits need are in it."""
        needed = needed_values(self.error)
        if "distribution" in needed and "module" in self.values:
            needed = needed - set(DERIVED) | {"module"}
        given = {name: self.values[name] for name in sorted(needed) if name in self.values}
        name = self.error.id if self.number is None else f"{self.error.id}#{self.number}"
        return f"{name}?{urlencode(given)}" if given else name

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that a machine can make with these values, best first."""
        return tuple(
            change
            for number, change in enumerate(self.error.changes, start=1)
            if self.number in (None, number) and self.makes(change)
        )

    def makes(self, change: Change) -> bool:
        """Whether a machine can make a change: edits with all their values, or a rule's fix."""
        return _is_for_machines(change) and _placeholders(change) <= self.values.keys()

    def recipe(self, change: Change) -> Recipe:
        """One change as a recipe of the fix engine."""
        return Recipe(
            name=self.identity,
            summary=change.how,
            steps=tuple(step_of(self.identity, edit, self.values) for edit in change.edits),
            rules=change.rules,
            covers=(),
            hardware=None,
        )

    def chosen(self, texts: Texts, *, hardware: str | None = None) -> Recipe | None:
        """The recipe of the first change that changes something in these files, or None."""
        for change in self.changes:
            recipe = self.recipe(change)
            if repaired(texts, recipe, hardware=hardware).changes:
                return recipe
        return None


def remedy_for(error: KnownError, groups: Mapping[str, str]) -> Remedy:
    """The remedy for an error that was recognised; unusable parts of the line are left out."""
    usable = {name: value for name, value in groups.items() if is_harmless(value)}
    return Remedy(error, with_derived(usable))


def find_remedy(name: str) -> Remedy | None:
    """The remedy that a fix names, or None when no known error is called so.

    Raises:
        Problem: `bad_argument` for a known error that no machine can cure, and for values that are
            missing, unknown or not fit to be written into a file.
    """
    identity, _, query = name.partition("?")
    identity, _, number = identity.partition("#")
    error = known_error(identity)
    if error is None:
        return None
    values = dict(parse_qsl(query, keep_blank_values=True))
    _check(error, values)
    remedy = Remedy(error, with_derived(values), _number(error, number))
    if not remedy.changes:
        raise bad_argument("fixes", _why_not(remedy), tool="space_fix")
    return remedy


def repaired(texts: Texts, recipe: Recipe, *, hardware: str | None = None) -> Repairs:
    """What a recipe alone would change; nothing is written."""
    return repair(texts, rules=(), recipes=(recipe,), unsafe=True, hardware=hardware)


def needed_values(error: KnownError) -> frozenset[str]:
    """The names of the values that the edits of an error's changes use."""
    return frozenset[str]().union(*(_placeholders(change) for change in error.changes))


def is_harmless(value: str) -> bool:
    """Whether a part of a log line may be written into a file."""
    return len(value) <= MOST_VALUE and _HARMLESS_VALUE.fullmatch(value) is not None


DERIVED = ("distribution",)
"""Values made from others: `distribution` is what installs the module called `module`."""


def with_derived(values: Mapping[str, str]) -> dict[str, str]:
    """The values and those that follow from them."""
    module = values.get("module")
    if module is None:
        return dict(values)
    known = distributions_of(module)
    name = known[0] if known else module.partition(".")[0]
    return {"distribution": name, **values}


def _number(error: KnownError, text: str) -> int | None:
    if not text:
        return None
    if text.isdecimal() and 1 <= int(text) <= len(error.changes):
        return int(text)
    message = f"{error.id} has the changes #1 to #{len(error.changes)}, not #{text}"
    raise bad_argument("fixes", message, tool="space_fix")


def _why_not(remedy: Remedy) -> str:
    """Why no machine can make a remedy: no change is for machines, or values are missing."""
    error = remedy.error
    wanted = [_placeholders(change) for change in error.changes if _is_for_machines(change)]
    if not wanted or remedy.number is not None:
        change = error.changes[(remedy.number or 1) - 1]
        return f"{remedy.identity} has no automatic repair: {change.how}"
    missing = sorted(min(wanted, key=len) - remedy.values.keys())
    example = "&".join(f"{one}=VALUE" for one in missing)
    needs = f"{error.id} needs {', '.join(missing)} from the log line, as {error.id}?{example}"
    return f"{needs}; space_diagnose gives the whole id"


def _check(error: KnownError, values: Mapping[str, str]) -> None:
    allowed = needed_values(error)
    allowed |= {"module"} if "distribution" in allowed else set()
    for name, value in values.items():
        if name not in allowed:
            names = ", ".join(sorted(allowed)) or "none"
            message = f"{error.id} takes no value `{name}`; allowed: {names}"
            raise bad_argument("fixes", message, tool="space_fix")
        if not is_harmless(value):
            message = f"the value of `{name}` is not a plain name, version or path of one line"
            raise bad_argument("fixes", f"{error.id}: {message}", tool="space_fix")


def _is_for_machines(change: Change) -> bool:
    return bool(change.edits) or any(fix_for(rule) is not None for rule in change.rules)


def _placeholders(change: Change) -> frozenset[str]:
    return frozenset(_names(change))


def _names(change: Change) -> Iterator[str]:
    for edit in change.edits:
        for text in (edit.file, edit.find or "", edit.replace):
            yield from placeholders(text)
