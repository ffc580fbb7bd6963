"""Faults by name: what the platform does on a bad day, on demand, one Space at a time or all.

`registry` keeps which faults are active, `catalogue` names them all, `connection` spoils answers on
their way out, `machine` spoils what Spaces do and say. Faults live as long as the Hub's process.
"""

from __future__ import annotations

from .catalogue import CATALOGUE, Kind
from .registry import Fault, FaultOrder, Faults, is_active, process_faults

__all__ = ["CATALOGUE", "Fault", "FaultOrder", "Faults", "Kind", "is_active", "process_faults"]
