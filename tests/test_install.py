"""Installing for agent hosts: what is made, that it is reused, and that it is taken back."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tests.stand_in_claude import stand_in
from tools import __version__
from tools.cli import doctor_hosts
from tools.cli import install as install_command
from tools.installing import claude_code, environment, packing, plugin, steps, use
from tools.installing.places import DATA_VARIABLE, NAME, Places
from tools.installing.record import Record, read_record, write_record
from tools.problems import Problem

ROOT = Path(__file__).parent.parent
CLAUDE_CODE = "@anthropic-ai/claude-code@2.1.330"
"""The version tried here, 2026-11-23."""
SYSTEM = "/usr/bin:/bin"


class Machine:
    """A home of its own; its PATH has the system's programs and what a test puts there."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("claude", path=SYSTEM):
            pytest.skip("this machine's own Claude Code would be told things")
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
            "PATH": f"{self.bin}:{SYSTEM}",
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

    def fails(self, *words: str, **more: str) -> str:
        """What a command says that could not do its work, in one line and without a traceback."""
        ran = self.run(*words, **more)
        assert ran.returncode == 2, ran.stdout
        return ran.stderr.strip().splitlines()[-1]

    def own(self) -> None:
        """The data folder is ours."""
        write_record(self.where, Record())

    def pretend(self, name: str) -> Path:
        """An environment that is ready, with a command that only knows its version."""
        self.own()
        folder = self.where.environments / name
        command = folder / "bin" / "huggingface-spaces"
        command.parent.mkdir(parents=True)
        command.write_text(f'#!/bin/sh\n[ "$1" = wait ] && exec sleep 60\necho {__version__}\n')
        command.chmod(0o755)
        (folder / "bin" / "python").symlink_to(sys.executable)
        (folder / "pyvenv.cfg").touch()
        (folder / use.READY).touch()
        return folder

    def pretend_current(self) -> Path:
        """What this very code asks for is there already."""
        return self.pretend(environment.wanted_name(self.where))


def uv_cache() -> str:
    from uv import find_uv_bin

    return subprocess.run(
        [find_uv_bin(), "cache", "dir"], capture_output=True, text=True, check=True, timeout=60
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
        timeout=120,
    )
    assert asked.stdout.startswith("Everything is up to date")
    site = next(machine.where.current.glob("lib/python*/site-packages"))
    assert list(site.glob("huggingface_spaces/__pycache__/*.pyc")), "starting compiles nothing"
    assert list(site.glob("mcp/__pycache__/*.pyc"))
    launcher = machine.where.plugin / "bin" / "huggingface-spaces"
    version = subprocess.run(
        [launcher, "--version"], capture_output=True, text=True, check=True, timeout=120
    )
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
    (folder / use.READY).unlink()
    assert next(steps.environment_steps(machine.where)).says.startswith("build")


def test_older_environments_go_unless_something_runs_from_them(machine: Machine) -> None:
    idle, busy = machine.pretend("0.0.7-idle"), machine.pretend("0.0.8-busy")
    environment.swap_in(machine.where, busy.name)
    machine.pretend_current()
    linked = machine.home / "linked"
    linked.symlink_to(machine.where.data)
    spelled = linked / "environments" / busy.name / "x"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", spelled]) as used:
        try:
            said = machine.lines("install")
        finally:
            used.kill()
    assert any(line.startswith("Remove") and str(idle) in line for line in said)
    assert not idle.exists()
    assert busy.exists()
    assert environment.is_current(machine.where, environment.wanted_name(machine.where))
    assert machine.lines("install")[0].endswith(str(busy))


