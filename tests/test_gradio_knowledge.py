"""What is known of Gradio's arguments and names, and that the replacements fit it."""

from __future__ import annotations

import importlib
import json
from datetime import date
from typing import Any

import pytest

from tools.knowledge.files import FOLDER
from tools.knowledge.gradio_arguments import FILE, gradio_arguments
from tools.knowledge.gradio_changes import RemovedArgument, gradio_changes
from tools.knowledge.library_removals import library_removals
from tools.knowledge.releases import gradio_releases

TABLE = gradio_arguments()
NEWEST = TABLE.newest.bit


@pytest.mark.parametrize(
    ("version", "measured", "beyond"),
    [
        ("4.8.0", "4.44.1", False),
        ("5.50.0", "5.50.0", False),
        (" 5.7 ", "5.50.0", False),
        ("6.31.1", "6.31.0", True),
        ("6.100.0", "6.31.0", True),
        ("6.0.0rc1", "6.31.0", False),
    ],
)
def test_the_last_release_of_a_major_line_speaks_for_it(
    version: str, measured: str, beyond: bool
) -> None:
    found = TABLE.measured(version)
    assert found is not None
    assert (found.version, found.beyond) == (measured, beyond)


@pytest.mark.parametrize("version", ["3.50.2", "7.0", "", "latest", "v6.1"])
def test_other_versions_are_not_guessed(version: str) -> None:
    assert TABLE.measured(version) is None


def test_the_measured_releases_are_the_last_of_their_lines() -> None:
    assert set(TABLE.versions) == set(gradio_releases().latest_by_major.values())


def test_measured_facts_are_read_back() -> None:
    four, five, six = (TABLE.measured(version) for version in TABLE.versions)
    assert four is not None
    assert five is not None
    assert six is not None
    assert TABLE.versions_taking("Textbox", "show_copy_button") == ("4.44.1", "5.50.0")
    assert TABLE.takes("Blocks", "theme", six.bit)
    assert not TABLE.takes("ChatInterface", "theme", six.bit)
    assert TABLE.takes("Interface", "allow_flagging", five.bit)
    assert not TABLE.has_call("HTML", six.bit), "it takes any argument"
    assert TABLE.has_call("HTML", five.bit)
    assert TABLE.has_name("LogoutButton", four.bit)
    assert not TABLE.has_name("LogoutButton", six.bit)
    assert TABLE.has_event("Button", "click")
    assert not TABLE.has_event("Button", "submit")
    assert TABLE.is_blocks("ChatInterface")
    assert not TABLE.is_blocks("Textbox")


def test_the_table_stays_small() -> None:
    assert (FOLDER / FILE).stat().st_size < 120_000


def by_argument() -> list[tuple[str, RemovedArgument]]:
    return [
        (call, change)
        for change in gradio_changes().arguments
        for call in change.calls or known_calls(change.argument)
    ]


def known_calls(argument: str) -> list[str]:
    calls = json.loads((FOLDER / FILE).read_text())["calls"]
    return [call for call in calls if TABLE.versions_taking(call, argument)]


@pytest.mark.parametrize(
    ("call", "change"), by_argument(), ids=lambda one: getattr(one, "argument", one)
)
def test_an_argument_with_a_replacement_is_gone(call: str, change: RemovedArgument) -> None:
    assert not TABLE.takes(call, change.argument, NEWEST)


@pytest.mark.parametrize(
    ("call", "change"), by_argument(), ids=lambda one: getattr(one, "argument", one)
)
def test_a_replacement_is_taken_instead(call: str, change: RemovedArgument) -> None:
    fix = change.fix
    if fix is None or not TABLE.has_call(call, NEWEST):
        return
    new = [fix.rename, fix.listed, "buttons" if fix.button else None]
    new += [text.partition("=")[0] for text in (fix.values or {}).values() if text]
    for name in filter(None, new):
        assert TABLE.takes(call, name, NEWEST), f"{call}({name}=)"


def test_names_with_a_replacement_are_gone_and_the_replacement_is_there() -> None:
    for known in gradio_changes().names:
        assert not TABLE.has_name(known.name, NEWEST), known.name
        assert known.rename is None or TABLE.has_name(known.rename, NEWEST)


def test_moved_arguments_are_taken_by_launch() -> None:
    moved = gradio_changes().moved
    for name in moved.arguments:
        assert TABLE.takes("Blocks.launch", name, NEWEST)
        assert all(TABLE.takes(call, name, NEWEST) for call in moved.calls)


def test_removals_of_libraries() -> None:
    transformers = library_removals().of("transformers")
    assert transformers.removed("TFAutoModel")
    assert not transformers.removed("TFx")
    assert not transformers.removed("AutoModel")
    assert library_removals().is_provided("SPACE_ID")
    assert not library_removals().is_provided("HF_TOKEN")


def version(name: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"names": [], "modules": [], "calls": {}, "open": [], "events": {}}
    return {"version": name, "parents": {}, **empty, **more}


def test_versions_are_merged_by_one_bit_each() -> None:
    merge = importlib.import_module("maintenance.gradio_signatures").merge
    merged = merge(
        [
            version("1.0", names=["Box", "Row"], calls={"Row": ["scale", "equal_height"]}),
            version("2.0", names=["Row"], calls={"Row": ["scale"], "Tab": ["label"]}, open=["Tab"]),
        ],
        date(2026, 1, 2),
    )
    assert merged["as_of"] == "2026-01-02"
    assert merged["versions"] == ["1.0", "2.0"]
    assert merged["names"] == {"1": "Box", "3": "Row"}
    assert merged["calls"] == {"Row": {"1": "equal_height", "3": "scale"}, "Tab": {"2": "label"}}
    assert merged["open"] == {"2": "Tab"}
