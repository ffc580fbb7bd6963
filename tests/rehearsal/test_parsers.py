"""Properties of everything that reads what others send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise
from urllib.parse import quote

import pytest
from dulwich.object_store import MemoryObjectStore
from dulwich.objects import Blob
from hypothesis import given
from hypothesis import strategies as st

from tools.rehearsal import ndjson
from tools.rehearsal.call import Call
from tools.rehearsal.errors import HubError
from tools.rehearsal.paths import broken_name_rule, checked_path
from tools.rehearsal.router import Route, Router, split
from tools.rehearsal.store import trees

SEGMENTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


async def handler(_call: Call) -> None:
    raise AssertionError


@given(st.lists(SEGMENTS, min_size=1, max_size=6))
def test_a_path_is_split_before_it_is_decoded(segments: list[str]) -> None:
    raw = "/" + "/".join(quote(segment, safe="") for segment in segments)
    assert split(raw.encode()) == segments


@given(revision=SEGMENTS, rest=st.lists(SEGMENTS, min_size=1, max_size=4))
def test_captured_segments_come_out_as_they_went_in(revision: str, rest: list[str]) -> None:
    router = Router([Route("GET", "/{kind}/{a}/resolve/{revision}/{path...}", handler)])  # type: ignore[arg-type]
    tail = "/".join(quote(segment, safe="") for segment in rest)
    raw = f"/spaces/x/resolve/{quote(revision, safe='')}/{tail}".encode()
    _, captured = router.find("HEAD", raw)
    assert captured == {
        "kind": "spaces",
        "a": "x",
        "revision": revision,
        "path": "/".join(rest),
    }
    with pytest.raises(HubError) as refused:
        router.find("GET", raw.replace(b"/spaces/", b"/spaceships/"))
    assert refused.value.status == 404


def collect(chunks: list[bytes]) -> list[bytes]:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def read() -> list[bytes]:
        return [line async for line in ndjson.lines(stream())]

    return asyncio.run(read())


@given(st.lists(st.binary(max_size=30)), st.data())
def test_lines_do_not_depend_on_how_the_bytes_arrive(
    parts: list[bytes], data: st.DataObject
) -> None:
    whole = b"\n".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    edges = [0, *cuts, len(whole)]
    chunks = [whole[start:end] for start, end in pairwise(edges)]
    expected = [line for line in whole.split(b"\n") if line.strip()]
    assert [line.strip() for line in collect(chunks)] == [line.strip() for line in expected]


def test_a_body_above_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "MAXIMUM_BODY", 10)
    with pytest.raises(HubError, match="larger than 10 bytes"):
        collect([b"12345", b"678901"])


@given(
    st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["key", "value", "path", "content", "file", "header", "summary"]
                    ),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_any_line_is_an_operation_or_a_refusal(line: bytes) -> None:
    try:
        ndjson.parse(line)
    except HubError as refused:
        assert refused.status == 400


@given(st.text(max_size=40))
def test_an_accepted_path_stays_inside(path: str) -> None:
    try:
        checked_path(path)
    except HubError:
        return
    segments = path.split("/")
    assert not {"", ".", "..", ".git"} & {segment.lower() for segment in segments}


@given(st.from_regex(r"[A-Za-z0-9._-]{1,100}", fullmatch=True))
def test_names_follow_the_clients_own_rules(name: str) -> None:
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils._validators import validate_repo_id

    try:
        validate_repo_id(name)
        accepted_by_client = True
    except HFValidationError:
        accepted_by_client = False
    # The client counts the namespace into its 96 characters.
    assert (broken_name_rule(name) is None) == accepted_by_client


PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
CHANGES = st.lists(st.tuples(st.sampled_from(["add", "delete", "folder"]), PATHS), max_size=12)


@given(CHANGES)
def test_trees_hold_what_was_added_and_not_deleted(changes: list[tuple[str, str]]) -> None:
    store = MemoryObjectStore()
    files: trees.Files = {}
    model: dict[str, bytes] = {}
    for kind, path in changes:
        blob = Blob.from_string(f"{len(model)} {path}".encode())
        changes_by_kind: dict[str, trees.Change] = {
            "add": trees.AddFile(path, blob.id),
            "delete": trees.DeleteFile(path),
            "folder": trees.DeleteFolder(path),
        }
        try:
            files = trees.apply(files, [changes_by_kind[kind]])
        except HubError:
            continue
        if kind == "add":
            model[path] = blob.id
        model = {
            key: value
            for key, value in model.items()
            if not (kind == "delete" and key == path)
            and not (kind in {"delete", "folder"} and key.startswith(path + "/"))
        }
    root, built = trees.build(files)
    for tree in built:
        store.add_object(tree)
    found = {path: leaf.blob_id for path, leaf in trees.read_files(store, root).items()}
    assert found == model
