"""Reading through to a Hub that keeps its files elsewhere, as the public one does."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.rehearsal.errors import HubError
from tools.rehearsal.options import OptionError, parse_size, size_text
from tools.rehearsal.read_through import Part, ReadThrough

CONTENT = bytes(range(100))
COMMIT = "c" * 40
FILE = "/ns/name/resolve/main/model.safetensors"


class Upstream(http.server.BaseHTTPRequestHandler):
    """Sends whoever wants a file to another address, and says what the file is."""

    port: int
    asked: list[tuple[str, str, str | None]]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.asked.append((self.command, self.path, self.headers.get("Authorization")))
        if self.path == FILE:
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.port}/bytes")
            self.send_header("X-Linked-Size", "100")
            self.send_header("X-Linked-Etag", '"abc"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        wanted = self.headers.get("Range")
        part = CONTENT[8:16] if wanted == "bytes=8-15" else CONTENT
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(part)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[str]:
    Upstream.asked = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        Upstream.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_file_kept_elsewhere_is_described_fetched_and_kept(upstream: str, tmp_path: Path) -> None:
    through = ReadThrough(upstream, 1000, tmp_path)
    described = through.describe(FILE)
    assert (described.status, described.headers["content-length"]) == (200, "100")
    assert (described.headers["etag"], described.headers["x-repo-commit"]) == ('"abc"', COMMIT)
    assert [path for _, path, _ in Upstream.asked] == [FILE]
    assert through.content(FILE, described) == CONTENT
    fetched = len(Upstream.asked)
    assert through.content(FILE, described) == CONTENT
    assert through.part(FILE, described, Part(8, 15)) == CONTENT[8:16]
    assert len(Upstream.asked) == fetched
    assert {token for _, _, token in Upstream.asked} == {None}


def test_the_start_of_a_large_file_is_passed_on_and_the_whole_refused(
    upstream: str, tmp_path: Path
) -> None:
    through = ReadThrough(upstream, 50, tmp_path)
    described = through.describe(FILE)
    assert through.part(FILE, described, Part(8, 15)) == CONTENT[8:16]
    with pytest.raises(HubError, match="not rehearsed: weights 100 B") as error:
        through.content(FILE, described)
    assert error.value.status == 403
    with pytest.raises(HubError, match="not rehearsed: weights 100 B"):
        through.part(FILE, described, Part(0, 99))
    assert not (tmp_path / "read-through").exists()


def test_a_hub_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(HubError, match=r"http://127\.0\.0\.1:9 does not answer") as error:
        ReadThrough("http://127.0.0.1:9", 50, tmp_path).ask("GET", "/api/models/a/b")
    assert error.value.status == 504


@pytest.mark.parametrize(
    ("text", "size"), [("50MB", 50_000_000), ("1.5 GB", 1_500_000_000), (0, 0), ("12", 12)]
)
def test_sizes(text: object, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1", "1TB", True, None])
def test_what_is_no_size_is_refused(text: object) -> None:
    with pytest.raises(OptionError):
        parse_size(text)


def test_sizes_are_told_as_pages_tell_them() -> None:
    assert [size_text(n) for n in (24_000_000_000, 1_500_000, 999)] == ["24 GB", "1.5 MB", "999 B"]
