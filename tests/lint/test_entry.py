"""Which file an app starts with, where nobody names it."""

from __future__ import annotations

from tools.lint import Project, lint_files
from tools.lint.entry import gradio_starter
from tools.lint.texts import MemoryTexts

from .specimens import BASE

OLD = 'import gradio as gr\n\ngr.Interface(len, "text", "text").launch(enable_queue=True)\n'
CARD = BASE["README.md"]


def found(files: dict[str, str], hardware: str | None = None) -> set[tuple[str, str]]:
    report = lint_files(files, hardware=hardware)
    return {(one.id, one.file) for one in report.findings}


def test_without_a_card_the_file_that_launches_is_looked_at() -> None:
    files = {"main.py": OLD, "train.py": "import torch\n", "requirements.txt": "numpy\n"}
    assert ("GR_REMOVED_ARG", "main.py") in found(files)
    assert ("ZG_NOTHING_DECORATED", "main.py") in found(files, hardware="zero-a10g")
    assert ("GR_REMOVED_ARG", "main.py") in found({**files, "README.md": "# A demo\n"})


def test_a_card_decides_and_a_dockerfile_and_a_page_do_too() -> None:
    for other in ({"README.md": CARD}, {"Dockerfile": "FROM python:3.12\n"}, {"index.html": ""}):
        project = Project(MemoryTexts({"main.py": OLD, **other}))
        assert project.app_path is None


def test_the_usual_names_near_the_root_come_first() -> None:
    files = dict.fromkeys(("src/app.py", "zebra.py", "demo.py", "tools/x/app.py"), OLD)
    assert gradio_starter(Project(MemoryTexts(files))) == "demo.py"
    del files["demo.py"]
    assert gradio_starter(Project(MemoryTexts(files))) == "zebra.py"
    assert Project(MemoryTexts({"app.py": "print(1)\n", **files})).app_path == "app.py"
