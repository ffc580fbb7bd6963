"""Values that the Hub refuses or does not understand: colours, lengths, ports, paths, headers."""

from __future__ import annotations

from collections.abc import Iterator

from ...knowledge.card_keys import card_key, is_emoji
from ..card import README, CardKey
from ..card_checks import given, listed, meant, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import rule

_REFERENCE = "hub-docs spaces-config-reference.md (2026-03-20)"
_OTHER_SPELLINGS = {"grey": "gray"}


@rule(
    "FM_COLOR",
    Severity.ERROR,
    "A colour that the Hub does not have",
    source=f"{_REFERENCE}; refusal quoted in huggingface/OpenEnv pull request 1016 (2026-07-28)",
    as_of="2026-07-28",
    reference="card",
    fix=Fix.SAFE,
)
def color(project: Project) -> Iterator[Hit]:
    """`colorFrom` and `colorTo` take eight names in lower case. With any other value, hex codes
    included, the Hub refuses the whole push.
    """
    for name in ("colorFrom", "colorTo"):
        key, allowed = given(project, name), card_key(name).allowed
        if key is None or key.value in allowed:
            continue
        spelt = known_color(str(key.value))
        hint = f"; write `{spelt}`" if spelt else meant(str(key.value), allowed)
        message = f"`{name}: {shown(key.value)}` is none of {listed(allowed)}{hint}"
        yield Hit(README, key.line, message, fixable=spelt is not None)


def known_color(value: str) -> str | None:
    """The allowed name of a colour that is only spelt otherwise, such as `Blue` or `grey`."""
    name = value.strip().lower()
    name = _OTHER_SPELLINGS.get(name, name)
    return name if name in card_key("colorFrom").allowed else None


@rule(
    "FM_EMOJI",
    Severity.WARNING,
    "`emoji` is not an emoji",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def emoji(project: Project) -> Iterator[Hit]:
    """The documentation allows emoji characters only; words and `:shortcodes:` are none."""
    key = given(project, "emoji")
    if key is not None and not is_emoji(str(key.value)):
        message = f"`emoji: {shown(key.value)}` is not an emoji; put the character itself there"
        yield Hit(README, key.line, message)


@rule(
    "FM_SHORT_DESCRIPTION",
    Severity.ERROR,
    "`short_description` is too long",
    source="refusal of the Hub quoted in public repositories, 2025-09 to 2026",
    as_of="2026-11-22",
    reference="card",
    fix=Fix.UNSAFE,
)
def short_description(project: Project) -> Iterator[Hit]:
    """The Hub refuses a push whose short description has more than 60 characters, counted after
    decoding. The documentation does not mention the limit.
    """
    key, longest = given(project, "short_description"), card_key("short_description").longest
    if key is None or longest is None:
        return
    if not isinstance(key.value, str):
        message = f"`short_description: {shown(key.value)}` is not text; put it into quotes"
        yield Hit(README, key.line, message, Severity.WARNING, fixable=False)
    elif len(key.value) > longest:
        message = f"`short_description` has {len(key.value)} characters; the Hub takes {longest}"
        yield Hit(README, key.line, message)


@rule(
    "FM_HEADER",
    Severity.WARNING,
    "`header` is neither `mini` nor `default`",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def header(project: Project) -> Iterator[Hit]:
    """The key chooses between the full header and a small floating one; there is no third."""
    key, allowed = given(project, "header"), card_key("header").allowed
    if key is not None and key.value not in allowed:
        yield Hit(README, key.line, f"`header: {shown(key.value)}` is none of {listed(allowed)}")


@rule(
    "FM_TIMEOUT_FORMAT",
    Severity.WARNING,
    "`startup_duration_timeout` is no duration",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def timeout_format(project: Project) -> Iterator[Hit]:
    """A Space that is not healthy within this time is stopped. The value is a number with a unit;
    a number alone leaves open what it counts.
    """
    key = given(project, "startup_duration_timeout")
    if key is None or card_key("startup_duration_timeout").matches(str(key.value).lower()):
        return
    alone = isinstance(key.value, int | float) and not isinstance(key.value, bool)
    what = "has no unit" if alone else "is no duration"
    message = f"`startup_duration_timeout: {shown(key.value)}` {what}; write such as `30m` or `1h`"
    yield Hit(README, key.line, message, Severity.INFO if alone else None)


@rule(
    "FM_APP_PORT",
    Severity.ERROR,
    "`app_port` is no port that the Hub accepts",
    source=f"{_REFERENCE}; refusal of the Hub quoted in public repositories",
    as_of="2026-11-22",
    reference="card",
    fix=Fix.SAFE,
)
def app_port(project: Project) -> Iterator[Hit]:
    """The container does not run as root and cannot open ports below 1024; the Hub refuses them,
    and everything that is not a number.
    """
    key, fact = given(project, "app_port"), card_key("app_port")
    if key is None:
        return
    if not isinstance(key.value, int) or isinstance(key.value, bool):
        message = f"`app_port: {shown(key.raw)}` is not a number; write it without quotes"
        yield Hit(README, key.line, message, fixable=key.raw.isdigit() and _fits(key, fact.highest))
    elif not (fact.lowest or 0) <= key.value <= (fact.highest or key.value):
        message = f"`app_port: {key.value}` is not within {fact.lowest} and {fact.highest}"
        yield Hit(README, key.line, f"{message}; let the app listen on 7860", fixable=False)


def _fits(key: CardKey, highest: int | None) -> bool:
    lowest = card_key("app_port").lowest or 0
    return key.raw.isascii() and len(key.raw) <= 5 and lowest <= int(key.raw) <= (highest or 0)


@rule(
    "FM_BASE_PATH",
    Severity.WARNING,
    "`base_path` does not begin with `/`",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
    fix=Fix.SAFE,
)
def base_path(project: Project) -> Iterator[Hit]:
    """The path is put behind the Space's host to make the first page that is shown."""
    key = given(project, "base_path")
    if key is not None and not card_key("base_path").matches(str(key.value)):
        message = f"`base_path: {shown(key.value)}` must begin with `/`"
        yield Hit(README, key.line, message, fixable=_is_plain_path(key))


def _is_plain_path(key: CardKey) -> bool:
    return isinstance(key.value, str) and key.value.replace("/", "").isalnum()


@rule(
    "FM_CUSTOM_HEADERS",
    Severity.WARNING,
    "A header that a Space cannot set",
    source=_REFERENCE,
    as_of="2026-08-22",
    reference="card",
)
def custom_headers(project: Project) -> Iterator[Hit]:
    """A Space may set three headers, the ones that isolate a page from other origins. Their names
    and values are written in lower case.
    """
    key, allowed = given(project, "custom_headers"), card_key("custom_headers").allowed
    if key is None:
        return
    if not isinstance(key.value, dict):
        yield Hit(README, key.line, "`custom_headers` is no mapping of header to value")
        return
    for name, value in key.value.items():
        if name not in allowed:
            message = f"a Space cannot set the header `{shown(name)}`, only {listed(allowed)}"
            yield Hit(README, key.line, message)
        elif not isinstance(value, str) or value != value.lower():
            message = f"the value of `{name}` must be in lower case, not `{shown(value)}`"
            yield Hit(README, key.line, message)
