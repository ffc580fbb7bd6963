"""The ZeroGPU port: the app answers as before, and everything stands where ZeroGPU wants it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.lint import Severity, all_rules
from tools.lint.fixing import Repairs, repair
from tools.lint.recipes import all_recipes
from tools.lint.texts import MemoryTexts

from .ported_apps import APPS, PortedApp
from .stand_ins import run_app

REQUIREMENTS = {"requirements.txt": "torch\ntransformers\ndiffusers\nsentence-transformers\n"}


def port(files: dict[str, str]) -> tuple[Repairs, dict[str, str]]:
    recipes = [all_recipes()["zerogpu-port"]]
    result = repair(MemoryTexts(files), rules=(), recipes=recipes)
    after = {**files, **result.changes}
    return result, {path: text for path, text in after.items() if text is not None}


@pytest.mark.parametrize("app", APPS.values(), ids=APPS)
def test_a_ported_app_answers_as_before_and_builds_at_import(
    app: PortedApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ported = port({**REQUIREMENTS, **app.files})
    with run_app(app.files, tmp_path / "before", monkeypatch) as before:
        assert not before.built_at_import
        answer = before.handlers[0](*app.arguments)
    with run_app(ported, tmp_path / "after", monkeypatch) as after:
        assert after.built_at_import == list(app.built)
        assert after.handlers[0](*app.arguments) == answer
        assert after.handlers[0](*app.arguments) == answer
        assert after.built == list(app.built), "something is built for each call"
        decorated = [name for kind, name in after.events if kind == "decorate"]
        assert decorated == list(app.decorated)


@pytest.mark.parametrize("app", APPS.values(), ids=APPS)
def test_a_ported_app_has_no_zero_gpu_error(app: PortedApp) -> None:
    result, ported = port({**REQUIREMENTS, **app.files})
    errors = [one for one in result.after.findings if one.severity is Severity.ERROR]
    assert not [one for one in errors if one.id.startswith(("ZG_", "FM_", "GRS_"))]
    first = next(node for node in ast.parse(ported["app.py"]).body if isinstance(node, ast.Import))
    assert [alias.name for alias in first.names] == ["spaces"]


@pytest.mark.parametrize("app", APPS.values(), ids=APPS)
def test_porting_again_changes_nothing(app: PortedApp) -> None:
    _, ported = port({**REQUIREMENTS, **app.files})
    assert not port(ported)[0].changes


def app_with(handler: str) -> dict[str, str]:
    head = "import gradio as gr\nfrom transformers import AutoModel, pipeline\n\n\n"
    return {"app.py": f'{head}{handler}\n\ngr.Interface(run, "text", "text").launch()\n'}


STAYS = {
    "def run(name):\n    model = AutoModel.from_pretrained(name)\n    return model('x')\n": (
        "depends on the argument `name`"
    ),
    "def run(text):\n    name = text.lower()\n    model = AutoModel.from_pretrained(name)\n"
    "    return model(text)\n": "depends on the argument `text`",
    "def run(text):\n    if text:\n        model = AutoModel.from_pretrained('a')\n"
    "    else:\n        model = AutoModel.from_pretrained('b')\n    return model(text)\n": (
        "stands in a branch or a loop"
    ),
    "def run(text):\n    for one in text:\n        model = AutoModel.from_pretrained('a')\n"
    "    return model(text)\n": "stands in a branch or a loop",
    "def run(text):\n    model = AutoModel.from_pretrained('a')\n    text = model(text)\n"
    "    model = str(text)\n    return model\n": "assigns `model` again",
    "def run(text): model = AutoModel.from_pretrained('a'); return model(text)\n": (
        "shares its line"
    ),
    "def run(text):\n    return [pipeline('x', model=one)(one) for one in text]\n": (
        "depends on what is around it"
    ),
}


@pytest.mark.parametrize("handler", STAYS)
def test_what_depends_on_the_call_stays_and_is_said(handler: str) -> None:
    result, ported = port({**REQUIREMENTS, **app_with(handler)})
    tree = ast.parse(ported["app.py"])
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    original = next(
        node
        for node in ast.parse(app_with(handler)["app.py"]).body
        if isinstance(node, ast.FunctionDef)
    )
    assert len(function.body) == len(original.body)
    said = [one.why for one in result.refused if one.fix == "models at module scope"]
    assert len(said) >= 1
    assert all(STAYS[handler] in why or "branch" in why for why in said), said


NOT_DECORATED = {
    "async def run(text):\n    return model(text)\n": "`async`",
    "def run(text, at: gr.SelectData):\n    return model(text)\n": "`gr.SelectData`",
}


@pytest.mark.parametrize("handler", NOT_DECORATED)
def test_what_cannot_carry_the_decorator_is_said(handler: str) -> None:
    loaded = f"model = AutoModel.from_pretrained('a').to('cuda')\n\n\n{handler}"
    result, ported = port({**REQUIREMENTS, **app_with(loaded)})
    assert "@spaces.GPU" not in ported["app.py"]
    assert any(NOT_DECORATED[handler] in one.why for one in result.refused)


def test_a_quantized_model_keeps_its_device_map() -> None:
    handler = (
        "def run(text):\n    model = AutoModel.from_pretrained("
        "'a', device_map='auto', load_in_4bit=True)\n    return model(text)\n"
    )
    _, ported = port({**REQUIREMENTS, **app_with(handler)})
    line = next(line for line in ported["app.py"].splitlines() if "from_pretrained" in line)
    assert line == "model = AutoModel.from_pretrained('a', device_map='auto', load_in_4bit=True)"


def test_parts_of_a_pipeline_go_with_it() -> None:
    handler = (
        "def run(text):\n    part = AutoModel.from_pretrained('part')\n"
        "    model = AutoModel.from_pretrained('whole', part=part)\n    return model(text)\n"
    )
    _, ported = port({**REQUIREMENTS, **app_with(handler)})
    assert "part = AutoModel.from_pretrained('part')\n" in ported["app.py"]
    assert "AutoModel.from_pretrained('whole', part=part).to(\"cuda\")\n" in ported["app.py"]


@pytest.mark.parametrize("app", APPS.values(), ids=APPS)
def test_windows_line_endings_stay(app: PortedApp) -> None:
    files = {path: text.replace("\n", "\r\n") for path, text in app.files.items()}
    _, ported = port({**REQUIREMENTS, **files})
    plain = port({**REQUIREMENTS, **app.files})[1]
    for path in app.files:
        assert ported[path].count("\r\n") == ported[path].count("\n")
        assert ported[path].replace("\r\n", "\n") == plain[path]


def test_the_card_says_what_the_folder_says() -> None:
    files = {
        "README.md": "![logo](x.png)\n# A *good* [demo](https://x.y)\n\nText.\n",
        "requirements.txt": "torch\ngradio>=5,<6\n",
        "web/gradio_demo.py": APPS["in_handler"].files["app.py"],
        "train.py": "import gradio\n",
    }
    _, ported = port(files)
    assert ported["README.md"].startswith(
        "---\ntitle: A good demo\nsdk: gradio\n"
        'sdk_version: "5.50.0"\npython_version: "3.12"\napp_file: web/gradio_demo.py\n---\n'
    )
    assert ported["README.md"].endswith("Text.\n")
    assert ported["web/gradio_demo.py"].splitlines()[1] == "import spaces"


def test_a_card_that_is_there_is_only_completed() -> None:
    card = '---\ntitle: Mine  # really\nsdk: gradio\npython_version: "3.9"\n---\nText.\n'
    _, ported = port({"README.md": card, **APPS["in_handler"].files})
    assert ported["README.md"] == (
        '---\ntitle: Mine  # really\nsdk: gradio\npython_version: "3.12"\n'
        'sdk_version: "6.31.0"\napp_file: app.py\n---\nText.\n'
    )


@pytest.mark.parametrize("sdk", ["docker", "static"])
def test_another_sdk_is_not_changed(sdk: str) -> None:
    card = f"---\ntitle: Mine\nsdk: {sdk}\napp_file: app.py\n---\n"
    result, ported = port({"README.md": card, **APPS["in_handler"].files})
    assert ported["README.md"] == card
    assert any(f"sdk: {sdk}" in one.why for one in result.refused)


def test_a_folder_without_an_app_is_left_alone() -> None:
    files = {"train.py": "import torch\n", "README.md": "# Training\n"}
    result, ported = port(files)
    assert ported == files
    assert any("launches a Gradio app" in one.why for one in result.refused)


def test_the_port_names_rules_that_exist() -> None:
    recipe = all_recipes()["zerogpu-port"]
    assert {*recipe.rules, *recipe.covers} <= all_rules().keys()
    assert all(all_rules()[rule].fix is not None for rule in recipe.rules)


@given(st.sampled_from(sorted(APPS)), st.floats(0, 1), st.floats(0, 1), st.text(max_size=3))
@settings(max_examples=120, deadline=None, derandomize=True)
def test_no_mangled_app_makes_the_port_fail(
    name: str, begins: float, ends: float, between: str
) -> None:
    text = APPS[name].files["app.py"]
    first, second = sorted((int(begins * len(text)), int(ends * len(text))))
    mangled = {**APPS[name].files, "app.py": text[:first] + between + text[second:]}
    _, ported = port(mangled)
    if _parses(mangled["app.py"]):
        assert _parses(ported["app.py"])
    else:
        assert ported["app.py"] == mangled["app.py"]


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


PIPELINE = "StableDiffusionPipeline.from_pretrained('maker/pictures')"
WARMED_UP = {
    "in a guard": f"""pipe = None


