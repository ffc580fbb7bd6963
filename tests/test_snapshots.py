"""One JSON file per tool: a change of what a model sees is seen in review.

After a wanted change: `make snapshots`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tools.registry import Tool, all_tools
from tools.serve import listed

FOLDER = Path(__file__).parent / "schemas"
TOOLS = all_tools()


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
def test_tool_is_as_last_agreed(tool: Tool) -> None:
    shown = listed(tool).model_dump(mode="json", by_alias=True, exclude_none=True)
    text = json.dumps(shown, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    file = FOLDER / f"{tool.name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(text)
    assert file.exists(), "new tool: run `make snapshots`"
    assert file.read_text() == text


def test_no_snapshot_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(TOOLS)
