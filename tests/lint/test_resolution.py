"""Resolving the platform's call against the real index, and what if it cannot be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.lint import Finding, Project, Report, Severity, lint
from tools.lint.resolution import Resolution, resolution
from tools.lint.texts import MemoryTexts

from .specimens import BASE

SECONDS = 90.0
NOT_ASKED = "not asked for; `--resolve` (`resolve` of the tool) asks the index"
RULES = ["REQ_RESOLUTION", "REQ_HUB_OLD_GRADIO"]


def project(
    requirements: str,
    *,
    gradio: str = "6.31.0",
    python: str | None = "3.12",
    hardware: str | None = None,
    seconds: float | None = SECONDS,
) -> Project:
    card = BASE["README.md"].replace("6.31.0", gradio)
    named = f'python_version: "{python}"\n' if python else ""
    card = card.replace('python_version: "3.12"\n', named)
    files = {**BASE, "README.md": card, "requirements.txt": requirements}
    return Project(MemoryTexts(files), hardware=hardware, resolve_seconds=seconds)


def resolved(requirements: str, **options: str | None) -> Resolution:
    found = resolution(project(requirements, **options))  # type: ignore[arg-type] # as named above
    assert found is not None
    assert found.unknown is None, found.unknown
    return found


def report(requirements: str, **options: str | float | None) -> Report:
    return lint(project(requirements, **options), only=RULES, strict=True)  # type: ignore[arg-type] # as named above


def only(found: Report) -> Finding:
    assert len(found.findings) == 1, found.findings
    return found.findings[0]


def test_nothing_is_asked_unasked() -> None:
    found = report("pydantic==2.10.6\n", seconds=None)
    assert not found.findings
    assert [(one.what, one.why) for one in found.skipped] == [
        ("resolution of the requirements", NOT_ASKED)
    ]


def test_the_newest_stack_fits() -> None:
    found = resolved("transformers\ndiffusers\naccelerate\n")
    assert found.conflict is None
    assert found.versions["gradio"] == "6.31.0"
    assert int(found.versions["huggingface-hub"].partition(".")[0]) >= 2
    assert int(found.versions["transformers"].partition(".")[0]) >= 5


def test_transformers_4_does_not_fit_gradio_6_31() -> None:
    finding = only(report("numpy\ntransformers==4.57.6\n"))
    assert (finding.file, finding.line) == ("requirements.txt", 2)
    assert finding.severity is Severity.ERROR
    assert "huggingface-hub>=0.34.0,<1.0" in finding.message


@pytest.mark.parametrize("gradio", ["6.15.1", "5.49.1"])
def test_transformers_4_fits_an_older_gradio(gradio: str) -> None:
    assert resolved("transformers==4.57.6\n", gradio=gradio).versions["huggingface-hub"] < "1"


def test_the_pydantic_of_the_mcp_extra() -> None:
    finding = only(report("pydantic==2.10.6\n"))
    assert finding.line == 1
    assert "pydantic>=2.11.10,<=2.12.5" in finding.message


def test_zero_gpu_limits_torch_and_pins_spaces() -> None:
    found = resolved("torch>=2.14\n", hardware="zero-a10g")
    assert found.conflict is not None
    assert found.line is not None
    assert found.line.name == "torch"
    assert resolved("numpy\n", hardware="zero-a10g").versions["torch"].startswith("2.13.0")


def test_an_old_gradio_with_a_hub_that_it_cannot_import() -> None:
    finding = only(report("numpy\n", gradio="4.44.1"))
    assert (finding.id, finding.severity) == ("REQ_HUB_OLD_GRADIO", Severity.ERROR)
    assert not report("huggingface_hub<1.0\n", gradio="4.44.1").findings


def test_a_package_that_does_not_exist() -> None:
    finding = only(report("numpy\nno-such-package-was-ever-published-here\n"))
    assert finding.line == 2


def test_an_unknown_index_makes_it_uncertain() -> None:
    found = report(
        "--extra-index-url https://packages.example.com/simple\n"
        "no-such-package-was-ever-published-here\n"
    )
    assert not found.findings
    assert "index" in found.skipped[0].why


def test_what_is_not_a_release_is_left_out_and_named() -> None:
    found = report(
        "git+https://github.com/huggingface/diffusers.git\n"
        "https://example.invalid/thing-1.0-py3-none-any.whl\n"
        "./local.whl\n-r other.txt\nnumpy\n"
    )
    assert not found.findings
    assert "diffusers, thing" in found.skipped[0].what


def test_a_package_without_a_wheel_is_left_out_and_the_rest_still_judged() -> None:
    found = report("openai-whisper\nflask==3.1.0\njinja2==3.0.0\n")
    assert found.findings[0].id == "REQ_RESOLUTION"
    alone = resolved("openai-whisper\n")
    assert alone.conflict is None
    assert "openai-whisper" in alone.left_out


def test_every_python_has_to_fail_where_the_card_names_none() -> None:
    # tensorflow 2.15 has wheels for 3.10, which is documented as the default, and none for 3.13.
    assert resolved("tensorflow==2.15.0\n", python=None, gradio="5.50.0").conflict is None
    assert resolved("tensorflow==2.15.0\n", python="3.13", gradio="5.50.0").conflict is not None


def test_an_index_that_does_not_answer_is_a_check_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://somebody:secret@127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    found = report("numpy\n")
    assert not found.findings
    assert "127.0.0.1" in found.skipped[0].why
    assert "secret" not in found.skipped[0].why


def test_an_offline_uv_is_no_evidence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path))
    found = report("numpy\n")
    assert not found.findings
    assert "UV_OFFLINE" in found.skipped[0].why


def test_time_is_limited() -> None:
    found = report("numpy\n", seconds=0.001)
    assert not found.findings
    assert found.skipped[0].why == "the package index did not answer in time"


def test_without_a_gradio_version_there_is_nothing_to_resolve() -> None:
    found = report("numpy\n", gradio="latest")
    assert not found.findings
    assert "sdk_version" in found.skipped[0].why
