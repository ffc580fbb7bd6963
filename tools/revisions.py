"""Which revision of a Space really serves, and how we know.

`RUNNING` alone says nothing: right after a push the old revision keeps serving, and the Hub's
runtime may lag behind its repository for minutes. The evidence, best first: the sha in the
runtime, the sha in the build log, for a static Space the bytes that are served.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request

from .hub import Hub
from .hub.facts import RuntimeFacts, SpaceFacts
from .model import Model
from .problems import Problem

MOST_PAGE_BYTES = 5_000_000


class Serving(Model):
    """The serving revision: its sha (short when it comes from a log), and the evidence for it.

    `revision` is None when nothing says which revision serves; `evidence` then says why.
    """

    revision: str | None
    evidence: str

    def is_revision(self, sha: str) -> bool:
        """Whether this is `sha`; either may be short."""
        return self.revision is not None and same_revision(self.revision, sha)


def same_revision(one: str, other: str) -> bool:
    """Whether two shas, full or at least seven characters of one, mean the same revision."""
    shorter, longer = sorted((one.lower(), other.lower()), key=len)
    return len(shorter) >= 7 and longer.startswith(shorter)


def serving_revision(hub: Hub, space: SpaceFacts, runtime: RuntimeFacts, wanted: str) -> Serving:
    """What serves right now, judged against `wanted` where only a comparison can tell."""
    if runtime.sha is not None:
        return Serving(revision=runtime.sha, evidence="the runtime names the revision")
    if space.sdk == "static":
        return _served_bytes(hub, space, wanted)
    built = built_revision(hub, space.name)
    if built is not None:
        return Serving(revision=built, evidence="the build log names the revision")
    return Serving(revision=None, evidence="neither the runtime nor a readable build log names it")


def built_revision(hub: Hub, space: str) -> str | None:
    """Revision of the newest build, from the first line of its log; None when it cannot be read."""
    try:
        return hub.log(space, "build", seconds=8.0).revision
    except Problem:
        return None


def _served_bytes(hub: Hub, space: SpaceFacts, wanted: str) -> Serving:
    page = space.app_file or "index.html"
    if space.host is None:
        return Serving(revision=None, evidence="the Hub names no address for the static page")
    try:
        committed = hub.file(space.name, wanted, page, most_bytes=MOST_PAGE_BYTES)
    except Problem as problem:
        return Serving(revision=None, evidence=f"{page} of that revision: {problem.message}")
    served = _fetch(space.host)
    if served is None:
        return Serving(revision=None, evidence=f"{space.host} does not serve the page yet")
    if hashlib.sha256(served).digest() == hashlib.sha256(committed).digest():
        return Serving(revision=wanted, evidence=f"the served page is {page} of that revision")
    # The Hub adds nothing to a static page, but a build step or an older revision would differ.
    return Serving(revision=None, evidence=f"the served page differs from {page} of that revision")


def _fetch(address: str) -> bytes | None:
    request = urllib.request.Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310 - a Space's address
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
            content: bytes = answer.read(MOST_PAGE_BYTES)
    except (OSError, urllib.error.URLError):
        return None
    return content
