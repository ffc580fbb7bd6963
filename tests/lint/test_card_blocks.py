"""Thirty blocks of cards whose verdict is known, judged by the rules about the card alone.

What the Hub refuses or cannot run has to be reported, and what it takes must not be called broken.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.knowledge.card_keys import card_key
from tools.lint import Finding, Project, Report, Severity, lint
from tools.lint.texts import MemoryTexts
from tools.rehearsal import front_matter

FILES = {
    "app.py": "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.LoginButton()\n",
    "index.html": "<p>Hello</p>\n",
    "Dockerfile": "FROM python:3.12\nUSER 1000\n",
    "package.json": '{"scripts": {"build": "vite build"}}',
}
COMMIT = "11c5a3d5811f50298f278a704980280950aedb10"
FULL = (
    "title: Demo | emoji: 🚀 | colorFrom: blue | colorTo: indigo | sdk: gradio"
    ' | sdk_version: "6.31.0" | app_file: app.py | python_version: "3.12" | hf_oauth: true'
)
GRADIO = 'title: D | sdk: gradio | sdk_version: "6.31.0" | app_file: app.py | hf_oauth: true'

TAKEN = [
    FULL,
    "title: D | sdk: docker | app_port: 8080",
    "title: D | sdk: static | app_file: dist/index.html | app_build_command: npm run build",
    "title: D | sdk: static",
    GRADIO.replace("title: D", 'title: "Foo: bar"'),
    f"{GRADIO} | hf_oauth_scopes: [inference-api, email] | hf_oauth_expiration_minutes: 43200",
    f"{GRADIO} | startup_duration_timeout: 1h",
    "title: D | sdk: static | custom_headers: {cross-origin-embedder-policy: require-corp}",
    f'{GRADIO} | preload_from_hub: ["openai-community/gpt2 config.json {COMMIT}"]',
    f"{GRADIO} | short_description: {'x' * 60}",
    f"{GRADIO} | suggested_storage: small",
]
UNPINNED = "title: D | sdk: gradio | hf_oauth: true"
ONLY_IGNORED = f"{GRADIO} | hardware: zero-a10g"

# The block, the rule that has to speak, and the line in README.md.
REFUSED = [
    (f"{GRADIO} | short_description: {'x' * 61}", "FM_SHORT_DESCRIPTION", 7),
    (f"{GRADIO} | colorFrom: orange", "FM_COLOR", 7),
    (f'{GRADIO} | colorFrom: "#ff0000"', "FM_COLOR", 7),
    (f"{GRADIO} | colorTo: Blue", "FM_COLOR", 7),
    (f'{GRADIO} | emoji: "rocket"', "FM_EMOJI", 7),
    (f"{GRADIO} | emoji: :rocket:", "FM_YAML_INVALID", 7),
    ("title: D | emoji: 🚀", "FM_SDK_MISSING", 2),
    ("title: D | sdk: streamlit", "FM_SDK_STREAMLIT", 3),
    ("title: D | sdk: react", "FM_SDK_UNKNOWN", 3),
    ("title: D | sdk: docker | app_port: 80", "FM_APP_PORT", 4),
    (f"{GRADIO} | python_version: 3.10", "FM_PYTHON_VERSION_UNQUOTED", 7),
    (GRADIO.replace("title: D", "title: Foo: bar"), "FM_YAML_INVALID", 2),
    (GRADIO.replace("title: D", "title: [FLUX] demo"), "FM_YAML_INVALID", 2),
    (f"{GRADIO} | header: large", "FM_HEADER", 7),
    ("title: D | sdk: static | custom_headers: {X-Frame-Options: DENY}", "FM_CUSTOM_HEADERS", 4),
    ("title: D | sdk: docker | base_path: app", "FM_BASE_PATH", 4),
]
SURELY_FAILS = {
    *("FM_SHORT_DESCRIPTION", "FM_COLOR", "FM_YAML_INVALID", "FM_SDK_MISSING", "FM_SDK_UNKNOWN"),
    *("FM_APP_PORT", "FM_PYTHON_VERSION_UNQUOTED"),
}


def block(lines: str) -> str:
    return "---\n" + lines.replace(" | ", "\n") + "\n---\n"


def report(readme: str) -> Report:
    return lint(Project(MemoryTexts({**FILES, "README.md": readme})), strict=True)


def about_the_card(readme: str) -> list[Finding]:
    return [found for found in report(readme).findings if found.id.startswith(("FM_", "APP_FILE"))]


def loud(readme: str) -> list[tuple[str, Severity]]:
    return [
        (found.id, found.severity)
        for found in about_the_card(readme)
        if found.severity is not Severity.INFO
    ]


@pytest.mark.parametrize("lines", TAKEN)
def test_what_the_hub_takes_is_not_called_broken(lines: str) -> None:
    assert loud(block(lines)) == []


def test_the_least_block_runs_but_pins_nothing() -> None:
    assert {rule for rule, _ in loud(block(UNPINNED))} == {
        "FM_SDK_VERSION_MISSING",
        "FM_APP_FILE_MISSING",
    }
    assert {severity for _, severity in loud(block(UNPINNED))} == {Severity.WARNING}


def test_an_ignored_key_is_a_warning() -> None:
    assert loud(block(ONLY_IGNORED)) == [("FM_HARDWARE_KEY", Severity.WARNING)]


@pytest.mark.parametrize(("lines", "rule", "line"), REFUSED)
def test_what_the_hub_refuses_is_found_at_its_line(lines: str, rule: str, line: int) -> None:
    (found,) = [one for one in about_the_card(block(lines)) if one.id == rule]
    assert found.line == line
    assert (found.severity is Severity.ERROR) == (rule in SURELY_FAILS)


def test_no_block_at_all_is_an_error() -> None:
    assert loud("# Only words\n") == [("FM_MISSING", Severity.ERROR)]


@pytest.mark.parametrize("lines", [*TAKEN, UNPINNED, ONLY_IGNORED, *(one[0] for one in REFUSED)])
def test_whatever_the_rehearsal_hub_refuses_the_lint_reports(lines: str) -> None:
    if front_matter.errors(block(lines), "space"):
        assert loud(block(lines))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_endings_change_nothing(newline: str) -> None:
    readme = block(f"{GRADIO} | colorFrom: orange").replace("\n", newline)
    assert loud(readme) == [("FM_COLOR", Severity.ERROR)]


def test_a_long_value_is_cut_in_the_message() -> None:
    (found,) = about_the_card(block(f"{GRADIO} | header: {'long ' * 200}"))
    assert len(found.message) < 200


CHARACTERS = st.sampled_from("-:a0[]{}&*!|>\n \"'#%@,?.é🚀\t")
KEYS = st.sampled_from(sorted(card_key(name).name for name in front_matter._SPACE_RULES))
VALUES = (
    st.text(CHARACTERS, max_size=30)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.sampled_from(["", "[]", "{}", "[1, {a: b}]", "{1: 2}", "yes", "null", "2024-13-45"])
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=6), st.sampled_from(["gradio", "docker", "1"]))
def test_any_value_of_a_known_key_is_judged(lines: list[tuple[str, str]], sdk: str) -> None:
    report(block(" | ".join([f"sdk: {sdk}", *(f"{key}: {value}" for key, value in lines)])))


@given(st.text(CHARACTERS, max_size=120))
def test_any_text_between_the_lines_is_judged(text: str) -> None:
    report(f"---\n{text}\n---\n")
    report(text)
