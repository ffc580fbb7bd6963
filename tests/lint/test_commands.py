"""Commands of Dockerfiles and scripts, read as a shell would, and never failing on a broken one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.lint.commands import commands_of, expanded, script_commands, script_variables


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ('["uvicorn", "app:app"]', ["uvicorn", "app:app"]),
        ("uvicorn app:app", ["uvicorn", "app:app"]),
        ('["sh", "-c", "exec uvicorn app:app"]', ["uvicorn", "app:app"]),
        ('["/bin/bash", "-lc", "uvicorn app:app"]', ["uvicorn", "app:app"]),
        ("PORT=1 exec python3.12 -m uvicorn app:app", ["uvicorn", "app:app"]),
        ('["tini", "-g", "--", "uv", "run", "--no-sync", "uvicorn", "a:b"]', ["uvicorn", "a:b"]),
        ("python app.py", ["python", "app.py"]),
        ('["python", "-u", "app.py"]', ["python", "-u", "app.py"]),
        ("bash start.sh", ["bash", "start.sh"]),
    ],
)
def test_what_really_runs_is_found_behind_wrappers(arguments: str, words: list[str]) -> None:
    (command,) = commands_of(arguments, 3)
    assert list(command.words) == words
    assert command.line == 3


def test_a_shell_runs_several_commands() -> None:
    first, second, third = commands_of("cd /app && redis-server & uvicorn app:app", 1)
    assert [first.program, second.program, third.program] == ["cd", "redis-server", "uvicorn"]
    assert second.background
    assert not third.background


def test_options_stand_apart_or_after_an_equals_sign() -> None:
    (command,) = commands_of("uvicorn app:app --port=7860 --host 0.0.0.0 --reload", 1)
    assert command.option("--port", "-p") == "7860"
    assert command.option("--host") == "0.0.0.0"  # noqa: S104 - nothing is bound
    assert command.option("--workers") is None
    assert command.option("--reload") == ""


def test_only_a_shell_replaces_variables() -> None:
    assert commands_of("serve --port $PORT", 1)[0].by_shell
    assert not commands_of('["serve", "--port", "$PORT"]', 1)[0].by_shell


def test_a_script_is_read_line_by_line() -> None:
    text = (
        "#!/bin/sh\nset -e\n# a comment\nPORT=${PORT:-8000}\nuvicorn app:app \\\n  --port $PORT\n"
    )
    commands = script_commands(text)
    assert [(one.program, one.line) for one in commands] == [("set", 2), ("uvicorn", 5)]
    assert commands[1].option("--port") == "$PORT"
    assert script_variables(text) == {"PORT": "${PORT:-8000}"}


@pytest.mark.parametrize(
    ("text", "variables", "value"),
    [
        ("$A/app", {"A": "/home/user"}, "/home/user/app"),
        ("${A}", {"A": "1"}, "1"),
        ("${A:-7860}", {}, "7860"),
        ("${A-7860}", {"A": "1"}, "1"),
        ("$A", {"A": "$B", "B": "2"}, "2"),
        ("$A", {}, None),
        ("$(cat port)", {}, None),
        ("$A", {"A": "$A"}, None),
    ],
)
def test_variables_are_filled_in(text: str, variables: dict[str, str], value: str | None) -> None:
    assert expanded(text, variables) == value


@given(st.text(st.sampled_from("abc[]\"'\\$ {}&|;=-\n#()<>`"), max_size=60))
def test_any_text_is_read(text: str) -> None:
    for command in [*commands_of(text, 1), *script_commands(text)]:
        assert command.words
    script_variables(text)
    expanded(text, {"a": "$b", "b": "$a"})
