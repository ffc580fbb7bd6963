"""Which folders a view shows: those asked for, the links that lead there, never a whole home."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.rehearsal.machine.confinement.view import Link, Mount, View, ViewBuilder, follow


def test_links_are_followed_and_kept(tmp_path: Path) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "absolute").symlink_to(tmp_path / "real")
    (tmp_path / "relative").symlink_to("absolute/../real")
    real, links = follow(tmp_path / "relative" / "inner")
    assert real == tmp_path / "real" / "inner" == (tmp_path / "relative" / "inner").resolve()
    assert links == [
        Link(str(tmp_path / "relative"), "absolute/../real"),
        Link(str(tmp_path / "absolute"), str(tmp_path / "real")),
    ]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="too many symbolic links"):
        follow(tmp_path / "loop" / "x")


def test_what_holds_the_home_is_not_shown(tmp_path: Path) -> None:
    home = tmp_path / "people" / "me"
    (home / "python" / "bin").mkdir(parents=True)
    builder = ViewBuilder(hidden=[home])
    assert not builder.show(home)
    assert not builder.show(tmp_path)
    assert not builder.show(Path("/"))
    assert not builder.show(tmp_path / "absent")
    assert builder.show(home / "python")
    assert [mount.target for mount in builder.build(home, {}).mounts] == [str(home / "python")]


def test_what_is_writable_once_stays_so_and_parents_come_first(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    builder = ViewBuilder(hidden=[])
    builder.show(tmp_path / "a" / "b", writable=True)
    builder.show(tmp_path / "a")
    builder.show(tmp_path / "a" / "b")
    view = builder.build(tmp_path, {"TMPDIR": "/x"})
    inner = str(tmp_path / "a" / "b")
    assert view.mounts[1] == Mount(inner, inner, writable=True)
    assert not view.mounts[0].writable
    assert View.from_json(view.as_json()) == view
