"""`huggingface-spaces error-report`: a solved error made into something that others can use."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import click

from ..diagnosing.contributing import (
    STAGES,
    VERDICTS,
    Solved,
    contribution,
    identity_of,
    is_identity,
)
from ..knowledge.known_errors import Stage, Verdict
from ..problems import Problem
from ..redaction import redact

USUAL_VERDICT = {"call": "app", "hub": "account"}
LARGEST_FILE = 300_000
_HOME = re.compile(r"(?P<above>/home/|/Users/|[A-Z]:\\Users\\)(?!user\b)[^/\\\s'\":]+")
_SPACE = re.compile(r"(?P<before>huggingface\.co/spaces/|spaces/)[\w.-]+/[\w.-]+")
_HOST = re.compile(r"\b[a-z0-9-]+(?P<domain>(?:\.static)?\.hf\.space)")


@click.command("error-report")
@click.argument("log", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--cause", required=True, help="Why it happened, in one sentence.")
@click.option("--how", required=True, help="What cured it, in one sentence.")
@click.option("--line", "number", type=click.IntRange(1), help="Line of the log; else found.")
@click.option("--stage", type=click.Choice(STAGES), default="start", show_default=True)
@click.option("--verdict", type=click.Choice(VERDICTS), help="Whose trouble; else by the stage.")
@click.option("--id", "identity", help="Name of the error; else made from the line.")
@click.option("--signature", help="Regular expression; else made from the line.")
@click.option("--before", type=click.Path(exists=True, file_okay=False), help="Files that failed.")
@click.option("--after", type=click.Path(exists=True, file_okay=False), help="The cured ones.")
@click.option("--diff", type=click.Path(exists=True, dir_okay=False), help="Or a unified diff.")
@click.option("--healthy", type=click.Path(exists=True, dir_okay=False), help="A healthy log.")
@click.option("--hide", multiple=True, metavar="TEXT", help="A name to take out everywhere.")
@click.option("--hide-spaces", is_flag=True, help="Take out the names of Spaces.")
@click.option("--output", default="error-report", show_default=True, help="A new folder.")
def error_report(**given: Any) -> int:
    """Turn an error that you solved into an entry, a specimen, a test and pull-request text.

    LOG is the log file, - for standard input. Tokens and home folders are taken out. The files are
    written to a new folder of this machine; nothing is sent anywhere.
    """
    target = _new_folder(given["output"])
    clean = _Cleaner(given["hide"], hide_spaces=given["hide_spaces"])
    lines = clean.text(_text_of(given["log"])).splitlines()
    line, block = _root(lines, given["number"])
    _refuse_known(line, block)
    solved = _solved(given, line, block, clean)
    files = contribution(solved)
    target.mkdir(parents=True)
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")
    click.echo(f"Written to {target}: {', '.join(files)}")
    click.echo(f"Signature: {solved.signature}")
    click.echo("Nothing was sent. Read the files; PULL_REQUEST.md says what is left to do.")
    return 0


class _Cleaner:
    """Takes out what is nobody else's business."""

    def __init__(self, hide: Sequence[str], *, hide_spaces: bool) -> None:
        self._hide = tuple(sorted(filter(None, hide), key=len, reverse=True))
        self._hide_spaces = hide_spaces

    def text(self, text: str) -> str:
        """The text without tokens, names of home folders, and what was asked for."""
        text = redact(text)
        text = _HOME.sub(r"\g<above>user", text)
        for name in self._hide:
            text = text.replace(name, "hidden")
        if self._hide_spaces:
            text = _SPACE.sub(r"\g<before>namespace/name", text)
            text = _HOST.sub(r"namespace-name\g<domain>", text)
        return text


