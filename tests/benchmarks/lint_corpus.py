"""How much of a labelled corpus of Spaces the linter finds, and what it finds too much.

    python -m tests.benchmarks.lint_corpus --labels spaces.jsonl --trees FOLDER

Each line of the labels is one Space: `tree` (its folder below FOLDER), `path` (README.md, or the
app file where the tree is only a part of a repository), `uses_zerogpu`, `label` (`clean`,
`defective`, or `skip`: only linted) and `defects`, each with `code`, `file`, `line` and
`severity`. A tree that crashes the linter ends the run with its traceback.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tools.lint import Finding, lint_folder

NEAR = 3
"""Lines that a finding may be away from its label."""
LEVELS = {"error": "error", "warn": "warning", "warning": "warning", "info": "info"}
ZERO_GPU = "zero-a10g"


@dataclass(frozen=True)
class Label:
    """A defect that a person found in a tree."""

    id: str
    file: str
    line: int | None
    severity: str
    note: str

    @classmethod
    def read(cls, record: dict[str, Any]) -> Label:
        """One entry of `defects`."""
        return cls(
            id=record["code"],
            file=record["file"],
            line=record.get("line"),
            severity=LEVELS[record["severity"]],
            note=record.get("note", ""),
        )

    def distance(self, finding: Finding) -> int | None:
        """Lines between the two, or None when the finding is not about this defect."""
        if (finding.id, finding.file) != (self.id, self.file):
            return None
        away = abs((finding.line or 0) - (self.line or 0)) if self.line else 0
        return away if away <= NEAR else None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.id} {place} ({self.severity})"


@dataclass(frozen=True)
class Tree:
    """One labelled Space."""

    name: str
    entry: str
    hardware: str | None
    verdict: str
    labels: tuple[Label, ...]

    @classmethod
    def read(cls, record: dict[str, Any]) -> Tree:
        """One line of the labels."""
        return cls(
            name=record["tree"],
            entry=PurePosixPath(record["path"]).name,
            hardware=ZERO_GPU if record["uses_zerogpu"] else None,
            verdict=record["label"],
            labels=tuple(map(Label.read, record["defects"])),
        )

    def lint(self, trees: Path) -> tuple[Finding, ...]:
        """What the linter says about it."""
        app_file = None if self.entry == "README.md" else self.entry
        report = lint_folder(trees / self.name, hardware=self.hardware, app_file=app_file)
        return tuple(report.findings)


@dataclass
class Tally:
    """Sums over the corpus."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    other_severity: int = 0
    clean_trees: int = 0
    clean_errors: int = 0
    clean_warnings: int = 0
    extra: Counter[tuple[str, str]] = field(default_factory=Counter)
    absent: int = 0
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        """The figures, one a line."""
        for severity in ("error", "warning", "info"):
            found, all_labels = self.found[severity], self.found[severity] + self.missed[severity]
            share = f" ({found / all_labels:.0%})" if all_labels else ""
            yield f"labelled {severity}: {found} of {all_labels} found{share}"
        yield f"found with another severity: {self.other_severity}"
        yield f"errors on {self.clean_trees} clean trees: {self.clean_errors}"
        per_ten = 10 * self.clean_warnings / self.clean_trees if self.clean_trees else 0.0
        yield f"unlabelled warnings: {per_ten:.1f} per 10 clean trees ({self.clean_warnings})"
        for (rule, severity), count in self.extra.most_common():
            yield f"unlabelled on defective trees: {count} x {rule} ({severity})"
        if self.absent:
            yield f"trees that are not there: {self.absent}"
        yield f"linted in {self.seconds:.1f} s"


def pair(labels: Iterable[Label], findings: Iterable[Finding]) -> dict[Label, Finding]:
    """Each label with the nearest finding about it; a finding answers for one label only."""
    findings = list(findings)
    near = [
        (away, number, label)
        for label in labels
        for number, finding in enumerate(findings)
        if (away := label.distance(finding)) is not None
    ]
    pairs: dict[Label, Finding] = {}
    used: set[int] = set()
    for _, number, label in sorted(near, key=lambda item: item[:2]):
        if label not in pairs and number not in used:
            pairs[label] = findings[number]
            used.add(number)
    return pairs


def judge(tree: Tree, findings: tuple[Finding, ...], tally: Tally) -> Iterator[str]:
    """One line for each label, and for each error or warning that a clean tree does not have."""
    if tree.verdict == "skip":
        yield f"  linted, {len(findings)} findings"
        return
    pairs = pair(tree.labels, findings)
    for label in tree.labels:
        yield _labelled(label, pairs.get(label), tally)
    is_clean = tree.verdict == "clean"
    tally.clean_trees += is_clean
    answered = set(map(id, pairs.values()))
    for finding in findings:
        if id(finding) not in answered and finding.severity in ("error", "warning"):
            yield _unlabelled(finding, tally, is_clean=is_clean)
    if is_clean:
        tally.clean_errors += sum(finding.severity == "error" for finding in findings)


def _labelled(label: Label, finding: Finding | None, tally: Tally) -> str:
    if finding is None:
        tally.missed[label.severity] += 1
        return f"  missed {label} {label.note}".rstrip()
    tally.found[label.severity] += 1
    if finding.severity == label.severity:
        return f"  found  {label}"
    tally.other_severity += 1
    return f"  found  {label} as {finding.severity.value}"


def _unlabelled(finding: Finding, tally: Tally, *, is_clean: bool) -> str:
    said = (
        f"{finding.id} {finding.file}:{finding.line} ({finding.severity.value}) {finding.message}"
    )
    if is_clean:
        tally.clean_warnings += finding.severity == "warning"
        return f"  UNLABELLED ON CLEAN {said}"
    tally.extra[finding.id, finding.severity.value] += 1
    return f"  extra  {said}"


def measure(labels: Path, trees: Path, only: str | None = None) -> Iterator[str]:
    """Every tree with its lines, then the sums. `only` keeps trees whose name contains it."""
    tally = Tally()
    records = labels.read_text(encoding="utf-8").splitlines()
    for tree in (Tree.read(json.loads(record)) for record in records if record.strip()):
        if only and only not in tree.name:
            continue
        yield f"{tree.name} [{tree.verdict}]"
        if not (trees / tree.name).is_dir():
            tally.absent += 1
            yield "  not there"
            continue
        began = time.perf_counter()
        findings = tree.lint(trees)
        tally.seconds += time.perf_counter() - began
        yield from judge(tree, findings, tally)
    yield ""
    yield from tally.lines()


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--trees", type=Path, required=True)
    parser.add_argument("--only", help="trees whose name contains this")
    arguments = parser.parse_args()
    for line in measure(arguments.labels, arguments.trees, arguments.only):
        print(line, flush=True)


if __name__ == "__main__":
    main()
