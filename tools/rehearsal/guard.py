"""Keeping web pages out: only programs on this machine, and the Hub's own pages, may talk to it.

A page on the internet can make a browser send requests to 127.0.0.1, and, by pointing its own name
at 127.0.0.1 (DNS rebinding), also read the answers. The Host header gives the second away, the
Origin header the first.
"""

from __future__ import annotations

from starlette.requests import Request

from .errors import forbidden

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def check(request: Request, port: int) -> None:
    """Raise 403 when a request comes through a foreign name or from a foreign page."""
    hosts = {f"{name}:{port}" for name in LOOPBACK_NAMES}
    host = request.headers.get("host", "")
    if host.lower() not in hosts:
        raise forbidden(f"Host {host!r} is not this Hub; use http://127.0.0.1:{port}")
    origin = request.headers.get("origin")
    if request.method in SAFE_METHODS or origin is None:
        return
    if origin.lower() not in {f"http://{allowed}" for allowed in hosts}:
        raise forbidden(f"Origin {origin!r} may not change anything here")
