"""What a tool is given besides its arguments."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .problems import Problem
from .settings import Settings
from .which_hub import HubAddress, resolve

if TYPE_CHECKING:
    from .hub import Hub

Report = Callable[[str, float | None], None]


def _silent(message: str, fraction: float | None) -> None:  # noqa: ARG001 - the shape of Report
    return None


@dataclass
class Context:
    """One call's surroundings: settings, the Hub it goes to, progress, cancellation, deadline.

    `report(message, fraction)` shows progress (`fraction` 0..1 or None); `cancelled` is set when
    the caller no longer wants the answer.
    """

    settings: Settings
    report: Report = _silent
    cancelled: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)

    @cached_property
    def address(self) -> HubAddress:
        """Which Hub this call uses, with a token read now."""
        return resolve(self.settings)

    @cached_property
    def hub(self) -> Hub:
        """The one door to the Hub."""
        from .hub import Hub

        return Hub(self.address, clock=self)

    def on(self, hub: str) -> Context:
        """The same call's surroundings on another Hub, such as `rehearsal`."""
        settings = replace(self.settings, hub=hub, hub_confirmed=True)
        return replace(self, settings=settings)

    @property
    def reads_publicly(self) -> bool:
        """Whether reading needs no login here: nobody chose a Hub, and nobody is logged in."""
        return self.settings.hub == "auto" and self.address.kind == "rehearsal"

    def remaining(self, wanted: float) -> float:
        """Seconds left for a step that would like `wanted`, so that the whole call stays short."""
        if self.settings.seconds is None:
            return wanted
        return max(0.0, min(wanted, self.settings.seconds - (time.monotonic() - self.started)))

    def pause(self, seconds: float) -> None:
        """Sleep, but not past a cancellation.

        Raises:
            Problem: `cancelled` when the caller gave up meanwhile.
        """
        if self.cancelled.wait(seconds):
            raise Problem("cancelled", "the caller cancelled the call", object="call")

    def folder(self, path: str | Path, *, field: str = "folder") -> Path:
        """A path argument made absolute.

        Raises:
            Problem: `path_outside_roots` when it leaves the folders this server may touch,
                `bad_argument` when it is no path at all.
        """
        here = Path.cwd()
        roots = tuple(root.resolve() for root in self.settings.roots) or (here,)
        base = here if any(here.is_relative_to(root) for root in roots) else roots[0]
        try:
            absolute = (base / Path(path).expanduser()).resolve()
        except (ValueError, RuntimeError) as error:  # a NUL in it; the home of nobody
            raise Problem("bad_argument", f"`{field}` is no path: {error}", object=field) from None
        if any(absolute.is_relative_to(root) for root in roots):
            return absolute
        allowed = ", ".join(str(root) for root in roots)
        raise Problem(
            "path_outside_roots",
            f"`{field}` is {absolute}, outside the folders this server may use ({allowed})",
            object=str(absolute),
            advice="start the server in the project's folder, or with --root FOLDER",
        )
