from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.rehearsal.machine import stages
from tools.rehearsal.machine.card import Card, CardError, parse_duration, read_card


def card_of(folder: Path, readme: str, *files: str) -> Card:
    (folder / "README.md").write_text(readme, encoding="utf-8")
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return read_card(folder)


def test_a_full_card(tmp_path: Path) -> None:
    readme = (
        '---\r\ntitle: "a: b"\r\nsdk: gradio\r\nsdk_version: 6.0\r\npython_version: "3.12"\r\n'
        "app_file: src/main.py\r\nhf_oauth: true\r\nhf_oauth_scopes: [email]\r\n"
        "startup_duration_timeout: 1h\r\n---\r\n# Text\r\n"
    )
    card = card_of(tmp_path, readme, "src/main.py")
    assert card == Card(
        sdk="gradio",
        app_file="src/main.py",
        sdk_version="6.0",
        sdk_version_given=True,
        python_version="3.12",
        title="a: b",
        startup_seconds=3600,
        oauth=True,
        oauth_scopes=("email",),
    )


@pytest.mark.parametrize(
    ("readme", "message"),
    [
        ("", "Missing configuration in README"),
        ("# only text\n", "Missing configuration in README"),
        ("---\nsdk: gradio\n", "Missing configuration in README"),
        ("\ufeff---\nsdk: gradio\n---\n", "Missing configuration in README"),
        ("---\n- a\n- list\n---\n", "Missing configuration in README"),
        ("---\ntitle: no sdk\n---\n", "Missing configuration in README"),
        ("---\nsdk: streamlit\n---\n", '"sdk" must be one of [gradio, docker, static]'),
        ("---\ntitle: a: b\nsdk: gradio\n---\n", "Invalid YAML in README.md: mapping values"),
        ("---\ndate: 2026-13-45\nsdk: gradio\n---\n", "Invalid YAML in README.md: month"),
        ("---\nsdk: gradio\nsdk_version: '6 --pre'\n---\n", '"sdk_version" must be'),
        ("---\nsdk: gradio\npython_version: [3]\n---\n", '"python_version" must be'),
        ("---\nsdk: gradio\napp_file: ../app.py\n---\n", '"app_file" must be a path inside'),
        ("---\nsdk: gradio\nstartup_duration_timeout: soon\n---\n", "startup_duration_timeout"),
    ],
)
def test_what_cannot_be_configured(tmp_path: Path, readme: str, message: str) -> None:
    with pytest.raises(CardError) as caught:
        card_of(tmp_path, readme, "app.py")
    assert caught.value.stage == stages.CONFIG_ERROR
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("sdk", "name"), [("gradio", "app.py"), ("docker", "Dockerfile"), ("static", "index.html")]
)
def test_each_sdk_has_a_file_that_must_be_there(tmp_path: Path, sdk: str, name: str) -> None:
    with pytest.raises(CardError, match=name) as caught:
        card_of(tmp_path, f"---\nsdk: {sdk}\n---\n")
    assert caught.value.stage == stages.NO_APP_FILE
    assert card_of(tmp_path, f"---\nsdk: {sdk}\n---\n", name).app_file == name


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("-: \n\r\tsdkgraio#[]{}'\"&*!|>%@`0ab\ufeff"), max_size=60))
def test_any_readme_is_read_or_refused(tmp_path: Path, text: str) -> None:
    try:
        card = card_of(tmp_path, f"---\nsdk: gradio\n{text}\n---\n", "app.py")
    except CardError as error:
        assert error.message
    else:
        assert card.sdk == "gradio"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_titles_survive(tmp_path: Path, title: str) -> None:
    block = yaml.safe_dump({"sdk": "gradio", "title": title}, allow_unicode=True)
    assert card_of(tmp_path, f"---\n{block}---\n", "app.py").title == title


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30m", 1800), ("1h", 3600), ("90s", 90), ("1h 30m", 5400), (45, 45), ("1.5m", 90)],
)
def test_durations(text: object, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "0s", "1 week", "-5m", None, "30m!"])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_duration(text)


@given(hours=st.integers(0, 99), minutes=st.integers(0, 59), seconds=st.integers(1, 59))
def test_durations_add_up(hours: int, minutes: int, seconds: int) -> None:
    text = f"{hours}h{minutes}m{seconds}s"
    assert parse_duration(text) == hours * 3600 + minutes * 60 + seconds
