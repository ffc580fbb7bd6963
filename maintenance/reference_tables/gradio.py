"""The tables of `references/gradio.md`: what Gradio 6 took away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tools.knowledge.gradio_changes import GradioChanges, RemovedArgument, gradio_changes

from .markdown import sourced, table

SINCE = "6.0"
_CALLS = {
    "event": "events",
    "event.then": "`.then`",
    "on": "`gr.on`",
    "api": "`gr.api`",
    "Blocks.launch": "`launch`",
    "Blocks.load": "`demo.load`",
}
_MOST_CALLS = 3


def gone() -> str:
    """Arguments and values that Gradio 6 does not take, and what stands instead."""
    facts = gradio_changes()
    header = ("argument", "of", "instead")
    return sourced(table(header, [*_arguments(facts), *_values(facts)]), facts.source, facts.as_of)


def _arguments(facts: GradioChanges) -> Iterator[tuple[str, str, str]]:
    """One row for all arguments with the same calls and the same kind of replacement."""
    rows: dict[tuple[str, str], list[str]] = {}
    for one in facts.arguments:
        if one.since == SINCE:
            rows.setdefault((_calls(one), _instead(one)), []).append(f"`{one.argument}`")
    for (calls, instead), names in rows.items():
        yield ", ".join(names), calls, instead


def _instead(one: RemovedArgument) -> str:
    if one.fix is not None and one.fix.button is not None:
        return 'its name in `buttons=[...]`, such as `"copy"`'
    if one.argument in gradio_changes().moved.arguments:
        return "the same argument of `launch()`"
    return (
        one.instead
        if "`" in one.instead or one.instead.startswith(("leave", "the "))
        else f"`{one.instead}`"
    )


def _calls(one: RemovedArgument) -> str:
    if not one.calls:
        return "any"
    named = [_CALLS.get(call, f"`{call}`") for call in one.calls]
    return ", ".join(named[:_MOST_CALLS]) + (" and others" if len(named) > _MOST_CALLS else "")


def _values(facts: GradioChanges) -> Iterator[tuple[str, str, str]]:
    for one in facts.removed_values:
        yield f'`{one.argument}="{one.value}"`', f"any ({one.effect})", f"`{one.instead}`"


TABLES: dict[str, Callable[[], str]] = {"gradio-gone": gone}
