"""No input crashes the linter: files cut off, with odd bytes, nested deeply, or not text at all.

Every example is a whole project with one broken file, so that rules which compare files see it.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tools.lint import Project, lint
from tools.lint.texts import FolderTexts, MemoryTexts, as_text

from .specimens import BASE

CARD = """---
title: A Space
emoji: 🐟
colorFrom: blue
colorTo: green
sdk: {sdk}
{more}license: mit
models: [org/one, org/two]
tags:
  - audio
custom_headers:
  cross-origin-embedder-policy: require-corp
short_description: Says something
---
# A Space
"""
ZERO_GPU_APP = '''import os
import spaces
import gradio as gr
import torch
from diffusers import DiffusionPipeline
from helper import LIMIT as limit, seconds

pipe = DiffusionPipeline.from_pretrained("org/model", torch_dtype=torch.bfloat16).to("cuda")
model = None


def load():
    global model
    if model is None:
        model = torch.load(os.environ["MODEL_PATH"])
    return model


@spaces.GPU(duration=seconds)
def generate(prompt: str, steps: int = 4, progress=gr.Progress(track_tqdm=True)):
    """Make an image."""
    load()
    return pipe(prompt, num_inference_steps=min(steps, limit)).images[0]


with gr.Blocks(title="x") as demo:
    text = gr.Textbox(label="Prompt", lines=2)
    image = gr.Image()
    gr.Examples([["a fish"]], [text], [image], generate, cache_examples=True, cache_mode="lazy")
    gr.Button("Go").click(generate, [text], [image], api_name="generate")
if __name__ == "__main__":
    demo.queue(max_size=20).launch(allowed_paths=["/data"])
'''
PROJECTS: dict[str, dict[str, str]] = {
    "gradio": {
        **BASE,
        "README.md": CARD.format(
            sdk="gradio",
            more='sdk_version: "6.31.0"\npython_version: "3.12"\napp_file: app.py\n'
            "suggested_hardware: zero-a10g\nhf_oauth: true\nhf_oauth_scopes: [read-repos]\n",
        ),
        "app.py": ZERO_GPU_APP,
        "helper.py": "LIMIT = 8\n\n\ndef seconds(prompt, steps=4):\n    return 2 * steps\n",
        "requirements.txt": "torch==2.9.1\ntransformers>=4.57,<6 ; python_version >= '3.10'\n"
        "diffusers[torch] @ git+https://github.com/huggingface/diffusers@main\n"
        "--extra-index-url https://download.pytorch.org/whl/cu128\n-r more.txt\n",
        "packages.txt": "ffmpeg\nlibgl1\n",
        "pre-requirements.txt": "pip>=25\n",
    },
    "docker": {
        "README.md": CARD.format(sdk="docker", more="app_port: 8000\n"),
        "Dockerfile": "FROM python:3.12-slim AS base\nARG HF_TOKEN\nENV HOME=/home/user \\\n"
        "    PORT=8000\nRUN useradd -m -u 1000 user\nUSER user\nWORKDIR $HOME/app\n"
        "COPY --chown=user . .\nRUN --mount=type=secret,id=TOKEN pip install -r requirements.txt\n"
        'EXPOSE 8000\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]\n',
        "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        '@app.get("/")\ndef root():\n    return {"ok": True}\n',
        "requirements.txt": "fastapi\nuvicorn[standard]\n",
    },
    "static": {
        "README.md": CARD.format(
            sdk="static",
            more="app_build_command: npm run build\napp_file: dist/index.html\n",
        ),
        "index.html": '<!doctype html><script type="module" src="/src/main.js"></script>'
        '<link href="/assets/x.css"><img src="fish.png">\n',
        "src/main.js": 'const token = window.huggingface?.variables?.TOKEN;\nfetch("/api");\n',
        "package.json": '{"name": "x", "scripts": {"build": "vite build"},'
        ' "dependencies": {"@huggingface/transformers": "^4.0.0"}}\n',
        "vite.config.js": 'export default { base: "./" };\n',
    },
}
TARGETS = [(name, path) for name, files in PROJECTS.items() for path in files]
ODD = st.sampled_from(
    [
        "\0", "\ufeff", "\r", "\r\n", "\u2028", "\x0c", "\x1b[2J", "\ud800", "\udfff", "𐏿", "\t",
        "---\n", "- ", ": ", "&a *a\n", "!!python/object:os.system x\n", "{{", "[", "(" * 300,
        "[" * 2_000, "{'a':" * 400, "- " * 1_500, "not " * 3_000, "-" * 5_000, "x." * 3_000 + "x",
        "lambda: " * 200, "f'{" * 40, '"""', "'''", "\\\n", "\\", "#", "@", "<<: *a\n", "? ", "| ",
        "%", "$HOME", "${", "<<EOF\n", "ONBUILD ", "FROM ", "-e .\n", "git+", "==", "; python_",
        "0x", "1e999", "9" * 5_000, "1" + "_0" * 50, "٣", "class A(", "import ",
        "from . import *\n", "x = y = ",
        "async ", "match x:\n case ", "@spaces.GPU(", "global model\n", "</script>", "<!--", "\\u",
    ]
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, str, str]:
    """A project's name, the path of one of its files, and what that file is now."""
    name, path = draw(st.sampled_from(TARGETS))
    text = PROJECTS[name][path]
    for _ in range(draw(st.integers(1, 3))):
        text = _changed(draw, text)
    return name, path, text


