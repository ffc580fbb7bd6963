"""Who may create what: the payment refusals of the platform."""

from __future__ import annotations

from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.conftest import Hub

from .conftest import HfCommand


def refusal(api: HfApi, space: str, **options: Any) -> tuple[int, str]:
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_repo(space, repo_type="space", **options)
    assert not api.repo_exists(space, repo_type="space")
    return refused.value.response.status_code, refused.value.server_message or ""


@pytest.mark.parametrize("sdk", ["gradio", "docker"])
def test_a_free_account_hosts_no_compute_on_cpu_basic(hub: Hub, name: str, sdk: str) -> None:
    status, message = refusal(hub.api("rehearsal-free"), f"rehearsal-free/{name}", space_sdk=sdk)
    assert status == 402
    assert "hosting Gradio and Docker Spaces on free cpu-basic requires a PRO" in message


def test_static_is_free_for_all(hub: Hub, name: str) -> None:
    for account in ("rehearsal-free", "rehearsal-new"):
        hub.api(account).create_repo(f"{account}/{name}", repo_type="space", space_sdk="static")


def test_a_free_account_hosts_two_spaces_on_zero_gpu(hub: Hub, name: str) -> None:
    api = hub.api("rehearsal-free")
    options: dict[str, Any] = {"space_sdk": "gradio", "space_hardware": "zero-a10g"}
    made = [f"rehearsal-free/{name}-{number}" for number in range(2)]
    for space in made:
        api.create_repo(space, repo_type="space", **options)
    status, message = refusal(api, f"rehearsal-free/{name}-2", **options)
    assert status == 402
    assert "You must be subscribed to PRO to host Spaces with ZeroGPU" in message
    with pytest.raises(HfHubHTTPError, match="can't downgrade this Space to cpu-basic"):
        api.request_space_hardware(made[0], "cpu-basic")  # type: ignore[arg-type]
    for space in made:
        api.delete_repo(space, repo_type="space")


def test_a_newcomer_waits_for_zero_gpu(hub: Hub, name: str) -> None:
    status, message = refusal(
        hub.api("rehearsal-new"),
        f"rehearsal-new/{name}",
        space_sdk="gradio",
        space_hardware="zero-a10g",
    )
    assert (status, "wait 30 days" in message) == (402, True)


def test_paid_hardware_needs_a_payment_method(hub: Hub, name: str) -> None:
    status, message = refusal(
        hub.api("rehearsal-free"),
        f"rehearsal-free/{name}",
        space_sdk="gradio",
        space_hardware="t4-small",
    )
    assert status == 402
    assert "$0.40 per hour" in message
    pro = hub.api("rehearsal-pro")
    pro.create_repo(
        f"rehearsal-team/{name}",
        repo_type="space",
        space_sdk="docker",
        space_hardware="t4-small",  # type: ignore[arg-type]
    )


def test_protected_needs_a_plan(hub: Hub, name: str) -> None:
    api = hub.api("rehearsal-free")
    status, message = refusal(
        api, f"rehearsal-free/{name}", space_sdk="static", visibility="protected"
    )
    assert (status, "protected needs PRO" in message) == (402, True)
    api.create_repo(f"rehearsal-free/{name}", repo_type="space", space_sdk="static")
    with pytest.raises(HfHubHTTPError, match="402"):
        api.update_repo_settings(
            f"rehearsal-free/{name}", visibility="protected", repo_type="space"
        )


def test_a_price_that_nobody_published_is_not_rehearsed(hub: Hub, name: str) -> None:
    status, message = refusal(
        hub.api("rehearsal-pro"),
        f"rehearsal-pro/{name}",
        space_sdk="gradio",
        space_hardware="rtx-pro-6000",
    )
    assert (status, "no published price" in message) == (400, True)


def test_exist_ok_hides_the_refusal_for_an_existing_space(
    hub: Hub, hf: HfCommand, name: str
) -> None:
    """As with the real Hub, success with exist_ok is no permission to create."""
    space = f"rehearsal-free/{name}"
    hub.api("rehearsal-free").create_repo(space, repo_type="space", space_sdk="static")
    again = ["repos", "create", space, "--type", "space", "--sdk", "gradio", "--exist-ok"]
    ran = hf(*again, account="rehearsal-free")
    assert ran.returncode == 0, ran.stderr
    assert hub.api("rehearsal-free").space_info(space).sdk == "static"
