"""Keys that nobody reads: unknown ones, ignored ones, and those of another SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...knowledge import hardware_flavor, hardware_flavors
from ...knowledge.card_keys import card_key, card_keys, ignored_card_keys
from ..card import README
from ..card_checks import closest, folded, given, is_parsed, listed, meant, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import on_docker, rule

_REFERENCE = "hub-docs spaces-config-reference.md (2026-03-20)"
_HARDWARE = "hardware"
_PLAIN = re.compile(r"[\w-]+")


@rule(
    "FM_UNKNOWN_KEY",
    Severity.INFO,
    "A key that the documentation does not know",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
    fix=Fix.UNSAFE,
)
def unknown_key(project: Project) -> Iterator[Hit]:
    """The Hub keeps unknown keys and does nothing with them, so a misspelt one is silently without
    effect.
    """
    if not is_parsed(project):
        return
    known = card_keys()
    for key in project.card.keys.values():
        if key.name in known or key.name in ignored_card_keys() or "." in key.name:
            continue
        other = closest(key.name, known)
        misspelt = other is not None and folded(other) == folded(key.name)
        yield Hit(
            README,
            key.line,
            f"`{shown(key.name)}` has no effect{meant(key.name, known)}",
            Severity.WARNING if misspelt and other not in project.card.keys else None,
            fixable=other is not None
            and other not in project.card.keys
            and _PLAIN.fullmatch(key.name) is not None,
        )


@rule(
    "FM_HARDWARE_KEY",
    Severity.WARNING,
    "`hardware:` in the card attaches nothing",
    source=f"{_REFERENCE}; huggingface_hub 2.4.0 request_space_hardware",
    as_of="2026-08-22",
    reference="card",
    fix=Fix.SAFE,
)
def hardware_key(project: Project) -> Iterator[Hit]:
    """The Hub ignores the key, so the Space stays on the hardware it has. Hardware is set when the
    Space is created or in its settings; `suggested_hardware` is a hint for people who duplicate it.
    """
    key = project.card.keys.get(_HARDWARE)
    if key is not None:
        yield Hit(
            README,
            key.line,
            f"`hardware: {shown(key.raw)}` is ignored; set the flavor when the Space is created, "
            "and use `suggested_hardware` as a hint for people who duplicate it",
        )


@rule(
    "FM_IGNORED_KEY",
    Severity.WARNING,
    "A setting that cannot be made in the card",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def ignored_key(project: Project) -> Iterator[Hit]:
    """Secrets, variables, storage, sleep time and visibility are settings of the Space. In the card
    they do nothing, and a secret that is written there is public.
    """
    for name, ignored in ignored_card_keys().items():
        key = project.card.keys.get(name)
        if key is not None and name != _HARDWARE:
            yield Hit(README, key.line, f"`{name}` in the card is ignored; {ignored.instead}")


@rule(
    "FM_IGNORED_FOR_SDK",
    Severity.INFO,
    "A key that this SDK does not read",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def ignored_for_sdk(project: Project) -> Iterator[Hit]:
    """Some keys speak to one SDK only: a version of Gradio means nothing to a container, a port
    nothing to a Gradio app.
    """
    sdk = given(project, "sdk")
    if sdk is None or sdk.value not in card_key("sdk").allowed:
        return
    for name, fact in card_keys().items():
        key = given(project, name)
        if key is None or not fact.sdks or sdk.value in fact.sdks or name == "app_file":
            continue
        readers = listed(fact.sdks)
        yield Hit(README, key.line, f"`{name}` has no effect here: only `sdk: {readers}` reads it")


@rule(
    "FM_APP_FILE_IGNORED_DOCKER",
    Severity.INFO,
    "`app_file` in a Docker Space",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
    when=on_docker,
)
def app_file_ignored(project: Project) -> Iterator[Hit]:
    """A Docker Space runs what its Dockerfile says. `app_file` does not choose anything there."""
    key = given(project, "app_file")
    if key is not None:
        message = (
            f"`app_file: {shown(key.value)}` has no effect; the Dockerfile's CMD starts the app"
        )
        yield Hit(README, key.line, message)


@rule(
    "FM_SUGGESTED_HW_VALUE",
    Severity.INFO,
    "`suggested_hardware` is not in the documented list",
    source=f"{_REFERENCE}; SpaceHardware of huggingface_hub 2.4.0",
    as_of="2026-08-22",
    reference="card",
)
def suggested_hardware(project: Project) -> Iterator[Hit]:
    """The documented list is shorter than what the Hub offers, `zero-a10g` for instance is missing.
    A name that is in neither is a mistake.
    """
    key = given(project, "suggested_hardware")
    allowed = card_key("suggested_hardware").allowed
    if key is None or key.value in allowed:
        return
    if isinstance(key.value, str) and hardware_flavor(key.value):
        message = f"`{key.value}` is a flavor, but not one of the documented list for this key"
        yield Hit(README, key.line, message)
    else:
        known = (*allowed, *(flavor.name for flavor in hardware_flavors()))
        message = f"`{shown(key.value)}` is no hardware flavor{meant(str(key.value), known)}"
        yield Hit(README, key.line, message, Severity.WARNING)


@rule(
    "FM_SUGGESTED_STORAGE",
    Severity.INFO,
    "`suggested_storage` is ignored",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="buckets",
    fix=Fix.SAFE,
)
def suggested_storage(project: Project) -> Iterator[Hit]:
    """Persistent storage has been withdrawn, so the key says nothing. Storage buckets took its
    place; they are attached in the settings.
    """
    key = project.card.keys.get("suggested_storage")
    if key is not None:
        message = "`suggested_storage` is ignored since persistent storage was withdrawn"
        yield Hit(README, key.line, f"{message}; attach a storage bucket")
