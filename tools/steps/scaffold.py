"""`space_scaffold`: an app that starts as it is, written from a template into a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..model import FOLDER, Model, NextCall, Result
from ..problems import Problem, bad_argument
from ..registry import Effect, tool
from ..scaffolding.writing import WrittenFile, write_new

if TYPE_CHECKING:
    from ..knowledge import SpaceTemplate
    from ..templates import Template

LIST = "list"
HUB_TEMPLATE = "docker-template"
"""The template that stands for the Hub's own list."""


class Scaffolded(Result):
    """The files are in the folder. `proof` says what is known to work, `edit_first` what to do."""

    outcome = "scaffolded"

    template: str
    folder: str
    files: tuple[WrittenFile, ...]
    sdk: str
    hardware: str | None
    model: str | None
    sdk_version: str | None
    sdk_version_source: str | None
    python_version: str | None
    proof: str
    edit_first: tuple[str, ...]
    notes: tuple[str, ...]

    @override
    def lines(self) -> Iterator[str]:
        where = f"on {self.hardware}" if self.hardware else "without hardware"
        if any(file.state == "written" for file in self.files):
            yield f"Wrote {self.template} to {self.folder}: {self.sdk} {where}."
        else:
            yield f"Nothing was written: all of {self.template} is in {self.folder} already."
        for file in self.files:
            same = ", was there already" if file.state == "unchanged" else ""
            yield f"  {file.path} ({file.size_bytes:,} bytes{same})"
        if self.sdk_version:
            yield f"Gradio {self.sdk_version}, {self.sdk_version_source}."
        yield f"Template {self.proof}."
        yield from (f"Edit first: {line}." for line in self.edit_first)
        yield from (f"Note: {line}." for line in self.notes)


class TemplateRow(Model):
    """A template as far as choosing it needs; `hardware` is None for a static Space."""

    id: str
    summary: str
    choose_when: str
    sdk: str
    hardware: str | None
    takes_model: bool


class TemplateList(Result):
    """Every template, and the names of the Hub's own; no file was written."""

    outcome = "templates"

    templates: tuple[TemplateRow, ...]
    of_the_hub: dict[str, str]
    """Name and repository of each of the Hub's own templates on record."""

    @override
    def lines(self) -> Iterator[str]:
        for each in self.templates:
            place = f"{each.sdk} on {each.hardware}" if each.hardware else each.sdk
            takes = ", takes a model" if each.takes_model else ""
            yield f"{each.id} ({place}{takes}): {each.summary}"
            yield f"  when: {each.choose_when}"
        yield f"The Hub's own, by name: {', '.join(self.of_the_hub)}."


class HubTemplates(Result):
    """The Hub makes the Space itself, from one of its own templates; no file was written."""

    outcome = "hub_template"

    template: str
    known: dict[str, str]
    """Name and repository of each template on record; `hf spaces templates` lists them all."""
    as_of: str
    command: str

    @override
    def lines(self) -> Iterator[str]:
        yield "Nothing was written: the Hub copies the template when the Space is created."
        yield f"The same as a command: {self.command}"
        names = ", ".join(f"{name} ({repository})" for name, repository in self.known.items())
        yield f"On record since {self.as_of}: {names}. `hf spaces templates` lists all of them now."


@tool(
    title="Scaffold a Space",
    effect=Effect.LOCAL,
    examples=({"template": "gradio-minimal", "folder": "demo"}, {"template": "list"}),
    idempotent=True,
    positional=("folder",),
)
def space_scaffold(
    context: Context,
    template: Annotated[str, Field(description="id, or `list`")],
    folder: str | None = None,
    model: Annotated[str | None, Field(description="namespace/name")] = None,
    title: str | None = None,
    hardware: str | None = None,
) -> Scaffolded | TemplateList | HubTemplates:
    """Start an app from a template: writes complete files with the current Gradio version, and says
    what was proved and what to edit first. Never overwrites a file.

    `hardware` is a flavor other than the template's own; the files are changed so that they start
    there. A name of the Hub's own templates (`Streamlit`) gives the call that creates a Space from
    it.

    Raises:
        Problem: `unknown_template` with all of them, `unknown_hardware`, `bad_argument`,
            `file_exists`, `cannot_write`, `path_outside_roots`. Nothing is written then.
    """
    from ..templates import all_templates

    if template.strip().lower() == LIST:
        return _list()
    target = _target(context, folder)
    on_the_hub = _hub_template(template)
    if on_the_hub is not None:
        _refuse_changes(model=model, title=title)
        return _from_the_hub(context, target, on_the_hub, hardware)
    chosen = all_templates().get(template.strip().lower())
    if chosen is None:
        raise _unknown(template)
    return _scaffold(context, chosen, target, model, title, hardware)


def _list() -> TemplateList:
    from ..templates import all_templates

    start = {"template": "<one of these>", "folder": FOLDER}
    return TemplateList(
        templates=tuple(map(_row, all_templates().values())),
        of_the_hub=_hub_templates(),
        next=(NextCall(tool="space_scaffold", arguments=start, why="writes its files"),),
    )


def _row(each: Template) -> TemplateRow:
    return TemplateRow(
        id=each.id,
        summary=each.summary,
        choose_when=each.choose_when,
        sdk=each.sdk,
        hardware=each.hardware,
        takes_model=each.model is not None,
    )


