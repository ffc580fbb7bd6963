"""The door itself: the client with its token, and how each call ends: answer or `Problem`."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..problems import Problem, from_client_error, not_logged_in
from ..which_hub import HubAddress
from .session import READ_SECONDS, REPEAT_SECONDS, bounded, configure_client, repeat

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Answer = TypeVar("Answer")


class Clock(Protocol):
    """How much time a call has left, and how it pauses; a `Context` is one."""

    def remaining(self, wanted: float) -> float:
        """Seconds for a step that would like `wanted`."""
        ...

    def pause(self, seconds: float) -> None:
        """Sleep, or raise when the caller gave up."""
        ...


class Patient:
    """The clock of a call that nobody waits for."""

    def remaining(self, wanted: float) -> float:
        """All of it."""
        return wanted

    def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


class Door:
    """One Hub with one token. Made for a single call, so a new login is seen at the next one."""

    def __init__(self, address: HubAddress, clock: Clock | None = None) -> None:
        self.address = address
        self._clock: Clock = clock or Patient()

    @cached_property
    def _api(self) -> HfApi:
        from huggingface_hub import HfApi

        configure_client()
        return HfApi(
            endpoint=self.address.endpoint,
            token=self.address.token or False,
            library_name="huggingface-spaces",
        )

    def _read(self, call: Callable[[], Answer], *, about: str) -> Answer:
        """A call that changes nothing: repeated after passing failures."""

        def within_limits() -> Answer:
            with bounded(self._clock.remaining(READ_SECONDS)):
                return call()

        return self._once(lambda: self._repeated(within_limits), about=about)

    def _repeated(self, call: Callable[[], Answer]) -> Answer:
        seconds = self._clock.remaining(REPEAT_SECONDS)
        return repeat(call, seconds=seconds, pause_for=self._clock.pause)

    def _once(self, call: Callable[[], Answer], *, about: str) -> Answer:
        """A call that must not be repeated on its own."""
        try:
            return call()
        except (OSError, ValueError, RuntimeError) as error:
            raise self.problem(error, about=about) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in ("huggingface_hub", "httpx2"):
                raise
            raise self.problem(error, about=about) from error

    def problem(self, error: Exception, *, about: str) -> Problem:
        """The problem behind a client's exception, on this Hub."""
        return from_client_error(error, object=about, hub=self.address.endpoint)

    def require_login(self) -> None:
        """Refuse before asking when there is no token.

        Raises:
            Problem: `not_logged_in`.
        """
        if self.address.token is None:
            raise not_logged_in(self.address.endpoint)

    def _headers(self) -> dict[str, str]:
        from huggingface_hub.utils._headers import build_hf_headers

        return build_hf_headers(
            token=self.address.token or False, library_name="huggingface-spaces"
        )

    def page(self, space: str) -> str:
        """Address of the Space's page."""
        return f"{self.address.endpoint}/spaces/{space}"
