"""Reading without a login: the public Hub first, the rehearsal world when nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tools import public_reading
from tools.context import Context
from tools.problems import Problem
from tools.public_reading import SILENCE_SECONDS, UNREACHABLE, read_publicly
from tools.settings import Settings
from tools.which_hub import HUGGING_FACE, HubAddress

LOCAL = "http://127.0.0.1:7"


@dataclass
class Reads:
    """What was asked of whom; `public` and `seeded` are what they answer with."""

    public: str | Problem
    seeded: str | Problem = "seeded"
    asked: list[str] = field(default_factory=list)

    def __call__(self, place: Context) -> str:
        is_local = place.settings.hub == "auto"
        self.asked.append("seeded" if is_local else "public")
        answer = self.seeded if is_local else self.public
        if isinstance(answer, Problem):
            raise answer
        return answer


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(public_reading, "_silent_until", {})
    made = Context(Settings(hub="auto", environment={}))
    address = HubAddress("rehearsal", LOCAL, None, confirmed=True)
    made.__dict__["address"] = address  # what `resolve` would find with a Hub that runs
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr("tools.public_reading.time.monotonic", lambda: now[0])

    def pass_seconds(seconds: float) -> None:
        now[0] += seconds

    return pass_seconds


def problem(code: str) -> Problem:
    return Problem(code, f"what {code} means", object="a/b")


def test_the_public_hub_is_asked_first(context: Context) -> None:
    reads = Reads("public")
    answer, place, note = read_publicly(context, reads)
    assert (answer, place.settings.hub, note) == ("public", HUGGING_FACE, None)
    assert reads.asked == ["public"]


def test_a_hub_without_an_answer_is_not_asked_again_for_a_while(
    context: Context, clock: Callable[[float], None]
) -> None:
    reads = Reads(problem("hub_unreachable"))
    for _ in range(3):
        assert read_publicly(context, reads) == ("seeded", context, UNREACHABLE)
    assert reads.asked == ["public", "seeded", "seeded", "seeded"]
    clock(SILENCE_SECONDS + 1)
    reads.public = "back again"
    assert read_publicly(context, reads)[0] == "back again"
    assert read_publicly(context, reads)[2] is None


def test_what_the_world_lacks_may_be_on_the_hub_that_was_not_reached(context: Context) -> None:
    reads = Reads(problem("hub_unreachable"), problem("not_found"))
    with pytest.raises(Problem) as raised:
        read_publicly(context, reads)
    assert raised.value.code == "hub_unreachable"
    assert "huggingface.co could not be reached" in raised.value.message
    assert "small world was looked at: what not_found means" in raised.value.message


def test_any_other_failure_is_the_answer(context: Context) -> None:
    for code in ("not_found", "rate_limited"):
        reads = Reads(problem(code))
        with pytest.raises(Problem, match=code):
            read_publicly(context, reads)
        assert reads.asked == ["public"]
    seeded = Reads(problem("hub_unreachable"), problem("hub_error"))
    with pytest.raises(Problem, match="hub_error"):
        read_publicly(context, seeded)
