"""What the platform offers: hardware, templates, ZeroGPU quota."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from ...knowledge import HardwareFlavor, hardware_flavors, space_templates
from ..call import Call
from ..router import Route
from ..store import moments
from ..zero_gpu.visitors import Visitor

MINUTES = 60


async def hardware(_call: Call) -> Response:
    """Answer `GET /api/spaces/hardware` with the flavors whose price is published."""
    known = (_flavor(flavor) for flavor in hardware_flavors())
    return JSONResponse([flavor for flavor in known if flavor is not None])


def _flavor(flavor: HardwareFlavor) -> dict[str, Any] | None:
    if flavor.dollars_per_hour is None:
        return None
    per_minute = float(flavor.dollars_per_hour) / MINUTES
    return {
        "name": flavor.name,
        "prettyName": flavor.pretty_name,
        "cpu": flavor.cpu,
        "ram": flavor.ram,
        "accelerator": _accelerator(flavor),
        "unitCostMicroUSD": round(per_minute * 1_000_000),
        "unitCostUSD": round(per_minute, 6),
        "unitLabel": "minute",
    }


def _accelerator(flavor: HardwareFlavor) -> dict[str, Any] | None:
    if flavor.accelerator is None:
        return None
    return {
        "type": "gpu",
        "model": flavor.accelerator.model,
        "quantity": str(flavor.accelerator.quantity),
        "vram": flavor.accelerator.vram,
        "manufacturer": flavor.accelerator.manufacturer,
    }


async def templates(_call: Call) -> Response:
    """Answer `GET /api/spaces/templates`."""
    found = [
        {
            "name": template.name,
            "repoId": template.repo_id,
            "sdk": template.sdk,
            "preferredPrivate": template.preferred_private,
        }
        for template in space_templates()
    ]
    return JSONResponse({"templates": found})


async def zero_gpu_quota(call: Call) -> Response:
    """Answer `GET /api/spaces/zero-gpu/quota` from what the caller's GPU calls have used."""
    quota = call.hub.zero_gpu.quota(Visitor.of(call.require_account()))
    answer: dict[str, Any] = {"base": quota.base, "current": quota.left, "overquotaUsed": 0}
    if quota.resets_at is not None:
        answer["resetsAt"] = moments.text(quota.resets_at)
    return JSONResponse(answer)


ROUTES = [
    Route("GET", "/api/spaces/hardware", hardware),
    Route("GET", "/api/spaces/templates", templates),
    Route("GET", "/api/spaces/zero-gpu/quota", zero_gpu_quota),
]
