"""Command lines of a Dockerfile and of the shell scripts that it starts, as simple commands."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^}]*))?\}|(?P<plain>\w+))")
_ASSIGNMENT = re.compile(r"^(?P<name>[A-Za-z_]\w*)=(?P<value>.*)$", re.DOTALL)
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
# Words that run the command after them; options between are skipped.
_WRAPPERS = frozenset(
    {"exec", "tini", "dumb-init", "nohup", "env", "time", "xvfb-run", "catchsegv", "stdbuf"}
)
_RUNNERS = {"uv": "run", "poetry": "run", "pipenv": "run", "pdm": "run", "hatch": "run"}
_PYTHON = re.compile(r"python(?:\d+(?:\.\d+)?)?$")

LONGEST_LINE = 10_000
"""Characters of a command line; `shlex` takes time with the square of a word's length."""
LONGEST_VALUE = 20_000
"""Characters that variables may grow to: each can name others several times."""
LONGEST_SCRIPT = 50_000
"""Characters that are read of a script; what starts a server is shorter."""


@dataclass(frozen=True)
class Command:
    """One simple command: its words, its line, whether a shell expands variables in it, and whether
    it runs in the background.
    """

    words: tuple[str, ...]
    line: int
    by_shell: bool
    background: bool = False

    @property
    def program(self) -> str:
        """The command's name without its folder."""
        return self.words[0].rsplit("/", 1)[-1] if self.words else ""

    def option(self, *names: str) -> str | None:
        """The value of an option, given as the next word or after `=`."""
        for index, word in enumerate(self.words):
            name, equals, value = word.partition("=")
            if equals and name in names:
                return value
            if word in names:
                return self.words[index + 1] if index + 1 < len(self.words) else ""
        return None


def commands_of(arguments: str, line: int) -> list[Command]:
    """The commands of CMD or ENTRYPOINT in either form, `sh -c` opened. Never raises."""
    words = exec_words(arguments)
    if words is None:
        return _shell(arguments, line)
    for index, word in enumerate(words):
        if word.rsplit("/", 1)[-1] in _SHELLS and _script_argument(words[index + 1 :]):
            return _shell(_script_argument(words[index + 1 :]), line)
    return [command] if (command := _unwrapped(words, line, by_shell=False)) else []


def exec_words(arguments: str) -> list[str] | None:
    """The words of the form with brackets, None for the shell form."""
    if not arguments.lstrip().startswith("["):
        return None
    try:
        parsed = json.loads(arguments)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parsed, list) or not all(isinstance(word, str) for word in parsed):
        return None
    return parsed


def script_commands(text: str) -> list[Command]:
    """The commands of a shell script, as far as they stand on lines of their own."""
    found: list[Command] = []
    pending, start = "", 0
    for number, raw in enumerate(text[:LONGEST_SCRIPT].splitlines(), start=1):
        start = start if pending else number
        pending += raw
        if raw.endswith("\\"):
            pending = pending[:-1] + " "
            continue
        if pending.strip():
            found += _shell(pending, start)
        pending = ""
    return found


def script_variables(text: str) -> dict[str, str]:
    """Variables that a script sets to one plain value, at the beginning of a line."""
    found: dict[str, str] = {}
    for raw in text.splitlines():
        line = raw.strip().removeprefix("export ")
        assigned = _ASSIGNMENT.match(line)
        if assigned:
            found[assigned["name"]] = assigned["value"].strip("\"'")
    return found


def expanded(text: str, variables: Mapping[str, str], depth: int = 0) -> str | None:
    """A text with its variables filled in, None where one is not known."""
    unknown, left = False, LONGEST_VALUE - len(text)

    def fill(found: re.Match[str]) -> str:
        nonlocal unknown, left
        name = found["braced"] or found["plain"]
        value = variables.get(name, found["default"])
        left -= len(value or "")
        unknown = unknown or value is None or left < 0
        return "" if unknown else value or ""

    done = _VARIABLE.sub(fill, text)
    if unknown or "$(" in done or "`" in done:
        return None
    # A value may name other variables; a circle is left as unknown.
    if "$" in done:
        return expanded(done, variables, depth + 1) if depth < 5 else None
    return done


def _script_argument(words: list[str]) -> str:
    """What follows `-c` (also `-lc`), or nothing."""
    for index, word in enumerate(words[:-1]):
        if re.fullmatch(r"-[a-z]*c", word):
            return words[index + 1]
    return ""


def _shell(text: str, line: int) -> list[Command]:
    return list(_split(text, line))


def _split(text: str, line: int) -> Iterator[Command]:
    if len(text) > LONGEST_LINE:
        return
    lexer = shlex.shlex(text, posix=True, punctuation_chars="&|;")
    lexer.whitespace_split = True
    words: list[str] = []
    try:
        tokens = [*lexer, ";"]
    except ValueError:
        return  # an open quote: a text over several lines, nothing to read here
    for word in tokens:
        if word and set(word) <= set("&|;"):
            command = _unwrapped(words, line, by_shell=True, background=word == "&")
            if command is not None:
                yield command
            words = []
        else:
            words.append(word)


def _unwrapped(
    words: list[str], line: int, *, by_shell: bool, background: bool = False
) -> Command | None:
    """The command without assignments, wrappers and `python -m` before it."""
    rest = list(words)
    while rest:
        first = rest[0].rsplit("/", 1)[-1]
        if _ASSIGNMENT.match(rest[0]) or rest[0] in {"--", "-g", "then", "do", "else"}:
            rest = rest[1:]
        elif first in _WRAPPERS:
            rest = _without_options(rest[1:])
        elif first in _RUNNERS and rest[1:2] == [_RUNNERS[first]]:
            rest = _without_options(rest[2:])
        elif _PYTHON.match(first) and "-m" in rest[1:4]:
            rest = rest[rest.index("-m") + 1 :]
        else:
            break
    return Command(tuple(rest), line, by_shell, background) if rest else None


def _without_options(words: list[str]) -> list[str]:
    while words and words[0].startswith("-") and words[0] != "--":
        words = words[1:]
    return words
