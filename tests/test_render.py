"""The envelope: one shape, a bounded size, and nothing secret in it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from tools.model import NextCall, Result
from tools.problems import Problem
from tools.render import MOST_STRUCTURED, MOST_TEXT, answer_problem, answer_result, limit
from tools.which_hub import REHEARSAL_NOTE, HubAddress

TOKEN = "hf_" + "aB3dE5gH7jK9mN1pQ2sT4vW6xY8zC0fL5r"
REHEARSAL = HubAddress("rehearsal", "http://127.0.0.1:7870", None, confirmed=True).described()


class Said(Result):
    outcome = "said"

    text: str

    @override
    def lines(self) -> Iterator[str]:
        yield self.text


def test_envelope_has_one_shape() -> None:
    call = NextCall(tool="space_wait", arguments={"space": "a/b", "revision": None}, why="because")
    answer = answer_result(Said(text="hello", next=(call,)), REHEARSAL)
    assert answer.envelope == {
        "outcome": "said",
        "hub": {
            "kind": "rehearsal",
            "endpoint": "http://127.0.0.1:7870",
            "note": REHEARSAL_NOTE,
        },
        "result": {"text": "hello"},
        "problem": None,
        "next": [{"tool": "space_wait", "arguments": {"space": "a/b"}, "why": "because"}],
    }
    assert answer.text.splitlines()[0] == REHEARSAL_NOTE
    assert 'Next: space_wait({"space": "a/b"}) - because' in answer.text


def test_a_problem_is_one_line_with_code_object_and_next() -> None:
    problem = Problem(
        "not_found",
        "there is no Space a/b",
        object="a/b",
        next=(NextCall(tool="account_status", why="x"),),
        advice="look again",
    )
    answer = answer_problem(problem, None)
    assert answer.text == (
        "not_found: there is no Space a/b. Next: look again: account_status({})."
    )
    assert answer.is_error
    assert answer.exit_code == 2
    assert answer.envelope["problem"]["code"] == "not_found"


def test_tokens_never_leave() -> None:
    said = answer_result(Said(text=f"token {TOKEN} here"), None)
    refused = answer_problem(Problem("x", f"bad {TOKEN}", object=TOKEN), None)
    for answer in (said, refused):
        assert TOKEN not in answer.text
        assert TOKEN not in json.dumps(answer.envelope)


def test_long_text_is_cut_and_says_so() -> None:
    answer = answer_result(Said(text="x" * 200_000), None)
    assert len(answer.text) <= MOST_TEXT + 10
    assert "characters left out" in answer.text
    assert len(json.dumps(answer.envelope)) < MOST_STRUCTURED


def test_next_calls_are_never_rewritten() -> None:
    paths = tuple(f"file-{number}.txt" for number in range(900))
    call = NextCall(tool="space_upload", arguments={"files": list(paths)}, why="x")
    answer = answer_result(Said(text="y" * 90_000, next=(call,)), None)
    assert answer.envelope["next"][0]["arguments"]["files"] == list(paths)


def test_a_shortened_list_says_how_much_is_missing() -> None:
    envelope = limit({"next": [], "result": {"names": ["x" * 90] * 3000}})
    names = envelope["result"]["names"]
    assert len(names) + envelope["result"]["names_left_out"] == 3000
    assert set(names) == {"x" * 90}


def test_the_token_in_use_is_hidden_whatever_it_looks_like() -> None:
    answer = answer_result(Said(text="token plain-and-short here"), None, ["plain-and-short"])
    assert "plain-and-short" not in answer.text + json.dumps(answer.envelope)


@given(
    st.recursive(
        st.text(max_size=5000) | st.integers(),
        lambda inner: st.lists(inner, max_size=60) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=80,
    )
)
def test_limit_keeps_the_kind_of_value(value: object) -> None:
    limited = limit({"next": [], "result": value})["result"]
    assert type(limited) is type(value)
