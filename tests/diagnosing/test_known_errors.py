"""Every known error: well formed, recognised on its own lines, and on nobody else's."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.known_errors_document import FILE, renewed
from tests.logreading import healthy, noise
from tools.diagnosing import matching
from tools.diagnosing.matching import FLAGS, matches
from tools.knowledge.known_errors import Change, KnownError, known_error, known_errors
from tools.lint import all_rules
from tools.registry import all_tools

ERRORS = known_errors()
EXAMPLES = [
    pytest.param(error, text, id=f"{error.id}-{number}")
    for error in ERRORS
    for number, text in enumerate(error.examples)
]
each_example = pytest.mark.parametrize(("error", "text"), EXAMPLES)
HEALTHY = {
    path.name: path.read_text() for path in Path(__file__).with_name("healthy").glob("*.log")
}
HEALTHY |= healthy.LOGS | {"noise": "\n".join([*noise.BUILD, *noise.RUN])}
_ALTERNATIVE = re.compile(r"_\d$")
_PLACEHOLDER = re.compile(r"\{([a-z_]\w*)\}")
_FILLED_BY_OTHERS = {"space", "app_file", "distribution"}


def text_of(change: Change) -> str:
    """All that a change says, in one text."""
    edits = (f"{edit.file}\n{edit.find or ''}\n{edit.replace}" for edit in change.edits)
    return "\n".join([change.how, *edits])


def failing(check: Callable[[KnownError], bool]) -> list[str]:
    """The ids of the errors for which a check does not hold."""
    return [error.id for error in ERRORS if not check(error)]


def sentences_of(error: KnownError) -> list[str]:
    return [error.cause, error.verify, *(change.how for change in error.changes)]


def test_names_are_unique_and_found() -> None:
    assert len({error.id for error in ERRORS}) == len(ERRORS)
    assert failing(lambda error: bool(re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)+", error.id))) == []
    assert known_error(ERRORS[0].id) is ERRORS[0]
    assert known_error("nothing-of-the-kind") is None


def test_sentences_end_and_are_short() -> None:
    ends = failing(lambda error: all(text.endswith((".", "?")) for text in sentences_of(error)))
    long = failing(lambda error: max(map(len, sentences_of(error))) <= 320)
    assert (ends, long) == ([], [])


@pytest.mark.parametrize("error", ERRORS, ids=[error.id for error in ERRORS])
def test_a_signature_is_understood_by_both_engines(error: KnownError) -> None:
    re2 = pytest.importorskip("re2")
    for pattern in (error.signature, error.unless):
        re.compile(pattern, FLAGS)
        re2.compile(pattern)


def test_only_parts_that_a_signature_finds_are_named() -> None:
    def holds(error: KnownError) -> bool:
        text = "\n".join([error.cause, *map(text_of, error.changes)])
        groups = {_ALTERNATIVE.sub("", name) for name in re.compile(error.signature).groupindex}
        return set(_PLACEHOLDER.findall(text)) - _FILLED_BY_OTHERS <= groups

    assert failing(holds) == []


def test_rules_and_tools_exist_and_edits_are_patterns() -> None:
    rules, tools = all_rules().keys(), all_tools().keys()
    for error in ERRORS:
        for change in error.changes:
            assert set(change.rules) <= rules, error.id
            assert change.call is None or change.call.tool in tools, error.id
            for edit in change.edits:
                re.compile(_PLACEHOLDER.sub("x", edit.find or ""), re.MULTILINE)
                assert edit.find is not None or edit.replace, error.id


def test_each_has_a_change_a_source_a_near_miss_and_a_reason_not_to_be_rehearsed() -> None:
    assert failing(lambda error: bool(error.changes and error.sources and error.examples)) == []
    assert failing(lambda error: error.rehearsable is not bool(error.not_rehearsable)) == []
    near = failing(lambda error: bool(error.healthy or error.generic or error.severity != "error"))
    assert near == []


@each_example
def test_an_error_is_recognised_on_its_own_lines_and_no_other_is(
    error: KnownError, text: str
) -> None:
    found = matches(text.splitlines())
    assert found[0].error is error
    assert found[0].line in [line.strip() for line in text.splitlines()]
    specific = [match.error.id for match in found if not match.error.generic]
    assert specific == ([] if error.generic else [error.id])


@each_example
def test_the_cause_and_one_change_can_be_said_in_full(error: KnownError, text: str) -> None:
    match = matches(text.splitlines())[0]

    def is_full(sentence: str) -> bool:
        return set(_PLACEHOLDER.findall(match.fill(sentence))) <= {"space"}

    assert is_full(error.cause)
    assert is_full(error.verify)
    assert any(is_full(change.how) for change in error.changes)


def test_healthy_near_misses_are_not_recognised() -> None:
    found = {
        error.id: line
        for error in ERRORS
        for line in error.healthy
        for match in matches([line])
        if match.error is error
    }
    assert found == {}


@pytest.mark.parametrize("name", sorted(HEALTHY))
def test_healthy_output_is_no_known_error(name: str) -> None:
    found = matches(HEALTHY[name].splitlines())
    assert [(match.error.id, match.line) for match in found] == []


def test_a_specific_error_comes_before_its_wrapper_and_the_headline_before_other_lines() -> None:
    block = [
        "ZeroGPU worker error ValueError",
        "FileNotFoundError: [Errno 2] No such file or directory: 'a.txt'",
        "ModuleNotFoundError: No module named 'diffusers'",
    ]
    for headline, identity in (
        (block[1], "start-file-missing"),
        (block[2], "start-module-missing"),
    ):
        found = [match.error for match in matches(block, headline)]
        assert found[0].id == identity
        assert [error.generic for error in found] == [False, False, True]


def test_the_parts_of_a_line_are_named_and_a_module_knows_its_package() -> None:
    (match, *_) = matches(["ModuleNotFoundError: No module named 'cv2'"])
    assert match.groups == {"module": "cv2", "distribution": "opencv-python-headless"}
    assert "`opencv-python-headless`" in match.fill(match.error.changes[0].how)


def test_windows_line_ends_and_prefixes_do_not_matter() -> None:
    line = "remote: 2026-11-22T10:00:00Z ERROR: No matching distribution found for gradio==9.9.9\r"
    assert matches([line])[0].error.id == "build-sdk-version-unknown"


def test_without_re2_the_same_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for error in ERRORS for text in error.examples]
    fast = [[match.error.id for match in matches(text.splitlines())] for text in texts]
    monkeypatch.setattr(matching, "_finder", lambda signatures: None)  # noqa: ARG005 - its shape
    assert [[match.error.id for match in matches(text.splitlines())] for text in texts] == fast


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_can_be_looked_at(text: str) -> None:
    for match in matches(text.split("\n"), headline=text):
        assert match.line == match.line.strip()


def test_a_block_is_compared_within_twenty_milliseconds() -> None:
    block = [f'  File "/app/app.py", line {number}, in f' + "x" * 200 for number in range(39)]
    block.append("KeyError: 'HF_TOKEN'")
    matches(block, block[-1])  # compiles the signatures
    best = min(_seconds(block) for _ in range(5))
    assert best < 0.02


def _seconds(block: list[str]) -> float:
    start = time.perf_counter()
    matches(block, block[-1])
    return time.perf_counter() - start


def test_the_document_is_up_to_date() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert renewed(text) == text, "run `python -m maintenance.known_errors_document`"


def test_the_document_is_found_by_the_text_of_an_error() -> None:
    text = FILE.read_text(encoding="utf-8")
    missing = [
        error.id
        for error in ERRORS
        if f"### {error.id}\n" not in text or error.examples[0].splitlines()[0] not in text
    ]
    assert missing == []
