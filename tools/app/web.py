"""Plain HTTP GET with a size limit and a hard deadline. The token goes to the app's host only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from .deadline import Deadline, attempt
from .errors import AppUnreachable, DeadlinePassed

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 100 * 1024 * 1024
MOST_REDIRECTS = 5
SECONDS_BETWEEN_BYTES = 60.0
GATEWAY = frozenset({502, 503, 504})
"""What a proxy answers while nothing listens behind it."""


class Credential(Protocol):
    """What lets a caller in, as the headers of a request to the app's own host."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, with secrets in them."""


@dataclass(frozen=True)
class AppToken:
    """A token for one app. `for_front`: the platform's front in front of it wants to see it, too.

    gradio_client 2.7.2 sends `x-hf-authorization` alone, because an app may use `Authorization`
    itself. The front of private Docker and static Spaces on *.hf.space reads `Authorization`
    (checked 2026-11-22); no other app has a use for it.
    """

    value: str = field(repr=False)
    for_front: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers that carry the token."""
        bearer = f"Bearer {self.value}"
        front = {"authorization": bearer} if self.for_front else {}
        return {"x-hf-authorization": bearer, **front}


@dataclass(frozen=True)
class Answer:
    """What a server answered: status, content type without parameters, body, final URL."""

    status: int
    content_type: str
    body: bytes
    url: str
    complete: bool = True

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become replacement characters."""
        return self.body.decode("utf-8", errors="replace")

    @property
    def looks_like_html(self) -> bool:
        """Whether a browser would show this as a page."""
        start = self.text[:2000].lstrip().lower()
        return "html" in self.content_type or start.startswith(("<!doctype html", "<html"))


def same_origin(first: str, second: str) -> bool:
    """Whether two URLs share scheme, host and port, so that a token for one may go to the other."""
    one, two = urlsplit(first), urlsplit(second)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)


def get(
    url: str, *, token: Credential | None, deadline: Deadline, most_bytes: int = MOST_BYTES
) -> Answer:
    """Fetch `url`, following redirects; at most `most_bytes` of the body are kept.

    Raises `AppUnreachable` when no HTTP answer came, `DeadlinePassed` when none came in time.
    """
    import httpx

    future = attempt(lambda: _follow(url, token, deadline, most_bytes), deadline.left)
    if not future.done():
        raise DeadlinePassed(url, "no complete answer within the time allowed")
    error = future.exception()
    if isinstance(error, (httpx.HTTPError, httpx.InvalidURL)):
        raise AppUnreachable(url, f"{type(error).__name__}: {error}")
    return future.result()


def _follow(url: str, token: Credential | None, deadline: Deadline, most_bytes: int) -> Answer:
    import httpx

    address = url
    with httpx.Client(timeout=SECONDS_BETWEEN_BYTES) as client:
        for _ in range(MOST_REDIRECTS):
            headers = token.headers if token and same_origin(url, address) else {}
            with client.stream("GET", address, headers=headers) as response:
                if not response.has_redirect_location:
                    return _read(response, deadline, most_bytes)
                address = urljoin(address, response.headers["location"])
    raise httpx.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects")


def _read(response: httpx.Response, deadline: Deadline, most_bytes: int) -> Answer:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most_bytes or not deadline.left:
            break
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answer(
        status=response.status_code,
        content_type=kind,
        body=bytes(body[:most_bytes]),
        url=str(response.url),
        complete=len(body) <= most_bytes and deadline.left > 0,
    )
