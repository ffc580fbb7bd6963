"""What every template must hold: a description, valid files, documented endpoints."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from tools.card import parse_card
from tools.knowledge import hardware_flavors
from tools.templates import FOLDER, PLACEHOLDERS, Template, all_templates, template

TEMPLATES = list(all_templates().values())
WITH_FILES = [each for each in TEMPLATES if each.id != "docker-template"]
PLACEHOLDER = re.compile(r"@@(\w*)@@")
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
PLATFORM = {"gradio", "spaces", "huggingface_hub", "huggingface-hub"}

every = pytest.mark.parametrize("each", TEMPLATES, ids=lambda each: each.id)
every_with_files = pytest.mark.parametrize("each", WITH_FILES, ids=lambda each: each.id)


def programs(each: Template) -> dict[str, ast.Module]:
    return {path: ast.parse(text) for path, text in each.files().items() if path.endswith(".py")}


def test_the_ids_are_the_agreed_ones() -> None:
    assert set(all_templates()) == {
        "bucket-feed",
        "docker-template",
        "fastapi-docker",
        "gradio-minimal",
        "gradio-server",
        "image-classification",
        "image-generation",
        "llm-chat",
        "llm-chat-providers",
        "mcp-server",
        "object-detection",
        "orchestrator",
        "speech",
        "static-project-page",
        "static-transformers-js",
        "static-vite",
        "vllm-docker",
    }
    with pytest.raises(KeyError):
        template("nothing")


@every
def test_the_description_is_complete(each: Template) -> None:
    assert len(each.line) <= 120
    known = {flavor.name for flavor in hardware_flavors()}
    assert (each.hardware is None) == (each.sdk == "static")
    assert each.hardware is None or each.hardware in known
    assert each.proof.detail != "not rehearsed yet"
    assert each.sdk != "docker" or each.proof.kind == "static"


@every_with_files
def test_the_card_is_complete(each: Template) -> None:
    card = parse_card(each.files()["README.md"])
    assert card["sdk"] == each.sdk
    assert card["title"] == "@@title@@"
    assert card["license"] == "apache-2.0"
    assert 0 < len(card["short_description"]) <= 60
    assert {card["colorFrom"], card["colorTo"]} <= COLOURS
    assert card["emoji"]
    assert card["tags"]
    assert ("models" in card) == (each.model is not None)
    if each.sdk == "gradio":
        assert card["app_file"] in each.files()
        assert card["sdk_version"] == "@@sdk_version@@"
        assert card["python_version"] == "@@python_version@@"
    if each.sdk == "docker":
        assert card["app_port"] == 7860
        assert "Dockerfile" in each.files()


@every_with_files
def test_placeholders_are_known_and_the_model_is_used(each: Template) -> None:
    found = {name for text in each.files().values() for name in PLACEHOLDER.findall(text)}
    assert found <= set(PLACEHOLDERS)
    assert ("model" in found) == (each.model is not None)


@every_with_files
def test_files_are_valid_as_they_stand(each: Template) -> None:
    for path, text in each.files().items():
        assert text.endswith("\n")
        if path.endswith(".py"):
            compile(text, path, "exec")
        if path.endswith(".json"):
            json.loads(text)


@every_with_files
def test_no_placeholder_is_in_a_formatted_string(each: Template) -> None:
    """There a title with braces would be run as a program."""
    for program in programs(each).values():
        for node in ast.walk(program):
            if isinstance(node, ast.JoinedStr):
                assert "@@" not in ast.unparse(node)


@every_with_files
def test_functions_have_types_and_docstrings(each: Template) -> None:
    for program in programs(each).values():
        assert ast.get_docstring(program)
        for node in documented(program):
            arguments = [found for found in node.args.args if found.arg != "self"]
            assert all(found.annotation for found in arguments), node.name
            assert node.returns is not None, node.name
            assert node.name.startswith("_") or ast.get_docstring(node), node.name


def documented(program: ast.Module) -> list[ast.FunctionDef]:
    """Functions and methods of a program; a function inside another is its own business."""
    classes = [node for node in program.body if isinstance(node, ast.ClassDef)]
    nodes = [*program.body, *(node for each in classes for node in each.body)]
    return [node for node in nodes if isinstance(node, ast.FunctionDef)]


@every_with_files
def test_every_event_names_its_endpoint(each: Template) -> None:
    for program in programs(each).values():
        for call in (node for node in ast.walk(program) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            listens = name in {"gr.Interface", "gr.ChatInterface", "gr.on", "demo.load"}
            if listens or (name.endswith((".click", ".submit")) and call.args):
                if name in {"client.submit", "pool.submit"}:
                    continue
                assert "api_name" in {keyword.arg for keyword in call.keywords}, name


@every_with_files
def test_requirements_are_floors_of_what_is_imported(each: Template) -> None:
    lines = each.files().get("requirements.txt", "").split()
    names = [re.split(r"[>=<]", line)[0] for line in lines]
    assert all(re.fullmatch(r"[a-z_-]+>=[\d.]+", line) for line in lines)
    assert not PLATFORM & set(names)


@every_with_files
def test_zero_gpu_comes_first(each: Template) -> None:
    if each.hardware != "zero-a10g":
        return
    text = each.files()["app.py"]
    imported = re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
    assert imported.index("spaces") < imported.index("gradio") < imported.index("torch")
    assert "@spaces.GPU(duration=" in text
    assert "demo.queue(max_size=" in text


def test_byte_code_of_templates_is_no_file_of_them(tmp_path: Path) -> None:
    cache = FOLDER / "gradio-minimal" / "files" / "__pycache__"
    was_there = cache.exists()
    cache.mkdir(exist_ok=True)
    left = cache / "app.cpython-311.pyc"
    existed = left.exists()
    if not existed:
        left.write_bytes(b"\xff")
    try:
        assert set(template("gradio-minimal").files()) == {"README.md", "app.py"}
    finally:
        if not existed:
            left.unlink()
        if not was_there:
            cache.rmdir()


@every
def test_the_yaml_has_no_surprises(each: Template) -> None:
    """Dates and versions that YAML reads as something else would slip through the types."""
    raw = yaml.safe_load((FOLDER / each.id / "template.yaml").read_text())
    assert all(isinstance(line, str) for line in [*raw["edit_first"], *raw.get("notes", [])])
