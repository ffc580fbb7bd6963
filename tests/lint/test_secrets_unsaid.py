"""No message of a rule shows a secret that stands in the files."""

from __future__ import annotations

from tests.made_tokens import TOKENS
from tools.lint import lint_files

from .specimens import BASE

APP = """
import os

import gradio as gr

os.system("pip install git+https://{token}@example.org/x.git")
os.system("pip install git+https://mary:swordfish@example.org/x.git {token}")
demo = gr.Interface(len, "text", "number")
demo.launch(auth=("mary", "swordfish"))
"""


def test_tokens_and_passwords_are_not_repeated() -> None:
    for token in TOKENS.values():
        report = lint_files({**BASE, "app.py": APP.replace("{token}", token)})
        found = {one.id for one in report.findings}
        said = " ".join(one.message for one in report.findings)
        assert {"SEC_TOKEN", "SEC_DEFAULT_PASSWORD", "APP_PIP_INSTALL_AT_RUNTIME"} <= found
        assert token not in said
        assert "swordfish" not in said
