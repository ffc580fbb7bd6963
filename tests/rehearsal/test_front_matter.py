"""The card's rules, on blocks whose verdict is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.rehearsal import front_matter


def block(lines: str) -> str:
    return "---\n" + lines.replace(" | ", "\n") + "\n---\n\n# text\n"


GOOD = [
    "title: Demo | emoji: 🚀 | colorFrom: blue | colorTo: indigo | sdk: gradio",
    'sdk: gradio | sdk_version: "6.31.0" | app_file: app.py | python_version: "3.12"',
    "title: D | sdk: gradio",
    "title: D | sdk: docker | app_port: 8080",
    "title: D | sdk: static | app_file: dist/index.html | app_build_command: npm run build",
    'title: "Foo: bar" | sdk: gradio',
    "sdk: gradio | hf_oauth: true | hf_oauth_expiration_minutes: 43200",
    "sdk: gradio | startup_duration_timeout: 1h",
    "sdk: static | custom_headers: {cross-origin-embedder-policy: require-corp}",
    "sdk: gradio | preload_from_hub: [gpt2 config.json]",
    "sdk: gradio | short_description: " + "x" * 60,
    "sdk: gradio | short_description: " + "é" * 60,
    "sdk: gradio | hardware: zero-a10g | suggested_storage: small",
    "emoji: 1️⃣",
    "license: mit",
    "license: [mit, cc0-1.0]",
    "title: D",
]

BAD = [
    ("short_description: " + "x" * 61, "length must be less than or equal to 60 characters long"),
    ("license: MIT", '"license" must be one of [apache-2.0, mit,'),
    ("license: [mit, asdf]", '"license" must be one of'),
    ("colorFrom: orange", '"colorFrom" must be one of [red, yellow, green, blue,'),
    ('colorFrom: "#ff0000"', '"colorFrom" must be one of'),
    ("colorTo: Blue", '"colorTo" must be one of'),
    ("emoji: rocket", '"emoji"'),
    ("emoji: :rocket:", "Invalid YAML"),
    ("sdk: streamlit", '"sdk" must be one of [gradio, docker, static]'),
    ("sdk: react", '"sdk" must be one of'),
    ("app_port: 80", '"app_port" must be greater than or equal to 1025'),
    ('app_port: "8080"', '"app_port" must be a number'),
    ("title: Foo: bar", "Invalid YAML"),
    ("title: [FLUX] demo", "Invalid YAML"),
    ("header: large", '"header" must be one of [mini, default]'),
    ("custom_headers: {X-Frame-Options: DENY}", '"custom_headers" allows only'),
    ("custom_headers: {cross-origin-opener-policy: Same-Origin}", "lower case"),
    ("base_path: app", '"base_path" must start with /'),
    ("hf_oauth_expiration_minutes: 43201", "43200"),
    ("startup_duration_timeout: soon", '"startup_duration_timeout"'),
    ("tags: one", '"tags" must be a list of strings'),
    ("a.b: 1", 'You can\'t have a key with a "." or "$" character'),
    ("- a | - b", "must be a YAML mapping"),
    ("a: &x [1] | b: *x", "aliases"),
]


@pytest.mark.parametrize("lines", GOOD)
def test_good_blocks(lines: str) -> None:
    assert front_matter.errors(block(lines), "space") == []


@pytest.mark.parametrize(("lines", "message"), BAD)
def test_bad_blocks(lines: str, message: str) -> None:
    (found,) = front_matter.errors(block(lines), "space")
    assert message in found


def test_a_missing_block_is_only_a_warning() -> None:
    for text in ("", "# no block", "---\nno end", "\ufeff---\nsdk: gradio\n---\n"):
        assert front_matter.errors(text, "space") == []
        assert front_matter.warnings(text)


def test_rules_of_spaces_are_not_those_of_models() -> None:
    assert front_matter.errors(block("colorFrom: orange"), "model") == []


def test_a_line_is_added_inside_the_block() -> None:
    text = front_matter.add_line(block("sdk: static"), "duplicated_from: a/b")
    assert front_matter.read(text) == {"sdk": "static", "duplicated_from": "a/b"}
    assert text.endswith("# text\n")
    assert front_matter.add_line("no block", "x: 1") == "no block"


@given(st.text(max_size=200) | st.text(st.sampled_from("-:a[]{}&*!|>\n \"'#%@,?0."), max_size=60))
def test_any_text_is_accepted_or_refused_but_never_breaks(text: str) -> None:
    assert isinstance(front_matter.errors(f"---\n{text}\n---\n", "space"), list)


def test_a_model_index_is_a_list_in_models_only() -> None:
    text = block("model-index: foo")
    assert front_matter.errors(text, "model") == ['"model-index" must be an array']
    assert front_matter.errors(text, "space") == []
