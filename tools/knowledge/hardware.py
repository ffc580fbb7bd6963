"""Hardware flavors of Spaces: what they are and what they cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from .files import Fact, records


class Accelerator(Fact):
    """The graphics cards of a flavor."""

    model: str
    quantity: int
    vram: str
    """Memory of all cards together, such as `96 GB`."""
    manufacturer: str = "Nvidia"


class HardwareFlavor(Fact):
    """One flavor, such as `t4-small`."""

    name: str
    pretty_name: str
    cpu: str
    ram: str
    accelerator: Accelerator | None = None
    dollars_per_hour: Decimal | None
    """US dollars per hour while the Space runs; 0 is free, None means no published price."""
    as_of: date
    source: str

    @property
    def is_paid(self) -> bool:
        """Whether the flavor costs money; an unpublished price counts as paid."""
        return self.dollars_per_hour is None or self.dollars_per_hour > 0


@lru_cache(maxsize=1)
def hardware_flavors() -> tuple[HardwareFlavor, ...]:
    """Return every known flavor, in the order of the platform's documentation."""
    return tuple(HardwareFlavor(**record) for record in records("hardware.yaml", "flavors"))


def hardware_flavor(name: str) -> HardwareFlavor | None:
    """Return the flavor called `name`, or None when nobody has described one of that name."""
    return next((flavor for flavor in hardware_flavors() if flavor.name == name), None)
