"""Reading the YAML files of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
DEFAULT_VALID_DAYS = 180
"""How long a fact may be trusted when its file does not say `valid_days`."""


class Fact(BaseModel):
    """Base of every record: immutable, and a misspelt key in the YAML is an error."""

    # Built at first use: most of them are never read in a session.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def load(name: str) -> dict[str, Any]:
    """Parse `name` (a file of this folder) and return its top-level mapping without `valid_days`.

    Raises ValueError when the file is not a mapping with `as_of` and `source`.
    """
    # Here, so that importing the package stays free of the YAML parser until a fact is asked.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where it is built
    parsed = yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    if not isinstance(parsed, dict) or not {"as_of", "source"} <= parsed.keys():
        raise ValueError(f"{name} must be a mapping with as_of and source")
    parsed.pop("valid_days", None)
    return parsed


def records(name: str, key: str) -> list[dict[str, Any]]:
    """Return the list under `key` in file `name`, every record with the file's date and source."""
    parsed = load(name)
    origin = {"as_of": parsed["as_of"], "source": parsed["source"]}
    return [origin | record for record in parsed[key]]
