"""Who may create what: the payment refusals of the platform."""

from __future__ import annotations

import time
from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.conftest import Hub
from tools import knowledge

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


def subscription(hub: Hub, account: str) -> tuple[bool, object]:
    known = hub.api(account).whoami()
    return known["isPro"], known["periodEnd"]


def test_whoami_of_each_plan(hub: Hub) -> None:
    assert subscription(hub, "rehearsal-pro") == (True, None)
    assert subscription(hub, "rehearsal-free") == (False, None)
    was_pro, ended = subscription(hub, "rehearsal-expired")
    assert not was_pro
    assert isinstance(ended, int)
    assert ended < time.time()
    member = hub.api("rehearsal-member").whoami()
    assert (member["isPro"], member["canPay"]) == (False, False)
    orgs = [(org["name"], org["plan"], org["canPay"]) for org in member["orgs"]]
    assert orgs == [("rehearsal-enterprise", "enterprise", True)]


def test_an_ended_subscription_keeps_what_runs_and_refuses_what_is_new(hub: Hub, name: str) -> None:
    api = hub.api("rehearsal-expired")
    kept = "rehearsal-expired/still-running"
    assert api.get_space_runtime(kept).requested_hardware == "zero-a10g"
    status, message = refusal(api, f"rehearsal-expired/{name}", space_sdk="gradio")
    assert (status, "requires a PRO subscription" in message) == (402, True)
    with pytest.raises(HfHubHTTPError, match="can't downgrade this Space to cpu-basic") as refused:
        api.request_space_hardware(kept, "cpu-basic")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 402
    api.upload_file(
        path_or_fileobj=b"kept", path_in_repo="note.txt", repo_id=kept, repo_type="space"
    )
    assert api.get_space_runtime(kept).stage not in {"PAUSED", "STOPPED"}
    api.pause_space(kept)


def test_a_member_creates_in_the_organisation_and_not_at_home(hub: Hub, name: str) -> None:
    api = hub.api("rehearsal-member")
    assert refusal(api, f"rehearsal-member/{name}", space_sdk="gradio")[0] == 402
    space = f"rehearsal-enterprise/{name}"
    api.create_repo(space, repo_type="space", space_sdk="gradio", visibility="protected")
    api.delete_repo(space, repo_type="space")


def test_an_upgrade_without_payment_is_refused_in_the_reported_words(hub: Hub, name: str) -> None:
    api = hub.api("rehearsal-free")
    space = f"rehearsal-free/{name}"
    api.create_repo(
        space,
        repo_type="space",
        space_sdk="gradio",
        space_hardware="zero-a10g",  # type: ignore[arg-type]
    )
    with pytest.raises(HfHubHTTPError, match="You must add a payment method") as refused:
        api.request_space_hardware(space, "t4-small")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403
    assert api.get_space_runtime(space).requested_hardware == "zero-a10g"
    api.delete_repo(space, repo_type="space")


def test_every_refusal_has_a_date_and_says_whether_it_was_reported() -> None:
    known = knowledge.refusals()
    for name in type(known).model_fields:
        refusal = getattr(known, name)
        assert refusal.status in {402, 403}
        assert refusal.source
        assert refusal.as_of
    assert known.compute_needs_pro.reported
    assert not known.protected_needs_plan.reported
