"""Edits change what they are asked to change, and not one other character."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.lint import edits
from tools.lint.card import read_card
from tools.lint.card_edits import (
    add_card,
    quote_card_value,
    remove_card_key,
    rename_card_key,
    set_card_key,
    yaml_scalar,
)
from tools.lint.python import PythonFile

CARD = """---
title: Größe: none  # a comment
emoji: "🐟"  # fish
tags:
  - one
  # inside
  - two
# about the colour
colorFrom: blue

models: [a/b,
  c/d]
text: |
  first
  # no comment
pinned: false  # last
sdk: gradio
---
# Body
title: not a key
"""
CARD = CARD.replace("Größe: none", "Größe")
LINES = st.lists(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
        max_size=8,
    ),
    max_size=8,
)
NAMES = ("title", "emoji", "tags", "colorFrom", "models", "text", "pinned")


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.data())
def test_replaced_lines_leave_the_others(
    lines: list[str], newline: str, closed: bool, data: st.DataObject
) -> None:
    text = newline.join(lines) + (newline if closed and lines else "")
    numbers = range(1, len(text.splitlines()) + 1)
    chosen = data.draw(st.sets(st.sampled_from(numbers))) if numbers else set()
    changes: dict[int, str | None] = {number: f"new {number}" for number in chosen}
    expected = [
        f"new {number}" if number in chosen else line
        for number, line in enumerate(text.splitlines(), start=1)
    ]
    assert edits.replace_lines(text, changes).splitlines() == expected
    assert edits.replace_lines(text, {}) == text
    gone = edits.replace_lines(text, dict.fromkeys(chosen))
    assert gone.splitlines() == [line for line in expected if not line.startswith("new ")] or (
        not chosen or any(line.startswith("new ") for line in text.splitlines())
    )


def test_lines_are_inserted_with_the_files_ending() -> None:
    assert edits.insert_lines("a\r\nb", 2, ["x"]) == "a\r\nx\r\nb"
    assert edits.insert_lines("a\r\nb", 3, ["x", "y"]) == "a\r\nb\r\nx\r\ny\r\n"
    assert edits.insert_lines("", 1, ["x"]) == "x\n"


@given(st.text(), st.text(), st.text())
def test_a_span_is_in_characters_whatever_stands_before(
    before: str, value: str, after: str
) -> None:
    text = f"a = {before!r}; b = {value!r}  # {after!r}\n"
    file = PythonFile("a.py", text)
    if file.syntax_error is not None:
        return
    node = file.nodes(ast.Constant)[1]
    assert edits.source(file, node) == repr(value)
    changed = edits.replace_node(file, node, "0")
    assert changed == f"a = {before!r}; b = 0  # {after!r}\n"


def test_form_feeds_and_windows_lines_do_not_shift_a_span() -> None:
    file = PythonFile("a.py", "x = 1\x0c\r\n\x0c\r\ny = 'é' + z\r\n")
    node = next(one for one in file.nodes(ast.Name) if one.id == "z")
    assert edits.replace_node(file, node, "w") == "x = 1\x0c\r\n\x0c\r\ny = 'é' + w\r\n"


def test_overlapping_changes_are_refused() -> None:
    file = PythonFile("a.py", "f(g(1))\n")
    outer, inner = file.nodes(ast.Call)
    with pytest.raises(ValueError, match="overlap"):
        edits.replace_nodes(file, {outer: "a", inner: "b"})
    with pytest.raises(ValueError, match="no position"):
        edits.replace_node(file, file.tree, "")


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("f(a, b=1)", "b", "f(a)"),
        ("f(b=1, c=2)", "b", "f(c=2)"),
        ("f(b=1)", "b", "f()"),
        ("f(b=1,)", "b", "f()"),
        ("f(\n    a,\n    b=1,\n)", "b", "f(\n    a,\n)"),
        ("f(\n    b=1,\n    c=2,\n)", "b", "f(\n    c=2,\n)"),
        ("f(é, b='é', c=1)", "b", "f(é, c=1)"),
    ],
)
def test_an_argument_goes_with_its_comma(before: str, name: str, after: str) -> None:
    file = PythonFile("a.py", before)
    call = file.calls[0]
    keyword = next(one for one in call.keywords if one.arg == name)
    assert edits.remove_arguments(file, {keyword: call}) == after


def test_statements_know_their_lines() -> None:
    file = PythonFile("a.py", "@one\n@two\ndef f():\n    pass  # x\na = 1; b = 2\n")
    function, first, second = file.tree.body
    start, end = edits.statement_lines(file, function)
    assert file.text[start:end] == "@one\n@two\ndef f():\n    pass  # x\n"
    assert edits.stands_alone(file, function)
    assert edits.stands_alone(file, file.functions[0].body[0])
    assert not edits.stands_alone(file, first)
    assert not edits.stands_alone(file, second)


def test_libcst_refuses_what_it_cannot_parse() -> None:
    import libcst

    class Nothing(libcst.CSTTransformer):
        pass

    assert edits.transform("a  =  1 # x\n", Nothing()) == "a  =  1 # x\n"
    with pytest.raises(ValueError, match="cannot parse"):
        edits.transform("def", Nothing())


@pytest.mark.parametrize("name", NAMES)
def test_a_key_goes_with_all_of_its_value(name: str) -> None:
    before, after = read_card(CARD), read_card(remove_card_key(CARD, name))
    assert after.problem is None
    assert after.keys.keys() == before.keys.keys() - {name}
    assert {key: after.get(key) for key in after.keys} == {
        key: before.get(key) for key in after.keys
    }
    assert remove_card_key(CARD, name).endswith("---\n# Body\ntitle: not a key\n")
    assert "# about the colour\n" in remove_card_key(CARD, name)


@pytest.mark.parametrize("name", [*NAMES, "new_key"])
def test_a_key_gets_a_value_and_the_others_keep_theirs(name: str) -> None:
    before = read_card(CARD)
    text = set_card_key(CARD, name, '"x # y"')
    after = read_card(text)
    assert after.get(name) == "x # y"
    assert {key: after.get(key) for key in before.keys if key != name} == {
        key: before.get(key) for key in before.keys if key != name
    }
    assert set_card_key(text, name, '"x # y"') == text


def test_a_comment_stays_beside_its_value() -> None:
    assert '\ntitle: New  # a comment\nemoji: "🐟"  # fish\n' in set_card_key(CARD, "title", "New")
    assert "\nemoji: 1  # fish\n" in set_card_key(CARD, "emoji", "1")


def test_a_key_is_renamed_and_quoted_where_it_stands() -> None:
    assert rename_card_key(CARD, "colorFrom", "color_from") == CARD.replace(
        "colorFrom", "color_from"
    )
    assert rename_card_key(CARD, "absent", "x") == CARD
    text = "---\npython_version: 3.10  # why\n---\n"
    assert quote_card_value(text, "python_version") == '---\npython_version: "3.10"  # why\n---\n'
    assert quote_card_value(CARD, "emoji") == CARD


@given(st.one_of(st.text(), st.integers(), st.booleans()))
def test_a_scalar_reads_back_as_it_is(value: str | int | bool) -> None:
    text = f"---\nkey: {yaml_scalar(value)}\n---\n"
    card = read_card(text)
    assert card.problem is None
    assert card.get("key") == value


@pytest.mark.parametrize("body", [None, "", "# Title\n", "\r\nText\r\n", "\ufeff# Title\n"])
def test_a_block_is_put_in_front(body: str | None) -> None:
    text = add_card(body, {"title": "x", "sdk": "gradio"})
    card = read_card(text)
    assert card.problem is None
    assert (card.get("title"), card.get("sdk")) == ("x", "gradio")
    assert text.endswith((body or "").removeprefix("\ufeff").lstrip("\r\n"))


@given(st.text(), st.sampled_from(NAMES))
def test_no_text_makes_an_edit_fail(text: str, name: str) -> None:
    for readme in (text, f"---\n{text}\n---\n", CARD[: len(text) * 3] + text):
        set_card_key(readme, name, "x")
        remove_card_key(readme, name)
        rename_card_key(readme, name, "other")
        quote_card_value(readme, name)
