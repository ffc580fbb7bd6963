"""A report as SARIF 2.1.0, as far as code scanning services read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, and what GitHub takes of it:
docs.github.com "SARIF support for code scanning", both read 2026-11-23.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any
from urllib.parse import quote

from ..finding import Finding, Report, Severity
from ..rule import Rule
from .documentation import FAMILIES, family, rule_text

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "spaceLint/v1"
"""An own name: GitHub computes `primaryLocationLineHash` itself and warns of one it finds."""
_ADDRESS = re.compile(r"https://[^\s,;()<>`]*[^\s,;()<>`.]")
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif(report: Report, rules: dict[str, Rule], version: str, prefix: str = "") -> dict[str, Any]:
    """The log file of one run.

    `rules` are those that findings may name, `version` is ours, `prefix` leads from the
    repository's root to the folder. Source text is left out: it may hold what must not spread.
    """
    named = [rules[name] for name in sorted({finding.id for finding in report.findings})]
    driver = {
        "name": "huggingface-spaces lint",
        "version": version,
        "semanticVersion": version,
        "rules": [_descriptor(rule) for rule in named],
    }
    index = {rule.id: number for number, rule in enumerate(named)}
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index, prefix, seen) for finding in report.findings],
        "invocations": [_invocation(report)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(rule: Rule) -> dict[str, Any]:
    text = rule_text(rule)
    descriptor: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(rule.why.split())},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [FAMILIES[family(rule)]]},
    }
    address = _address(rule.source)
    return {**descriptor, "helpUri": address} if address else descriptor


def _address(source: str) -> str | None:
    """The first address in a rule's source; a `helpUri` has to be absolute."""
    found = _ADDRESS.search(source)
    return found.group() if found else None


def _result(
    finding: Finding, index: dict[str, int], prefix: str, seen: Counter[str]
) -> dict[str, Any]:
    return {
        "ruleId": finding.id,
        "ruleIndex": index[finding.id],
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(f"{prefix}{finding.file}")},
                    "region": {"startLine": finding.line or 1},
                }
            }
        ],
        "partialFingerprints": {FINGERPRINT: _fingerprint(finding, seen)},
    }


def _uri(path: str) -> str:
    """Relative to the repository, or a file's address for what lies outside of it."""
    scheme = "file://" if path.startswith("/") else ""
    return scheme + quote(path.encode("utf-8", "surrogateescape"))


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """The same after lines have moved; equal findings of a file are told apart by their order."""
    said = "\0".join((finding.id, finding.file, finding.message))
    seen[said] += 1
    text = f"{said}\0{seen[said]}".encode("utf-8", "replace")
    return hashlib.sha256(text).hexdigest()[:32]


def _invocation(report: Report) -> dict[str, Any]:
    notes = [
        {"level": "note", "message": {"text": f"Not checked: {skipped.what}: {skipped.why}"}}
        for skipped in report.skipped
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}
