"""The Hub's web pages as HTML. All text from a Space is escaped: it is a stranger's."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from starlette.responses import HTMLResponse

from .store.records import RepositoryRecord
from .store.revisions import CommitRecord, File

TEXT_LIMIT = 512 * 1024
"""Bytes of a file that a page shows; a longer one can be downloaded."""

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}';"
    " connect-src 'self'; frame-src http://127.0.0.1:* http://localhost:*;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class SpacePage:
    """What the page of a Space shows."""

    record: RepositoryRecord
    information: dict[str, Any]
    files: list[File]
    commits: list[CommitRecord]
    prefix: str
    """Path that stands before every link: empty, or the view that shows private Spaces."""
    shows_logs: bool


@lru_cache(maxsize=1)
def _template() -> Template:
    return Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))


def render(
    title: str, content: str, prefix: str = "", trail: str = "", status: int = 200
) -> HTMLResponse:
    """Return a whole page; `content` and `trail` are HTML, `title` is text."""
    nonce = secrets.token_urlsafe(16)
    page = _template().substitute(
        title=escape(title),
        content=content,
        trail=trail,
        home=escape(prefix + "/"),
        nonce=nonce,
    )
    headers = {
        "Content-Security-Policy": _POLICY.format(nonce=nonce),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(page, status_code=status, headers=headers)


def error(status: int, message: str) -> HTMLResponse:
    """Return a page that says what went wrong."""
    hint = (
        '<p class="dim">A private Space is shown by'
        " <code>huggingface-spaces rehearsal open NAMESPACE/NAME</code>.</p>"
    )
    content = f"<h1>{status}</h1><p>{escape(message)}</p>" + (hint if status in {401, 404} else "")
    return render(str(status), content, status=status)


def space_list(spaces: Iterable[dict[str, Any]], prefix: str) -> HTMLResponse:
    """Return the page with all Spaces that the viewer may see."""
    rows = "".join(_space_row(space, prefix) for space in spaces)
    content = f"<h1>Spaces</h1><table>{rows}</table>" if rows else _NO_SPACES
    return render("Rehearsal Hub", content, prefix)


_NO_SPACES = (
    "<h1>Spaces</h1><p>There is no Space to show yet. Private ones are shown by"
    " <code>huggingface-spaces rehearsal open</code>.</p>"
)


def _space_row(space: dict[str, Any], prefix: str) -> str:
    link = escape(f"{prefix}/spaces/{quote(space['id'])}")
    card = space["cardData"]
    name = f"{card.get('emoji') or ''} {card.get('title') or space['id']}"
    lock = " · private" if space["private"] else ""
    return (
        f'<tr><td><a href="{link}">{escape(name)}</a></td>'
        f'<td class="dim">{escape(space["id"])}{lock}</td>'
        f"<td>{escape(space['runtime']['stage'])}</td></tr>"
    )


def space(page: SpacePage) -> HTMLResponse:
    """Return the page of one Space: the app, its stage, files, commits and logs."""
    card = page.information["cardData"]
    title = f"{card.get('emoji') or ''} {card.get('title') or page.record.name}".strip()
    link = escape(page.prefix + quote(page.record.web_path))
    content = (
        f'<div data-space="{link}"><h1>{escape(title)}</h1>'
        f"{_state(page.information)}"
        f"<h2>Files</h2><table>{_file_rows(page, link)}</table>"
        f"<h2>Commits</h2><table>{_commit_rows(page.commits)}</table>"
        f"{_logs(page)}</div>"
    )
    return render(title, content, page.prefix, _trail(page.record, link))


def _trail(record: RepositoryRecord, link: str) -> str:
    lock = "" if record.visibility == "public" else f" · {record.visibility}"
    return f'/ <a href="{link}">{escape(record.full_name)}</a>{lock}'


def _state(information: dict[str, Any]) -> str:
    runtime, host = information["runtime"], information["host"]
    stage, trouble = escape(runtime["stage"]), runtime.get("errorMessage")
    serves = stage.startswith("RUNNING") and host
    source = f' src="{escape(host)}"' if serves else " hidden"
    return (
        f'<p><span class="stage" data-stage="{stage}"'
        f' data-revision="{escape(runtime.get("sha") or "")}">{stage}</span>'
        f' <span class="dim">revision {escape(information["sha"][:7])}</span></p>'
        f'<p class="error"{"" if trouble else " hidden"}>{escape(trouble or "")}</p>'
        f'<iframe title="The app" referrerpolicy="no-referrer"'
        f' sandbox="allow-scripts allow-forms allow-same-origin allow-downloads allow-popups"'
        f"{source}></iframe>"
    )


def _file_rows(page: SpacePage, link: str) -> str:
    folder = f"{link}/blob/main"
    return "".join(
        f'<tr><td><a href="{folder}/{escape(quote(file.path))}">{escape(file.path)}</a></td>'
        f"<td>{file.size:,} bytes</td></tr>"
        for file in page.files
    )


def _commit_rows(commits: Iterable[CommitRecord]) -> str:
    return "".join(
        f"<tr><td>{escape(commit.title)}</td>"
        f"<td>{escape(commit.author)} · {escape(commit.id[:7])}"
        f" · {commit.date:%Y-%m-%d %H:%M} UTC</td></tr>"
        for commit in commits
    )


def _logs(page: SpacePage) -> str:
    if page.shows_logs:
        return (
            '<h2>Run log</h2><pre data-log="run"></pre>'
            '<h2>Build log</h2><pre data-log="build"></pre>'
        )
    command = f"huggingface-spaces rehearsal open {page.record.full_name}"
    return (
        "<h2>Logs</h2><p>Logs are for those who may change the Space:"
        f" <code>{escape(command)}</code> shows them here.</p>"
    )


def blob(
    record: RepositoryRecord, revision: str, path: str, data: bytes, prefix: str
) -> HTMLResponse:
    """Return the page of one file, as text where it is text."""
    link = escape(prefix + quote(record.web_path))
    download = f"{link}/resolve/{escape(quote(revision, safe=''))}/{escape(quote(path))}"
    content = (
        f'<h1>{escape(path)}</h1><p><a href="{download}">Download</a>'
        f' <span class="dim">{len(data):,} bytes</span></p>{_shown(data)}'
    )
    return render(path, content, prefix, _trail(record, link))


def _shown(data: bytes) -> str:
    if len(data) > TEXT_LIMIT or b"\0" in data:
        return '<p class="dim">Binary, or too long to be shown here.</p>'
    return f"<pre>{escape(data.decode('utf-8', 'replace'))}</pre>"


def commit(record: RepositoryRecord, made: CommitRecord, prefix: str) -> HTMLResponse:
    """Return the page of one commit."""
    link = escape(prefix + quote(record.web_path))
    content = (
        f"<h1>{escape(made.title)}</h1>"
        f'<p class="dim">{escape(made.author)} · {made.date:%Y-%m-%d %H:%M} UTC · {made.id}</p>'
        f"<pre>{escape(made.message)}</pre>"
    )
    return render(made.title, content, prefix, _trail(record, link))


def discussion(
    record: RepositoryRecord, title: str, status: str, texts: Iterable[str], prefix: str
) -> HTMLResponse:
    """Return the page of a discussion or pull request."""
    link = escape(prefix + quote(record.web_path))
    comments = "".join(f"<pre>{escape(text)}</pre>" for text in texts)
    content = f'<h1>{escape(title)}</h1><p class="dim">{escape(status)}</p>{comments}'
    return render(title, content, prefix, _trail(record, link))
