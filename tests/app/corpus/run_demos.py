"""Smoke-test the demos of the Gradio repository, whole and broken on purpose. Run by hand.

The demos are no part of this repository: `--demos` is a folder with one folder for each, which
holds `run.py`. `--pointers` is a file of JSON lines; of each, `demo` and `verified` are read.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.app.report import EndpointReport, SmokeReport
from tools.app.smoke import smoke_test

from .serving import NotStarted, ServedApp, Zygote, zygote

DEADLINE_SECONDS = 20.0
BROKEN_DEADLINE_SECONDS = 8.0
TOLERANCE_SECONDS = 1.5
CHANGED = "a result was made black"
"""What a demo prints that has a picture or a sound; others cannot be broken in this way."""
MUTATIONS = ("exception", "none", "sleep", "crash", "black", "wrong_type", "page_500")


def main() -> None:
    """Print a verdict for each demo and the totals."""
    options = _options()
    pointers = [json.loads(line) for line in options.pointers.read_text().splitlines() if line]
    healthy = [each["demo"] for each in pointers if each["verified"]]
    others = [each["demo"] for each in pointers if not each["verified"]]
    chosen = set(options.only or [*healthy, *others])
    with tempfile.TemporaryDirectory(prefix="demos-") as folder, zygote(Path(folder)) as apps:
        run = _Run(apps, options.demos, Path(folder), verbose=options.verbose)
        if not options.broken:
            run.all("verified", [each for each in healthy if each in chosen], [""])
            run.all("not verified", [each for each in others if each in chosen], [""])
        else:
            run.all("broken", [each for each in healthy if each in chosen], options.broken)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demos", type=Path, required=True)
    parser.add_argument("--pointers", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="names of demos")
    parser.add_argument("--broken", nargs="*", choices=MUTATIONS, help="ways to break them")
    parser.add_argument("--verbose", action="store_true", help="print the evidence of all")
    return parser.parse_args()


class _Run:
    def __init__(self, apps: Zygote, demos: Path, folder: Path, *, verbose: bool) -> None:
        self._apps = apps
        self._demos = demos
        self._folder = folder
        self._verbose = verbose

    def all(self, title: str, demos: Sequence[str], mutations: Sequence[str]) -> None:
        """Test the demos with each mutation, and print a line for each and the totals."""
        verdicts: Counter[str] = Counter()
        for demo in demos:
            for mutation in mutations:
                verdict, report, seconds = self._one(demo, mutation)
                verdicts[verdict] += 1
                print(f"{verdict:20} {seconds:5.1f} s  {demo} {mutation}", flush=True)
                expected = verdict == "works" and not mutation
                if report and (self._verbose or not expected):
                    _print_evidence(report)
        total = sum(verdicts.values())
        shares = ", ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common())
        print(f"== {title}: {total} ({shares})", flush=True)

    def _one(self, demo: str, mutation: str) -> tuple[str, SmokeReport | None, float]:
        folder = self._folder / f"{demo}-{mutation}"
        shutil.copytree(self._demos / demo, folder)
        try:
            with self._apps.serving("demo", [str(folder / "run.py"), mutation], folder) as app:
                return self._smoke(app, mutation)
        except NotStarted as problem:
            print(problem)
            return "not started", None, 0.0

    def _smoke(self, app: ServedApp, mutation: str) -> tuple[str, SmokeReport | None, float]:
        deadline = BROKEN_DEADLINE_SECONDS if mutation else DEADLINE_SECONDS
        started = time.monotonic()
        output = app.folder / "output"
        report = smoke_test(
            app.url, token=None, deadline=deadline, folder=output, read_log=app.read_log
        )
        seconds = time.monotonic() - started
        if mutation == "black" and CHANGED not in app.read_log().lines:
            return "not applicable", None, seconds
        late = seconds > deadline + TOLERANCE_SECONDS
        return ("LATE " if late else "") + report.verdict, report, seconds


def _print_evidence(report: SmokeReport) -> None:
    for evidence in report.evidence:
        print(f"    {_mark(evidence.ok)} {evidence.what} {evidence.detail[-300:]!r}")
    for endpoint in report.endpoints:
        _print_endpoint(endpoint)


def _print_endpoint(endpoint: EndpointReport) -> None:
    print(f"    {endpoint.name}: {endpoint.verdict} {endpoint.outputs}"[:200])
    for evidence in endpoint.evidence:
        print(f"        {_mark(evidence.ok)} {evidence.what} {evidence.detail[-200:]!r}")


def _mark(ok: bool | None) -> str:
    return {True: "+", False: "-", None: " "}[ok]


if __name__ == "__main__":
    main()
