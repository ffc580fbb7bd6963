"""One way to put something online, the flavors on offer, and what was asked for explicitly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from ..hub.facts import Hardware
from ..model import Model
from .standing import Allowed

Sdk = Literal["gradio", "docker", "static"]
Fits = Literal["yes", "no", "unknown"]


class Route(Model):
    """One way. `hardware` is None for a static Space, `template` where the files are there already.

    `dollars_per_hour` is None where nobody says.
    `visitor_seconds` is what a visitor may use of ZeroGPU in a day, by the kind of account.
    """

    rank: int = 0
    sdk: Sdk
    hardware: str | None
    template: str | None
    why: str
    allowed: Allowed
    allowed_because: str
    dollars_per_hour: float | None
    cost: str
    fits: Fits
    fits_because: str
    zero_gpu_size: str | None = None
    visitor_seconds: dict[str, int] = Field(default_factory=dict)
    is_placeholder: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is known that stands against it."""
        return self.allowed not in {"no", "over_limit"} and self.fits != "no"

    @property
    def place(self) -> str:
        """`gradio on zero-a10g`, or `static`."""
        return f"{self.sdk} on {self.hardware}" if self.hardware else self.sdk

    def lines(self) -> Iterator[str]:
        """The route for a person."""
        start = f", template {self.template}" if self.template else ""
        yield f"{self.rank}. {self.place}{start}: {self.why}."
        yield f"   Allowed: {self.allowed} - {self.allowed_because}. Cost: {self.cost}."
        yield f"   Fits: {self.fits} - {self.fits_because}."


@dataclass(frozen=True)
class Market:
    """The flavors on offer, cheapest first, and where their prices come from."""

    flavors: tuple[Hardware, ...]
    prices_from: str

    def flavor(self, name: str) -> Hardware | None:
        """The flavor of that name, or None."""
        return next((flavor for flavor in self.flavors if flavor.name == name), None)


@dataclass(frozen=True)
class Wish:
    """What the person asked for explicitly."""

    sdk: Sdk | None = None
    hardware: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether anything was asked for."""
        return self.sdk is not None or self.hardware is not None

    def is_met_by(self, route: Route) -> bool:
        """Whether a route is what was asked for."""
        return (
            self.is_there
            and (self.sdk is None or route.sdk == self.sdk)
            and (self.hardware is None or route.hardware == self.hardware)
        )