def serving(folder: Path) -> subprocess.Popen[str]:
    """A process that holds an environment as `serve` does, and cannot be told by its words."""
    code = (
        "import sys, pathlib; from tools.installing.use import hold;"
        "hold(pathlib.Path(sys.stdin.readline().strip())); print('held', flush=True);"
        "sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload] # two pipes
    assert started.stdin
    assert started.stdout
    started.stdin.write(f"{folder}\n")
    started.stdin.flush()
    assert started.stdout.readline() == "held\n"
    return started  # type: ignore[no-any-return] # see above


def test_what_a_server_holds_stays_until_it_ends(machine: Machine) -> None:
    older = machine.pretend("0.0.8-older")
    current = machine.pretend_current()
    machine.lines("install", "--dry-run")
    with serving(older) as server:
        try:
            assert not any("Remove" in line for line in machine.lines("install"))
            assert machine.fails("install", "--uninstall").startswith("in_use: ")
            assert not current.exists()
            assert not machine.where.plugin.exists()
            assert older.is_dir()
        finally:
            server.kill()
    machine.lines("install", "--uninstall")
    assert not machine.where.data.exists()


def test_a_broken_environment_is_not_rebuilt_under_a_server(machine: Machine) -> None:
    folder = machine.pretend_current()
    (folder / "bin" / "huggingface-spaces").unlink()
    with serving(folder) as server:
        try:
            assert machine.fails("install").startswith("in_use: ")
        finally:
            server.kill()
    assert folder.is_dir()


def test_serving_holds_the_environment() -> None:
    source = (ROOT / "tools" / "cli" / "serving.py").read_text()
    assert "    hold()" in source.split("serve_tools(settings")[0]


def somebodys_folder(machine: Machine) -> set[Path]:
    for name in ("environments/thesis/pyvenv.cfg", "plugin/src/main.c", "notes.txt"):
        (machine.where.data / name).parent.mkdir(parents=True, exist_ok=True)
        (machine.where.data / name).write_text("mine")
    return everything(machine.where.data)


@pytest.mark.parametrize(
    "words", [[], ["--dry-run"], ["--uninstall"], ["--uninstall", "--dry-run"]]
)
def test_somebodys_folder_is_refused_and_stays(machine: Machine, words: list[str]) -> None:
    before = somebodys_folder(machine)
    said = machine.fails("install", *words)
    assert said.startswith("not_ours: ")
    assert f"let {DATA_VARIABLE} name a new or empty folder" in said
    assert everything(machine.where.data) == before


def test_what_lies_in_our_folder_without_being_ours_stays(machine: Machine) -> None:
    machine.pretend_current()
    thesis = machine.where.environments / "thesis"
    thesis.mkdir()
    (thesis / "chapter").touch()
    (machine.where.data / "notes.txt").touch()
    assert not any("thesis" in line for line in machine.lines("install"))
    machine.lines("install", "--uninstall")
    left = {
        path.relative_to(machine.where.data).as_posix() for path in everything(machine.where.data)
    }
    assert left == {
        "environments",
        "environments/thesis",
        "environments/thesis/chapter",
        "notes.txt",
    }


def test_an_interrupted_build_stays_ours(machine: Machine) -> None:
    machine.fails("install", UV_OFFLINE="1", UV_CACHE_DIR=str(machine.home / "empty"))
    assert read_record(machine.where) == Record()
    machine.lines("install", "--uninstall", "--dry-run")
    machine.lines("install", "--uninstall")
    assert not machine.where.data.exists()


def test_uninstalling_nothing_makes_nothing(machine: Machine) -> None:
    machine.where.data.mkdir()
    assert machine.lines("install", "--uninstall")[0].startswith("Nothing is installed")
    assert not everything(machine.where.data)


def test_a_record_that_was_moved_away_is_written_again(machine: Machine) -> None:
    machine.pretend_current()
    machine.lines("install")
    machine.where.record.write_bytes(b"\xff\xfe")
    assert f"move {machine.where.record} away, then install again" in machine.fails("install")
    machine.where.record.rename(machine.where.data / "installation.json.old")
    machine.lines("install")
    assert read_record(machine.where).environment == environment.wanted_name(machine.where)


def test_a_removed_lock_file_is_not_trusted(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may take the file away between opening and locking it."""
    lock = install_command._lock
    taken: list[object] = []

    def late(where: Places, file: object) -> None:
        if not taken:
            where.lock.unlink()
        taken.append(file)
        lock(where, file)  # type: ignore[arg-type] # as it came

    monkeypatch.setattr(install_command, "_lock", late)
    with install_command._locked(machine.where, dry_run=False):
        assert len(taken) == 2
        with machine.where.lock.open("w") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


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


def test_links_in_the_plugin_folder_are_not_followed(machine: Machine, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "references").mkdir(parents=True)
    (own / "references" / "mine.md").write_text("mine")
    before = everything(own)
    machine.where.data.mkdir()
    machine.where.plugin.symlink_to(own)
    assert not plugin.is_written(machine.where)
    plugin.write_plugin(machine.where)
    assert not machine.where.plugin.is_symlink()
    shutil.rmtree(machine.where.plugin / "references")
    (machine.where.plugin / "references").symlink_to(own / "references")
    assert not plugin.is_written(machine.where)
    plugin.write_plugin(machine.where)
    assert plugin.is_written(machine.where)
    assert everything(own) == before


def test_only_what_a_wheel_is_made_of_is_copied(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copy = tmp_path / "checkout"
    seen: list[str] = []
    (copy / "tools").mkdir(parents=True)
    for name in ("pyproject.toml", "tools/__init__.py", "SKILL.md", "LICENSE"):
        (copy / name).touch()
    (copy / "node_modules").mkdir()
    (copy / "node_modules" / "large").touch()
    (copy / ".env").write_text("secret")

    def build(words: list[str], **_: object) -> str:
        seen.extend(path.name for path in everything(Path(words[-1])))
        (Path(words[-1]).parent / "made.whl").touch()
        return ""

    monkeypatch.setattr(packing, "PACKAGE", copy / "tools")
    monkeypatch.setattr(packing, "run_program", build)
    packing.write_wheel(tmp_path, "uv")
    assert sorted(seen) == ["LICENSE", "SKILL.md", "__init__.py", "pyproject.toml", "tools"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/nowhere/program"], "cannot be started: No such file"),
        (["sh", "-c", "sleep 60 & wait"], "was ended after"),
        (["sh", "-c", "echo out of order >&2; exit 3"], "failed: out of order"),
    ],
)
def test_a_program_that_fails_is_a_problem_with_advice(words: list[str], said: str) -> None:
    started = time.monotonic()
    with pytest.raises(Problem) as caught:
        packing.run_program(words, seconds=0.5)
    assert time.monotonic() - started < 15
    assert caught.value.code == "install_failed"
    assert said in caught.value.text()
    assert "Next: repair what it names" in caught.value.text()


def test_a_program_that_asks_gets_no_answer() -> None:
    """Not ours either: standard input may be a host's protocol, or a terminal that nobody sees."""
    code = (
        "from tools.installing.packing import run_program;"
        "print(run_program(['sh', '-c', 'read answer || echo none']))"
    )
    words = [sys.executable, "-c", code]
    with subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as asked:
        try:
            assert asked.stdout
            assert asked.stdout.readline() == "none\n"
        finally:
            asked.kill()


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
    claude.add_by_hand("github:somebody/huggingface-spaces", "9.9.9")
    machine.pretend_current()
    said = machine.lines("install", "--claude")
    assert any("github:somebody/huggingface-spaces" in line for line in said)
    program = claude_code.ClaudeCode(str(machine.bin / "claude"))
    assert not list(steps.claude_steps(machine.where, program, "user"))
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


def test_commands_that_were_run_by_hand_are_taken_back(machine: Machine) -> None:
    machine.pretend_current()
    machine.lines("install", "--claude", "--scope", "project")
    planned = machine.lines("install", "--uninstall", "--dry-run")
    assert any("marketplace remove" in line and "was added" in line for line in planned)
    claude = stand_in(machine.bin, machine.home)
    claude.run("plugin", "marketplace", "add", str(machine.where.plugin), folder=machine.home)
    claude.run("plugin", "install", plugin.PLUGIN, "--scope", "project", folder=machine.home)
    machine.lines("install", "--uninstall")
    assert claude.told()[2:] == ["uninstall", "marketplace remove"]
    assert not claude.has_anything()


def test_a_claude_that_fails_does_not_keep_the_files(machine: Machine) -> None:
    claude = stand_in(machine.bin, machine.home)
    machine.pretend_current()
    machine.lines("install", "--claude")
    claude.fail()
    ran = machine.run("install", "--uninstall")
    assert ran.returncode == 2
    assert "out of order" in ran.stderr
    assert f"by hand once it works: `claude plugin uninstall {plugin.PLUGIN}" in ran.stderr
    assert "by hand once it works: `claude plugin marketplace remove" in ran.stderr
    assert not machine.where.data.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--scope", "user"],
        ["--uninstall", "--scope", "user"],
        ["--uninstall", "--claude"],
        ["--print", "codex", "--uninstall"],
        ["--print", "codex", "--dry-run"],
    ],
)
def test_options_that_would_do_nothing_are_refused(
    machine: Machine, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(machine.where.data))  # it runs in this very process
    monkeypatch.setattr(install_command, "_install", lambda *_, **__: 0)
    with pytest.raises(click.UsageError):
        install_command.install.main(words, standalone_mode=False)
    assert not machine.where.data.exists()


