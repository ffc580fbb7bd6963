"""Every tool is declared once, and what a model reads of it stays small."""

from __future__ import annotations

import json
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.problems import Problem
from tools.registry import Effect, Tool, all_tools
from tools.serve import INSTRUCTIONS, choose_tools, listing_size

TOOLS = all_tools()
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_the_tools_of_the_main_loop_are_there() -> None:
    assert {
        "account_status",
        "space_api",
        "space_create",
        "space_delete",
        "space_logs",
        "space_smoke_test",
        "space_status",
        "space_upload",
        "space_wait",
    } <= set(TOOLS)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
def test_what_a_model_reads_is_short_and_says_when(tool: Tool) -> None:
    assert len(tool.name) <= 20
    assert 40 <= len(tool.description) <= 300
    assert tool.examples, "an example call is part of the declaration"
    assert len({kind.outcome for kind in tool.outcomes}) == len(tool.outcomes)
    assert all(kind.outcome for kind in tool.outcomes)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
def test_examples_are_valid_calls(tool: Tool) -> None:
    for example in tool.examples:
        tool.validate(example)


def test_listing_budgets() -> None:
    sizes = [listing_size([tool]) for tool in TOOLS.values()]
    assert statistics.median(sizes) <= 450
    assert sum(sizes) <= 16_000
    assert listing_size(choose_tools().values()) <= 12_000
    assert len(TOOLS) <= 28
    assert len(INSTRUCTIONS) <= 1_800


def test_instructions_name_every_tool() -> None:
    missing = [name for name in TOOLS if name not in INSTRUCTIONS]
    assert not missing


def test_calls_that_may_cost_or_destroy_take_a_code() -> None:
    for tool in TOOLS.values():
        takes_code = "confirm" in json.dumps(tool.input_schema)
        assert takes_code == (tool.demand is not None)
        assert takes_code or tool.effect in (Effect.READ, Effect.LOCAL, Effect.WRITE)
        assert not takes_code or tool.effect is not Effect.READ


def test_unknown_argument_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(Problem) as refused:
        TOOLS["space_wait"].validate({"space": "me/demo", "timeout": 3})
    assert refused.value.code == "bad_argument"
    assert "`timeout` is not an argument; allowed: space, revision" in refused.value.text()


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("demo", "namespace/name"),
        ("me/a b", "letters, digits"),
        ("me/" + "x" * 97, "97 characters; at most 96"),
        ("me/-x", "letters, digits"),
        ("me/a--b", "not `--`"),
        ("me/a.git", ".git"),
    ],
)
def test_bad_space_names_say_what_is_allowed(name: str, part: str) -> None:
    with pytest.raises(Problem, match="bad_argument") as refused:
        TOOLS["space_status"].validate({"space": name})
    assert part in refused.value.text()


def test_page_address_is_taken_for_the_name() -> None:
    page = "https://huggingface.co/spaces/gradio/hello?logs=build"
    assert TOOLS["space_status"].validate({"space": page})["space"] == "gradio/hello"
    assert TOOLS["space_api"].validate({"space": page})["space"] == "gradio/hello"


@given(tool=st.sampled_from(sorted(TOOLS)), arguments=st.dictionaries(st.text(), JSON_VALUES))
def test_any_arguments_are_either_valid_or_a_problem(
    tool: str, arguments: dict[str, object]
) -> None:
    try:
        TOOLS[tool].validate(arguments)
    except Problem as problem:
        assert problem.code == "bad_argument"
        assert "pydantic" not in problem.text()


@given(
    space=st.text(),
    tail=JSON_VALUES,
)
def test_any_value_for_a_known_argument_is_valid_or_a_problem(space: str, tail: object) -> None:
    try:
        checked = TOOLS["space_logs"].validate({"space": space, "tail": tail})
    except Problem as problem:
        assert problem.code == "bad_argument"
    else:
        assert "/" in checked["space"]
        assert 1 <= checked["tail"] <= 1000


def test_toolsets_names_and_read_only() -> None:
    assert set(choose_tools(tools=["space_wait"])) == {"space_wait"}
    assert "space_delete" not in choose_tools(toolsets=["build"])
    assert "space_delete" in choose_tools(toolsets=["build", "operate"])
    assert "space_create" not in choose_tools(exclude=["space_create"])
    read_only = choose_tools(toolsets=["all"], tools=["space_delete"], read_only=True)
    assert all(tool.effect is Effect.READ for tool in read_only.values())
    assert read_only


@pytest.mark.parametrize(
    "options", [{"toolsets": ["bild"]}, {"tools": ["space_wiat"]}, {"exclude": ["x"]}]
)
def test_misspelt_choice_is_refused_with_what_exists(options: dict[str, list[str]]) -> None:
    with pytest.raises(Problem) as refused:
        choose_tools(**options)  # type: ignore[arg-type] # one option at a time
    assert "there are:" in refused.value.text()
