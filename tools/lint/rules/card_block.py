"""The block itself: whether README.md has one, where it stands and whether it is YAML."""

from __future__ import annotations

from collections.abc import Iterator

from ..card import README
from ..card_checks import is_parsed, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import rule

_REFERENCE = "hub-docs spaces-config-reference.md (2026-03-20)"


@rule(
    "FM_MISSING",
    Severity.ERROR,
    "README.md has no block that configures the Space",
    source=f"{_REFERENCE}; message of Spaces without one, reported 2026-10",
    as_of="2026-11-22",
    reference="card",
    fix=Fix.UNSAFE,
)
def missing(project: Project) -> Iterator[Hit]:
    """The Hub learns the SDK from the block at the top of README.md. Without it the Space stays in
    CONFIG_ERROR with "Missing configuration in README", however good the rest is.
    """
    card = project.card
    kind = card.problem.kind if card.problem else ""
    if card.exists and kind not in {"missing", "not_closed"}:
        return
    # A single file that somebody names is looked at for itself, not as a Space.
    severity = Severity.INFO if project.names_app_file else None
    if not card.exists:
        what, line = "there is no README.md; it must begin with a block between `---` lines", None
    elif kind == "not_closed":
        line = card.problem.line if card.problem else 1
        what = f"the block that line {line} opens is never closed; end it with a line `---`"
    else:
        what, line = "README.md does not begin with a block between `---` lines", 1
    yield Hit(
        README,
        line,
        f"{what}, so the Space stops in CONFIG_ERROR; name at least `title` and `sdk` in it",
        severity,
        fixable=kind != "not_closed" and project.sdk in {"gradio", "docker", "static"},
    )


@rule(
    "FM_YAML_INVALID",
    Severity.ERROR,
    "The block is not valid YAML",
    source="validation of README.md by huggingface_hub 2.4.0; parse results measured with PyYAML",
    as_of="2026-11-22",
    reference="card",
)
def invalid_yaml(project: Project) -> Iterator[Hit]:
    """The Hub refuses a push whose block it cannot parse, and a Space that has one stops in
    CONFIG_ERROR. The usual causes are an unquoted colon, bracket, `@` or `#` in a title, an emoji
    lost in conversion, and tabs.
    """
    problem = project.card.problem
    if problem is None:
        return
    if problem.kind == "invalid_yaml":
        advice = "put a value with `: # @ [ ] { }` into quotes, and indent with spaces"
        yield Hit(README, problem.line, f"invalid YAML: {shown(problem.detail)}; {advice}")
    elif problem.kind == "alias":
        yield Hit(README, problem.line, "YAML aliases (`*name`) in the block; write the value out")
    elif problem.kind == "not_a_mapping":
        yield Hit(README, problem.line, "the block has no `key: value` lines; write `sdk: gradio`")


@rule(
    "FM_BOM",
    Severity.ERROR,
    "A byte-order mark hides the block",
    source="huggingface_hub 2.4.0 RepoCard, measured",
    as_of="2026-11-22",
    reference="card",
    fix=Fix.SAFE,
)
def byte_order_mark(project: Project) -> Iterator[Hit]:
    """Some editors put an invisible mark before the first character. The line is then no longer
    `---`, the block is not found, and the Space has no configuration.
    """
    text = project.text(README) or ""
    problem = project.card.problem
    if text.startswith("\ufeff") and (problem is None or problem.kind != "missing"):
        message = "README.md begins with a byte-order mark, which hides the block; save it as UTF-8"
        yield Hit(README, 1, f"{message} without the mark")


@rule(
    "FM_NOT_FIRST",
    Severity.WARNING,
    "The block is not at the very top of README.md",
    source=f"{_REFERENCE}: at the top of the file; huggingface_hub 2.4.0 accepts blank lines",
    as_of="2026-11-22",
    reference="card",
    fix=Fix.SAFE,
)
def not_first(project: Project) -> Iterator[Hit]:
    """The documentation asks for the block at the top. The client accepts blank lines above it;
    what the Hub does with them is not known.
    """
    problem = project.card.problem
    if problem is not None and problem.kind == "not_first":
        yield Hit(README, 1, "blank lines stand above the block; make `---` the first line")


@rule(
    "FM_DUPLICATE_KEY",
    Severity.WARNING,
    "A key stands in the block twice",
    source="YAML 1.2.2, 3.2.1.3: keys of a mapping are unique; PyYAML keeps the last, measured",
    as_of="2026-11-22",
    reference="card",
    fix=Fix.SAFE,
)
def duplicate_key(project: Project) -> Iterator[Hit]:
    """YAML forbids it, and readers differ: some refuse the block, others take one of the values
    silently.
    """
    if not is_parsed(project):
        return
    for earlier in project.card.duplicates:
        last = project.card.keys[earlier.name]
        same = (earlier.raw, earlier.quoted) == (last.raw, last.quoted) and bool(last.raw)
        yield Hit(
            README,
            earlier.line,
            f"`{earlier.name}` stands again in line {last.line}; keep one of them",
            fixable=same,
        )


@rule(
    "FM_KEY_CHARACTERS",
    Severity.ERROR,
    'A key holds "." or "$"',
    source="refusal of the Hub quoted in huggingface_hub issue 1114",
    as_of="2026-11-22",
    reference="card",
)
def key_characters(project: Project) -> Iterator[Hit]:
    """The Hub refuses metadata whose keys hold a dot or a dollar sign, so the push fails."""
    if not is_parsed(project):
        return
    for key in project.card.keys.values():
        if "." in key.name or "$" in key.name:
            yield Hit(
                README, key.line, f"the Hub refuses the key `{shown(key.name)}`: no `.`, no `$`"
            )