def put_folder(where: Places) -> str:
    where.current.mkdir()
    return f"machine: {where.current}"


def put_file(where: Places) -> str:
    where.plugin.write_text("x")
    return f"machine: {where.plugin}"


@pytest.mark.parametrize("put", [put_folder, put_file])
def test_what_the_system_refuses_is_said(machine: Machine, put: Callable[[Places], str]) -> None:
    machine.pretend_current()
    said = put(machine.where)
    line = machine.fails("install")
    assert line.startswith(said)
    assert "Next: " in line
    assert not list(machine.where.data.glob(".current.*"))


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
    assert machine.fails("install", **{DATA_VARIABLE: "here"}).startswith("bad_argument: ")
    assert not (machine.home / "here").exists()
    doctor = machine.run("doctor", "--json", **{DATA_VARIABLE: "here"})
    assert "is the relative path here" in doctor.stdout


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

    assert said()["state"] == "ok", "a checkout needs none"
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


def test_doctor_advises_an_installed_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "none"))
    monkeypatch.setattr(doctor_hosts, "checkout", lambda: None)
    assert doctor_hosts.installation()[1] == "huggingface-spaces install --claude makes one"


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
    subprocess.run([npm, *words], cwd=folder, check=True, capture_output=True, timeout=400)
    package = folder / "node_modules/@anthropic-ai/claude-code"
    node = shutil.which("node")
    assert node
    (machine.bin / "node").symlink_to(node)
    subprocess.run([node, "install.cjs"], cwd=package, check=True, capture_output=True, timeout=200)
    (machine.bin / "claude").symlink_to(folder / "node_modules/.bin/claude")
    quiet = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1"}
    machine.environment |= quiet

    def claude(*words: str, here: Path = machine.home) -> str:
        ran = subprocess.run(
            [machine.bin / "claude", *words],
            cwd=here,
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
    claude("plugin", "marketplace", "remove", NAME)
    machine.lines("install", "--claude")
    assert "Skills (1)  huggingface-spaces" in claude("plugin", "details", NAME)
    assert "plugin:huggingface-spaces:spaces" in (listed := claude("mcp", "list"))
    assert "Connected" in listed
    (row,) = json.loads(claude("plugin", "list", "--json"))
    assert (row["version"], row["scope"]) == (__version__, "user")
    assert machine.lines("install", "--claude")[0].startswith("Everything is up to date")
    # The checkout opened as a project, its server approved, the plugin there too: one server.
    settings = machine.home / ".claude" / "settings.json"
    approved = {**json.loads(settings.read_text()), "enableAllProjectMcpServers": True}
    settings.write_text(json.dumps(approved))
    for here in (checkout, checkout / "references"):
        opened = claude("mcp", "list", here=here)
        assert opened.count("Connected") == 1, opened
        assert "CLAUDE_PLUGIN_ROOT" not in opened.replace("$CLAUDE_PLUGIN_ROOT;", "")
    machine.lines("install", "--uninstall")
    assert json.loads(claude("plugin", "list", "--json")) == []
    assert json.loads(claude("plugin", "marketplace", "list", "--json")) == []
    assert not machine.where.data.exists()
