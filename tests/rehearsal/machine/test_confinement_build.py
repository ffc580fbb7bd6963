"""What a package's own build script can see and do: it is a stranger's program, too."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import uv

from tools.rehearsal.machine.build_environment import build_environment
from tools.rehearsal.machine.confinement import profiles
from tools.rehearsal.machine.confinement.probe import confinement
from tools.rehearsal.machine.processes import GuardedProcess

pytestmark = pytest.mark.skipif(
    not confinement().works, reason=f"this machine: {confinement().sentence}"
)

PROJECT = """
[build-system]
requires = []
backend-path = ["."]
build-backend = "backend"
[project]
name = "curious"
version = "1.0"
"""

BACKEND = """
import json, os, zipfile
LOOK_FOR = {paths}
def tried(path):
    try:
        open(path, "a").close()
        return "written"
    except OSError as error:
        return type(error).__name__
def build_wheel(folder, config_settings=None, metadata_directory=None):
    found = dict(exists=[os.path.exists(path) for path in LOOK_FOR],
                 written=[tried(path) for path in {targets}], processes=sorted(
                 int(name) for name in os.listdir("/proc") if name.isdigit())[:1])
    name = "curious-1.0-py3-none-any.whl"
    info = "curious-1.0.dist-info/"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("curious.py", "FOUND = " + repr(found))
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: curious\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL",
            "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""


def source_distribution(folder: Path, paths: list[Path], targets: list[Path]) -> None:
    """Write a package whose build script reports which paths exist and which it can write to."""
    backend = BACKEND.format(paths=list(map(str, paths)), targets=list(map(str, targets)))
    information = "Metadata-Version: 2.1\nName: curious\nVersion: 1.0\n"
    files = {"pyproject.toml": PROJECT, "backend.py": backend, "PKG-INFO": information}
    folder.mkdir()
    with tarfile.open(folder / "curious-1.0.tar.gz", "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"curious-1.0/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))


async def confined_uv(place: profiles.BuildPlace, *arguments: str) -> str:
    """Run uv as a build does; return what it printed."""
    variables = build_environment(place.home, place.cache_folder / "uv")
    view = profiles.of_build(place, variables)
    output: list[str] = []
    process = await GuardedProcess.start(
        [uv.find_uv_bin(), *arguments], place.context, variables, "test:build", output.append, view
    )
    assert await process.wait() == 0, "".join(output)
    return "".join(output)


@pytest.fixture
def place(tmp_path: Path) -> profiles.BuildPlace:
    key = tmp_path / "cache" / "environments" / "key"
    for folder in (key, tmp_path / "home", tmp_path / "context"):
        folder.mkdir(parents=True)
    return profiles.BuildPlace(
        home=tmp_path / "home",
        context=tmp_path / "context",
        environment=key / "2",
        cache_folder=tmp_path / "cache",
        interpreter=Path(sys.executable),
        installer=Path(uv.find_uv_bin()),
    )


async def report_of_a_build(place: profiles.BuildPlace, packages: Path) -> Any:
    python = str(place.environment / "bin" / "python")
    await confined_uv(
        place, "venv", "--quiet", "--python", str(place.interpreter), str(place.environment)
    )
    install = ["pip", "install", "--no-index", "--find-links", str(packages), "--python", python]
    await confined_uv(place, *install, "curious")
    program = "import curious, json; print(json.dumps(curious.FOUND))"
    answer = await asyncio.create_subprocess_exec(
        python, "-I", "-c", program, stdout=asyncio.subprocess.PIPE
    )
    return json.loads((await answer.communicate())[0])


async def test_a_build_sees_its_packages_and_nothing_private(
    place: profiles.BuildPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages, private = tmp_path / "packages", tmp_path / "private"
    private.write_text("a diary")
    others = [tmp_path / "cache/environments/other", place.environment.parent / "1"]
    for folder in [*others, tmp_path / "cache/downloads"]:
        folder.mkdir()
    targets = [folder / "new" for folder in [*others, tmp_path / "cache/downloads", packages]]
    source_distribution(packages, [private, Path.home() / ".ssh", Path("/etc/shadow")], targets)
    monkeypatch.setenv("UV_FIND_LINKS", str(packages))
    report = await report_of_a_build(place, packages)
    assert report["exists"] == [False] * 3
    assert report["written"] == ["OSError"] * 4
    assert report["processes"] == [1]


async def test_an_environment_is_compiled_and_linked_not_copied(
    place: profiles.BuildPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "packages"
    source_distribution(packages, [], [])
    monkeypatch.setenv("UV_FIND_LINKS", str(packages))
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    await report_of_a_build(place, packages)
    (module,) = place.environment.glob("lib/python3*/site-packages/curious.py")
    assert module.stat().st_nlink > 1
    assert list(module.parent.glob("__pycache__/curious.*.pyc"))
