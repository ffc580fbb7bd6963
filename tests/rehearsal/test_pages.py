"""The pages that people open."""

from __future__ import annotations

import pytest
from huggingface_hub import HfApi

from .conftest import SendRaw

HTML = {"Accept": "text/html"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def hostile(api: HfApi, space: str) -> str:
    """A Space whose every text tries to become part of the page."""
    card = f"---\ntitle: '{HOSTILE}'\nsdk: static\n---\n"
    for path, content in (("README.md", card), (f'{HOSTILE}".html', HOSTILE)):
        api.upload_file(
            path_or_fileobj=content.encode(),
            path_in_repo=path.replace("/", "|"),
            repo_id=space,
            repo_type="space",
            commit_message=HOSTILE,
        )
    return space


def test_the_page_of_a_space(send: SendRaw, api: HfApi, space: str) -> None:
    api.upload_file(
        path_or_fileobj=b"<h1>app</h1>",
        path_in_repo="index.html",
        repo_id=space,
        repo_type="space",
    )
    api.wait_for_space(space, timeout=30)
    page = send("GET", f"/spaces/{space}", headers=HTML)
    assert page.status == 200
    first_words = page.text.partition("<header>")[2].split("<p>")[1]
    assert first_words.startswith("Nothing here is published; only this machine can open it")
    assert 'data-stage="RUNNING"' in page.text
    assert f'src="{api.space_info(space).host}"' in page.text
    assert f"/spaces/{space}/blob/main/index.html" in page.text
    assert space in send("GET", "/", headers=HTML).text


def test_no_text_of_a_space_becomes_markup(send: SendRaw, hostile: str) -> None:
    for path in (f"/spaces/{hostile}", "/", f"/spaces/{hostile}/blob/main/README.md"):
        page = send("GET", path, headers=HTML)
        assert page.status == 200
        assert HOSTILE not in page.text
        assert "&lt;script&gt;" in page.text


def test_only_the_pages_own_script_may_run(send: SendRaw, space: str) -> None:
    page = send("GET", f"/spaces/{space}", headers=HTML)
    policy = page.headers["content-security-policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert f'<script nonce="{nonce}">' in page.text
    assert "default-src 'none'" in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    again = send("GET", f"/spaces/{space}", headers=HTML)
    assert nonce not in again.headers["content-security-policy"]
    assert "https://" not in page.text


def test_a_private_space_opens_with_a_ticket_once(send: SendRaw, api: HfApi, space: str) -> None:
    api.update_repo_settings(space, private=True, repo_type="space")
    hidden = send("GET", f"/spaces/{space}", headers=HTML)
    assert hidden.status == 401
    assert "rehearsal open" in hidden.text
    assert space not in send("GET", "/", headers=HTML).text
    minted = send("POST", "/api/rehearsal/ticket", account="rehearsal-pro").json()
    path = f"/open?ticket={minted['ticket']}&next=/spaces/{space}"
    opened = send("GET", path, headers=HTML)
    assert opened.status == 303
    location = opened.headers["location"]
    assert location.startswith("/view/")
    page = send("GET", location, headers=HTML)
    assert 'data-log="run"' in page.text
    assert "· private" in page.text
    api.wait_for_space(space, timeout=30)
    assert send("GET", f"{location}/state").json()["stage"] == "NO_APP_FILE"
    assert send("GET", f"{location}/blob/main/README.md").status == 200
    assert send("GET", f"{location}/resolve/main/README.md").status == 200
    view = location.removesuffix(f"/spaces/{space}")
    assert space in send("GET", f"{view}/", headers=HTML).text
    assert send("GET", path, headers=HTML).status == 403


def test_a_ticket_leads_nowhere_else(send: SendRaw) -> None:
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        minted = send("POST", "/api/rehearsal/ticket", account="rehearsal-pro").json()
        opened = send("GET", f"/open?ticket={minted['ticket']}&next={target}")
        assert opened.headers["location"].startswith("/view/")


def test_a_view_shows_what_its_account_sees(send: SendRaw, api: HfApi, space: str) -> None:
    api.update_repo_settings(space, private=True, repo_type="space")
    minted = send("POST", "/api/rehearsal/ticket", account="rehearsal-free").json()
    opened = send("GET", f"/open?ticket={minted['ticket']}&next=/spaces/{space}")
    assert send("GET", opened.headers["location"], headers=HTML).status == 404
    assert send("GET", "/view/invented/", headers=HTML).status == 403


def test_logs_of_a_public_space_are_not_on_its_public_page(send: SendRaw, space: str) -> None:
    page = send("GET", f"/spaces/{space}", headers=HTML)
    assert 'data-log="run"' not in page.text
    assert f"rehearsal open {space}" in page.text
    assert send("GET", f"/spaces/{space}/logs/run").status == 404


def test_pages_of_commits_and_discussions(send: SendRaw, api: HfApi, space: str) -> None:
    made = api.upload_file(
        path_or_fileobj=b"x",
        path_in_repo="x",
        repo_id=space,
        repo_type="space",
        commit_message="a title",
        create_pr=True,
    )
    assert made.pr_url is not None
    for address in (made.commit_url, made.pr_url):
        path = "/" + address.split("/", 3)[3]
        assert "a title" in send("GET", path, headers=HTML).text


def test_a_binary_file_is_not_printed(send: SendRaw, api: HfApi, space: str) -> None:
    api.upload_file(path_or_fileobj=b"\0\1", path_in_repo="x.bin", repo_id=space, repo_type="space")
    assert "Binary" in send("GET", f"/spaces/{space}/blob/main/x.bin", headers=HTML).text
    missing = send("GET", f"/spaces/{space}/blob/main/none", headers=HTML)
    assert missing.status == 404
    assert missing.text.startswith("<!doctype html>")
