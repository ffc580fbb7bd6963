"""The checkout is a Claude Code plugin as it lies there, and its launcher never builds anything."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tools import __version__
from tools.cli.tool_commands import command_name
from tools.installing.hosts import HOSTS, SERVER
from tools.installing.packing import SKILL_FILES
from tools.installing.places import DATA_VARIABLE, NAME, places
from tools.installing.plugin import PLUGIN, plugin_files
from tools.problems import Problem
from tools.registry import all_tools

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# The keys of https://code.claude.com/docs/en/plugins-reference that we use, read 2026-11-22.
PLUGIN_KEYS = {"name", "version", "description", "author", "license", "keywords", "skills"}
LONGEST_TOOL_NAME = 64
"""Some hosts drop a tool whose full name is longer."""


def read(name: str) -> Any:
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def project_version() -> str:
    found = re.search(r'(?m)^version = "([^"]+)"$', (ROOT / "pyproject.toml").read_text())
    assert found
    return found.group(1)


def test_one_version() -> None:
    assert project_version() == __version__ == read(".claude-plugin/plugin.json")["version"]


def test_plugin_manifest() -> None:
    manifest = read(".claude-plugin/plugin.json")
    assert set(manifest) == PLUGIN_KEYS
    assert manifest["name"] == NAME
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", manifest["name"])
    assert "Not affiliated with Hugging Face" in manifest["description"]
    skill = (ROOT / manifest["skills"] / "SKILL.md").read_text(encoding="utf-8")
    assert f"\nname: {NAME}\n" in skill
    assert not (ROOT / "skills").exists(), "a skills/ folder would hide SKILL.md at the top"


def test_marketplace_lists_this_plugin_alone() -> None:
    market = read(".claude-plugin/marketplace.json")
    assert f"{market['plugins'][0]['name']}@{market['name']}" == PLUGIN
    assert market["owner"]["name"]
    assert [entry["source"] for entry in market["plugins"]] == ["./"]
    assert "version" not in market["plugins"][0], "plugin.json says it"


def test_server_of_the_plugin() -> None:
    assert set(read(".mcp.json")["mcpServers"]) == {SERVER}
    assert os.access(ROOT / "bin" / NAME, os.X_OK)
    longest = max(len(f"mcp__plugin_{NAME}_{SERVER}__{name}") for name in all_tools())
    assert longest <= LONGEST_TOOL_NAME


@pytest.mark.parametrize("below", [".", "references/deep"])
@pytest.mark.parametrize("as_plugin", [True, False], ids=["plugin", "project"])
def test_the_server_starts_as_plugin_and_as_project(
    launched: Launched, tmp_path: Path, below: str, as_plugin: bool
) -> None:
    """Claude Code reads the same file for both. It complains of `${...}` without a value, and
    tells a plugin its folder in the server's environment."""
    server = read(".mcp.json")["mcpServers"][SERVER]
    assert "${" not in json.dumps(server)
    (launched.root / ".claude-plugin").mkdir()
    (launched.root / ".claude-plugin" / "plugin.json").touch()
    launched.ready(launched.root / ".venv", "checkout")
    (launched.root / ".venv" / ".ready").touch()
    here = (tmp_path if as_plugin else launched.root) / below
    here.mkdir(parents=True, exist_ok=True)
    root = {"CLAUDE_PLUGIN_ROOT": str(launched.root)} if as_plugin else {}
    ran = subprocess.run(
        [server["command"], *server["args"]],
        cwd=here,
        env={**launched.environment, **root},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("checkout serve\n", "")


def test_plugin_files_are_what_a_host_reads() -> None:
    files = plugin_files()
    assert {name.split("/")[0] for name in files} == set(SKILL_FILES)
    references = {f"references/{path.name}" for path in (ROOT / "references").glob("*.md")}
    assert references <= set(files)


class Launched:
    """A copy of the launcher where a plugin would lie, and a machine with next to nothing."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a plugin"
        self.home = folder / "a home"
        self.stray = folder / "was-run"
        stubs = folder / "stubs"
        (self.root / "bin").mkdir(parents=True)
        stubs.mkdir()
        shutil.copy2(ROOT / "bin" / NAME, self.root / "bin" / NAME)
        for program in ("uv", "uvx", "python3", "pip", "make", "git"):
            self.program(stubs / program, f"echo {program} $* >> {shlex.quote(str(self.stray))}")
        self.environment = {"PATH": f"{stubs}:/usr/bin:/bin", "HOME": str(self.home)}

    def program(self, path: Path, *lines: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
        path.chmod(0o755)

    def ready(self, folder: Path, says: str) -> None:
        self.program(folder / "bin" / NAME, f'echo "{says} $*"')
        self.program(folder / "bin" / "python")

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "bin" / NAME), *words],
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def launched(tmp_path: Path) -> Launched:
    return Launched(tmp_path)


def test_without_an_environment_it_fails_in_one_line_and_builds_nothing(launched: Launched) -> None:
    (launched.root / "pyproject.toml").touch()
    for words in (["serve"], ["lint", "."], []):
        ran = launched.run(*words)
        assert ran.returncode == 2
        assert ran.stdout == ""
        (line,) = ran.stderr.splitlines()
        assert line.startswith("not_installed: ")
        assert f"'{launched.root}/bin/huggingface-spaces' install," in line
    assert not launched.stray.exists()
    assert not launched.home.exists()


def test_it_starts_what_install_made_ready(launched: Launched) -> None:
    folder = launched.home / ".local/share" / NAME
    if sys.platform == "darwin":
        folder = launched.home / "Library/Application Support" / NAME
    launched.ready(folder / "current", "ours")
    ran = launched.run("serve", "--root", "a b")
    assert (ran.returncode, ran.stdout) == (0, "ours serve --root a b\n")
    chosen = launched.home / "else where"
    launched.ready(chosen / "current", "chosen")
    assert launched.run("serve", **{DATA_VARIABLE: str(chosen)}).stdout == "chosen serve\n"
    launched.ready(chosen / NAME / "current", "xdg")
    assert launched.run("serve", XDG_DATA_HOME=str(chosen)).stdout == "xdg serve\n"
    assert not launched.stray.exists()


def test_an_installed_plugin_knows_the_environment_beside_it(launched: Launched) -> None:
    beside = launched.root.parent
    launched.ready(beside / "current", "beside")
    assert launched.run("serve").returncode == 2, "some folder called current is not ours"
    (beside / "installation.json").touch()
    assert launched.run("serve").stdout == "beside serve\n"


def test_a_checkout_after_make_setup_runs_its_own_code(launched: Launched) -> None:
    launched.ready(launched.root / ".venv", "checkout")
    assert launched.run("serve").returncode == 2, "half a setup is not started"
    (launched.root / ".venv" / ".ready").touch()
    assert launched.run("install").stdout == "checkout install\n"


def test_install_is_run_from_the_new_code_after_an_update(launched: Launched) -> None:
    launched.ready(launched.home / "data" / "current", "old")
    (launched.root / "pyproject.toml").touch()
    launched.run("install", "--claude", **{DATA_VARIABLE: str(launched.home / "data")})
    said = launched.stray.read_text()
    assert said.startswith("uvx ")
    assert f"--from {launched.root} {NAME} install --claude" in said


def test_an_environment_without_its_python_is_not_started(launched: Launched) -> None:
    data = launched.home / "data"
    launched.ready(data / "current", "never")
    (data / "current" / "bin" / "python").unlink()
    (data / "current" / "bin" / "python").symlink_to("/nowhere/python3")
    ran = launched.run("serve", **{DATA_VARIABLE: str(data)})
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("not_installed: ")


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (None, 2)], ids=str
)
def test_first_steps_without_uv_leave_nothing(
    launched: Launched, tmp_path: Path, how: signal.Signals | None, code: int
) -> None:
    """Python's own `venv` and pip, in a folder of their own that goes whatever happens."""
    (launched.root / "pyproject.toml").touch()
    (tmp_path / "stubs" / "uvx").unlink()
    wait = "exec sleep 60" if how else "exit 1"
    launched.program(tmp_path / "stubs" / "python3", f'echo "$3" > {tmp_path}/made', wait)
    temporary, data = tmp_path / "temporary", tmp_path / "data"
    temporary.mkdir()
    (data / "first-steps").mkdir(parents=True)
    (data / "first-steps" / "mine").touch()
    folders = {"TMPDIR": str(temporary), DATA_VARIABLE: str(data)}
    with subprocess.Popen(
        [launched.root / "bin" / NAME, "install"],
        env={**launched.environment, **folders},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        # A run of the tests in the background ignores SIGINT, and a shell could not trap it then.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as started:
        deadline = time.monotonic() + 30
        while not (tmp_path / "made").exists() or not (tmp_path / "made").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        if how:
            os.killpg(started.pid, how)
        assert started.wait(30) == code
    assert (tmp_path / "made").read_text().startswith(str(temporary))
    assert not list(temporary.iterdir())
    assert (data / "first-steps" / "mine").exists()


def skip_where_installed(launched: Launched, variables: dict[str, str]) -> None:
    """Without HOME the folder is that of the person who runs the tests: start nothing of theirs."""
    with contextlib.suppress(Problem):
        if places({**launched.environment, **variables}).command.exists():
            pytest.skip("this user has an installation")


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"HOME": ""},
        {"HOME": "relative"},
        {"XDG_DATA_HOME": "/shared/data"},
        {"XDG_DATA_HOME": "relative"},
        {DATA_VARIABLE: "/a b/c"},
        {DATA_VARIABLE: "~"},
        {DATA_VARIABLE: "~/x y"},
        {DATA_VARIABLE: "~x"},
        {DATA_VARIABLE: "relative/x"},
        {DATA_VARIABLE: "/own", "XDG_DATA_HOME": "/shared"},
    ],
    ids=str,
)
def test_launcher_and_package_mean_the_same_folder(
    launched: Launched, variables: dict[str, str]
) -> None:
    """One says it in sh, the other in Python."""
    skip_where_installed(launched, variables)
    said = launched.run("serve", **variables).stderr
    try:
        folder = places({**launched.environment, **variables}).data
    except Problem as problem:
        assert said.strip() == problem.text()
    else:
        assert f" in {folder}. Next" in said


