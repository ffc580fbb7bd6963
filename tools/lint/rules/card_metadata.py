"""Values that describe a Space: its licence, what it preloads, and the types of all keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...knowledge import licenses
from ...knowledge.card_keys import card_key, card_keys
from ..card import README
from ..card_checks import given, is_parsed, meant, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import rule

_REFERENCE = "hub-docs spaces-config-reference.md (2026-03-20)"
_REPOSITORY = re.compile(r"[\w.-]+(?:/[\w.-]+)?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "list": (list,),
    "string or list": (str, list),
}
# Rules of their own speak of these, in words that fit the key.
_JUDGED_ELSEWHERE = frozenset(
    {
        "sdk",
        "emoji",
        "colorFrom",
        "colorTo",
        "short_description",
        "header",
        "base_path",
        "startup_duration_timeout",
        "preload_from_hub",
        "suggested_storage",
        "suggested_hardware",
        "license",
    }
)


@rule(
    "FM_LICENSE",
    Severity.WARNING,
    "`license` is no identifier of the Hub",
    source="hub-docs repositories-licenses.md (2026-08-22); tests of huggingface_hub 1.28.0",
    as_of="2026-08-22",
    reference="card",
    fix=Fix.SAFE,
)
def license_identifier(project: Project) -> Iterator[Hit]:
    """The Hub takes identifiers from its own list, in lower case, and refuses a push with another.
    `other` stands for what is not in the list.
    """
    key = given(project, "license")
    for value in _items(key.value) if key else ():
        if value in licenses() or key is None:
            continue
        spelt = known_license(str(value))
        hint = f"; write `{spelt}`" if spelt else meant(str(value), licenses())
        yield Hit(
            README,
            key.line,
            f"`license: {shown(value)}` is not in the Hub's list{hint or '; `other` is allowed'}",
            Severity.ERROR if spelt else None,
            fixable=spelt is not None and isinstance(key.value, str),
        )


def known_license(value: str) -> str | None:
    """The identifier of a licence that is only spelt otherwise, such as `MIT` or `Apache 2.0`."""
    name = value.strip().lower().replace(" ", "-").replace("_", "-")
    return name if name in licenses() else None


@rule(
    "FM_PRELOAD_FORMAT",
    Severity.WARNING,
    "An item of `preload_from_hub` cannot be read",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def preload_format(project: Project) -> Iterator[Hit]:
    """Each item is a repository, then perhaps file names joined by commas, then perhaps a commit of
    40 characters. A space after a comma, or a branch name, breaks that.
    """
    key = given(project, "preload_from_hub")
    if key is None:
        return
    if not isinstance(key.value, list):
        yield Hit(README, key.line, "`preload_from_hub` is no list; begin each item with `- `")
        return
    for item in key.value:
        problem = _preload_problem(item)
        if problem:
            message = f"`preload_from_hub` item `{shown(item)}`: {problem}"
            yield Hit(README, key.line, message)


def _preload_problem(item: object) -> str:
    if not isinstance(item, str):
        return "write it as one text, `repository file1,file2 commit`"
    repository, *rest = item.split() or [""]
    if not _REPOSITORY.fullmatch(repository):
        return f"`{shown(repository)}` is no repository such as `openai-community/gpt2`"
    if len(rest) > 2 or (rest and rest[0].endswith(",")):
        return "write the file names joined by commas, without spaces"
    if len(rest) == 2 and not _COMMIT.fullmatch(rest[1]):
        return f"`{shown(rest[1])}` is no commit of 40 characters"
    return ""


@rule(
    "FM_VALUE_TYPE",
    Severity.WARNING,
    "A value is of another type than documented",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def value_type(project: Project) -> Iterator[Hit]:
    """YAML makes a truth value of `no`, a number of `1.0` and a text of one item without `- `. The
    Hub then refuses the value, or it is not what was meant: `hf_oauth: "true"` turns nothing on.
    """
    if not is_parsed(project):
        return
    for key in project.card.keys.values():
        fact = card_keys().get(key.name)
        expected = _TYPES.get(fact.type) if fact else None
        if expected is None or key.value is None or key.name in _JUDGED_ELSEWHERE:
            continue
        if not isinstance(key.value, expected):
            meaning = card_key(key.name).type
            is_now = "a text" if isinstance(key.value, str) else f"read as `{shown(key.value)}`"
            yield Hit(README, key.line, f"`{key.name}` is {is_now}, but should be a {meaning}")


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
