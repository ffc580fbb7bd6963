"""What the command `lint` can do beyond its tool: forms of the report, exit codes, `--explain`.

The forms hold every finding, while a tool's answer is cut to what a model reads.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..call import problem_of
from ..context import Context
from ..failures import fenced
from ..model import NextCall, Spell
from ..problems import Problem
from ..redaction import redact, redact_value
from ..registry import Tool
from ..render import answer_problem, answer_result
from ..steps.lint import Examined, Linted, examine, is_strangers, linted
from .options import Chosen
from .screen import Screen

FORMATS = ("text", "json", "sarif", "github")
LEVELS = ("error", "warning", "info", "never")
_LINE = re.compile(r"^(?P<place>.+?): (?P<severity>error|warning|info) (?P<id>[A-Z_0-9]+): ")
_COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def add_lint_options(command: click.Command, tool: Tool, spell: Callable[[Chosen], Spell]) -> None:
    """Give the command `lint` its further options; `spell` writes calls as commands."""

    def run(
        *,
        report_format: str,
        as_json: bool,
        fail_on: str,
        hub: str | None,
        max_cost: float,
        most_seconds: float | None,
        **given: Any,
    ) -> int:
        chosen = Chosen(hub, max_cost, most_seconds)
        form = "json" if as_json else report_format
        screen = Screen(quiet=form != "text")
        context = Context(chosen.settings(), report=screen.report)
        try:
            with screen:
                arguments = tool.validate({name: given[name] for name in given if given[name]})
                examined = examine(context, **arguments)
        except Exception as error:  # noqa: BLE001 - exit code 1 would say that there are findings
            _show_problem(problem_of(tool, error), spell(chosen), as_json=form == "json")
            return 2
        result = linted(examined)
        _show(form, examined, result, _hub(context), spell(chosen))
        return _exit_code(result, fail_on)

    command.callback = run
    command.params += [
        click.Option(
            ["--format", "report_format"],
            type=click.Choice(FORMATS),
            default="text",
            show_default=True,
            help="json is the envelope of --json; sarif for code scanning; github for annotations.",
        ),
        click.Option(
            ["--fail-on"],
            type=click.Choice(LEVELS),
            default="warning",
            show_default=True,
            help="The least severity that ends with exit code 1.",
        ),
        click.Option(
            ["--explain"],
            metavar="ID",
            is_eager=True,
            expose_value=False,
            callback=_explain,
            help="Say what a rule is about, and end.",
        ),
    ]


def _explain(context: click.Context, option: click.Parameter, value: str | None) -> None:  # noqa: ARG001 - click's shape
    if value is None:
        return
    from ..lint import all_rules
    from ..lint.formats.documentation import rule_text

    rule = all_rules().get(value.upper())
    if rule is None:
        raise click.UsageError(f"`--explain`: no rule is called {value}")
    click.echo(f"{rule.id}\n\n{rule_text(rule)}")
    context.exit(0)


def _show(
    form: str, examined: Examined, result: Linted, hub: dict[str, str] | None, spell: Spell
) -> None:
    if form == "json":
        # Whole, where the envelope of other commands is cut: scripts count on every finding.
        envelope = answer_result(result, hub).envelope
        _echo_json({**envelope, "result": result.model_dump(mode="json")})
    elif form == "sarif":
        _echo_json(_sarif(examined))
    else:
        lines = _annotations(examined) if form == "github" else _text(examined, result, spell)
        _print_lines([redact(line) for line in lines])


def _echo_json(value: Any) -> None:
    click.echo(json.dumps(redact_value(value), ensure_ascii=False, indent=2))


def _sarif(examined: Examined) -> dict[str, Any]:
    from ..lint import all_rules
    from ..lint.formats.sarif import sarif

    return sarif(examined.report, all_rules(), __version__, _prefix(examined.folder))


def _annotations(examined: Examined) -> Iterator[str]:
    from ..lint.formats import text
    from ..lint.formats.github import workflow_commands

    yield from workflow_commands(examined.report, _prefix(examined.folder))
    yield from text.skipped_lines(examined.report)
    yield text.summary(examined.report)


def _text(examined: Examined, result: Linted, spell: Spell) -> Iterator[str]:
    from ..lint.formats import text

    quote, prefix = text.quote_from(examined.project), _prefix(examined.folder)
    lines = [
        line
        for finding in examined.report.findings
        for line in text.finding_lines(finding, quote, prefix)
    ]
    # A person sees whose text it is; an agent in a shell is told.
    is_data = lines and not sys.stdout.isatty() and is_strangers(examined.folder)
    yield from fenced(tuple(lines)) if is_data else lines
    yield from text.skipped_lines(examined.report)
    yield text.summary(examined.report)
    yield from (_advice(call, spell) for call in result.next)


def _advice(call: NextCall, spell: Spell) -> str:
    return f"Next: {spell(call)} - {call.why}"


def _prefix(folder: Path) -> str:
    """How files of the folder are called from here, where editors and runners look for them."""
    here = Path.cwd()
    relative = folder.relative_to(here) if folder.is_relative_to(here) else folder
    name = relative.as_posix()
    return "" if name == "." else f"{name}/"


def _print_lines(lines: list[str]) -> None:
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        click.echo("\n".join(lines))
        return
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    for line in lines:
        console.print(_coloured(line))


def _coloured(line: str) -> Any:
    from rich.text import Text

    text = Text(line)
    found = _LINE.match(line)
    if found:
        text.stylize("bold", *found.span("place"))
        text.stylize(_COLOURS[found["severity"]], found.start("severity"), found.end("id"))
    elif line.startswith("    "):
        text.stylize("dim")
    return text


def _show_problem(problem: Problem, spell: Spell, *, as_json: bool) -> None:
    from .tool_commands import show  # which imports this module

    show(answer_problem(problem, None, (), spell), as_json=as_json)


def _hub(context: Context) -> dict[str, str] | None:
    """The Hub, where one was asked."""
    return context.address.described() if "address" in vars(context) else None


def _exit_code(result: Linted, fail_on: str) -> int:
    counts = {"error": result.errors, "warning": result.warnings, "info": result.infos}
    failing = LEVELS[: LEVELS.index(fail_on) + 1] if fail_on != "never" else ()
    return int(any(counts[level] for level in failing))
