"""The requirements rules beyond their specimens: any input, and the numbers they rest on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tools.knowledge import gradio_releases, zero_gpu_facts
from tools.knowledge.builder import platform_requirements, zero_gpu_requirements
from tools.knowledge.dependencies import (
    is_known_distribution,
    platform_distributions,
    with_dependencies,
)
from tools.knowledge.gradio_needs import gradio_needs
from tools.knowledge.packages import distributions_of, package_facts
from tools.knowledge.torch import torch_facts
from tools.lint import Project, Severity, all_rules, lint
from tools.lint.fixing import repair
from tools.lint.installing import without_secrets
from tools.lint.requirements import read_requirements
from tools.lint.specifiers import can_be_met, lies_within
from tools.lint.texts import MemoryTexts

from .specimens import BASE

RULES = [identity for identity in all_rules() if identity.startswith("REQ_")]
PIECES = st.sampled_from(
    [
        *(
            "gradio",
            "spaces",
            "torch",
            "torchvision",
            "sklearn",
            "numpy",
            "-r ",
            "-e ",
            "-c ",
            "--",
        ),
        *("git+https://", "https://[", "file:///", "@", "==", ">=2", "<1", "~=1.4", "===x", ".*"),
        *(
            ";",
            " python_version < '3'",
            "#",
            "\\",
            "\n",
            " ",
            "[mcp]",
            "+cpu",
            "2.5.1",
            "0!",
            "\ufeff",
        ),
        *(
            "x-1-cp310-cp310-linux_x86_64.whl",
            "/",
            ",",
            "?X-Amz-Date=1",
            "pip install",
            "\u2028",
            "\r",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join)
VERSIONS = st.lists(st.integers(0, 4), min_size=1, max_size=3).map(
    lambda parts: ".".join(map(str, parts))
)
SPECIFIERS = st.lists(
    st.tuples(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), VERSIONS).map("".join),
    min_size=1,
    max_size=4,
).map(",".join)


@given(requirements=TEXTS, before=TEXTS, packages=TEXTS)
@settings(max_examples=150, deadline=None)
def test_no_requirements_file_is_too_strange(requirements: str, before: str, packages: str) -> None:
    files = {
        **BASE,
        "requirements.txt": requirements,
        "pre-requirements.txt": before,
        "packages.txt": packages,
    }
    project = Project(MemoryTexts(files), hardware="zero-a10g")
    report = lint(project, only=RULES, strict=True)
    for found in report.findings:
        length = len((files.get(found.file) or "").splitlines())
        assert found.line is None or 1 <= found.line <= length, found


@pytest.mark.parametrize(
    ("line", "name", "misplaced"),
    [
        # As pip 22.3.1, 24.0 and 25.3 read them on 2026-11-23.
        ("torch==2.1.0 --index-url https://example.com", "torch", ("--index-url",)),
        ("six -f https://example.com --pre", "six", ("-f", "--pre")),
        ("six --hash=sha256:0 --hash=sha256:1", "six", ()),
        ("six --no-deps", "", ()),
        ("six -", "", ()),
        ("scikit-learn", "scikit-learn", ()),
    ],
)
def test_options_behind_a_requirement(line: str, name: str, misplaced: tuple[str, ...]) -> None:
    (read,) = read_requirements("requirements.txt", line).lines
    assert (read.name, read.misplaced_options) == (name, misplaced)


def test_without_a_card_any_python_of_zero_gpu_may_be_meant() -> None:
    wheels = [f"https://example.com/x-1.0-cp3{n}-cp3{n}-linux_x86_64.whl" for n in (10, 11, 12)]
    files = {"app.py": "import spaces, gradio", "requirements.txt": "\n".join(wheels)}
    project = Project(MemoryTexts(files), hardware="zero-a10g")
    report = lint(project, only=["REQ_WHEEL_PYTHON"], strict=True)
    assert [(found.line, found.severity) for found in report.findings] == [(2, Severity.ERROR)]


@given(requirements=TEXTS)
@settings(max_examples=40, deadline=None)
def test_repairs_can_be_made_of_anything_and_only_once(requirements: str) -> None:
    files = {**BASE, "requirements.txt": requirements}
    first = repair(MemoryTexts(files), rules=RULES, unsafe=True)
    after = {path: text for path, text in {**files, **first.changes}.items() if text is not None}
    again = repair(MemoryTexts(after), rules=RULES, unsafe=True)
    assert not again.changes


@given(one=SPECIFIERS, other=SPECIFIERS, version=VERSIONS)
@settings(max_examples=300)
def test_what_a_version_satisfies_can_be_met(one: str, other: str, version: str) -> None:
    both = SpecifierSet(f"{one},{other}")
    if both.contains(Version(version)):
        assert can_be_met(one, other)


@given(narrow=SPECIFIERS, wide=SPECIFIERS, version=VERSIONS)
@settings(max_examples=300)
def test_a_range_within_another_admits_nothing_else(narrow: str, wide: str, version: str) -> None:
    if lies_within(narrow, wide) and SpecifierSet(narrow).contains(Version(version)):
        assert SpecifierSet(wide).contains(Version(version))


@pytest.mark.parametrize(
    ("specifiers", "possible"),
    [
        ((">=1.2,<2", "<1.0"), False),
        ((">1", "<2"), True),
        (("~=4.8.0", "==5.3.0"), False),
        (("==1.*", ">=1.5"), True),
        (("<=2.12.5,>=2.11.10", "==2.10.6"), False),
        ((">1.0,<1.0.1",), True),
        (("==2.8.0+cu128", ">=2.8"), True),
        (("", ">=2"), True),
        (("this is none",), True),
    ],
)
def test_bounds_decide_what_can_be_met(specifiers: tuple[str, ...], *, possible: bool) -> None:
    assert can_be_met(*specifiers) is possible


@pytest.mark.parametrize(
    ("version", "package", "needs"),
    [
        # Read in the METADATA of the wheels on 2026-11-22, apart from the file of facts.
        ("4.44.1", "huggingface-hub", ">=0.19.3"),
        ("5.44.1", "huggingface-hub", ">=0.33.5,<1.0"),
        ("5.49.1", "huggingface-hub", ">=0.33.5,<2.0"),
        ("6.26.0", "huggingface-hub", ">=1.16.0,<2.0"),
        ("6.31.0", "huggingface-hub", ">=1.16.0,<3.0"),
        ("6.31.0", "mcp", ">=1.21,<2.0"),
        ("6.31.0", "pydantic", ">=2.11.10,<=2.12.5"),
        ("6.15.1", "starlette", ">=0.40,<2.0"),
        ("6.20.0", "starlette", ">=1.0.1,<2.0"),
    ],
)
def test_what_gradio_needs(version: str, package: str, needs: str) -> None:
    known = gradio_needs(version)[package]
    assert lies_within(known, needs)
    assert lies_within(needs, known)


@pytest.mark.parametrize(
    ("requirements", "app", "severity"),
    [
        ("transformers\n", "import cv2\n", Severity.ERROR),
        # An older release than those that were looked at may have brought it.
        ("transformers==4.57.6\n", "import cv2\n", Severity.WARNING),
        ("transformers[vision]\n", "import cv2\n", Severity.INFO),
        ("a-package-nobody-looked-at\n", "import cv2\n", Severity.INFO),
        ("-r more.txt\n", "import cv2\n", Severity.INFO),
        ("numpy\n", "def later() -> None:\n    import cv2\n", Severity.INFO),
        ("numpy\n", "import os\nos.system('pip install x')\nimport cv2\n", Severity.INFO),
        ("numpy\n", "import sys\nsys.path.append('/data')\nimport mine\n", Severity.INFO),
        # The documentation calls it preinstalled.
        ("numpy\n", "import datasets\n", Severity.INFO),
    ],
)
def test_how_sure_it_is_that_nobody_installs_an_import(
    requirements: str, app: str, severity: Severity
) -> None:
    files = {**BASE, "requirements.txt": requirements, "app.py": f"{app}\n{BASE['app.py']}"}
    report = lint(Project(MemoryTexts(files)), only=["REQ_MISSING_PACKAGE"], strict=True)
    assert [found.severity for found in report.findings] == [severity]


def test_nothing_is_said_of_releases_that_nobody_read() -> None:
    assert "gradio-client" not in gradio_needs("5.31.0")
    assert "starlette" not in gradio_needs("6.15.1.post1")
    assert gradio_needs("7.0.0") == {}
    assert gradio_needs("not a version") == {}


def test_the_newest_gradio_is_among_those_that_were_read() -> None:
    assert gradio_needs(gradio_releases().latest)["huggingface-hub"]


def test_the_platform_s_call() -> None:
    own = zero_gpu_requirements()
    assert own == (zero_gpu_facts().package, zero_gpu_facts().torch)
    assert platform_requirements("4.31.0")[0] == "gradio[oauth]==4.31.0"
    assert platform_requirements("6.28.0", own) == (
        "gradio[oauth,mcp]==6.28.0",
        "uvicorn>=0.14.0",
        "websockets>=10.4",
        *own,
    )
    with pytest.raises(ValueError, match="no Gradio version"):
        platform_requirements("latest")


def test_what_brings_what() -> None:
    assert {"pillow", "numpy", "fastapi", "httpx", "requests"} <= platform_distributions(6)
    assert "mcp" not in platform_distributions(4)
    assert "torch" not in platform_distributions(6)
    assert {"torch", "scikit-learn", "huggingface-hub"} <= with_dependencies(
        ["sentence-transformers"]
    )
    assert is_known_distribution("safetensors")
    assert not is_known_distribution("a-package-nobody-looked-at")


def test_modules_and_distributions() -> None:
    assert distributions_of("cv2")[0] == "opencv-python-headless"
    assert distributions_of("google.genai.types") == ("google-genai",)
    assert distributions_of("numpy") == ()
    for module, names in package_facts().modules.items():
        own = re.sub(r"[-_.]+", "-", module).lower()
        assert names.split() != [own] or "." in module, f"{module} needs no entry"


def test_the_torch_family_is_in_order() -> None:
    facts = torch_facts()
    torches = [Version(one) for one in facts.torchvision]
    assert torches == sorted(torches)
    visions = [Version(one) for one in facts.torchvision.values()]
    assert visions == sorted(visions)
    assert set(facts.zero_gpu.documented) <= set(facts.torchvision)


def test_addresses_are_shown_without_what_opens_them() -> None:
    assert without_secrets("https://user:secret@host/a.whl?X=1") == "https://host/a.whl"
    assert without_secrets("http://[") == "an address"
