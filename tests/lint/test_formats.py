"""The forms of a report: text for people, SARIF for code scanning, annotations for reviews."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.lint import Finding, Fix, Project, Report, Rule, Severity, Skipped, all_rules, lint
from tools.lint.formats import text
from tools.lint.formats.documentation import FAMILIES, family, rule_reference, rule_text
from tools.lint.formats.github import workflow_commands
from tools.lint.formats.sarif import FINGERPRINT, sarif
from tools.lint.rule import always
from tools.lint.texts import MemoryTexts

from .specimens import BASE

RULES = {
    name: Rule(
        name,
        severity,
        "something is off",
        source,
        date(2026, 11, 23),
        "gradio",
        fix,
        always,
        lambda _: [],
    )
    for name, severity, source, fix in (
        ("GR_ONE", Severity.ERROR, "https://www.gradio.app/docs, measured", Fix.SAFE),
        ("REQ_TWO", Severity.WARNING, "measured", None),
        ("SEC_THREE", Severity.INFO, "measured (https://example.com/page).", Fix.UNSAFE),
    )
}


def finding(
    identity: str = "GR_ONE", file: str = "app.py", line: int | None = 3, message: str = "it is off"
) -> Finding:
    rule = RULES[identity]
    return Finding(
        id=identity,
        severity=rule.severity,
        file=file,
        line=line,
        message=message,
        fixable=rule.fix is not None,
        fix=rule.fix,
    )


def report(*findings: Finding, **changes: object) -> Report:
    whole = Report(
        findings=findings,
        skipped=(Skipped(what="resolution", why="not asked for"),),
        hardware="zero-a10g",
        hardware_from="the argument",
        files=2,
        suppressed=0,
    )
    return whole.model_copy(update=changes)


def no_source(finding: Finding) -> None:
    return None


def test_a_finding_reads_like_a_compilers_with_its_source_below() -> None:
    project = Project(
        MemoryTexts({"app.py": "import gradio\n\n  demo.launch(\x1b[2Jshare=True)\n"})
    )
    lines = text.finding_lines(finding(), text.quote_from(project), prefix="space/")
    assert lines == [
        "space/app.py:3: error GR_ONE: it is off [safe fix]",
        "    demo.launch(�[2Jshare=True)",
    ]


@pytest.mark.parametrize("line", [None, 0, 99])
def test_a_line_that_is_not_there_is_not_quoted(line: int | None) -> None:
    project = Project(MemoryTexts({"app.py": "import gradio\n"}))
    assert len(text.finding_lines(finding(line=line), text.quote_from(project))) == 1


def test_what_a_security_rule_points_at_is_not_quoted() -> None:
    project = Project(MemoryTexts({"app.py": 'password = "hunter2"\n'}))
    lines = text.finding_lines(finding("SEC_THREE", line=1), text.quote_from(project))
    assert lines == ["app.py:1: info SEC_THREE: it is off [unsafe fix]"]


def test_long_source_is_cut() -> None:
    project = Project(MemoryTexts({"app.py": "x = " + "1 + " * 500 + "1"}))
    _, source = text.finding_lines(finding(line=1), text.quote_from(project))
    assert len(source) == 4 + text.LONGEST_SOURCE
    assert source.endswith("…")


def test_the_summary_counts_and_says_the_hardware() -> None:
    some = report(finding(), finding(line=4), finding("REQ_TWO"), suppressed=2)
    assert text.summary(some) == (
        "2 errors, 1 warning in 2 files; 2 silenced by comments."
        " Hardware: zero-a10g (the argument)."
    )
    none = report(hardware=None, hardware_from="nothing names a flavor", files=1)
    assert text.summary(none).startswith("No findings in 1 file. Hardware: unknown (nothing names")


def test_bounded_text_says_how_many_findings_it_leaves_out() -> None:
    many = report(*(finding(line=number) for number in range(1, 101)))
    lines, left_out = text.bounded(many, no_source, 1_000)
    assert sum(len(line) + 1 for line in lines) <= 1_000
    assert len(lines) + left_out == 100
    assert left_out
    assert text.bounded(many, no_source, 100_000) == (
        [f"app.py:{number}: error GR_ONE: it is off [safe fix]" for number in range(1, 101)],
        0,
    )


def test_sarif_has_what_the_standard_and_code_scanning_want() -> None:
    whole = report(finding(file="my app/ä.py"), finding("REQ_TWO", line=None), finding("SEC_THREE"))
    log = json.loads(json.dumps(sarif(whole, RULES, "1.2.3", "space/")))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == ["GR_ONE", "REQ_TWO", "SEC_THREE"]
    assert [rule.get("helpUri") for rule in driver["rules"]] == [
        "https://www.gradio.app/docs",
        None,
        "https://example.com/page",
    ]
    levels = [(result["ruleId"], result["level"]) for result in run["results"]]
    assert levels == [("GR_ONE", "error"), ("REQ_TWO", "warning"), ("SEC_THREE", "note")]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"] == "it is off"
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0]["artifactLocation"]["uri"] == "space/my%20app/%C3%A4.py"
    assert [place["region"]["startLine"] for place in places] == [3, 1, 3]
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said == "Not checked: resolution: not asked for"


def test_sarif_names_files_elsewhere_by_their_address() -> None:
    (result,) = sarif(report(finding()), RULES, "1", "/tmp/a space/")["runs"][0]["results"]  # noqa: S108 - a name only
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "file:///tmp/a%20space/app.py"


def fingerprints(*findings: Finding) -> list[str]:
    results = sarif(report(*findings), RULES, "1")["runs"][0]["results"]
    return [result["partialFingerprints"][FINGERPRINT] for result in results]


def test_fingerprints_survive_moved_lines_and_tell_equal_findings_apart() -> None:
    before = fingerprints(finding(line=3), finding(line=9), finding(message="other"))
    assert len(set(before)) == 3
    assert fingerprints(finding(line=5), finding(line=11), finding(message="other")) == before


def test_annotations_name_file_line_and_rule() -> None:
    whole = report(finding(), finding("REQ_TWO", line=None), finding("SEC_THREE"))
    assert list(workflow_commands(whole, "space/")) == [
        "::error file=space/app.py,line=3,title=GR_ONE::it is off",
        "::warning file=space/app.py,line=1,title=REQ_TWO::it is off",
        "::notice file=space/app.py,line=3,title=SEC_THREE::it is off",
    ]


def test_annotations_escape_what_a_runner_would_read() -> None:
    odd = finding(file="a,b:c%.py", message="50% of\r\n::error::it")
    (command,) = workflow_commands(report(odd))
    assert command == (
        "::error file=a%2Cb%3Ac%25.py,line=3,title=GR_ONE::50%25 of%0D%0A::error::it"
    )


@given(st.text(), st.text())
def test_no_message_or_file_name_gets_out_of_its_annotation(file: str, message: str) -> None:
    (command,) = workflow_commands(report(finding(file=file, message=message)))
    assert "\n" not in command
    assert "\r" not in command
    properties, _, said = command.removeprefix("::error ").partition("::")
    assert len(properties.split(",")) == 3
    assert said.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") == message


@given(st.text())
def test_text_has_no_control_characters(message: str) -> None:
    for line in text.finding_lines(finding(message=message), no_source):
        assert line.isprintable()


def test_every_rule_belongs_to_a_documented_family() -> None:
    assert {family(rule) for rule in all_rules().values()} <= set(FAMILIES)


def test_a_rules_text_says_what_why_fix_and_source() -> None:
    for rule in all_rules().values():
        said = rule_text(rule)
        for part in (rule.severity.value, rule.source, rule.as_of.isoformat()):
            assert part in said
        assert " ".join(rule.why.split()) in said
        assert ("No fix" in said) == (rule.fix is None)


def test_the_reference_has_one_heading_for_each_rule() -> None:
    headings = [
        line.removeprefix("### ")
        for line in rule_reference(all_rules().values()).splitlines()
        if line.startswith("### ")
    ]
    assert sorted(headings) == list(all_rules())


def test_a_real_report_in_every_form() -> None:
    card = BASE["README.md"].replace("sdk: gradio\n", "sdk: gradio\nhardware: t4-small\n")
    project = Project(MemoryTexts({**BASE, "README.md": card}))
    whole = lint(project, strict=True)
    (line, source) = text.bounded(whole, text.quote_from(project), 10_000)[0]
    assert line.startswith("README.md:7: warning FM_HARDWARE_KEY: ")
    assert source == "    hardware: t4-small"
    (result,) = sarif(whole, all_rules(), "1")["runs"][0]["results"]
    assert result["ruleId"] == "FM_HARDWARE_KEY"
    (command,) = workflow_commands(whole)
    assert command.startswith("::warning file=README.md,line=7,title=FM_HARDWARE_KEY::")
