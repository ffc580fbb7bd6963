"""How old each file of facts is, and when it should be looked up again."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

from .files import DEFAULT_VALID_DAYS, FOLDER, Fact

_SUFFIXES = {".yaml", ".json"}


class FactFile(Fact):
    """One file of facts: what about, since when, from where, and how long it may be trusted.

    `valid_days` is this product's own estimate of how soon such a thing changes.
    """

    name: str
    about: str
    as_of: date
    source: str
    valid_days: int

    @property
    def expires(self) -> date:
        """The first day on which it should be looked up again."""
        return self.as_of + timedelta(days=self.valid_days)

    def age_days(self, today: date) -> int:
        """Whole days since it was looked up."""
        return (today - self.as_of).days

    def is_expired(self, today: date) -> bool:
        """Whether it is older than it may be."""
        return today >= self.expires


def fact_files(folder: Path = FOLDER) -> tuple[FactFile, ...]:
    """Every file of facts, oldest first. A file without a date or source is an error."""
    found = [_described(path, folder) for path in folder.rglob("*") if path.suffix in _SUFFIXES]
    return tuple(sorted(found, key=lambda fact: (fact.as_of, fact.name)))


def _described(path: Path, folder: Path) -> FactFile:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(folder).with_suffix("").as_posix()
    if path.suffix == ".json":
        content = json.loads(text)
        about = str(content.get("about", ""))
    else:
        content = _head(text)
        about = _comment(text)
    return FactFile(
        name=name,
        about=about or name.replace("_", " "),
        as_of=content["as_of"],
        source=" ".join(str(content["source"]).split()),
        valid_days=content.get("valid_days", DEFAULT_VALID_DAYS),
    )


def _head(text: str) -> dict[str, object]:
    """The scalars at the top of a YAML file, without parsing its records."""
    import yaml

    keys = {"as_of", "source", "valid_days"}
    blocks = re.split(r"(?m)^(?=\w)", text)
    head = "".join(block for block in blocks if block.partition(":")[0] in keys)
    parsed = yaml.safe_load(head)
    return parsed if isinstance(parsed, dict) else {}


def _comment(text: str) -> str:
    """The comment that opens a file, to its first full stop."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return re.split(r"\.(?:\s|$)|: ", " ".join(lines), maxsplit=1)[0].strip()
