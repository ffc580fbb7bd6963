"""Installing for agent hosts: what is made, that it is reused, and that it is taken back."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.stand_in_claude import stand_in
from tools import __version__
from tools.cli import doctor_hosts
from tools.installing import environment, packing, plugin, steps
from tools.installing.places import DATA_VARIABLE, Places
from tools.installing.record import read_record
from tools.problems import Problem

ROOT = Path(__file__).parent.parent
CLAUDE_CODE = "@anthropic-ai/claude-code@2.1.330"
"""The version tried here, 2026-11-23."""


class Machine:
    """A home of its own; its PATH has the system's programs and what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.bin = folder / "bin"
        self.where = Places(folder / "data folder")
        for made in (self.home, self.bin):
            made.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CLAUDE")}
        self.environment = {
            **kept,
            "HOME": str(self.home),
            # The index's answers and wheels: a cache in the new home would be empty.
            "UV_CACHE_DIR": uv_cache(),
            "PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin",
            DATA_VARIABLE: str(self.where.data),
        }

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`huggingface-spaces`, in the home folder."""
        return subprocess.run(
            [sys.executable, "-m", "tools.cli", *words],
            cwd=self.home,
            env={**self.environment, "PYTHONPATH": str(ROOT), **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )

    def lines(self, *words: str) -> list[str]:
        ran = self.run(*words)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.splitlines()

    def pretend(self, name: str) -> Path:
        """An environment that is ready, with a command that only knows its version."""
        folder = self.where.environments / name
        command = folder / "bin" / "huggingface-spaces"
        command.parent.mkdir(parents=True)
        command.write_text(f'#!/bin/sh\n[ "$1" = wait ] && exec sleep 60\necho {__version__}\n')
        command.chmod(0o755)
        (folder / environment.READY).touch()
        return folder

    def pretend_current(self) -> Path:
        """What this very code asks for is there already."""
        return self.pretend(environment.wanted_name(self.where))


def uv_cache() -> str:
    from uv import find_uv_bin

    return subprocess.run(
        [find_uv_bin(), "cache", "dir"], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.timeout(600)
def test_a_real_environment_is_built_reused_and_taken_back(machine: Machine) -> None:
    before = everything(machine.home)
    planned = machine.lines("install", "--claude", "--dry-run")
    assert [line.split()[1] for line in planned[:3]] == ["build", "let", "write"]
    assert not machine.where.data.exists()
    done = machine.lines("install")
    assert [line.split()[0] for line in done[:3]] == ["Build", "Let", "Write"]
    # The installed package stands alone, and is the same code: it asks for itself.
    command = str(machine.where.command)
    asked = subprocess.run(
        [command, "install"],
        cwd=machine.home,
        env=machine.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.startswith("Everything is up to date")
    site = next(machine.where.current.glob("lib/python*/site-packages"))
    assert list(site.glob("huggingface_spaces/__pycache__/*.pyc")), "starting compiles nothing"
    assert list(site.glob("mcp/__pycache__/*.pyc"))
    launcher = machine.where.plugin / "bin" / "huggingface-spaces"
    version = subprocess.run([launcher, "--version"], capture_output=True, text=True, check=True)
    assert __version__ in version.stdout
    assert machine.lines("install") == [asked.stdout.strip()]
    machine.lines("install", "--uninstall")
    assert not machine.where.data.exists()
    assert everything(machine.home) - before <= {machine.home / ".cache", machine.home / ".local"}
    assert machine.lines("install", "--uninstall")[0].startswith("Nothing is installed")


def test_a_build_that_fails_leaves_what_works(machine: Machine) -> None:
    machine.pretend("0.0.9-before")
    environment.swap_in(machine.where, "0.0.9-before")
    ran = machine.run("install", UV_OFFLINE="1", UV_CACHE_DIR=str(machine.home / "empty"))
    assert ran.returncode == 2
    assert ran.stderr.startswith("install_failed: `uv ")
    assert machine.where.current.readlink().name == "0.0.9-before"
    wanted = environment.wanted_name(machine.where)
    assert not environment.is_ready(machine.where, wanted)


def test_an_interrupted_build_is_not_started(machine: Machine) -> None:
    folder = machine.pretend_current()
    (folder / environment.READY).unlink()
    assert next(steps.environment_steps(machine.where)).says.startswith("build")


def test_older_environments_go_unless_something_runs_from_them(machine: Machine) -> None:
    idle, busy = machine.pretend("0.0.7-idle"), machine.pretend("0.0.8-busy")
    environment.swap_in(machine.where, busy.name)
    machine.pretend_current()
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)", str(busy / "x")]
    ) as used:
        time.sleep(0.2)
        said = machine.lines("install")
        used.kill()
    assert any(line.startswith("Remove") and str(idle) in line for line in said)
    assert not idle.exists()
    assert busy.exists()
    assert environment.is_current(machine.where, environment.wanted_name(machine.where))
    assert machine.lines("install")[0].endswith(str(busy))


def test_the_fingerprint_follows_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    for name in ("tools/cli", "references"):
        shutil.copytree(ROOT / name, copy / name)
    for name in ("pyproject.toml", "setup.py", "SKILL.md", "tools/__init__.py"):
        shutil.copy(ROOT / name, copy / name)
    monkeypatch.setattr(packing, "PACKAGE", copy / "tools")
    first = packing.fingerprint()
    (copy / "tools" / "__pycache__").mkdir(exist_ok=True)
    (copy / "tools" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert packing.fingerprint() == first
    with (copy / "SKILL.md").open("a") as file:
        file.write("\n")
    assert packing.fingerprint() != first


def test_the_plugin_folder_is_brought_to_this_version(machine: Machine) -> None:
    plugin.write_plugin(machine.where)
    assert plugin.is_written(machine.where)
    assert plugin.version_in(machine.where.plugin) == __version__
    (machine.where.plugin / "references" / "of-an-older-version.md").touch()
    (machine.where.plugin / "SKILL.md").write_text("old")
    assert not plugin.is_written(machine.where)
    plugin.write_plugin(machine.where)
    assert plugin.is_written(machine.where)


def test_without_claude_it_says_the_commands(machine: Machine) -> None:
    machine.pretend_current()
    said = machine.lines("install", "--claude", "--scope", "local")
    assert f"  claude plugin marketplace add '{machine.where.plugin}'" in said
    assert f"  claude plugin install {plugin.PLUGIN} --scope local" in said
    assert not read_record(machine.where).plugins


def test_claude_is_told_once_and_everything_is_taken_back(machine: Machine) -> None:
    claude = stand_in(machine.bin, machine.home)
    machine.pretend_current()
    planned = machine.lines("install", "--claude", "--dry-run")
    assert sum("unless Claude Code has it" in line for line in planned) == 2
    assert not claude.told(), "a dry run does not even ask"
    machine.lines("install", "--claude")
    machine.lines("install", "--claude", "--scope", "project")
    assert claude.told() == ["marketplace add", "install", "install"]
    assert machine.lines("install", "--claude")[0].startswith("Everything is up to date")
    would = machine.lines("install", "--uninstall", "--dry-run")
    assert sum(line.startswith("would run `claude") for line in would) == 3
    machine.lines("install", "--uninstall")
    assert claude.told()[3:] == ["uninstall", "uninstall", "marketplace remove"]
    assert not claude.has_anything()


def test_an_update_is_passed_on(machine: Machine) -> None:
    claude = stand_in(machine.bin, machine.home)
    machine.pretend_current()
    machine.lines("install", "--claude")
    claude.set_version("0.0.1")
    machine.lines("install", "--claude")
    assert claude.told()[-1] == "update"


def test_what_somebody_else_registered_stays(machine: Machine) -> None:
    claude = stand_in(machine.bin, machine.home)
    claude.add_by_hand("github:somebody/huggingface-spaces", __version__)
    machine.pretend_current()
    said = machine.lines("install", "--claude")
    assert any("github:somebody/huggingface-spaces" in line for line in said)
    machine.lines("install", "--uninstall")
    assert not claude.told()
    assert claude.has_anything()


def test_uninstalling_without_claude_says_what_is_left(machine: Machine) -> None:
    claude = stand_in(machine.bin, machine.home)
    machine.pretend_current()
    machine.lines("install", "--claude", "--scope", "project")
    claude.leave()
    said = machine.lines("install", "--uninstall")
    assert any(f"--scope project` in {machine.home}" in line for line in said)
    assert not machine.where.data.exists()


def test_refusals(machine: Machine) -> None:
    machine.where.data.mkdir()
    with machine.where.lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = machine.run("install")
    assert (ran.returncode, ran.stderr.split(":")[0]) == (2, "install_running")
    machine.where.record.write_text('{"other": 1}')
    ran = machine.run("install", "--uninstall")
    assert (ran.returncode, ran.stderr.split(":")[0]) == (2, "bad_record")
    assert machine.where.record.exists()
    ran = machine.run("install", **{DATA_VARIABLE: "/proc/nowhere"})
    assert (ran.returncode, ran.stderr.split(":")[0]) == (2, "machine")


def test_print_writes_nothing_and_says_where_it_goes(machine: Machine) -> None:
    ran = machine.run("install", "--print", "codex")
    assert str(machine.where.command) in ran.stdout
    assert "~/.codex/config.toml" in ran.stderr
    assert "huggingface-spaces install" in ran.stderr
    assert not machine.where.data.exists()


def skill(folder: Path, name: str, text: str = "Use hf.") -> Path:
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(f'---\ndescription: x\nname: "{name}"\n---\n{text}\n')
    return folder


def test_doctor_finds_the_official_skills_and_not_ours(tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    official = skill(home / ".claude/skills/huggingface-spaces", "huggingface-spaces")
    (home / ".agents/skills").mkdir(parents=True)
    (home / ".agents/skills/linked").symlink_to(official)
    cli = skill(home / ".agents/skills/hf-cli", "hf-cli")
    cached = home / ".claude/plugins/cache/huggingface-skills/hugging-face/1.0.0"
    in_plugin = skill(cached / "skills/huggingface-spaces", "huggingface-spaces")
    shutil.copytree(ROOT / "references", project / ".claude/skills/ours/references")
    shutil.copy(ROOT / "SKILL.md", project / ".claude/skills/ours/SKILL.md")
    skill(project / ".agents/skills/other", "other")
    (home / ".claude/skills/broken").mkdir()
    before = everything(tmp_path)
    found = doctor_hosts.official_skills(home, project, {})
    assert [one.folder for one in found] == [official, cli, in_plugin]
    assert "move that folder" in found[0].advice()
    assert "claude plugin disable hugging-face@huggingface-skills" in found[2].advice()
    assert all("may stay" in one.advice() for one in found)
    elsewhere = doctor_hosts.official_skills(home, project, {"CLAUDE_CONFIG_DIR": str(tmp_path)})
    assert [one.folder.name for one in elsewhere] == ["hf-cli", "linked"]
    assert everything(tmp_path) == before


def test_doctor_says_what_hosts_start(machine: Machine) -> None:
    def said() -> dict[str, str]:
        checks = json.loads(machine.run("doctor", "--json").stdout)
        found: dict[str, str] = next(check for check in checks if check["name"] == "agent hosts")
        return found

    assert said()["state"] == "limited"
    folder = machine.pretend_current()
    machine.lines("install")
    assert said()["state"] == "ok"
    assert said()["found"].startswith(folder.name)
    (machine.where.plugin / ".claude-plugin" / "plugin.json").write_text('{"version": "0.0.1"}')
    assert "brings hosts to the same version" in said()["advice"]
    plugin.write_plugin(machine.where)
    updated = machine.where.data / "updated" / ".claude-plugin"
    updated.mkdir(parents=True)
    (updated / "plugin.json").write_text('{"version": "9.0.0"}')
    machine.environment[plugin.PLUGIN_VARIABLE] = str(updated.parent)
    assert "9.0.0" in said()["found"]
    shutil.rmtree(folder)
    assert "does not start" in said()["found"]


def test_a_package_without_the_plugin_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(plugin, "skill_folder", lambda: tmp_path)
    with pytest.raises(Problem, match="holds no plugin"):
        plugin.plugin_files()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_real_claude_code(machine: Machine, tmp_path: Path) -> None:
    """Validated, installed, connected and taken back by Claude Code itself, without a login."""
    npm = shutil.which("npm")
    assert npm, "this test needs npm, and a registry that has Claude Code"
    folder = tmp_path / "npm"
    folder.mkdir()
    words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", CLAUDE_CODE]
    subprocess.run([npm, *words], cwd=folder, check=True, capture_output=True)
    package = folder / "node_modules/@anthropic-ai/claude-code"
    subprocess.run(["node", "install.cjs"], cwd=package, check=True, capture_output=True)
    (machine.bin / "claude").symlink_to(folder / "node_modules/.bin/claude")
    quiet = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1"}
    machine.environment |= quiet

    def claude(*words: str) -> str:
        ran = subprocess.run(
            ["claude", *words],
            cwd=machine.home,
            env={**machine.environment, "MCP_TIMEOUT": "120000"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return ran.stdout + ran.stderr

    checkout = tmp_path / "huggingface-spaces"
    for name, path in plugin.plugin_files().items():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, checkout / name)
    assert "Validation passed" in claude("plugin", "validate", str(checkout))
    claude("plugin", "marketplace", "add", str(checkout))
    claude("plugin", "install", plugin.PLUGIN)
    assert "Failed to connect" in claude("mcp", "list"), "nothing is built by starting"
    claude("plugin", "marketplace", "remove", plugin.NAME)
    machine.lines("install", "--claude")
    assert "Skills (1)  huggingface-spaces" in claude("plugin", "details", plugin.NAME)
    assert "plugin:huggingface-spaces:spaces" in (listed := claude("mcp", "list"))
    assert "Connected" in listed
    (row,) = json.loads(claude("plugin", "list", "--json"))
    assert (row["version"], row["scope"]) == (__version__, "user")
    assert machine.lines("install", "--claude")[0].startswith("Everything is up to date")
    machine.lines("install", "--uninstall")
    assert json.loads(claude("plugin", "list", "--json")) == []
    assert json.loads(claude("plugin", "marketplace", "list", "--json")) == []
    assert not machine.where.data.exists()
