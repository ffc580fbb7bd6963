"""The parsers of Markdown, of shell and of what Python uses."""

from __future__ import annotations

import ast
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .markdown import anchor, read_document
from .shell import ShellError, commands
from .stubs import stubs
from .uses import uses

WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1)
NAMES = st.sampled_from(["gr", "demo", "f", "x"])


@given(WORDS.filter(lambda words: "=" not in words[0]))
@settings(deadline=None)
def test_what_shlex_quotes_is_read_back(words: list[str]) -> None:
    (found,) = commands(shlex.join(words))
    assert list(found.words) == words


@given(st.text("ab $()'\"\\\n;|&<>#`"))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = commands(text)
    except ShellError:
        return
    assert all(1 <= command.line <= text.count("\n") + 1 for command in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b; c | d && e\nf", ["a b", "c", "d", "e", "f"]),
        ("A=1 B='x y' run it", ["run it"]),
        ("run > out 2>&1 < in", ["run"]),
        ("run \\\n  on", ["run on"]),
        ("x=$(a | b 'c d') run $(e)", ["a", "b c d", "run $SUBSTITUTED", "e"]),
        ('say "in $(deep) quotes"', ["say in $SUBSTITUTED quotes", "deep"]),
        ("run a#b # c", ["run a#b"]),
        ("(cd x && y)", ["cd x", "y"]),
    ],
)
def test_commands_of_shell(text: str, expected: list[str]) -> None:
    assert sorted(" ".join(found.words) for found in commands(text)) == sorted(expected)


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a $(b", "a `b`", "a << END\nEND"])
def test_shell_that_is_not_read(text: str) -> None:
    with pytest.raises(ShellError):
        commands(text)


def test_blocks_spans_and_links_have_their_lines() -> None:
    text = (
        "---\nname: x\n---\n\n# One `two`\n\nText `a`\nand `b` [c](d.md).\n\n"
        "- item `e`\n\n  ```sh\n  run\n  ```\n\n| h |\n|---|\n| `i` |\n\n# One two\n"
    )
    read = read_document("x.md", text)
    lines = text.splitlines()
    assert read.front_matter == "name: x\n"
    assert [heading.anchor for heading in read.headings] == ["one-two", "one-two-1"]
    for span in read.spans:
        assert f"`{span.text}`" in lines[span.line - 1]
    assert [(link.target, link.line) for link in read.links] == [("d.md", 8)]
    (block,) = read.blocks
    assert (block.info, block.text, lines[block.line - 1]) == ("sh", "run\n", "  run")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("The README's block", "the-readmes-block"),
        ("`gr.Server`: what?", "grserver-what"),
        ("A - B, C", "a---b-c"),
        ("space_lint", "space_lint"),
    ],
)
def test_anchors_are_those_of_github(heading: str, expected: str) -> None:
    assert read_document("x.md", f"# {heading}\n").headings[0].anchor == expected


@given(st.text())
@settings(deadline=None)
def test_an_anchor_needs_no_escape(heading: str) -> None:
    assert not set(anchor(heading)) & set(" #()[]<>\"'`.,:;!?")


@given(st.lists(st.tuples(NAMES, NAMES), max_size=6))
@settings(deadline=None)
def test_only_what_is_bound_once_is_claimed(assignments: list[tuple[str, str]]) -> None:
    lines = ["import gradio as gr", *(f"{one} = {other}.Thing()" for one, other in assignments)]
    found = uses(ast.parse("\n".join(lines)))
    assert all(use.module == "gradio" for use in found)
    if any(one == "gr" for one, _ in assignments):
        assert [use.text for use in found] == ["gradio"]


def test_what_code_uses() -> None:
    source = (
        "import a.b as c\nimport d.e\nfrom f import g as h\n"
        "with c.Open() as x:\n    x.read(size=1)\n"
        "def run(y: h | None, *more):\n    y.z\n    h(*more, k=2)\n"
        "d.e.f\nunknown.thing()\nw = 1\nw = c\nw.nothing\n"
    )
    assert [use.text for use in uses(ast.parse(source))] == [
        "a.b",
        "d.e",
        "f.g",
        "a.b.Open()",
        "a.b.Open().read(size=)",
        "f.g().z",
        "f.g(k=)",
        "d.e",
        "d.e.f",
    ]


def test_stubs_name_things_of_their_own_package() -> None:
    for package, declared in stubs().packages.items():
        assert declared.version[0].isdigit(), package
        assert all(name.startswith(f"{package}.") for name in declared.names)
