"""Apps without Gradio: static sites, Docker apps with routes, and a browser that draws a page."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.app.browser import Drawn, NotDrawn, draw, find_browser, read_console
from tools.app.deadline import Deadline
from tools.app.page import read_page
from tools.app.report import EndpointReport, SmokeReport
from tools.app.routes import paths_of
from tools.app.smoke import Manner, smoke_test
from tools.hub.facts import LogText

from .hosting import Files, site
from .strategies import JSON

HTML, SCRIPT = "text/html", "text/javascript"
needs_browser = pytest.mark.skipif(find_browser() is None, reason="no Chromium here")


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


def visit(files: Files, folder: Path, path: str | None = None) -> SmokeReport:
    with site(files) as (url, asked):
        report = smoke_test(url, token=None, deadline=30, folder=folder, endpoint=path)
    assert all(each.startswith("GET ") for each in asked)
    return report


def html(body: str, head: str = "") -> tuple[int, str, bytes]:
    return 200, HTML, f"<!doctype html><head>{head}</head><body>{body}".encode()


def told(report: SmokeReport) -> str:
    return "\n".join(each.what for found in report.endpoints for each in found.evidence)


def front(report: SmokeReport) -> EndpointReport:
    return next(each for each in report.endpoints if each.name == "GET /")


def test_a_page_of_words_works(tmp_path: Path) -> None:
    report = visit({"/": html("<h1>Hello</h1>")}, tmp_path)
    assert report.verdict == "works"
    assert "is not a Gradio app" in report.evidence[0].what
    assert front(report).outputs == ("Hello",)


@pytest.mark.parametrize(
    ("page", "verdict", "said"),
    [
        ((200, HTML, b""), "not_verified", "without content"),
        (html(""), "not_verified", "the page shows nothing"),
        ((500, "text/plain", b"Internal Server Error"), "broken", "HTTP 500"),
        ((404, "text/plain", b"Not found"), "not_verified", "what a visitor of the Space sees"),
        (html("<pre>Traceback (most recent call last):</pre>"), "works_with_warnings", "Traceback"),
        (html("<h1>Index of /</h1>"), "works_with_warnings", "the page says 'Index of /'"),
        (html("<img src=/gone.png>Hi"), "works_with_warnings", "loads /gone.png: HTTP 404"),
        (html("Hi", "<link rel=stylesheet href=gone.css>"), "works_with_warnings", "gone.css"),
        ((200, "application/json", b'{"ok": true}'), "works", "application/json"),
        ((200, "application/json", b'"Error: no model"'), "works_with_warnings", "error message"),
    ],
)
def test_pages_are_judged_by_what_they_show(
    tmp_path: Path, page: tuple[int, str, bytes], verdict: str, said: str
) -> None:
    report = visit({"/": page}, tmp_path)
    assert report.verdict in {verdict, "broken" if verdict == "works_with_warnings" else verdict}
    assert report.verdict == verdict, told(report)
    assert said in told(report)


def test_a_static_site_without_its_page_is_broken(tmp_path: Path) -> None:
    with site({}) as (url, _):
        manner = Manner(is_static=True)
        report = smoke_test(url, token=None, deadline=20, folder=tmp_path, manner=manner)
    assert report.verdict == "broken"


DRAWS = html("<div id=root></div><script src=/app.js></script>")


@needs_browser
def test_a_page_that_scripts_draw_is_rendered(tmp_path: Path) -> None:
    script = b"document.getElementById('root').textContent = 'drawn by a script'"
    report = visit({"/": DRAWS, "/app.js": (200, SCRIPT, script)}, tmp_path)
    assert report.verdict == "works", told(report)
    assert front(report).outputs == ("drawn by a script",)
    assert "rendered in a headless browser" in told(report)


@needs_browser
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "loads /app.js: HTTP 404"),
        ({"/app.js": (200, HTML, b"<!doctype html><p>Home")}, "an HTML page came"),
        ({"/app.js": (200, SCRIPT, b"missing()")}, "missing is not defined"),
    ],
)
def test_a_page_that_cannot_be_drawn_is_broken(tmp_path: Path, files: Files, said: str) -> None:
    report = visit({"/": DRAWS, **files}, tmp_path)
    assert report.verdict == "broken", told(report)
    assert said in told(report)


@needs_browser
def test_an_error_beside_a_drawn_page_is_a_warning(tmp_path: Path) -> None:
    report = visit({"/": html("Hello<script>missing()</script>")}, tmp_path)
    assert report.verdict == "works_with_warnings"
    assert "uncaught in the browser: Uncaught ReferenceError" in told(report)


def test_without_a_browser_it_is_said(tmp_path: Path, no_browser: None) -> None:
    good = {"/app.js": (200, SCRIPT, b"draw()")}
    report = visit({"/": DRAWS, **good}, tmp_path)
    assert report.verdict == "not_verified"
    assert "served; JavaScript not run (there is no Chromium on this machine)" in told(report)
    words = visit({"/": html("Hello<script src=/app.js></script>"), **good}, tmp_path)
    assert words.verdict == "works"
    assert "JavaScript not run" in told(words)
    assert visit({"/": DRAWS}, tmp_path).verdict == "broken"


@needs_browser
def test_a_browser_is_ended_with_all_its_processes() -> None:
    body = b"<!doctype html><script>for (;;) {}</script>"
    with site({"/": (200, HTML, body)}) as (url, _):
        started = time.monotonic()
        drawn = draw(url, Deadline(4))
    assert isinstance(drawn, NotDrawn)
    assert "within 4 s" in drawn.reason
    assert time.monotonic() - started < 7
    left = psutil.Process(os.getpid()).children(recursive=True)
    assert not [each for each in left if "chrom" in each.name()]


@needs_browser
def test_a_browser_waits_for_what_a_page_fetches() -> None:
    body = "<p id=p></p><script>fetch('/data').then(a => a.text()).then(t => p.textContent = t)"
    body += "</script>"
    with site({"/": html(body), "/data": (200, "text/plain", b"fetched")}) as (url, _):
        drawn = draw(url, Deadline(20))
    assert isinstance(drawn, Drawn)
    assert "fetched" in read_page(drawn.html, url).text


OPEN_API = {
    "openapi": "3.1.0",
    "paths": {
        "/": {"get": {}},
        "/health": {"get": {}},
        "/fails": {"get": {}},
        "/locked": {"get": {}},
        "/items/{item}": {"get": {}},
        "/search": {"get": {"parameters": [{"name": "q", "in": "query", "required": True}]}},
        "/delete_all": {"get": {}},
        "/predict": {"post": {}},
    },
}


def test_documented_routes_are_asked_and_nothing_else(tmp_path: Path) -> None:
    files = {
        "/openapi.json": (200, "application/json", json.dumps(OPEN_API).encode()),
        "/health": (200, "application/json", b'{"status": "ok"}'),
        "/fails": (500, "text/plain", b"Internal Server Error"),
        "/locked": (401, "text/plain", b"no"),
    }
    log = LogText(lines=("started",), revision=None)
    with site(files) as (url, asked):
        report = smoke_test(url, token=None, deadline=20, folder=tmp_path, read_log=lambda: log)
    verdicts = {each.name: each.verdict for each in report.endpoints}
    assert verdicts == {
        "GET /": "warnings",
        "GET /health": "works",
        "GET /fails": "broken",
        "GET /locked": "not_verified",
    }
    assert report.verdict == "broken"
    paths = {each.partition(" ")[2] for each in asked}
    assert paths == {"/", "/config", "/openapi.json", "/health", "/fails", "/locked"}


def test_a_route_can_be_named(tmp_path: Path) -> None:
    files = {"/": html("Hi"), "/health": (200, "text/plain", b"fine")}
    for name in ("/health", "health", "GET /health"):
        report = visit(files, tmp_path, name)
        assert [each.name for each in report.endpoints] == ["GET /health"]
        assert report.verdict == "works"


@given(described=JSON)
def test_any_description_of_routes_is_read(described: object) -> None:
    assert list(paths_of(described)) == []
    assert isinstance(list(paths_of({"paths": described})), list)


@given(st.text(max_size=300))
def test_any_page_is_read(source: str) -> None:
    page = read_page(source, "http://127.0.0.1/")
    assert all(each.url.startswith("http://127.0.0.1") for each in page.assets)
    read_page(f"<div>{source}</div><script src='{source}'>", "http://127.0.0.1/")


def test_only_what_the_page_shows_and_loads_here_counts() -> None:
    page = read_page(
        "<head><title>T</title><link rel=icon href=/i.ico><script>s()</script>"
        "<link rel='stylesheet' href='a.css'><body><noscript>Enable it</noscript>"
        "<template><img src=t.png></template><img src=//elsewhere.example/x.png>"
        "<input type=hidden><script type=application/json>{}</script>"
        "<script type=module src=./m.js#x></script>Seen<img src=data:x>",
        "http://127.0.0.1:9/base/",
    )
    assert page.text == "Seen"
    assert (page.scripts, page.things) == (2, 2)
    assert [each.url for each in page.assets] == [
        "http://127.0.0.1:9/base/a.css",
        "http://127.0.0.1:9/base/m.js",
    ]


def test_chromium_s_messages_are_told_apart() -> None:
    lines = [
        '[1:1:1123/07:INFO:CONSOLE:1] "Uncaught TypeError: x", source: http://127.0.0.1/ (1)',
        '[1:1:1123/07:INFO:CONSOLE(12)] "only logged", source: http://127.0.0.1/ (1)',
        "[1:2:1123/07:ERROR:dbus/bus.cc:405] Failed to connect",
        '[1:1:1123/07:ERROR:CONSOLE:0] "net::ERR_NAME_NOT_RESOLVED", source: https://x.test/ (0)',
    ]
    assert read_console(lines) == (("Uncaught TypeError: x",), ("https://x.test/",))
