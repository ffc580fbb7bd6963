"""The skill over MCP: plain resources in both eras, the Skills extension, and the files behind."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp_types import Request
from pydantic import BaseModel, ConfigDict

from tools.problems import Problem
from tools.registry import all_tools
from tools.serve import INSTRUCTIONS, SpacesServer, choose_tools
from tools.settings import STATE_VARIABLE, Settings
from tools.skill import files as skill_files_module
from tools.skill.files import NAME, SkillFile, skill_files
from tools.skill.markdown import Document
from tools.skill.searching import search
from tools.skill.serving import front_matter

ROOT = Path(__file__).parent.parent
EXTENSION = "io.modelcontextprotocol/skills"
SKILL_URI = f"skill://{NAME}/SKILL.md"
INVALID_PARAMS = -32602
Mode = Literal["legacy", "2026-07-28"]
Connect = Callable[[], AbstractAsyncContextManager[Client]]


class Anything(BaseModel):
    """A result whose fields the SDK does not know."""

    model_config = ConfigDict(extra="allow")


@pytest.fixture(params=["legacy", "2026-07-28"])
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture(params=["memory", "stdio"])
def connect(request: pytest.FixtureRequest, mode: Mode, tmp_path: Path) -> Connect:
    """A client of our server over each transport, in each era; no Hub runs, none is needed."""

    @asynccontextmanager
    async def open_client() -> AsyncIterator[Client]:
        served: Any = SpacesServer(Settings(hub="rehearsal"), choose_tools())
        if request.param == "stdio":
            served = StdioServerParameters(
                command=sys.executable,
                args=["server.py", "--hub", "rehearsal"],
                env={**os.environ, STATE_VARIABLE: str(tmp_path)},
                cwd=ROOT,
            )
        async with Client(served, mode=mode, read_timeout_seconds=90) as client:
            yield client

    return open_client


async def ask(client: Client, method: str, **params: Any) -> dict[str, Any]:
    """A request of the extension, which the SDK's client has no method for."""
    request = Request[dict[str, Any], str](method=method, params=params)
    told = await client.session.send_request(request, Anything)
    return told.model_dump()


async def test_the_files_are_resources(connect: Connect) -> None:
    async with connect() as client:
        listed = {each.uri: each for each in (await client.list_resources()).resources}
        assert next(iter(listed)) == SKILL_URI
        assert len(listed) == 1 + len(list((ROOT / "references").glob("*.md")))
        main = listed[SKILL_URI]
        assert main.name == NAME
        assert main.description
        for uri, each in listed.items():
            path = ROOT / uri.removeprefix(f"skill://{NAME}/")
            content = (await client.read_resource(uri)).contents[0]
            assert content.text.encode() == path.read_bytes()  # type: ignore[union-attr]
            assert content.mime_type == each.mime_type == "text/markdown"
            assert each.size == path.stat().st_size
            assert each.title


@pytest.mark.parametrize(
    "uri",
    [
        f"skill://{NAME}/references/nope.md",
        f"skill://{NAME}/../pyproject.toml",
        f"skill://{NAME}/references/../../pyproject.toml",
        f"skill://{NAME}",
        "file:///etc/passwd",
    ],
)
async def test_a_missing_resource_is_refused_with_those_there_are(mode: Mode, uri: str) -> None:
    server = SpacesServer(Settings(hub="rehearsal"), choose_tools())
    async with Client(server, mode=mode) as client:
        with pytest.raises(MCPError, match="there are: ") as refused:
            await client.read_resource(uri)
        assert refused.value.code == INVALID_PARAMS
        assert SKILL_URI in refused.value.message


async def test_the_extension_lists_every_file_as_it_is_served(connect: Connect) -> None:
    async with connect() as client:
        told = await ask(client, "skills/list")
        assert told["resultType"] == "complete"
        assert told["ttlMs"] > 0
        assert told["cacheScope"] == "public"
        (skill,) = told["skills"]
        assert skill["uri"] == SKILL_URI
        assert skill["frontmatter"]["name"] == NAME
        assert skill["frontmatter"]["description"]
        resources = {each["uri"]: each for each in skill["resources"]}
        served = (await client.list_resources()).resources
        assert set(resources) == {each.uri for each in served}
        for uri, each in resources.items():
            content = (await client.read_resource(uri)).contents[0]
            data = content.text.encode()  # type: ignore[union-attr]
            assert each["size"] == len(data)
            assert each["digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        got = await ask(client, "skills/get", uri=SKILL_URI)
        assert got["skill"] == skill
        assert got["resultType"] == "complete"


async def test_the_extension_is_declared_and_refuses_what_it_does_not_serve() -> None:
    server = SpacesServer(Settings(hub="rehearsal"), choose_tools())
    async with Client(server, mode="auto") as client:
        declared = client.server_capabilities
        assert declared.extensions is not None
        assert declared.extensions[EXTENSION] == {}
        assert declared.resources is not None
        with pytest.raises(MCPError, match="there is: skill://") as refused:
            await ask(client, "skills/get", uri=f"skill://{NAME}/references/lint-rules.md")
        assert refused.value.code == INVALID_PARAMS
        with pytest.raises(MCPError) as no_page:
            await ask(client, "skills/list", cursor="2")
        assert no_page.value.code == INVALID_PARAMS
        with pytest.raises(MCPError) as optional:
            await ask(client, "resources/directory/read", uri=f"skill://{NAME}")
        assert optional.value.code == -32601


async def test_what_never_changes_may_be_kept() -> None:
    server = SpacesServer(Settings(hub="rehearsal"), choose_tools())
    async with Client(server, mode="2026-07-28") as client:
        for answer in (await client.list_tools(), await client.list_resources()):
            assert (answer.ttl_ms or 0) > 0
            assert answer.cache_scope == "public"


def test_the_instructions_say_where_the_judgement_is() -> None:
    assert SKILL_URI in INSTRUCTIONS
    assert "reference_read" in choose_tools()
    assert "reference_read" in choose_tools(read_only=True)
    assert "reference_read" not in choose_tools(toolsets=["build"])


def test_topics_are_the_stems_and_no_two_are_alike() -> None:
    files = skill_files()
    assert files[0].topic == "skill"
    assert len({file.topic for file in files}) == len(files)
    assert {file.path for file in files[1:]} == {
        f"references/{path.name}" for path in (ROOT / "references").glob("*.md")
    }


def test_an_installation_without_the_text_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skill_files_module, "__file__", str(tmp_path / "a" / "b" / "c" / "x.py"))
    with pytest.raises(Problem, match="skill_missing"):
        skill_files()


