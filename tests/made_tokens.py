"""Made-up tokens, built at run time so that no file of this repository holds one."""

from __future__ import annotations

import random
import string

_LETTERS = string.ascii_letters + string.digits
_HIGH = string.ascii_uppercase + "234567"


def made_up(length: int, alphabet: str = _LETTERS, seed: int = 7) -> str:
    """Return random characters, the same ones at every call."""
    return "".join(random.Random(seed).choices(alphabet, k=length))  # noqa: S311 - not a secret


TOKENS: dict[str, str] = {
    "Hugging Face token": "hf" + "_" + made_up(34, string.ascii_letters),
    "Anthropic token": "sk-" + "ant-" + "api03-" + made_up(95),
    "OpenRouter token": "sk-" + "or-v1-" + made_up(64, "0123456789abcdef"),
    "OpenAI token": "sk" + "-" + made_up(48),
    "OpenAI project token": "sk-" + "proj-" + made_up(60),
    "GitHub token": "gh" + "p_" + made_up(36),
    "GitHub fine-grained token": "github" + "_pat_" + made_up(22) + "_" + made_up(59),
    "AWS access key": "AK" + "IA" + made_up(16, _HIGH),
    "Google key": "AI" + "za" + made_up(35),
    "Slack token": "xox" + "b-" + made_up(12, string.digits) + "-" + made_up(24),
}
