"""The simple commands in a piece of shell: enough of its grammar to find every program's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
SUBSTITUTED = "$SUBSTITUTED"
"""Stands in a word where the output of another command would."""


class ShellError(ValueError):
    """The text is no shell, or more of it than documentation needs."""


@dataclass(frozen=True)
class Command:
    """A program with its arguments, quotes and redirections taken away. `line` counts from 1."""

    words: tuple[str, ...]
    line: int

    @property
    def program(self) -> str:
        """The name of the program, without the folder it is called from."""
        return self.words[0].rpartition("/")[2]


def commands(text: str, line: int = 1) -> list[Command]:
    """Every command, those of `$(...)` included; variables set before a program are left out.

    Raises:
        ShellError: an open quote, backquotes, a here-document.
    """
    reader = _Reader(text, line)
    reader.read()
    return sorted(reader.found, key=lambda command: command.line)


@dataclass
class _Reader:
    text: str
    line: int
    position: int = 0
    word: str | None = None
    words: list[str] = field(default_factory=list)
    begun: int = 0
    redirected: bool = False
    found: list[Command] = field(default_factory=list)

    def read(self) -> None:
        while self.position < len(self.text):
            character = self.text[self.position]
            if character == "\\":
                self._escaped()
            elif character in "'\"":
                self._quoted(character)
            elif self.text.startswith("$(", self.position):
                self._add(self._substitution())
            elif character == "`":
                raise ShellError("backquotes: write $(...)")
            elif character in "<>":
                self._redirect()
            elif character == "#" and self.word is None:
                self._comment()
            elif character in " \t":
                self._end_word()
                self.position += 1
            elif character in "\n;|&()":
                self._end_command()
                self.line += character == "\n"
                self.position += 1
            else:
                self._add(character)
                self.position += 1
        self._end_command()

    def _add(self, text: str) -> None:
        if self.word is None:
            self.word = ""
            self.begun = self.begun or self.line
        self.word += text

    def _escaped(self) -> None:
        after = self.text[self.position + 1 : self.position + 2]
        if after == "\n":
            self.line += 1
        else:
            self._add(after)
        self.position += 2

    def _quoted(self, quote: str) -> None:
        opened = self.line
        self._add("")
        self.position += 1
        while self.position < len(self.text) and self.text[self.position] != quote:
            if quote == '"' and self.text.startswith("$(", self.position):
                self._add(self._substitution())
                continue
            if quote == '"' and self.text[self.position] == "\\":
                self.position += 1
            character = self.text[self.position : self.position + 1]
            self.line += character == "\n"
            self._add(character)
            self.position += 1
        if self.position >= len(self.text):
            raise ShellError(f"a {quote} that is opened in line {opened} is never closed")
        self.position += 1

    def _substitution(self) -> str:
        """Reads `$(...)` and the commands in it."""
        begin, depth = self.position + 2, 1
        end = begin
        while depth:
            if end >= len(self.text):
                raise ShellError(f"$( in line {self.line} is never closed")
            depth += {"(": 1, ")": -1}.get(self.text[end], 0)
            end += 1
        inner = self.text[begin : end - 1]
        self.found += commands(inner, self.line)
        self.line += inner.count("\n")
        self.position = end
        return SUBSTITUTED

    def _redirect(self) -> None:
        if self.text.startswith("<<", self.position):
            raise ShellError("here-documents are not read: show the file in a block of its own")
        if self.word is not None and self.word.isdigit():
            self.word = None
        self._end_word()
        while self.position < len(self.text) and self.text[self.position] in "<>&":
            self.position += 1
        self.redirected = True

    def _comment(self) -> None:
        end = self.text.find("\n", self.position)
        self.position = len(self.text) if end < 0 else end

    def _end_word(self) -> None:
        if self.word is None:
            return
        is_first = not self.words and _ASSIGNMENT.fullmatch(self.word)
        if not self.redirected and not is_first:
            self.words.append(self.word)
        self.redirected, self.word = False, None

    def _end_command(self) -> None:
        self._end_word()
        if self.words:
            self.found.append(Command(tuple(self.words), self.begun))
        self.words, self.begun = [], 0
