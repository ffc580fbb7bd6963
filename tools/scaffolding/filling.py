"""Placeholders of a template replaced, each as the language around it writes a text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping

from ..problems import bad_argument

LONGEST_TITLE = 100
_PLACEHOLDER = re.compile(r"@@([a-z_]+)@@")
_MODEL = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_HTML = (".html", ".htm")


def fill(files: Mapping[str, str], values: Mapping[str, str]) -> dict[str, bytes]:
    """The files with `@@name@@` replaced by `values["name"]`.

    Everywhere but in HTML a placeholder stands inside double quotes or in prose, where JSON's
    escapes are right: YAML, Python, JavaScript and Markdown read them alike.

    Raises:
        KeyError: a file names a placeholder without a value.
    """
    return {path: _filled(path, text, values).encode() for path, text in files.items()}


def checked_title(title: str) -> str:
    """A title in one line, surrounding space removed.

    Raises:
        Problem: `bad_argument` when it is empty, too long, or holds control characters.
    """
    text = title.strip()
    if not text or len(text) > LONGEST_TITLE:
        raise bad_argument("title", f"has {len(text)} characters; 1 to {LONGEST_TITLE} are allowed")
    if not text.isprintable():
        raise bad_argument("title", "holds a line break or control character; give one plain line")
    return text


def checked_model(model: str) -> str:
    """A model's id on the Hub; its page's address is accepted as well, because people paste it.

    Raises:
        Problem: `bad_argument` when it is no id.
    """
    text = re.sub(r"^https?://[^/]+/", "", model.strip()).strip("/")
    if not _MODEL.fullmatch(text) or ".." in text or "--" in text:
        raise bad_argument("model", f"is `{model}`; allowed is namespace/name, a model on the Hub")
    return text


def _filled(path: str, text: str, values: Mapping[str, str]) -> str:
    escape = _as_html if path.endswith(_HTML) else _as_json
    return _PLACEHOLDER.sub(lambda found: escape(values[found.group(1)]), text)


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


_as_html: Callable[[str], str] = html.escape
