"""Who the caller is, and what clients ask before they do anything."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from ...knowledge import agent_registry
from ..call import Call
from ..router import Route
from ..store import moments
from ..store.accounts import Account, Owner


async def whoami(call: Call) -> Response:
    """Answer `GET /api/whoami-v2`."""
    account = call.require_account()
    return JSONResponse(
        {
            "type": "user",
            **_owner(account.owner),
            "isPro": account.owner.plan_name == "pro",
            "billingMode": "prepaid",
            "orgs": [_organization(owner) for owner in account.organizations],
            "auth": {"type": "access_token", "accessToken": _access_token(account)},
        }
    )


def _owner(owner: Owner) -> dict[str, Any]:
    return {
        "id": owner.id,
        "name": owner.name,
        "fullname": owner.full_name,
        "email": f"{owner.name}@users.noreply.localhost",
        "emailVerified": owner.email_verified,
        "canPay": owner.can_pay,
        "periodEnd": owner.period_end,
        "avatarUrl": "",
        "createdAt": moments.text(owner.created_at),
    }


def _organization(owner: Owner) -> dict[str, Any]:
    return {"type": "org", **_owner(owner), "plan": owner.plan_name, "roleInOrg": "write"}


def _access_token(account: Account) -> dict[str, Any]:
    return {
        "displayName": f"{account.name} ({account.access})",
        "role": account.access,
        "createdAt": moments.text(account.owner.created_at),
    }


async def agent_harnesses(_call: Call) -> Response:
    """Answer `GET /api/agent-harnesses`, by which `hf` decides how it prints."""
    registry = agent_registry()
    return JSONResponse(
        {
            "standardEnvVars": registry.standard_variables,
            "harnesses": {name: {"envVars": found} for name, found in registry.agents.items()},
        }
    )


async def telemetry(_call: Call) -> Response:
    """Answer telemetry with nothing; it is not kept."""
    return Response()


ROUTES = [
    Route("GET", "/api/whoami-v2", whoami),
    Route("GET", "/api/agent-harnesses", agent_harnesses),
    Route("GET", "/api/telemetry/{topic...}", telemetry),
    Route("POST", "/api/telemetry/{topic...}", telemetry),
]
