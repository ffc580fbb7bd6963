"""`reference_read` and the command `reference`: topics, sections, pages, searching, refusals."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calling import Caller
from tools.render import Answer
from tools.settings import STATE_VARIABLE, Settings
from tools.skill.files import SkillFile, skill_files
from tools.skill.markdown import Document

ROOT = Path(__file__).parents[2]
FILES = skill_files()
MOST_BYTES = 8_000


@pytest.fixture
def reader() -> Caller:
    """A caller whose Hub cannot be reached: none is needed."""
    return Caller(Settings(hub="http://127.0.0.1:9", hub_confirmed=True))


def weighed(answer: Answer) -> dict[str, Any]:
    """The envelope, after a look at how much a model has to read."""
    assert len(answer.text.encode()) <= MOST_BYTES
    assert len(json.dumps(answer.envelope, ensure_ascii=False).encode()) <= MOST_BYTES
    assert "characters left out" not in answer.text
    return answer.envelope


def pages(reader: Caller, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """All pages of a text, each asked for with the call that the one before it named."""
    shown = []
    while True:
        envelope = weighed(reader.answer("reference_read", **arguments))
        assert envelope["outcome"] == "text", envelope
        assert envelope["hub"] is None
        shown.append(envelope["result"])
        if not envelope["next"]:
            return shown
        (following,) = envelope["next"]
        assert following["tool"] == "reference_read"
        arguments = following["arguments"]


def test_without_a_topic_all_are_listed(reader: Caller) -> None:
    envelope = weighed(reader.answer("reference_read"))
    assert envelope["outcome"] == "topics"
    assert [each["topic"] for each in envelope["result"]["topics"]] == [
        file.topic for file in FILES
    ]
    assert envelope["hub"] is None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.topic)
def test_a_topic_is_read_to_its_end_in_pages(reader: Caller, file: SkillFile) -> None:
    shown = pages(reader, {"topic": file.topic})
    lines = Document(file.text()).lines
    assert shown[0]["first_line"] == 1
    assert shown[-1]["last_line"] == shown[0]["lines_in_all"] == len(lines)
    for before, after in itertools.pairwise(shown):
        assert after["first_line"] == before["last_line"] + 1
    # Compared by size: what looks like a token is taken out of every answer.
    told = "\n".join(page["text"] for page in shown)
    assert len(told.splitlines()) == len(lines)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.topic)
def test_the_longest_section_ends_where_the_next_begins(reader: Caller, file: SkillFile) -> None:
    document = Document(file.text())
    heading = max(document.headings, key=lambda each: (each.level > 1, each.last - each.first))
    shown = pages(reader, {"topic": file.topic, "section": document.name_of(heading)})
    assert shown[0]["first_line"] == heading.first
    assert shown[-1]["last_line"] == heading.last
    assert heading.text in shown[0]["text"].splitlines()[0]


def test_links_and_file_names_are_topics_too(reader: Caller) -> None:
    file = FILES[-1]
    heading = Document(file.text()).headings[-1]
    by_name = reader.result("reference_read", "text", topic=file.topic, section=heading.anchor)
    for topic in (f"{file.path}#{heading.anchor}", f"{file.uri}#{heading.anchor}"):
        assert reader.result("reference_read", "text", topic=topic) == by_name
    main = reader.result("reference_read", "text", topic="SKILL.md")
    assert main == reader.result("reference_read", "text", topic="skill")


def test_a_name_that_fits_several_sections_names_the_others(reader: Caller) -> None:
    document = Document(next(file.text() for file in FILES if file.topic == "known-errors"))
    fitting = document.sections("torch")
    result = reader.result("reference_read", "text", topic="known-errors", section="torch")
    assert result["section"] == document.name_of(fitting[0])
    assert result["also"][0] == document.name_of(fitting[1])


def test_searching_leads_to_the_section(reader: Caller) -> None:
    envelope = weighed(reader.answer("reference_read", search="requirements"))
    assert envelope["outcome"] == "found"
    result = envelope["result"]
    assert result["found"] == sum(result["per_topic"].values())
    first = result["sections"][0]
    following = envelope["next"][0]["arguments"]
    assert following["topic"] == first["topic"]
    page = reader.result("reference_read", "text", **following)
    assert "requirements" in page["text"].lower()


def test_more_hits_are_a_call_away(reader: Caller) -> None:
    arguments: dict[str, Any] = {"topic": "known-errors", "search": "import"}
    seen: list[tuple[str, str]] = []
    while True:
        envelope = weighed(reader.answer("reference_read", **arguments))
        seen += [(each["topic"], each["section"]) for each in envelope["result"]["sections"]]
        onward = [call for call in envelope["next"] if "search" in call["arguments"]]
        if not onward:
            break
        arguments = onward[0]["arguments"]
    assert len(seen) == len(set(seen)) == envelope["result"]["found"] > 8
    assert {topic for topic, _ in seen} == {"known-errors"}


def test_nothing_found_is_no_error_and_says_where_it_looked(reader: Caller) -> None:
    answer = reader.answer("reference_read", search="xylophone zebra")
    assert answer.envelope["outcome"] == "nothing_found"
    assert answer.exit_code == 1
    assert "skill, known-errors" in answer.text or "known-errors" in answer.text
    within = reader.answer("reference_read", topic="skill", search="xylophone")
    assert within.envelope["next"][0]["arguments"] == {"search": "xylophone"}


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        ({"topic": "zeppelin"}, "unknown_topic", "there are: skill, "),
        ({"topic": "known-erors"}, "unknown_topic", '{"topic": "known-errors"}'),
        ({"topic": "../pyproject.toml"}, "unknown_topic", "there are: "),
        ({"topic": "skill", "section": "zeppelin"}, "unknown_section", "there are: "),
        ({"section": "Start"}, "bad_argument", "needs a `topic`"),
        ({"topic": "skill", "section": "a", "search": "b"}, "bad_argument", "together"),
        ({"topic": "skill", "start": 99_999}, "bad_argument", "ends at line"),
        ({"search": "space", "start": 9_999}, "bad_argument", "hits"),
        ({"topic": "skill", "start": 0}, "bad_argument", "`start`"),
    ],
)
def test_refusals_name_what_exists(
    reader: Caller, arguments: dict[str, Any], code: str, part: str
) -> None:
    assert part in reader.problem("reference_read", code, **arguments)


@settings(max_examples=60, deadline=None)
@given(
    topic=st.none() | st.text(max_size=30) | st.sampled_from([file.topic for file in FILES]),
    section=st.none() | st.text(max_size=20),
    search=st.none() | st.text(max_size=40),
    start=st.integers(1, 5_000),
)
def test_any_question_has_an_answer(
    topic: str | None, section: str | None, search: str | None, start: int
) -> None:
    reader = Caller(Settings(hub="http://127.0.0.1:9", hub_confirmed=True))
    answer = reader.answer(
        "reference_read", topic=topic, section=section, search=search, start=start
    )
    problem = answer.envelope["problem"] or {}
    assert problem.get("code") in (None, "bad_argument", "unknown_topic", "unknown_section")


def command(*words: str, state: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.cli", "reference", *words],
        cwd=ROOT,
        env={**os.environ, STATE_VARIABLE: str(state)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_the_command_lists_reads_and_searches(tmp_path: Path) -> None:
    listed = command(state=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.startswith("skill (")
    assert "`huggingface-spaces reference skill`" in listed.stdout
    page = command("known-errors", state=tmp_path)
    assert page.stdout.startswith("# Known errors\n")
    assert "huggingface-spaces reference known-errors --start " in page.stdout
    unknown = command("nope", state=tmp_path)
    assert unknown.returncode == 2
    assert "unknown_topic" in unknown.stderr
    assert command("--search", "xylophone zebra", state=tmp_path).returncode == 1


def test_a_person_at_a_terminal_gets_the_whole_text(tmp_path: Path) -> None:
    controlling, terminal = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "tools.cli", "reference", "lint-rules"],
        cwd=ROOT,
        env={**os.environ, STATE_VARIABLE: str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        seen = b""
        while True:
            try:
                piece = os.read(controlling, 65_536)
            except OSError:  # the terminal closes with the process
                break
            if not piece:
                break
            seen += piece
        assert process.wait(timeout=60) == 0
    os.close(controlling)
    shown = seen.decode().replace("\r\n", "\n").rstrip("\n")
    assert shown == (ROOT / "references" / "lint-rules.md").read_text(encoding="utf-8").rstrip("\n")
