"""Which Gradio a project gets, what its names mean, and changing the arguments of its calls."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.lint import Project, Severity, lint
from tools.lint.argument_edits import change_arguments
from tools.lint.gradio_objects import gradio_calls
from tools.lint.gradio_release import release_of
from tools.lint.python import PythonFile
from tools.lint.texts import MemoryTexts

from .specimens import BASE


def project(card: str = "", **files: str) -> Project:
    readme = f"---\ntitle: X\n{card}---\n" if card else "No card.\n"
    named = {name.replace("_", "."): text for name, text in files.items()}
    return Project(MemoryTexts({"README.md": readme, **named}))


@pytest.mark.parametrize(
    ("card", "requirements", "name"),
    [
        ('sdk: gradio\nsdk_version: "5.7.1"\n', "gradio==4.44.1", "Gradio 5.7.1"),
        ("sdk: gradio\n", "gradio==4.44.1", "Gradio 4.44.1"),
        ("sdk: gradio\n", "gradio<6", "Gradio 5.50.0"),
        ("sdk: gradio\n", "gradio>=4", "Gradio 6.31.0"),
        ("sdk: gradio\n", "", "Gradio 6.31.0"),
        ("sdk: gradio\n", "gradio<4", None),
        ("sdk: gradio\n", "git+https://example.org/gradio", None),
        ('sdk: gradio\nsdk_version: "3.50.2"\n', "", None),
        ("sdk: docker\n", "gradio~=5.4", "Gradio 5.50.0"),
        ("sdk: docker\n", "fastapi", None),
    ],
)
def test_which_gradio_is_installed(card: str, requirements: str, name: str | None) -> None:
    found = release_of(project(card, requirements_txt=requirements, app_py="import gradio"))
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("card", "requirements", "severity"),
    [
        ("sdk: gradio\n", "", Severity.ERROR),
        ("", "gradio==6.31.0", Severity.ERROR),
        # No card and no pin: nobody knows which Gradio the app was written for.
        ("", "", Severity.WARNING),
        ("", "gradio>=4", Severity.WARNING),
    ],
)
def test_an_assumed_gradio_gives_no_errors(
    card: str, requirements: str, severity: Severity
) -> None:
    app = "import gradio as gr\ngr.Interface(len, allow_flagging='never').launch()"
    report = lint(project(card, requirements_txt=requirements, app_py=app), only=["GR_REMOVED_ARG"])
    assert [found.severity for found in report.findings] == [severity]


PAGE = """
import gradio as gr

demo = gr.Blocks()
other = open("x")


def make():
    page = gr.Interface(len)
    return page
"""


@pytest.mark.parametrize(
    ("app", "names"),
    [
        ("import gradio as g\ng.themes.Soft()", ["themes.Soft"]),
        ("from gradio.components.textbox import Textbox as T\nT()", ["Textbox"]),
        (
            "import gradio as gr\ngr.Interface(len).queue().launch()",
            ["Blocks.launch", "Blocks.queue", "Interface"],
        ),
        (
            "import gradio as gr\nwith gr.Blocks() as d:\n  d.load(len)\nd.launch()",
            ["Blocks", "Blocks.launch", "Blocks.load"],
        ),
        (
            "import gradio as gr\na, b = gr.Button(), 1\na.click(len).then(len)\nb.click(len)",
            ["Button", "event", "event.then"],
        ),
        ("import gradio as gr\nx = gr.Button()\nx = 1\nx.click(len)", ["Button"]),
        ("import gradio as gr\nx = gr.Textbox()\ndef f(x):\n  x.change(len)", ["Textbox"]),
        ("import gradio as gr\nx = gr.Button()\ndef f():\n  x.click(len)", ["Button", "event"]),
        ("import gradio as gr\nx = x.queue()\nx.launch()", []),
        ("from gradio import Image\nfrom PIL import Image\nImage()", []),
        ("import gradio as gr\ngr = 1\ngr.Textbox()", []),
        ("from page import demo\ndemo.launch()", ["Blocks.launch"]),
        ("from page import make\nmake().launch()", ["Blocks.launch"]),
        ("from page import other\nother.launch()", []),
    ],
)
def test_what_is_surely_gradio(app: str, names: list[str]) -> None:
    found = project("sdk: gradio\n", app_py=app, page_py=PAGE)
    own = [call.name for call in gradio_calls(found) if call.file.path == "app.py"]
    assert sorted(own) == names


def test_a_part_of_a_project_misses_no_files() -> None:
    app = 'import gradio as gr\ngr.Interface(len, "image", "text", examples=[["x.png"]]).launch()\n'
    whole = Project(MemoryTexts({**BASE, "app.py": app}))
    part = Project(MemoryTexts({"app.py": app}))
    assert [found.line for found in lint(whole, only=["GR_MISSING_FILE"]).findings] == [2]
    assert not lint(part, only=["GR_MISSING_FILE"]).findings


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1, max_size=6)
BETWEEN = st.sampled_from([", ", ",", ",\n    ", ",  # why\n    "])


@given(
    names=NAMES,
    positional=st.integers(0, 2),
    between=BETWEEN,
    ending=st.sampled_from(["", ",", ",\n", "\n"]),
    gone=st.sets(st.sampled_from("abcdefgh")),
    changed=st.sets(st.sampled_from("abcdefgh")),
)
def test_arguments_are_taken_out_and_the_others_stay(
    names: list[str],
    positional: int,
    between: str,
    ending: str,
    gone: set[str],
    changed: set[str],
) -> None:
    parts = [str(number) for number in range(positional)] + [f"{name}='é{name}'" for name in names]
    text = f"call({between.join(parts)}{ending})  # end\n"
    file = PythonFile("app.py", text)
    call = file.calls[0]
    changes = {
        keyword: (call, "" if keyword.arg in gone else f"new_{keyword.arg}=1")
        for keyword in call.keywords
        if keyword.arg in gone | changed
    }
    after = ast.parse(change_arguments(file, changes)).body[0]
    assert isinstance(after, ast.Expr)
    assert isinstance(after.value, ast.Call)
    left = [f"new_{name}" if name in changed else name for name in names if name not in gone]
    assert [keyword.arg for keyword in after.value.keywords] == left
    assert len(after.value.args) == positional
    assert change_arguments(file, changes).endswith("# end\n")
