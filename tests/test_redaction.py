"""No token survives redaction, and nothing else is touched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.redaction import redact, redact_value

from .made_tokens import TOKENS, made_up

TEXTS = st.text(max_size=60)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz ABC.,:;!?()'\n", max_size=300)
PROSE = """\
The token is read from HF_TOKEN at every call; hf_hub_download and task-management-for-everyone
stay as they are. See https://huggingface.co/spaces/user/app?tab=files and user@example.org, or
12:30 at http://127.0.0.1:7860/gradio_api/call/predict. risk-internationalization, sk-learn, xoxo,
git@github.com:user/app.git, commit 242f4a1c0ffee0123456789abcdef0123456789a, key=value, a=b&c=d.
hf_oauth_expiration_minutes: 480. A header "-----BEGIN PRIVATE KEY-----" alone holds no secret.
"""


@pytest.mark.parametrize("name", TOKENS)
def test_each_kind_is_replaced_by_its_name(name: str) -> None:
    redacted = redact(f"HF_TOKEN={TOKENS[name]}, and more")
    assert TOKENS[name] not in redacted
    assert redacted.startswith("HF_TOKEN=[redacted ")
    assert redacted.endswith("], and more")


def test_a_token_of_one_letter_is_replaced_as_well() -> None:
    assert redact("hf_" + "x" * 34) == "[redacted Hugging Face token]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://user:pa55word@example.org/x", "https://[redacted credentials]@example.org/x"),
        ("postgresql://app:s3cret@db:5432/x", "postgresql://[redacted credentials]@db:5432/x"),
        ("Authorization: Bearer " + "a1" * 20, "Authorization: Bearer [redacted bearer token]"),
        ("/?__sign=" + "a1" * 20 + "&x=1", "/?__sign=[redacted link secret]&x=1"),
        (
            "aws_secret_access_key = " + "a1B/" * 10,
            "aws_secret_access_key = [redacted AWS secret key]",
        ),
    ],
)
def test_secrets_told_by_their_place(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_the_body_of_a_private_key_is_replaced() -> None:
    body = "\n".join(made_up(64, seed=seed) for seed in range(4))
    begin, end = (f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    redacted = redact(f"before\n{begin}\n{body}\n{end}\nafter")
    assert redacted == f"before\n{begin}\n[redacted private key]\n{end}\nafter"
    escaped = body.replace("\n", "\\n")
    assert made_up(64, seed=2) not in redact(f'{{"private_key": "{begin}\\n{escaped}\\n{end}"}}')


def test_prose_stays_as_it_is() -> None:
    assert redact(PROSE) == PROSE


def test_exact_values_are_replaced_longest_first() -> None:
    assert redact("abcd and abcdef", also=("abcd", "abcdef")) == (
        "[redacted secret] and [redacted secret]"
    )
    assert redact("a secret token", also=("", "a", "to")) == "a secret token"


def test_values_of_every_depth_are_redacted() -> None:
    token = TOKENS["Hugging Face token"]
    value = redact_value({"a": [1, None, True, {"b": f"x {token}"}], token: 2.5})
    assert value == {
        "a": [1, None, True, {"b": "x [redacted Hugging Face token]"}],
        "[redacted Hugging Face token]": 2.5,
    }


@given(TEXTS, st.sampled_from(sorted(TOKENS)), TEXTS)
def test_a_token_never_survives(before: str, name: str, after: str) -> None:
    assert TOKENS[name] not in redact(before + TOKENS[name] + after)


@given(TEXTS, TEXTS, st.text(min_size=4, max_size=12))
def test_an_exact_value_never_survives(before: str, after: str, secret: str) -> None:
    label_free = secret not in "[redacted secret]"
    if label_free and not set(secret) & set("[]"):
        assert secret not in redact(before + secret + after, also=(secret,))


@given(st.lists(st.one_of(TEXTS, st.sampled_from(sorted(TOKENS.values()))), max_size=6))
def test_redacting_twice_changes_nothing_more(parts: list[str]) -> None:
    for joint in ("", " ", "://a:", "=", "?token="):
        once = redact(joint.join(parts), also=("token", "cted"))
        assert redact(once, also=("token", "cted")) == once


@given(WORDS)
def test_ordinary_words_are_unchanged(text: str) -> None:
    assert redact(text) == text


def test_a_megabyte_takes_little_time() -> None:
    text = (PROSE + TOKENS["Slack token"] + " ://a:b:c ?token= eyJ sk- gh ") * 2000
    started = time.process_time()
    redact(text, also=("some secret value",))
    assert len(text) > 1_000_000
    assert time.process_time() - started < 2
