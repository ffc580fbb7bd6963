"""Signing in with Hugging Face: what the card turns on, and what the code uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...knowledge.card_keys import card_key
from ..card import README
from ..card_checks import given, is_parsed, listed, meant, shown
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..python import PythonFile
from ..rule import on_gradio, rule

_REFERENCE = "hub-docs spaces-oauth.md (2026-08-18)"
_CODE = (
    *(".py", ".ipynb", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".svelte", ".vue", ".html"),
    *(".go", ".rs", ".rb", ".java", ".php", ".sh", ".toml", ".yaml", ".yml", ".conf", "Dockerfile"),
)
_USES_OAUTH = re.compile(
    r"OAUTH_|OPENID_PROVIDER|LoginButton|OAuthToken|OAuthProfile|attach_huggingface_oauth"
    r"|parse_huggingface_oauth|oauth/authorize|oauthLoginUrl|oauthHandleRedirect|@huggingface/hub"
)
_TYPES = ("gradio.OAuthToken", "gradio.OAuthProfile")
_TAKEN_APART = re.compile(r"\bOAuth(?:Token|Profile)\b")


@rule(
    "FM_OAUTH_UNUSED",
    Severity.INFO,
    "`hf_oauth` is on and nothing uses it",
    source=_REFERENCE,
    as_of="2026-08-18",
    reference="oauth-and-embedding",
)
def oauth_unused(project: Project) -> Iterator[Hit]:
    """The key makes an OAuth app and puts its secret into the environment of the Space. Where
    nothing signs anybody in, that is one secret too many.
    """
    key = given(project, "hf_oauth")
    if key is None or key.value is not True:
        return
    texts = (project.text(path) or "" for path in project.files_ending(*_CODE))
    if not any(_USES_OAUTH.search(text) for text in texts):
        message = "`hf_oauth: true`, but no file uses a login button, an OAuth token or `OAUTH_...`"
        yield Hit(README, key.line, message)


@rule(
    "FM_OAUTH_MISSING",
    Severity.ERROR,
    "The app signs people in, but the card does not turn OAuth on",
    source=f"{_REFERENCE}; gradio 6.31.0 as a Space without the variables, measured",
    as_of="2026-11-22",
    reference="oauth-and-embedding",
    when=on_gradio,
    fix=Fix.SAFE,
)
def oauth_missing(project: Project) -> Iterator[Hit]:
    """With a login button Gradio asks for OAUTH_CLIENT_ID when it starts, and stops without it;
    `hf_oauth: true` is what provides it. A function that only takes a token gets none, ever.
    """
    turned_on = project.card.get("hf_oauth") is True
    if not is_parsed(project) or turned_on or project.card.get("sdk") != "gradio":
        return
    fixable = "hf_oauth" not in project.card.keys
    for file in project.running:
        for call in file.calls_to("gradio.LoginButton"):
            message = "`gr.LoginButton` needs `hf_oauth: true` in README.md; Gradio does not start"
            yield Hit(file.path, call.lineno, f"{message} without it", fixable=fixable)
            return
    for file in project.running:
        for line in _annotated(file):
            message = "the visitor's token is only there with `hf_oauth: true` in README.md"
            yield Hit(file.path, line, message, Severity.WARNING, fixable=fixable)
            return


def _annotated(file: PythonFile) -> Iterator[int]:
    """Lines of parameters that Gradio fills with the visitor's token or profile."""
    if not _TAKEN_APART.search(file.text):
        return
    for function in file.functions:
        for parameter in (*function.args.args, *function.args.kwonlyargs):
            if parameter.annotation is not None and _names_oauth(file, parameter.annotation):
                yield parameter.lineno


def _names_oauth(file: PythonFile, annotation: ast.expr) -> bool:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _TAKEN_APART.search(annotation.value) is not None
    if file.qualified(annotation) in _TYPES:
        return True
    return any(
        _names_oauth(file, child)
        for child in ast.iter_child_nodes(annotation)
        if isinstance(child, ast.expr)
    )


@rule(
    "FM_OAUTH_EXPIRATION",
    Severity.WARNING,
    "`hf_oauth_expiration_minutes` is out of range",
    source="hub-docs spaces-config-reference.md (2026-03-20)",
    as_of="2026-08-22",
    reference="oauth-and-embedding",
)
def oauth_expiration(project: Project) -> Iterator[Hit]:
    """A sign-in lasts 480 minutes unless the card says otherwise, and 30 days at most."""
    key, fact = (
        given(project, "hf_oauth_expiration_minutes"),
        card_key("hf_oauth_expiration_minutes"),
    )
    if key is None:
        return
    lowest, highest = fact.lowest or 0, fact.highest or 0
    is_number = isinstance(key.value, int) and not isinstance(key.value, bool)
    if not is_number or not lowest <= key.value <= highest:
        message = f"`hf_oauth_expiration_minutes: {shown(key.raw)}` is no number of minutes"
        yield Hit(README, key.line, f"{message} from {lowest} to {highest} (30 days)")


@rule(
    "FM_OAUTH_SCOPE",
    Severity.WARNING,
    "A scope that does not exist",
    source=_REFERENCE,
    as_of="2026-08-18",
    reference="oauth-and-embedding",
)
def oauth_scope(project: Project) -> Iterator[Hit]:
    """The OAuth app is made with these scopes. One that the Hub does not know cannot be granted."""
    key, allowed = given(project, "hf_oauth_scopes"), card_key("hf_oauth_scopes").allowed
    if key is None or not isinstance(key.value, list):
        return
    for scope in key.value:
        if scope not in allowed:
            hint = meant(str(scope), allowed) or f"; there are {listed(allowed)}"
            yield Hit(README, key.line, f"`{shown(scope)}` is no OAuth scope{hint}")
