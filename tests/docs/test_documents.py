"""SKILL.md, the READMEs, AGENTS.md and every reference pass every check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
import yaml

from . import cards, code, command_lines, dates, fences, links, naming
from .documents import GENERATED, ROOT, Trouble, document, documents, references, shown
from .markdown import Document
from .skill import check_skill

Check = Callable[[Document], Iterable[Trouble]]
FOR_ALL: list[Check] = [
    command_lines.check_blocks,
    command_lines.check_spans,
    code.check_compiles,
    cards.check_yaml,
    cards.check_requirements,
    cards.check_dockerfiles,
    fences.check_fences,
    links.check_links,
    naming.check_tools,
    naming.check_rules,
    naming.check_errors,
]
FOR_REFERENCES: list[Check] = [
    links.check_depth,
    links.check_opening,
    links.check_contents,
    links.check_size,
]
TOPICS: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("topics.yaml").read_text(encoding="utf-8")
)


def named(value: object) -> str:
    return value.path if isinstance(value, Document) else getattr(value, "__name__", "")


@pytest.mark.parametrize("checked", documents(), ids=named)
@pytest.mark.parametrize("check", FOR_ALL, ids=named)
def test_a_document_is_right(check: Check, checked: Document) -> None:
    assert not (wrong := shown(check(checked))), f"\n{wrong}"


@pytest.mark.parametrize("reference", references(), ids=named)
@pytest.mark.parametrize("check", FOR_REFERENCES, ids=named)
def test_a_reference_is_as_readers_expect_it(check: Check, reference: Document) -> None:
    assert not (wrong := shown(check(reference))), f"\n{wrong}"


@pytest.mark.parametrize("reference", references(), ids=named)
def test_the_skill_leads_to_every_reference(reference: Document) -> None:
    assert not (wrong := shown(links.check_linked(document("SKILL.md"), reference))), wrong


@pytest.mark.timeout(600)  # the first run builds an environment with Gradio
def test_code_uses_only_what_exists() -> None:
    shown_code = code.shown_to_be_copied(documents())
    assert not (wrong := shown(code.check_uses(shown_code))), f"\n{wrong}"


def test_code_defines_what_it_uses() -> None:
    wrong = shown(code.check_names(code.shown_to_be_copied(documents())))
    assert not wrong, f"\n{wrong}"


def test_code_passes_our_own_linter() -> None:
    wrong = shown(cards.check_code(code.shown_to_be_copied(documents())))
    assert not wrong, f"\n{wrong}"


def test_the_skill_is_one() -> None:
    assert not (wrong := shown(check_skill(document("SKILL.md")))), f"\n{wrong}"


@pytest.mark.parametrize("reference", references(), ids=named)
def test_what_was_looked_at_is_not_too_old(reference: Document) -> None:
    # What a program writes has the dates of its data, which `expired` watches.
    if reference.path not in GENERATED:
        today = date.today()  # noqa: DTZ011 - a day is enough
        assert not (wrong := shown(dates.check_dates(reference, today))), f"\n{wrong}"


@pytest.mark.parametrize(
    ("path", "topic", "term"),
    [(path, topic, term) for path, topics in TOPICS.items() for topic, term in topics.items()],
)
def test_a_topic_is_spoken_of(path: str, topic: str, term: str) -> None:
    text = " ".join((ROOT / path).read_text(encoding="utf-8").lower().split())
    assert term.lower() in text, f"{path} says nothing of {topic}: `{term}`"


def test_every_written_reference_has_topics() -> None:
    written = {reference.path for reference in references()} - GENERATED
    assert TOPICS.keys() == written
