"""The table of `references/oauth-and-embedding.md`: the card's keys for a login."""

from __future__ import annotations

from collections.abc import Callable

from tools.knowledge.card_keys import card_key

from .card_values import values
from .markdown import sourced, table

MEANINGS = {
    "hf_oauth": "`true` makes the OAuth app and the variables",
    "hf_oauth_scopes": "what is asked for besides `openid` and `profile`",
    "hf_oauth_expiration_minutes": "how long a login lasts",
    "hf_oauth_authorized_org": "only members of these organizations may log in",
}
ALWAYS = frozenset({"openid", "profile"})


def card_keys_of_a_login() -> str:
    """The keys, what they hold, and what they do."""
    found = [card_key(name) for name in MEANINGS]
    rows = [(f"`{key.name}`", values(key, without=ALWAYS), MEANINGS[key.name]) for key in found]
    body = table(("key", "value", "effect"), rows)
    return sourced(body, found[0].source, min(key.as_of for key in found))


TABLES: dict[str, Callable[[], str]] = {"oauth-card-keys": card_keys_of_a_login}
