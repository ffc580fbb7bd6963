"""The engine trusts no fix: what does not help, or breaks something, is taken back and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tools.lint import Finding, Project, Severity
from tools.lint import fixing as engine
from tools.lint.fixing import Repairs, repair
from tools.lint.texts import MemoryTexts

from .specimens import BASE

RULE = "FM_HARDWARE_KEY"
CARD = BASE["README.md"].replace("sdk: gradio\n", "sdk: gradio\nhardware: cpu-basic\n")
FILES = {**BASE, "README.md": CARD}
Answer = Callable[[Project, Sequence[Finding]], dict[str, str | None]]


@pytest.fixture
def fixed_by(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Repairs]:
    """Repair `FILES` with a fix that answers with certain changes."""

    def run(changes: dict[str, str | None], files: dict[str, str] | None = None) -> Repairs:
        def answer(_: Project, findings: Sequence[Finding]) -> dict[str, str | None]:
            assert [finding.id for finding in findings] == [RULE]
            return dict(changes)

        monkeypatch.setattr(engine, "fix_for", lambda _: answer)
        return repair(MemoryTexts(files or FILES), rules=[RULE])

    return run


def test_a_fix_that_helps_is_kept(fixed_by: Callable[..., Repairs]) -> None:
    result = fixed_by({"README.md": BASE["README.md"]})
    assert result.changes == {"README.md": BASE["README.md"]}
    assert result.originals == {"README.md": CARD}
    assert [(one.fix, one.count) for one in result.applied] == [(RULE, 1)]
    assert not result.refused


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "does not know"),
        ({"README.md": CARD}, "does not know"),
        ({"README.md": CARD + "more\n"}, "did not remove the finding"),
        (
            {"README.md": BASE["README.md"].replace("app.py", "gone.py")},
            "led to APP_FILE_NOT_FOUND",
        ),
        ({"README.md": BASE["README.md"], "app.py": "def\n"}, "syntax error"),
        ({"README.md": BASE["README.md"], "../x.md": "x"}, "outside the folder"),
        ({"README.md": BASE["README.md"], "/etc/x": "x"}, "outside the folder"),
    ],
)
def test_a_fix_that_does_not_help_is_taken_back(
    fixed_by: Callable[..., Repairs], changes: dict[str, str | None], why: str
) -> None:
    result = fixed_by(changes)
    assert not result.changes
    assert not result.applied
    assert why in result.refused[0].why
    assert [one.id for one in result.after.findings if one.id == RULE] == [RULE]


def test_what_cannot_be_read_as_text_is_not_written(fixed_by: Callable[..., Repairs]) -> None:
    broken = CARD + "\ufffd\n"
    result = fixed_by({"README.md": BASE["README.md"]}, {**FILES, "README.md": broken})
    assert not result.changes
    assert "UTF-8" in result.refused[0].why


def test_a_mark_at_the_beginning_of_python_stays(fixed_by: Callable[..., Repairs]) -> None:
    files = {**FILES, "app.py": "\ufeff" + BASE["app.py"]}
    result = fixed_by({"README.md": BASE["README.md"], "app.py": BASE["app.py"] + "# x\n"}, files)
    assert result.changes["app.py"] == "\ufeff" + BASE["app.py"] + "# x\n"


def test_only_the_rules_that_are_asked_for_are_fixed() -> None:
    assert not repair(MemoryTexts(FILES), rules=["FM_COLOR"]).changes
    assert repair(MemoryTexts(FILES), rules=None).changes.keys() == {"README.md"}


def test_a_repaired_error_may_uncover_another() -> None:
    files = {"app.py": BASE["app.py"], "requirements.txt": "transformers==4.40.0\n"}
    result = repair(MemoryTexts(files), rules=["FM_MISSING"], unsafe=True)
    assert result.changes.keys() == {"README.md"}
    before, after = (
        {one.id for one in report.findings if one.severity is Severity.ERROR}
        for report in (result.before, result.after)
    )
    assert before == {"FM_MISSING"}
    assert after == {"REQ_TRANSFORMERS_GRADIO6"}


def test_a_fix_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Project, __: Sequence[Finding]) -> dict[str, str | None]:
        raise ValueError("two changes overlap")

    monkeypatch.setattr(engine, "fix_for", lambda _: fails)
    result = repair(MemoryTexts(FILES), rules=[RULE])
    assert not result.changes
    assert "two changes overlap" in result.refused[0].why