def test_front_matter_is_json_as_its_author_wrote_it() -> None:
    block = 'name: a\ndescription: "x: y"\nmetadata:\n  since: 2026-07-21\n  on: "1.0"'
    text = f"---\n{block}\n---\n# A\n"
    assert front_matter(text) == {
        "name": "a",
        "description": "x: y",
        "metadata": {"since": "2026-07-21", "on": "1.0"},
    }
    with pytest.raises(MCPError, match="front matter"):
        front_matter("# A\n")


DOCUMENT = Document("""\
---
name: x
# no heading: a comment in the front matter
---
# The title

Read this [when](a.md) you
must.

## First `thing`

```sh
# no heading: a comment
```

### Deeper

text

## Notes

a

## Notes

b
""")


def test_headings_and_their_sections() -> None:
    found = [(each.level, each.text, each.first, each.last) for each in DOCUMENT.headings]
    assert found == [
        (1, "The title", 5, 26),
        (2, "First `thing`", 10, 19),
        (3, "Deeper", 16, 19),
        (2, "Notes", 20, 23),
        (2, "Notes", 24, 26),
    ]
    assert [each.anchor for each in DOCUMENT.headings][-2:] == ["notes", "notes-1"]
    assert DOCUMENT.title == "The title"
    assert DOCUMENT.about == "Read this when you must."


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("first thing", 10),
        ("## First `thing`", 10),
        ("first-thing", 10),
        ("deep", 16),
        ("THING", 10),
        ("notes-1", 24),
        ("notes", 20),
    ],
)
def test_a_section_is_found_by_text_anchor_or_part(wanted: str, first: int) -> None:
    assert DOCUMENT.sections(wanted)[0].first == first


def test_no_section_is_made_up() -> None:
    assert not DOCUMENT.sections("nothing")
    assert not DOCUMENT.sections("#")
    assert not Document("").headings
    assert Document("plain").title == ""


LINES = st.sampled_from(
    ["# A", "## B", "", "```", "~~~ sh", "text", "- item " * 9, "é" * 30, "---"]
)


@given(lines=st.lists(LINES, max_size=60), most=st.integers(1, 400))
def test_pages_hold_every_line_once(lines: list[str], most: int) -> None:
    document = Document("\n".join(lines))
    first, seen = 1, 0
    while first <= len(document.lines):
        last = document.page(first, len(document.lines), most)
        size = sum(len(line.encode()) + 1 for line in document.lines[first - 1 : last])
        assert last >= first
        assert size <= most or last == first
        seen += last - first + 1
        first = last + 1
    assert seen == len(document.lines)


@given(lines=st.lists(LINES, max_size=40))
def test_every_heading_is_found_again_by_its_name(lines: list[str]) -> None:
    document = Document("\n".join(lines))
    for heading in document.headings:
        assert document.sections(document.name_of(heading))[0] == heading


@pytest.mark.parametrize("file", skill_files(), ids=lambda file: file.topic)
def test_every_section_of_the_skill_can_be_asked_for(file: SkillFile) -> None:
    document = Document(file.text())
    assert document.title
    assert document.about
    for heading in document.headings:
        assert document.sections(document.name_of(heading))[0] == heading


def test_searching_ranks_headings_then_phrases_then_words() -> None:
    documents = {
        "a": Document("# A\n\nmemory of the GPU\n\n## Other\n\nGPU memory\n"),
        "b": Document("# B\n\n## GPU memory\n\nhow much\n\nand more\n"),
    }
    found = [(hit.topic, hit.heading, hit.line) for hit in search(documents, "gpu  MEMORY")]
    assert found == [("b", "GPU memory", 3), ("a", "Other", 7), ("a", "A", 3)]
    assert search(documents, "GPU memory")[0].lines == ("## GPU memory", "how much", "and more")
    scattered = search(documents, "much more")
    assert [(hit.topic, hit.line) for hit in scattered] == [("b", 5)]
    assert not search(documents, "much elephants")
    assert not search(documents, "  ")


@given(text=st.text(max_size=300), wanted=st.text(max_size=20))
def test_searching_takes_anything(text: str, wanted: str) -> None:
    for hit in search({"a": Document(text)}, wanted):
        assert all(len(line) <= 202 for line in hit.lines)


def test_the_skill_names_the_tool_that_reads_it() -> None:
    assert all_tools()["reference_read"].toolset.value == "help"
