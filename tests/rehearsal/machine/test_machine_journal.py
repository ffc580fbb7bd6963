from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.rehearsal.machine.journal import LONGEST_LINE, Journal, JournalShelf
from tools.rehearsal.machine.runner import redactor

ANY_FOLDER = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def read(journal: Journal) -> list[dict[str, str]]:
    return [entry async for entry in journal.follow()]


@ANY_FOLDER
@given(pieces=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30)))
async def test_a_journal_returns_what_was_written_line_by_line(
    tmp_path: Path, pieces: list[str]
) -> None:
    path = tmp_path / "any.log"
    path.unlink(missing_ok=True)
    journal = Journal(path)
    for piece in pieces:
        journal.write(piece)
    journal.close()
    entries = await read(journal)
    written = "".join(pieces)
    expected = written if written.endswith("\n") or not written else written + "\n"
    assert "".join(entry["data"] for entry in entries) == expected
    assert all(entry["data"].endswith("\n") for entry in entries)
    assert all(entry["data"].count("\n") == 1 for entry in entries)
    moments = [datetime.fromisoformat(entry["timestamp"][:-1]) for entry in entries]
    assert moments == sorted(moments)
    assert await read(Journal(path)) == entries  # as the next Hub finds it


async def test_every_reader_gets_every_line_whenever_it_comes(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run-1.log")
    early = asyncio.create_task(read(journal))
    for number in range(50):
        journal.write(f"{number}\n")
        await asyncio.sleep(0)
    late = asyncio.create_task(read(journal))
    await asyncio.sleep(0)
    journal.write("no newline")
    assert not early.done()
    journal.close()
    assert await early == await late == await read(journal)
    assert [entry["data"] for entry in await early][-2:] == ["49\n", "no newline\n"]


async def test_a_line_that_never_ends_is_cut(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run-1.log")
    journal.write("x" * (3 * LONGEST_LINE))
    journal.close()
    entries = await read(journal)
    assert "".join(entry["data"] for entry in entries) == "x" * (3 * LONGEST_LINE) + "\n"
    assert max(len(entry["data"]) for entry in entries) <= LONGEST_LINE + 1


async def test_an_entry_cut_short_by_a_kill_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "run-1.log"
    journal = Journal(path)
    journal.write("one\ntwo\n")
    journal.close()
    path.write_bytes(path.read_bytes()[:-10])
    found = JournalShelf(tmp_path, "run").latest
    assert found is not None
    assert found.closed
    assert [entry["data"] for entry in await read(found)] == ["one\n"]


def test_a_shelf_numbers_its_journals_and_keeps_the_newest(tmp_path: Path) -> None:
    (tmp_path / "run-old.log").touch()
    for _ in range(3):
        shelf = JournalShelf(tmp_path, "run")
        for _ in range(5):
            shelf.begin().close()
    numbers = {int(path.stem[4:]) for path in tmp_path.glob("run-[0-9]*.log")}
    assert numbers == set(range(6, 16))
    assert shelf.latest is not None
    assert shelf.latest.path.name == "run-15.log"


def test_secrets_are_taken_out_the_longest_first() -> None:
    redact = redactor({"SHORT": "abcdef", "LONG": "abcdefgh", "TINY": "1"})
    assert redact("1 abcdefgh abcdef") == "1 [secret LONG] [secret SHORT]"
