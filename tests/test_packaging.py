"""The wheel holds one package, `huggingface_spaces`, with its data, and runs installed.

It is built the way an index would see it: a source distribution first, the wheel from that.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.checkout import copy_checkout
from tools.installing.packing import SKILL_FILES

ROOT = Path(__file__).parent.parent
BUILD_SECONDS = 110


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = copy_checkout(folder / "source")
    subprocess.run(
        [find_uv_bin(), "build", "--quiet", "--out-dir", str(folder), str(source)],
        check=True,
        timeout=BUILD_SECONDS,
    )
    return next(folder.glob("*.whl"))


def skill_files(source: Path) -> set[str]:
    """The skill's text in what was built."""
    references = (source / "references").glob("*.md")
    return {"SKILL.md", *(f"references/{file.name}" for file in references)}


def test_the_skill_travels_with_the_code(wheel: Path) -> None:
    """Without a second copy in git: setup.py puts it into both distributions."""
    archive, source = zipfile.ZipFile(wheel), wheel.parent / "source"
    (sources,) = wheel.parent.glob("*.tar.gz")
    with tarfile.open(sources) as sent:
        top = sources.name.removesuffix(".tar.gz")
        in_sources = {name.removeprefix(f"{top}/") for name in sent.getnames()}
    for name in skill_files(source):
        assert archive.read(f"huggingface_spaces/skill/{name}") == (source / name).read_bytes()
        assert name in in_sources
    assert not (ROOT / "tools" / "skill" / "SKILL.md").exists()


def test_what_hosts_read_is_one_list() -> None:
    """setup.py runs where nothing of this package can be imported, so it has the names again."""
    (assigned,) = (
        node.value
        for node in ast.parse((ROOT / "setup.py").read_text()).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "READ_BY_HOSTS"
    )
    assert ast.literal_eval(assigned) == SKILL_FILES


def test_every_file_of_the_plugin_is_in_the_wheel(wheel: Path) -> None:
    names, source = set(zipfile.ZipFile(wheel).namelist()), wheel.parent / "source"
    tops = [source / name for name in SKILL_FILES]
    files = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
    wanted = {path.relative_to(source).as_posix() for path in files if path.is_file()}
    assert ".mcp.json" in wanted
    assert {f"huggingface_spaces/skill/{name}" for name in wanted} <= names


def test_building_in_place_leaves_out_what_was_deleted(wheel: Path, tmp_path: Path) -> None:
    """setuptools keeps build/lib between builds, with the modules of the time before."""
    source = tmp_path / "source"
    shutil.copytree(wheel.parent / "source", source, ignore=shutil.ignore_patterns("build"))
    for name in ("removed.py", "skill/references/removed.md"):
        left = source / "build" / "lib" / "huggingface_spaces" / name
        left.parent.mkdir(parents=True, exist_ok=True)
        left.touch()
    subprocess.run(
        [find_uv_bin(), "build", "--quiet", "--wheel", "--out-dir", str(tmp_path), str(source)],
        check=True,
        timeout=BUILD_SECONDS,
    )
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert "huggingface_spaces/registry.py" in names
    assert not [name for name in names if "removed" in name]


def test_one_top_level_package_with_its_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {
        "huggingface_spaces"
    }
    held = {name.removeprefix("huggingface_spaces/") for name in names}
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "tools"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    missing = {name.removeprefix("tools/") for name in tracked} - held - {"rehearsal/README.md"}
    assert not missing


@pytest.mark.timeout(300)
def test_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    """Installed without dependencies beside ours: the package must not need the checkout."""
    target = tmp_path / "site"
    subprocess.run(
        [
            find_uv_bin(),
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(target),
            str(wheel),
        ],
        check=True,
    )
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r});"
        "import huggingface_spaces; print(huggingface_spaces.__file__);"
        "from huggingface_spaces.registry import all_tools; print(len(all_tools()));"
        "from huggingface_spaces.knowledge import hardware_flavors; print(len(hardware_flavors()));"
        "from huggingface_spaces.skill.serving import skill_entry as skill;"
        "print(len(skill()['resources']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    file, tools, flavors, texts = ran.stdout.split()
    assert file.startswith(str(target))
    assert int(tools) >= 9
    assert int(flavors) > 10
    assert int(texts) == len(skill_files(wheel.parent / "source"))
