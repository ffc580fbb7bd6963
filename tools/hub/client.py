"""`Hub`: the calls that tools make, each with a deadline, each ending in facts or a `Problem`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..problems import Problem, status_of
from . import logs
from .facts import (
    Account,
    Hardware,
    LogText,
    Organisation,
    Quota,
    RuntimeFacts,
    SpaceFacts,
)
from .files import FileCalls
from .operations import OperationCalls


class Hub(FileCalls, OperationCalls):
    """One Hub with one token. Made for a single call, so a new login is seen at the next one."""

    # The account and what the platform offers

    def account(self) -> Account:
        """The token's account."""
        self.require_login()
        return _account(self._read(self._api.whoami, about="the account"))

    def hardware(self) -> tuple[Hardware, ...]:
        """The hardware flavors that the Hub offers now, with live prices."""
        offered = self._read(self._api.list_spaces_hardware, about="the hardware list")
        return tuple(_hardware(flavor) for flavor in offered)

    def quota(self) -> Quota | None:
        """ZeroGPU seconds left, or None where this Hub does not tell."""
        try:
            told = self._read(self._api.get_zero_gpu_quota, about="the ZeroGPU quota")
        except Problem as problem:
            if problem.code in ("not_found", "forbidden", "hub_refused"):
                return None
            raise
        return Quota(
            base_seconds=told.base,
            remaining_seconds=told.remaining,
            resets_at=told.resets_at.isoformat() if told.resets_at else None,
        )

    # Spaces

    def space(self, space: str, *, revision: str | None = None) -> SpaceFacts:
        """The repository's facts; its `sha` is that of `revision`, by default of the head."""
        info = self._read(
            lambda: self._api.space_info(space, revision=revision), about=f"Space {space}"
        )
        card: Any = info.card_data or {}
        return SpaceFacts(
            name=info.id,
            sha=info.sha,
            sdk=info.sdk or card.get("sdk"),
            private=bool(info.private),
            host=info.host,
            page=self.page(space),
            app_file=card.get("app_file"),
            last_modified=info.last_modified.isoformat() if info.last_modified else None,
        )

    def runtime(self, space: str) -> RuntimeFacts:
        """The Space's stage, hardware and serving revision."""
        told = self._read(lambda: self._api.get_space_runtime(space), about=f"Space {space}").raw
        hardware = told.get("hardware") or {}
        rehearsal = told.get("rehearsal") or {}
        zero_gpu = rehearsal.get("zeroGpu") or {}
        return RuntimeFacts(
            stage=told["stage"],
            sha=told.get("sha"),
            hardware=hardware.get("current"),
            requested_hardware=hardware.get("requested"),
            error_message=told.get("errorMessage"),
            sleep_seconds=told.get("gcTimeout"),
            not_rehearsed=rehearsal.get("notRehearsed"),
            differences=tuple(rehearsal.get("differences") or ()),
            zero_gpu_proved=tuple(zero_gpu.get("proved") or ()),
            zero_gpu_not_proved=tuple(zero_gpu.get("notProved") or ()),
        )

    def log(self, space: str, kind: logs.Kind, *, seconds: float = 20.0) -> LogText:
        """The Space's newest build or run log; `exists` is false when there is none yet."""
        url = f"{self.address.endpoint}/api/spaces/{space}/logs/{kind}"
        headers = self._headers()
        limit = max(1.0, self._clock.remaining(seconds))
        try:
            return self._once(
                lambda: self._repeated(lambda: logs.read_log(url, headers, seconds=limit)),
                about=f"Space {space}",
            )
        except Problem as problem:
            cause = problem.__cause__
            if isinstance(cause, Exception) and status_of(cause) == 404 and self._is_there(space):
                return LogText(lines=(), revision=None, exists=False)
            raise

    def _is_there(self, space: str) -> bool:
        try:
            self.space(space)
        except Problem:
            return False
        return True

    def create_space(self, space: str, settings: Mapping[str, Any]) -> str:
        """Create a Space and return its page. `settings` are `create_repo`'s keyword arguments.

        Never repeated: a lost answer is told apart by the caller, who looks whether it is there.
        """
        made = self._once(
            lambda: self._api.create_repo(space, repo_type="space", exist_ok=False, **settings),
            about=f"Space {space}",
        )
        return str(made)

    def delete_space(self, space: str) -> None:
        """Delete a Space and everything in it."""
        self._once(lambda: self._api.delete_repo(space, repo_type="space"), about=f"Space {space}")


_PER_HOUR = {"second": 3600, "minute": 60, "hour": 1}


def _account(told: Mapping[str, Any]) -> Account:
    token = (told.get("auth") or {}).get("accessToken") or {}
    return Account(
        name=told["name"],
        plan="pro" if told.get("isPro") else "free",
        can_pay=bool(told.get("canPay")),
        email_verified=bool(told.get("emailVerified", True)),
        token_name=token.get("displayName"),
        token_role=token.get("role"),
        organisations=tuple(
            Organisation(
                name=found["name"],
                plan=found.get("plan"),
                role=found.get("roleInOrg"),
                can_pay=bool(found.get("canPay")),
            )
            for found in told.get("orgs", ())
        ),
    )


def _hardware(flavor: Any) -> Hardware:
    per_hour = _PER_HOUR[flavor.unit_label]
    accelerator = flavor.accelerator
    return Hardware(
        name=flavor.name,
        pretty_name=flavor.pretty_name,
        price_per_hour=round(flavor.unit_cost_usd * per_hour, 4),
        accelerator=f"{accelerator.quantity}x {accelerator.model} {accelerator.vram}"
        if accelerator
        else None,
    )
