"""`GET /api/spaces/{id}/runtime` a second, asked for by 50 clients at once."""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from huggingface_hub import HfApi

from tools import rehearsal_process

CLIENTS = 50
SECONDS = 5.0
SPACE = "rehearsal-pro/asked"


def measure() -> Iterator[str]:
    """Answers a second, the slowest tenth of them, and how many were errors (none is allowed)."""
    with tempfile.TemporaryDirectory(prefix="requests-") as scratch:
        state = Path(scratch) / "rehearsal"
        running = rehearsal_process.start(state, port=0)
        try:
            token = running.tokens()["rehearsal-pro"]
            api = HfApi(running.endpoint, token=token)
            api.create_repo(SPACE, repo_type="space", space_sdk="static")
            yield _asked(running.endpoint, token)
        finally:
            rehearsal_process.stop(state)


def _asked(endpoint: str, token: str) -> str:
    together = threading.Barrier(CLIENTS)

    def ask(_: int) -> list[tuple[int, float]]:
        connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=30)
        answers: list[tuple[int, float]] = []
        together.wait(30)
        until = time.perf_counter() + SECONDS
        while (began := time.perf_counter()) < until:
            connection.request(
                "GET",
                f"/api/spaces/{SPACE}/runtime",
                headers={"Authorization": f"Bearer {token}"},
            )
            answer = connection.getresponse()
            answer.read()
            answers.append((answer.status, time.perf_counter() - began))
        connection.close()
        return answers

    with ThreadPoolExecutor(CLIENTS) as crowd:
        answers = [answer for answers in crowd.map(ask, range(CLIENTS)) for answer in answers]
    errors = sum(status != 200 for status, _ in answers)
    slow = sorted(seconds for _, seconds in answers)[int(len(answers) * 0.9)]
    rate = len(answers) / SECONDS
    return (
        f"{CLIENTS} clients: {rate:.0f} answers/s, 90 % within {slow * 1000:.0f} ms, "
        f"{errors} errors"
    )
