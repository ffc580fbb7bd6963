"""Reading from a wheel what a package has: re-exports, lazy imports, inherited methods, C parts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from maintenance.documentation.wheel_names import Wheel

FILES = {
    "big/__init__.py": "from .calls import *\nfrom .core import Model as Net\n"
    'LAZY = {"models": ["Hidden"]}\nif True:\n    def now(a): ...\n',
    "big/calls.py": "def compile(model, *, mode=None): ...\ndef load(f, **more): ...\nSIZE = 3\n",
    "big/core.py": "class Base:\n    def __init__(self, size, bias=True): ...\n"
    "    @classmethod\n    def made(cls, name): ...\nclass Model(Base): ...\n",
    "big/models/hidden.py": "class Hidden:\n    def __init__(self, depth): ...\n",
    "big/_C/__init__.pyi": "half: dtype\n",
    "big/_C/_More.pyi": "def zeros(size, *, out=None): ...\ndef zeros(size, dtype=None): ...\n",
}


@pytest.fixture
def wheel(tmp_path: Path) -> Wheel:
    path = tmp_path / "big-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return Wheel(path)


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("big.compile", "[model, mode]"),
        ("big.load", "anything"),
        ("big.SIZE", "a value"),
        ("big.Net", "[size, bias]"),
        ("big.Net.made", "[name]"),
        ("big.core.Model.made", "[name]"),
        ("big.Hidden", "[depth]"),
        ("big.now", "[a]"),
        ("big.half", "a value"),
        ("big.zeros", "[size, out, dtype]"),
    ],
)
def test_what_a_name_takes(name: str, takes: str, wheel: Wheel) -> None:
    assert wheel.described(name) == takes


@pytest.mark.parametrize("name", ["big.nothing", "big.Net.nothing", "small.compile"])
def test_what_is_not_there(name: str, wheel: Wheel) -> None:
    with pytest.raises(LookupError, match="is not in the wheel"):
        wheel.described(name)
