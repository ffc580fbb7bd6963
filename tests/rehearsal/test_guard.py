"""Web pages of others get nothing from the Hub."""

from __future__ import annotations

import pytest

from tests.conftest import Hub

from .conftest import SendRaw


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "127.0.0.1:1",
        "127.0.0.1",
    ],
)
def test_another_name_for_this_address_is_refused(send: SendRaw, hub: Hub, host: str) -> None:
    port = hub.endpoint.rpartition(":")[2]
    answer = send("GET", "/api/spaces", headers={"Host": host.format(port=port)})
    assert answer.status == 403
    assert "Host" in answer.json()["error"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_this_machines_own_names_are_fine(send: SendRaw, hub: Hub, name: str) -> None:
    port = hub.endpoint.rpartition(":")[2]
    assert send("GET", "/api/spaces", headers={"Host": f"{name}:{port}"}).status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"]
)
def test_a_foreign_page_may_not_post(send: SendRaw, space: str, origin: str) -> None:
    answer = send(
        "POST",
        f"/api/spaces/{space}/pause",
        account="rehearsal-pro",
        headers={"Origin": origin},
    )
    assert answer.status == 403
    assert "Origin" in answer.json()["error"]


def test_the_hubs_own_page_may(send: SendRaw, hub: Hub, space: str) -> None:
    answer = send(
        "POST",
        f"/api/spaces/{space}/restart",
        account="rehearsal-pro",
        headers={"Origin": hub.endpoint},
    )
    assert answer.status == 200


def test_answers_carry_an_id_and_no_software(send: SendRaw) -> None:
    answer = send("GET", "/api/nothing", headers={"X-Amzn-Trace-Id": "me-1"})
    assert (answer.status, answer.headers["x-request-id"]) == (404, "me-1")
    assert "server" not in answer.headers
    assert answer.headers["x-error-message"] in answer.text


def test_the_message_header_is_one_line_of_ascii(send: SendRaw) -> None:
    answer = send("GET", "/api/spaces/n%0D%0AX-Evil%3A%201/%C3%A4")
    assert answer.status == 401
    assert "x-evil" not in answer.headers