def _solved(given: dict[str, Any], line: str, block: tuple[str, ...], clean: _Cleaner) -> Solved:
    from ..diagnosing.learning import edits_of, read_diff

    stage: Stage = given["stage"]
    identity = given["identity"] or identity_of(line, stage)
    if not is_identity(identity):
        raise _refused("id", f"`{identity}` is not made of lower-case words joined by hyphens")
    diff, before = _cure(given, clean)
    replaced = read_diff(diff)
    edits, by_hand = edits_of(replaced)
    verdict = given["verdict"] or USUAL_VERDICT.get(stage, stage)
    return Solved(
        identity=identity,
        stage=stage,
        verdict=cast("Verdict", verdict),
        line=line,
        signature=_signature(given["signature"], line, given["healthy"]),
        cause=clean.text(given["cause"]),
        how=clean.text(given["how"]),
        block=block,
        edits=edits,
        by_hand=by_hand,
        before={one.path: before[one.path] for one in replaced if one.path in before},
    )


def _cure(given: dict[str, Any], clean: _Cleaner) -> tuple[str, dict[str, str]]:
    """The diff of the cure, and the files as they were before it; both may be empty."""
    from ..diagnosing.learning import diff_of_folders

    if given["diff"] and (given["before"] or given["after"]):
        raise _refused("diff", "give either `--diff` or `--before` and `--after`")
    if given["diff"]:
        return clean.text(_text_of(given["diff"])), {}
    if bool(given["before"]) != bool(given["after"]):
        raise _refused("before", "`--before` and `--after` belong together")
    if not given["before"]:
        return "", {}
    before, after = (_texts(Path(given[name]), clean) for name in ("before", "after"))
    return diff_of_folders(before, after), before


def _texts(folder: Path, clean: _Cleaner) -> dict[str, str]:
    from ..lint.texts import FolderTexts

    texts = FolderTexts(folder)
    small = (path for path, size in texts.sizes.items() if size <= LARGEST_FILE)
    read = {path: texts.get(path) for path in small}
    return {path: clean.text(text) for path, text in read.items() if text is not None}


def _root(lines: Sequence[str], number: int | None) -> tuple[str, tuple[str, ...]]:
    """The line of the error and those around it: the one that was named, else the first error."""
    from ..logreading import read_log

    if number is not None:
        if number > len(lines) or not lines[number - 1].strip():
            raise _refused("line", f"the log has no text in line {number} of {len(lines)}")
        return lines[number - 1].strip(), tuple(lines[max(0, number - 6) : number + 2])
    reading = read_log(lines)
    found = reading.likely_error or reading.first_error
    if found is None:
        raise _refused("line", "no error is seen in the log; name the line with --line")
    return found.text, found.block


def _refuse_known(line: str, block: Iterable[str]) -> None:
    from ..diagnosing.matching import matches

    match = next((one for one in matches(tuple(block), line) if not one.error.generic), None)
    if match is not None:
        raise Problem(
            "already_known",
            f"{match.error.id} is known already and has this line: {match.error.cause}",
            object=match.error.id,
            advice="`huggingface-spaces diagnose --log FILE` gives its cure; to correct the entry,"
            " edit it in tools/knowledge/errors/",
        )


def _signature(given: str | None, line: str, healthy: str | None) -> str:
    """The person's signature, else one that allows for other names, else the line as it is."""
    from ..diagnosing.generalising import exactly, healthy_lines, objections, signature_of

    lines = healthy_lines() + (_text_of(healthy).splitlines() if healthy else [])
    candidates = [given] if given else [signature_of(line), exactly(line)]
    said = [objections(candidate, line, lines) for candidate in candidates]
    for candidate, why in zip(candidates, said, strict=True):
        if not why:
            return candidate
    raise _refused("signature", f"`{candidates[0]}` cannot be used: {'; '.join(said[0])}")


def _new_folder(name: str) -> Path:
    target = Path(name)
    if target.exists():
        raise _refused("output", f"{target} exists already; name a new folder")
    return target


def _text_of(path: str) -> str:
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    return data.decode("utf-8", "replace")


def _refused(option: str, message: str) -> Problem:
    return Problem("bad_argument", f"`--{option}`: {message}. Nothing was written", object=option)