def load():
    global pipe
    if pipe is None:
        pipe = {PIPELINE}.to("cuda")
        pipe.enable_xformers_memory_efficient_attention()
        pipe.unet = torch.compile(pipe.unet)
        pipe("warm up")


def run(text):
    load()
    return pipe(text)
""",
    "in a loader": f"""def load():
    loaded = {PIPELINE}.to("cuda")
    loaded.enable_xformers_memory_efficient_attention()
    loaded.unet = torch.compile(loaded.unet, mode="max-autotune")
    loaded(
        "warm up"
    )
    return loaded


def run(text):
    model = load()
    return model(text)
""",
    "at import": f"""pipe = {PIPELINE}.to("cuda")
pipe.enable_xformers_memory_efficient_attention()
pipe.unet = torch.compile(pipe.unet)
pipe("warm up")


def run(text):
    return pipe(text)
""",
}


def diffusers_app(body: str) -> dict[str, str]:
    head = "import gradio as gr\nimport torch\nfrom diffusers import StableDiffusionPipeline\n\n"
    return {"app.py": f'{head}{body}\n\ngr.Interface(run, "text", "text").launch()\n'}


@pytest.mark.parametrize("body", WARMED_UP.values(), ids=WARMED_UP)
def test_nothing_runs_on_the_gpu_at_import(body: str) -> None:
    result, ported = port({**REQUIREMENTS, **diffusers_app(body)})
    said = [one.why for one in result.refused if "is left out" in one.why]
    assert len(said) == 3, said
    text = ported["app.py"]
    assert "xformers" not in text
    assert "torch.compile" not in text
    assert "warm up" not in text
    assert "pipe(text)" in text or "model(text)" in text
    assert not [one.id for one in result.after.findings if one.severity is not Severity.INFO]
    assert not port(ported)[0].changes


def test_a_handler_tries_the_kernel_itself_where_it_has_the_gpu() -> None:
    lines = [
        "def run(text):",
        f"pipe = {PIPELINE}",
        "pipe.enable_xformers_memory_efficient_attention()",
        'pipe.to("cuda")',
        "return pipe(text)",
    ]
    body = "\n    ".join(lines) + "\n"
    _, ported = port({**REQUIREMENTS, **diffusers_app(body)})
    tree = ast.parse(ported["app.py"])
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert [ast.unparse(one) for one in function.body] == [
        "pipe.enable_xformers_memory_efficient_attention()",
        "return pipe(text)",
    ]
    assert '\npipe.to("cuda")\n' in ported["app.py"]


PLAIN = '''"""Says hello."""
import gradio as gr

GREETING = "Hello"


def run(text):
    return f"{GREETING} {text}"


gr.Interface(run, "text", "text").launch()
'''


def test_an_app_without_gpu_work_gets_a_decorated_function_that_nobody_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, ported = port({"app.py": PLAIN})
    assert "ZG_NOTHING_DECORATED" not in {one.id for one in result.after.findings}
    assert any("cpu-basic" in one.why for one in result.refused)
    with run_app(ported, tmp_path, monkeypatch) as running:
        assert [name for kind, name in running.events if kind == "decorate"] == ["never_called"]
        assert running.handlers[0]("you") == "Hello you"
    assert not port(ported)[0].changes


def test_an_app_that_may_use_the_gpu_unseen_gets_none() -> None:
    result, ported = port({"app.py": PLAIN.replace("import gradio", "import torch\nimport gradio")})
    assert "spaces.GPU" not in ported["app.py"]
    assert any("decorate the one that does" in one.why for one in result.refused)


def test_the_safe_fixes_of_edited_files_follow_and_no_others() -> None:
    app = WARMED_UP["at import"].replace("pipe(text)", "pipe(text)  # as ever")
    files = {
        **diffusers_app(app),
        "page.py": "import gradio as gr\n\ngr.Chatbot(bubble_full_width=False)\n",
    }
    files["app.py"] = (
        files["app.py"]
        .replace("import torch", "import page\nimport torch")
        .replace("gr.Interface(", "gr.Chatbot(bubble_full_width=False)\ngr.Interface(")
    )
    result, ported = port({**REQUIREMENTS, **files})
    assert "GR_REMOVED_ARG" in {one.fix for one in result.applied}
    assert "bubble_full_width" not in ported["app.py"]
    assert ported["page.py"] == files["page.py"]
