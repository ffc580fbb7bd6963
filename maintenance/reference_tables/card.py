"""The tables of `references/card.md`: the keys of the block, and those that do nothing."""

from __future__ import annotations

from collections.abc import Callable

from tools.knowledge.card_keys import CardKeyFact, card_key, card_keys, ignored_card_keys

from .card_values import values
from .markdown import sourced, table

MEANINGS = {
    "title": "the name people see",
    "emoji": "one emoji, no `:shortcode:`",
    "colorFrom": "thumbnail's first color",
    "colorTo": "thumbnail's second color",
    "sdk": "what runs it; without it CONFIG_ERROR",
    "sdk_version": "the Gradio release to install",
    "python_version": "`3.N` or `3.N.M`",
    "app_file": "the Python file, or the page of a static Space",
    "app_build_command": "runs as a Job at each push",
    "app_port": "the one public port",
    "base_path": "the page opened first; static Spaces use `app_file`",
    "fullWidth": "the iframe takes the page's width",
    "header": "`mini` is full screen",
    "short_description": "under the title; longer is refused",
    "models": "models it uses, linked both ways; else guessed from the code",
    "datasets": "the same for data sets",
    "tags": "for searches, such as `mcp-server`",
    "thumbnail": "address of an image for link previews",
    "pinned": "first on the owner's page",
    "license": "one of the Hub's identifiers",
    "startup_duration_timeout": "how long a start may take",
    "custom_headers": "in lower case; for threads in WASM",
    "preload_from_hub": "public files, fetched while building into `~/.cache/huggingface/hub`, "
    "whatever HF_HOME says: `NAMESPACE/NAME FILE,FILE COMMIT`",
    "suggested_hardware": "a hint to people who duplicate; attaches nothing",
    "disable_embedding": "no iframes on other sites",
}
ELSEWHERE = frozenset(
    {
        "hf_oauth",
        "hf_oauth_scopes",
        "hf_oauth_expiration_minutes",
        "hf_oauth_authorized_org",
        "duplicated_from",
        "suggested_storage",
        "dev-mode-folder",
    }
)
"""Keys that another reference shows, the Hub writes itself, or nobody reads any more."""
HARDWARE = "suggested_hardware"


def keys() -> str:
    """Every key that an author writes, but the ones about logins."""
    if unexplained := card_keys().keys() - MEANINGS.keys() - ELSEWHERE:
        raise ValueError(f"keys without a meaning: {', '.join(sorted(unexplained))}")
    rows = [_row(card_key(name), meaning) for name, meaning in MEANINGS.items()]
    facts = card_key("title")
    return sourced(table(("key", "sdk", "value", "what it does"), rows), facts.source, facts.as_of)


def ignored() -> str:
    """Keys that people write and the Hub ignores."""
    rows = [(f"`{key.name}`", key.instead) for key in ignored_card_keys().values()]
    return table(("written", "instead"), rows)


def _row(key: CardKeyFact, meaning: str) -> tuple[str, str, str, str]:
    sdks = "all" if len(key.sdks) > 2 else ", ".join(key.sdks)
    held = "a flavor's name" if key.name == HARDWARE else values(key)
    return (f"`{key.name}`", sdks, held, meaning)


TABLES: dict[str, Callable[[], str]] = {"card-keys": keys, "card-ignored": ignored}