def _scaffold(
    context: Context,
    chosen: Template,
    target: Path,
    model: str | None,
    title: str | None,
    wanted: str | None,
) -> Scaffolded:
    from ..scaffolding.filling import fill
    from ..scaffolding.fitting import checked_hardware, fitted

    hardware = checked_hardware(chosen, wanted)
    values = {"title": _title(chosen, title)} | _model(chosen, model)
    versions = _versions(context, chosen, hardware)
    contents = fill(fitted(chosen.files(), chosen, hardware), values | versions)
    files = write_new(target, contents)
    return Scaffolded(
        template=chosen.id,
        folder=str(target),
        files=files,
        sdk=chosen.sdk,
        hardware=hardware,
        model=values.get("model"),
        sdk_version=versions.get("sdk_version"),
        sdk_version_source=versions.get("sdk_version_source"),
        python_version=versions.get("python_version"),
        proof=chosen.proof.sentence,
        edit_first=chosen.edit_first,
        notes=(*_own_notes(chosen, hardware), *_notes(chosen, model, versions, hardware)),
        next=_next(target, hardware),
    )


def _title(chosen: Template, title: str | None) -> str:
    from ..scaffolding.filling import checked_title

    return chosen.title if title is None else checked_title(title)


def _model(chosen: Template, model: str | None) -> dict[str, str]:
    """The model under its placeholder's name; empty for a template without one."""
    from ..scaffolding.filling import checked_model
    from ..templates import all_templates

    if chosen.model is not None:
        return {"model": chosen.model.default if model is None else checked_model(model)}
    if model is not None:
        takers = ", ".join(each.id for each in all_templates().values() if each.model)
        raise bad_argument("model", f"must be left out: {chosen.id} has none; these do: {takers}")
    return {}


def _versions(context: Context, chosen: Template, hardware: str | None) -> dict[str, str]:
    """Versions that the README of a Gradio Space names, and the reasons for them."""
    if chosen.sdk != "gradio":
        return {}
    from ..scaffolding.pythons import choose_python
    from ..scaffolding.versions import find_gradio

    context.report("looking up Gradio's newest version", None)
    gradio = find_gradio(context.settings.environment, seconds=context.remaining(4.0))
    python = choose_python(hardware)
    return {
        "sdk_version": gradio.version,
        "sdk_version_source": gradio.source,
        "python_version": python.version,
        "python_version_reason": python.why,
    }


def _own_notes(chosen: Template, hardware: str | None) -> Iterator[str]:
    """The template's notes, without those about hardware that it was not written for."""
    for note in chosen.notes:
        if hardware == chosen.hardware or (chosen.hardware or "") not in note:
            yield note


def _notes(
    chosen: Template, model: str | None, versions: dict[str, str], hardware: str | None
) -> Iterator[str]:
    if hardware != chosen.hardware:
        yield f"the files are for {hardware}; what was proved holds for {chosen.hardware} only"
    if "python_version" in versions:
        yield f"Python {versions['python_version']}: {versions['python_version_reason']}"
    if chosen.model is not None and chosen.model.libraries and chosen.sdk == "gradio":
        yield (
            "a rehearsal installs torch, and finds the model only where the rehearsal Hub may read"
            " through (`readThrough` in its settings.json)"
        )
    if chosen.model is None or model is None:
        return
    kinds = " or ".join(chosen.model.tasks)
    by = f", weights for {' or '.join(chosen.model.libraries)}" if chosen.model.libraries else ""
    yield f"whether {model} fits was not looked at; this template takes {kinds} models{by}"


def _next(target: Path, hardware: str | None) -> tuple[NextCall, ...]:
    arguments: dict[str, Any] = {"folder": str(target)}
    if hardware is not None:
        arguments["hardware"] = hardware
    return (
        NextCall(tool="space_lint", arguments=arguments, why="after editing, before pushing"),
        NextCall(tool="space_rehearse", arguments=arguments, why="build, start and call it here"),
    )


def _unknown(name: str) -> Problem:
    from ..templates import all_templates

    lines = [each.line for each in all_templates().values()]
    names = ", ".join(_hub_templates())
    return Problem(
        "unknown_template",
        f"there is no template `{name}`; nothing was written. There are:\n  "
        + "\n  ".join(lines)
        + f"\nand the Hub's own by name: {names}",
        object=name,
    )


def _target(context: Context, folder: str | None) -> Path:
    if folder is None:
        raise bad_argument("folder", "is required: where the files go", tool="space_scaffold")
    return context.folder(folder)


def _hub_templates() -> dict[str, str]:
    from ..knowledge import space_templates

    return {each.name: each.repo_id for each in space_templates()}


def _hub_template(name: str) -> SpaceTemplate | None:
    """The Hub's own template of that name or repository; the first Docker one for the stand-in."""
    from ..knowledge import space_templates

    wanted = name.strip().lower()
    known = space_templates()
    if wanted == HUB_TEMPLATE:
        return next(each for each in known if each.sdk == "docker")
    return next(
        (each for each in known if wanted in (each.name.lower(), each.repo_id.lower())), None
    )


def _refuse_changes(**arguments: str | None) -> None:
    for name, value in arguments.items():
        if value is not None:
            raise bad_argument(name, "must be left out: the Hub copies its template as it is")


def _from_the_hub(
    context: Context, target: Path, chosen: SpaceTemplate, hardware: str | None
) -> HubTemplates:
    space = f"{context.hub.account().name}/{_space_part(target.name)}"
    arguments = {"space": space, "sdk": chosen.sdk, "template": chosen.repo_id}
    if hardware is not None:
        arguments["hardware"] = hardware
    return HubTemplates(
        template=chosen.name,
        known=_hub_templates(),
        as_of=chosen.as_of.isoformat(),
        command=f"hf repos create {space} --type space --sdk {chosen.sdk}"
        f" --template {chosen.repo_id} --private",
        next=(NextCall(tool="space_create", arguments=arguments, why="the Hub copies it"),),
    )


def _space_part(name: str) -> str:
    """A folder's name as the second part of a Space's."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:96].strip("-") or "app"
