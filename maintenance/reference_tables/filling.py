"""Finds every table's place in the references and writes the table into it."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import maintenance.reference_tables

REFERENCES = Path(__file__).parent.parent.parent / "references"
_PLACE = re.compile(
    r"(?P<begin>^<!-- table (?P<name>[a-z0-9-]+): [^>]*-->\n)"
    r"(?:(?!^<!-- table ).)*?"  # a place without an end must not swallow the next one
    r"(?P<end>^<!-- end of table -->$)",
    re.MULTILINE | re.DOTALL,
)


def all_tables() -> dict[str, Callable[[], str]]:
    """Every table by name.

    Raises:
        ValueError: two modules give a table the same name.
    """
    found: dict[str, Callable[[], str]] = {}
    for module in pkgutil.iter_modules(maintenance.reference_tables.__path__):
        loaded = importlib.import_module(f"maintenance.reference_tables.{module.name}")
        own: Mapping[str, Callable[[], str]] = getattr(loaded, "TABLES", {})
        if twice := found.keys() & own.keys():
            raise ValueError(f"tables of two modules: {', '.join(sorted(twice))}")
        found.update(own)
    return found


def filled(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """`text` with the table written into every place for one.

    Raises:
        ValueError: a place names a table that does not exist.
    """

    def write(place: re.Match[str]) -> str:
        name = place["name"]
        if name not in tables:
            raise ValueError(f"no table is called {name}")
        return f"{place['begin']}\n{tables[name]()}\n\n{place['end']}"

    return _PLACE.sub(write, text)


def places(text: str) -> list[str]:
    """The names of the tables that `text` has a place for."""
    return [place["name"] for place in _PLACE.finditer(text)]
