"""Secrets that would be published with the Space."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ...secret_names import ENVIRONMENT_FILE, KEY_FILE, PEM_FILE, PRIVATE_KEY
from ...token_kinds import find_tokens
from ..finding import Hit, Severity, Skip
from ..ignored import is_ignored
from ..project import Project
from ..rule import rule

_TEXT = re.compile(
    r"\.(?:py|md|txt|json|ya?ml|toml|cfg|ini|conf|env|sh|bash|js|mjs|ts|jsx|tsx|vue|svelte|html?|css|"
    r"ipynb|xml|properties|sql|rst)$|(?:^|/)(?:Dockerfile|Makefile|Procfile|\.[\w.]+|[A-Z]\w*)$",
    re.I,
)
LARGEST = 200_000
"""Bytes. Longer files that the app does not run are data."""
MOST_OTHER = 500_000
"""Bytes of files that the app does not run; linting has to stay quick."""
_VALUE = re.compile(r"^[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=[ \t]*[\"']?[^\s\"'#]", re.M)
_PRIVATE_KEY = re.compile(PRIVATE_KEY)
_ADVICE = "set it as a secret of the Space and read os.environ, and revoke what was published"


@rule(
    "SEC_TOKEN",
    Severity.ERROR,
    "An access token in a file",
    source="prefixes that the services put on their tokens",
    as_of="2026-11-22",
    reference="debugging",
)
def token(project: Project) -> Iterator[Hit | Skip]:
    """Everybody can read the files of a public Space and its history, and tokens in them are found
    and used within minutes. Deleting the line later does not help: the token has to be revoked.
    """
    found = project.once(_scan)
    for path, line, name in found.tokens:
        if is_ignored(project, path):
            continue
        yield Hit(path, line, f"a {name} stands in the file; {_ADVICE}")
    if found.unread:
        why = "there is too much text to read here; the scan before an upload reads all of it"
        yield Skip(f"tokens in {found.unread} files", why)


@rule(
    "SEC_ENV_FILE",
    Severity.ERROR,
    "An environment file in the folder",
    source="hub-docs spaces-overview.md: secrets and variables",
    as_of="2026-11-22",
    reference="debugging",
)
def environment_file(project: Project) -> Iterator[Hit]:
    """`.env` files hold the secrets of a laptop, and a push publishes them. The Space has secrets
    and variables of its own; a `.env.example` without values may stay.
    """
    for path in sorted(project.paths):
        name = posixpath.basename(path)
        if not ENVIRONMENT_FILE.match(name) or is_ignored(project, path):
            continue
        if _VALUE.search(project.text(path) or ""):
            message = "the file would be published; set its values as secrets, and ignore the file"
            yield Hit(path, None, message)


@rule(
    "SEC_KEY_FILE",
    Severity.ERROR,
    "A private key in a file",
    source="RFC 7468, textual encodings of keys",
    as_of="2026-11-22",
    reference="debugging",
)
def key_file(project: Project) -> Iterator[Hit]:
    """Who has the key can act as its owner. Certificates and public keys may be published, private
    keys never; what was pushed once has to be replaced.
    """
    for path, line in project.once(_scan).keys:
        if not is_ignored(project, path):
            yield Hit(path, line, f"a private key stands here; {_ADVICE}")


@dataclass
class _Found:
    """What one pass over the texts came to; tokens with the name of their kind."""

    tokens: list[tuple[str, int, str]] = field(default_factory=list)
    keys: list[tuple[str, int]] = field(default_factory=list)
    unread: int = 0


def _scan(project: Project) -> _Found:
    """Read what may hold secrets: the running files, and the others from the smallest on."""
    found = _Found()
    running = {file.path for file in project.running}
    left = MOST_OTHER
    for path in sorted(filter(_may_hold_secrets, project.paths), key=_by_size(project)):
        size = project.sizes.get(path, 0)
        if path not in running:
            left -= size
            if size > LARGEST or left < 0:
                found.unread += 1
                continue
        _scan_text(found, path, project.text(path) or "")
    found.tokens.sort()
    found.keys.sort()
    return found


def _by_size(project: Project) -> Callable[[str], tuple[int, str]]:
    return lambda path: (project.sizes.get(path, 0), path)


def _may_hold_secrets(path: str) -> bool:
    name = posixpath.basename(path)
    return any(found for found in (_TEXT.search(path), KEY_FILE.match(name), PEM_FILE.match(name)))


def _scan_text(found: _Found, path: str, text: str) -> None:
    lines = {one.line: one.kind.name for one in find_tokens(text)}
    found.tokens += [(path, line, name) for line, name in lines.items()]
    key = _PRIVATE_KEY.search(text) if "PRIVATE KEY-----" in text else None
    if key is not None:
        at = key.start() + key.group().index("-----BEGIN")
        found.keys.append((path, text.count("\n", 0, at) + 1))
