"""What a template makes is clean in the eyes of this product's own lint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calling import Caller
from tools.lint.engine import lint_folder
from tools.lint.finding import Severity
from tools.templates import Template, all_templates

WITH_FILES = [each for each in all_templates().values() if each.id != "docker-template"]


@pytest.mark.parametrize("each", WITH_FILES, ids=lambda each: each.id)
def test_no_error_and_no_warning(each: Template, offline: Caller, tmp_path: Path) -> None:
    offline.result("space_scaffold", "scaffolded", template=each.id, folder=str(tmp_path))
    report = lint_folder(tmp_path, hardware=each.hardware)
    assert [one for one in report.findings if one.severity is not Severity.INFO] == []