def test_without_home_both_ask_the_system(launched: Launched) -> None:
    del launched.environment["HOME"]
    skip_where_installed(launched, {})
    assert f" in {places(launched.environment).data}. Next" in launched.run("serve").stderr


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_configuration_of_every_host(host: Any) -> None:
    command = '/home/somebody/with blank and "quote"/bin/huggingface-spaces'
    text = host.write(command)
    if host.name == "codex":
        table, program, arguments = text.splitlines()
        assert table == f"[mcp_servers.{SERVER}]"
        assert json.loads(program.removeprefix("command = ")) == command
        assert arguments == 'args = ["serve"]'
        return
    written = json.loads(text)
    servers = written.get("mcpServers") or written.get("servers") or written["mcp"]
    server = servers[SERVER]
    if host.name == "opencode":
        assert server["command"] == [command, "serve"]
    else:
        assert (server["command"], server["args"]) == (command, ["serve"])


def test_readme_has_one_row_for_each_tool() -> None:
    rows = re.findall(r"(?m)^\| `([a-z_]+)` \| `([a-z-]+)` \|", README)
    assert dict(rows) == {name: command_name(name) for name in all_tools()}
    assert len(rows) == len(all_tools())


def test_readme_names_every_host_and_shows_a_small_picture() -> None:
    assert all(f"`{name}`" in README for name in HOSTS)
    picture = ROOT / "docs" / "space-page.png"
    assert f"({picture.relative_to(ROOT).as_posix()})" in README
    assert picture.stat().st_size < 150_000
    with Image.open(picture) as image:
        assert image.width >= 800
    text = README.split("```")
    assert text[1].strip().endswith("install --claude"), "the first command installs it"