KINDS = ("cut", "drop", "repeat", "turn", "insert", "odd", "lines", "bytes")


def _changed(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    to = draw(st.integers(at, min(len(text), at + 40)))
    before, piece, after = text[:at], text[at:to], text[to:]
    changed = before  # cut
    match draw(st.sampled_from(KINDS)):
        case "drop":
            changed = before + after
        case "repeat":
            changed = before + piece + piece + after
        case "turn":
            changed = before + piece[::-1] + after
        case "insert":
            changed = before + draw(st.text(max_size=12)) + piece + after
        case "odd":
            changed = before + draw(ODD) + after
        case "lines":
            changed = text.replace("\n", draw(st.sampled_from(["\r\n", "\r", "\n\n", " "])))
        case "bytes":
            changed = _damaged(draw, text)
    return changed


def _damaged(draw: st.DrawFn, text: str) -> str:
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(1, 6)) if content else 0):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return as_text(bytes(content)) or ""


@seed(20261123)
@settings(
    max_examples=2_000,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(broken(), st.sampled_from([None, "zero-a10g", "cpu-basic"]))
def test_a_broken_file_never_crashes_a_rule(
    example: tuple[str, str, str], hardware: str | None
) -> None:
    name, path, text = example
    files = {**PROJECTS[name], path: text}
    report = lint(Project(MemoryTexts(files), hardware=hardware), strict=True)
    for found in report.findings:
        assert found.line is None or found.line >= 1


@pytest.mark.parametrize("name", PROJECTS)
def test_any_file_may_be_missing_or_empty(name: str) -> None:
    files = PROJECTS[name]
    for path in files:
        lint(Project(MemoryTexts({**files, path: ""})), strict=True)
        fewer = {other: text for other, text in files.items() if other != path}
        lint(Project(MemoryTexts(fewer)), strict=True)
    lint(Project(MemoryTexts({})), strict=True)


def test_every_cut_of_the_small_files() -> None:
    for name, path in TARGETS:
        if path.endswith(".py"):
            continue
        text = PROJECTS[name][path]
        for at in itertools.chain(range(0, len(text), 7), [len(text) - 1]):
            files = {**PROJECTS[name], path: text[:at]}
            lint(Project(MemoryTexts(files)), strict=True)


def test_bytes_links_and_names_of_a_folder(tmp_path: Path) -> None:
    for path, text in PROJECTS["gradio"].items():
        (tmp_path / path).write_text(text, encoding="utf-16" if path == "helper.py" else "utf-8")
    (tmp_path / "app.py").write_bytes(ZERO_GPU_APP.encode() + b"\xff\xfe# \xe9\n")
    (tmp_path / "requirements.txt").write_bytes(b"\xef\xbb\xbftorch\r\n\x00\n")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "outside.py").symlink_to("/etc/hostname")
    (tmp_path / "odd\n name\udce9.py").write_text("import torch\n")
    report = lint(Project(FolderTexts(tmp_path)), strict=True)
    assert report.files


def test_what_git_lfs_left_is_no_text() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    assert as_text(pointer) is None
    assert as_text(b"# version https://git-lfs.github.com/spec/v1\n") is not None
