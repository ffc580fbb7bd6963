"""The prompts: short, with valid calls of offered tools only, and refusals that say what exists."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp_types import PromptReference

from tools.problems import Problem
from tools.prompts.texts import PROMPTS
from tools.registry import all_tools
from tools.serve import SpacesServer, choose_tools
from tools.settings import STATE_VARIABLE, Settings

ROOT = Path(__file__).parent.parent
INVALID_PARAMS = -32602
FILLED: dict[str, dict[str, str]] = {
    "build_space": {
        "what": "a page that turns text into a QR code with a logo in its middle",
        "account": "some-organization",
        "hardware": "zero-a10g",
    },
    "fix_space": {"space": "some-organization/a-demo-with-a-longer-name"},
    "port_to_zerogpu": {"source": "github:some-organization/a-repository"},
}
_CALL = re.compile(r"^\d+\. (\w+)\((\{.*?\})\): ", re.MULTILINE)
_TOOL = re.compile(r"\b(?:space|account|reference|bucket|provider|grant)_\w+")
SERVERS: dict[str, dict[str, Any]] = {
    "default": {},
    "all": {"toolsets": ["all"]},
    "read-only": {"read_only": True},
    "build": {"toolsets": ["build"]},
    "one": {"tools": ["space_status"]},
}


@pytest.mark.parametrize("name", PROMPTS)
@pytest.mark.parametrize("server", SERVERS)
def test_a_prompt_names_offered_tools_in_valid_calls(name: str, server: str) -> None:
    offered = choose_tools(**SERVERS[server])
    text = PROMPTS[name].text(FILLED[name], offered)
    assert len(text) <= 1_500
    calls = _CALL.findall(text)
    assert {tool for tool, _ in calls} == set(_TOOL.findall(text)) <= set(offered)
    for tool, arguments in calls:
        all_tools()[tool].validate(json.loads(arguments))
    wanted = {tool for tool, _ in _CALL.findall(PROMPTS[name].text(FILLED[name], all_tools()))}
    assert ("does not offer" in text) == bool(wanted - set(offered))


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_ends_in_the_proof_and_asks_the_person(name: str) -> None:
    text = PROMPTS[name].text(FILLED[name], choose_tools())
    assert [tool for tool, _ in _CALL.findall(text)][-1] == "space_smoke_test"
    assert re.search(r"\bASK\b", text)
    for value in FILLED[name].values():
        assert value in text


def test_a_folder_is_ported_where_it_lies() -> None:
    text = PROMPTS["port_to_zerogpu"].text({"source": "./app"}, choose_tools())
    assert "space_checkout" not in text
    assert '"folder": "./app"' in text


@pytest.mark.parametrize(
    ("name", "given_arguments", "part"),
    [
        ("build_space", {}, "`what` of the prompt build_space is needed"),
        ("build_space", {"what": "  "}, "is needed"),
        ("build_space", {"what": "x" * 501}, "at most 500"),
        ("fix_space", {"space": "demo"}, "namespace/name"),
        ("fix_space", {"space": "a/b", "speed": "1"}, "there are: space"),
    ],
)
def test_wrong_arguments_are_refused(name: str, given_arguments: dict[str, str], part: str) -> None:
    with pytest.raises(Problem) as refused:
        PROMPTS[name].text(given_arguments, choose_tools())
    assert refused.value.code == "bad_argument"
    assert part in refused.value.text()


def test_a_pasted_address_names_the_space() -> None:
    page = "https://huggingface.co/spaces/gradio/hello?logs=build"
    assert '{"space": "gradio/hello"}' in PROMPTS["fix_space"].text({"space": page}, choose_tools())


@given(name=st.sampled_from(sorted(PROMPTS)), value=st.text(max_size=600))
def test_any_argument_is_filled_in_or_refused(name: str, value: str) -> None:
    prompt = PROMPTS[name]
    try:
        text = prompt.text({prompt.arguments[0].name: value}, all_tools())
    except Problem as problem:
        assert problem.code == "bad_argument"
    else:
        for tool, arguments in _CALL.findall(text):
            assert tool in all_tools()
            assert isinstance(json.loads(arguments), dict)


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
@pytest.mark.parametrize("transport", ["memory", "stdio"])
async def test_over_the_wire(
    mode: Literal["legacy", "2026-07-28"], transport: str, tmp_path: Path
) -> None:
    served: Any = SpacesServer(Settings(hub="rehearsal"), choose_tools(read_only=True))
    if transport == "stdio":
        served = StdioServerParameters(
            command=sys.executable,
            args=["server.py", "--hub", "rehearsal", "--read-only"],
            env={**os.environ, STATE_VARIABLE: str(tmp_path)},
            cwd=ROOT,
        )
    async with Client(served, mode=mode, read_timeout_seconds=90) as client:
        listed = {prompt.name: prompt for prompt in (await client.list_prompts()).prompts}
        assert set(listed) == set(PROMPTS)
        for prompt in listed.values():
            assert prompt.title
            assert prompt.description
            assert all(each.description for each in prompt.arguments or [])
        got = await client.get_prompt("fix_space", {"space": "a/b"})
        text = got.messages[0].content.text  # type: ignore[union-attr]
        assert "a/b" in text
        assert "space_upload" not in text
        with pytest.raises(MCPError, match="there are: build_space") as unknown:
            await client.get_prompt("sing", {})
        assert unknown.value.code == INVALID_PARAMS
        with pytest.raises(MCPError, match="`space`") as missing:
            await client.get_prompt("fix_space", {})
        assert missing.value.code == INVALID_PARAMS
        reference = PromptReference(name="build_space")
        found = await client.complete(reference, {"name": "hardware", "value": "zero"})
        assert found.completion.values == ["zero-a10g"]
        nothing = await client.complete(reference, {"name": "what", "value": "a"})
        assert nothing.completion.values == []
