"""Apps broken on purpose: never called working, with evidence that names the trouble."""

from __future__ import annotations

import pytest

from .conftest import TryApp
from .variants import KINDS, Variant, variants

SECONDS_FOR_A_SLEEPER = 8.0
ALL = tuple(variants())
QUICK = {
    "text-exception",
    "number-crash",
    "image-sleep",
    "label-page_500",
    "html-none",
    "json-wrong_type",
    "streaming_chat-unclosed_thinking",
    "messages-error_text",
    "generator-repeated",
    "sized_image-snapped",
    "audio-silent",
    "gallery-black",
}


def check(try_app: TryApp, variant: Variant) -> None:
    options = {"deadline": SECONDS_FOR_A_SLEEPER} if variant.mutation == "sleep" else {}
    tested = try_app("kinds", variant.kind, variant.mutation, **options)
    assert tested.report.verdict in variant.verdicts, tested.told
    assert any(words in tested.told for words in variant.words), tested.told


@pytest.mark.parametrize("variant", [each for each in ALL if str(each) in QUICK], ids=str)
def test_a_broken_app_is_not_called_working(try_app: TryApp, variant: Variant) -> None:
    check(try_app, variant)


@pytest.mark.slow
@pytest.mark.parametrize("variant", [each for each in ALL if str(each) not in QUICK], ids=str)
def test_every_broken_app_is_not_called_working(try_app: TryApp, variant: Variant) -> None:
    check(try_app, variant)


def test_the_quick_ones_are_some_of_all() -> None:
    assert {str(each) for each in ALL} > QUICK
    assert {each.kind for each in ALL} == set(KINDS)
    assert len({str(each) for each in ALL}) == len(ALL) >= 200
