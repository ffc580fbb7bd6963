"""Operating a Space that exists: restart, pause, hardware, secrets, variables; and finding one."""

from __future__ import annotations

from collections.abc import Sequence

from .door import Door
from .facts import Found, Setting


class OperationCalls(Door):
    """The part of `Hub` that searches, and that changes how a Space runs."""

    def search(
        self, query: str, *, sdk: str | None, tags: Sequence[str], running_only: bool, most: int
    ) -> tuple[Found, ...]:
        """Spaces that match a query, best first."""

        def found() -> tuple[Found, ...]:
            hits = self._api.search_spaces(
                query,
                sdk=sdk,
                filter=list(tags) or None,
                include_non_running=not running_only,
            )
            return tuple(_found(hit) for _, hit in zip(range(most), hits, strict=False))

        return self._read(found, about=f"the search for {query!r}")

    def restart(self, space: str, *, factory: bool) -> None:
        """Start the Space anew; `factory` builds it without any cache."""
        self._once(
            lambda: self._api.restart_space(space, factory_reboot=factory), about=f"Space {space}"
        )

    def pause(self, space: str) -> None:
        """Stop the Space until its owner restarts it."""
        self._once(lambda: self._api.pause_space(space), about=f"Space {space}")

    def request_hardware(self, space: str, flavor: str) -> None:
        """Move the Space to another hardware flavor."""
        self._once(
            lambda: self._api.request_space_hardware(space, flavor),  # type: ignore[arg-type] # soft
            about=f"Space {space}",
        )

    def secrets(self, space: str) -> tuple[Setting, ...]:
        """Names and dates of the Space's secrets; their values cannot be read."""
        known = self._read(lambda: self._api.get_space_secrets(space), about=f"Space {space}")
        return tuple(_setting(name, secret.updated_at) for name, secret in known.items())

    def variables(self, space: str) -> tuple[Setting, ...]:
        """Names and dates of the Space's variables."""
        known = self._read(lambda: self._api.get_space_variables(space), about=f"Space {space}")
        return tuple(_setting(name, variable.updated_at) for name, variable in known.items())

    def set_secret(self, space: str, name: str, value: str) -> None:
        """Set one secret; the Space restarts."""
        self._once(
            lambda: self._api.add_space_secret(space, name, value),
            about=f"secret {name} of {space}",
        )

    def set_variable(self, space: str, name: str, value: str) -> None:
        """Set one variable; the Space restarts."""
        self._once(
            lambda: self._api.add_space_variable(space, name, value),
            about=f"variable {name} of {space}",
        )

    def delete_secret(self, space: str, name: str) -> None:
        """Delete one secret; its value is gone."""
        self._once(
            lambda: self._api.delete_space_secret(space, name), about=f"secret {name} of {space}"
        )

    def delete_variable(self, space: str, name: str) -> None:
        """Delete one variable."""
        self._once(
            lambda: self._api.delete_space_variable(space, name),
            about=f"variable {name} of {space}",
        )


def _setting(name: str, updated: object) -> Setting:
    moment = updated.isoformat() if hasattr(updated, "isoformat") else None
    return Setting(name=name, updated=moment)


def _found(hit: object) -> Found:
    """One search hit; the Hub may leave out everything but the name."""

    def told(name: str) -> object:
        return getattr(hit, name, None)

    runtime = told("runtime")
    return Found(
        space=str(told("id")),
        title=str(told("title") or ""),
        sdk=str(told("sdk")) if told("sdk") else None,
        likes=int(str(told("likes") or 0)),
        about=str(told("ai_short_description") or ""),
        stage=getattr(runtime, "stage", None),
        hardware=getattr(runtime, "hardware", None),
    )
