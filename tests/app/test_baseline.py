"""What changed since a golden record, and what is no change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.app.baseline import Baseline, Output, changes, load, record, save
from tools.app.smoke import Manner

from .conftest import Smoke

SAVED = "2026-11-23"


def baseline(**changed: object) -> Baseline:
    given: dict[str, object] = {
        "saved": SAVED,
        "revision": None,
        "gradio_version": "6.31.0",
        "parameters": {"/paint": {"prompt": "text, required", "steps": "number"}},
        "returns": {"/paint": ("Image",)},
        "outputs": {"/paint": image()},
    }
    return Baseline.model_validate(given | changed)


def image(kind: str = "image/webp", size: str = "512x512", seconds: float = 2.0) -> Output:
    return Output(kinds=("Image",), files=(f"{kind} {size}",), seconds=seconds)


@pytest.mark.parametrize(
    ("changed", "said", "ok"),
    [
        ({"parameters": {}}, "the endpoint /paint is gone", False),
        ({"parameters": {"/paint": {"steps": "number"}}}, "lost the parameter `prompt`", False),
        ({"returns": {"/paint": ("Gallery",)}}, "returns Image before, Gallery now", False),
        ({"outputs": {"/paint": image("image/png")}}, "gives image/png 512x512", False),
        ({"outputs": {"/paint": Output(kinds=("nothing",), files=(), seconds=1)}}, "nothing", 0),
        ({"outputs": {"/paint": image(size="256x256")}}, "gives image/webp 256x256", None),
        ({"outputs": {"/paint": image(seconds=4.5)}}, "took 4.5 s, before 2.0 s", None),
        ({"gradio_version": "7.0.0"}, "Gradio 6.31.0 became 7.0.0", None),
    ],
)
def test_each_change_is_told(changed: dict[str, object], said: str, ok: bool | None) -> None:
    (found,) = changes(baseline(), baseline(**changed))
    assert f"since the baseline of {SAVED}: " in found.what
    assert said in found.what
    assert found.ok == ok


def test_new_parameters_break_callers_only_when_they_are_required() -> None:
    old = baseline().parameters["/paint"]
    for kind, ok in (("number", None), ("number, required", False)):
        now = baseline(parameters={"/paint": {**old, "seed": kind}, "/more": {}})
        found = {each.what.partition(": ")[2]: each.ok for each in changes(baseline(), now)}
        assert found == {"/paint has a new parameter `seed`": ok, "the endpoint /more is new": None}


@pytest.mark.parametrize(
    "now",
    [
        baseline(),
        baseline(saved="2026-12-01", revision="b" * 40),
        baseline(outputs={"/paint": image(seconds=2.9)}),
        baseline(outputs={}),
    ],
)
def test_what_varies_by_itself_is_no_change(now: Baseline) -> None:
    (found,) = changes(baseline(), now)
    assert found.ok is True
    assert "nothing changed" in found.what


def test_a_real_app_is_recorded_and_compared(smoke: Smoke, tmp_path: Path) -> None:
    paint = {"endpoint": "/paint"}
    first = record(smoke("many_endpoints", **paint), saved=SAVED, revision="a" * 40)
    assert first.outputs["/paint"].files == ("image/webp 48x32",)
    assert first.parameters["/double"]["number"].startswith("number between 10 and 20")
    path = tmp_path / "baselines" / "one.json"
    assert load(path) is None
    save(first, path)
    assert load(path) == first
    again = record(smoke("many_endpoints", **paint), saved=SAVED, revision="a" * 40)
    assert [each.ok for each in changes(first, again)] == [True]
    manner = Manner(most_endpoints=1)
    other = record(smoke("chat", manner=manner), saved=SAVED, revision=None)
    assert any("/paint is gone" in each.what for each in changes(first, other))
    path.write_text("{}")
    assert load(path) is None
