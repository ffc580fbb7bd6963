"""Each check finds what it is for, with its line, in a document made wrong on purpose."""

from __future__ import annotations

import pytest

from . import cards, code, command_lines, fences, links, naming
from .documents import shown
from .markdown import Document, read_document
from .skill import check_skill

GOOD_SKILL = """---
name: huggingface-spaces
description: Deploy, debug and test Gradio, Docker and static apps on Hugging Face Spaces.
---

# Title
"""


def bad(text: str) -> Document:
    return read_document("references/bad.md", text)


def fenced(info: str, text: str) -> Document:
    return bad(f"# Bad\n\n```{info}\n{text}\n```\n")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("hf spaces explode NAMESPACE/NAME", "has no command `explode`"),
        ("hf no-such-extension", "has no command"),
        ("hf spaces logs NAMESPACE/NAME --nope", "No such option '--nope'"),
        ("hf spaces logs", "is missing"),
        ("hf spaces logs NAMESPACE/NAME twice", "one argument too many"),
        ("hf spaces volumes", "is a group of commands"),
        ("hf spaces list --limit many", "not a valid integer"),
        ("hf repos create NAMESPACE/NAME --type app", "is not one of"),
        ("hf repos create spaces/NAMESPACE/NAME --type space", "Ambiguous repo type"),
        ("huggingface-spaces configure NAMESPACE/NAME", "has no command `configure`"),
        ("huggingface-spaces lint . --format xml", "is not one of"),
        ("huggingface-spaces upload FOLDER", "is missing"),
        ("rm -r FOLDER", "nobody knows the program rm"),
        ("hf spaces info <name>", "placeholder in capitals"),
        ("hf spaces info 'NAMESPACE/NAME", "nterminated"),
        ("export TOKEN=$(hf auth tokn)", "has no command `tokn`"),
        ("git pull && hf spaces nothing", "has no command `nothing`"),
        ("hf spaces info \\\n  NAMESPACE/NAME --nope", "No such option"),
    ],
)
def test_a_command_that_would_be_refused(command: str, reason: str) -> None:
    (found,) = command_lines.check_blocks(fenced("sh", f"git pull\n{command}"))
    assert reason in found.reason
    assert found.line in {4, 5}


@pytest.mark.parametrize(
    "command",
    [
        "hf spaces logs NAMESPACE/NAME --build --tail 200",
        "hf repos create NAMESPACE/NAME --type space --space-sdk gradio --flavor FLAVOR",
        "hf repos create spaces/NAMESPACE/NAME",
        "hf spaces list --limit LIMIT --json",
        "hf spaces --help",
        "hf ext list",
        "HF_TOKEN=$TOKEN hf auth whoami > account.txt 2>&1",
        ".venv/bin/huggingface-spaces create NAMESPACE/NAME gradio --hardware FLAVOR # a comment",
        "hf download NAMESPACE/NAME --repo-type space | git apply",
    ],
)
def test_a_command_that_is_right(command: str) -> None:
    assert not shown(command_lines.check_blocks(fenced("sh", command)))


@pytest.mark.parametrize(
    ("span", "is_right"),
    [
        ("hf spaces volumes", True),
        ("hf spaces logs", True),
        ("hf spaces ...", True),
        ("huggingface-spaces rehearsal start | stop", True),
        ("huggingface-spaces lint [FOLDER] --hardware FLAVOR", True),
        ("hf spaces logs --follow", False),
        ("hf spaces log", False),
        ("huggingface-spaces rehearsal start | explode", False),
        ("huggingface-spaces wait NAMESPACE/NAME --sha SHA", False),
    ],
)
def test_commands_in_prose_and_tables(span: str, is_right: bool) -> None:
    cell = span.replace("|", "\\|")
    text = f"# Bad\n\nUse\n`{span}`.\n\n| a | b |\n|---|---|\n| c | `{cell}` |\n"
    found = list(command_lines.check_spans(bad(text)))
    assert [trouble.line for trouble in found] == ([] if is_right else [4, 8])


@pytest.mark.parametrize("info", ["python", "python bad"])
@pytest.mark.parametrize("text", ["await fetch()", "def f(:", "return 1"])
def test_python_that_does_not_compile(info: str, text: str) -> None:
    (found,) = code.check_compiles(fenced(info, f"x = 1\n{text}"))
    assert found.line == 5


BAD_LINES = """\
import no_such_module  # cannot be imported
import spaces
import gradio as gr
from huggingface_hub import HfApi, NoSuchName  # NoSuchName
from gradio_client import Client
import torch
from transformers import NoSuchModel  # is not declared
api = HfApi()
api.duplicate_space("a/b")  # has no duplicate_space
api.create_repo("a/b", repo_type="space", sdk="gradio")  # takes no sdk
api.create_repo(repo_type="space")  # needs repo_id
api.get_space_runtime("a/b").stag  # has no stag
client = Client("a/b", hf_token=None)  # takes no hf_token
client.predct("hello")  # has no predct
torch.compile(print, fullgraf=True)  # takes no fullgraf
torch.no_such  # is not declared
torch.bfloat16()  # declared as no call
gr.LogoutButton()  # has no LogoutButton
gr.Textbox(show_copy_button=True)  # takes no show_copy_button
gr.Interface(print, "text", "text", no_such=True)  # takes no no_such
@spaces.GPU(seconds=60)  # takes no seconds
def generate(request: gr.Request) -> None:
    raise gr.Error("no", length=3)  # takes no length
with gr.Blocks() as demo:
    button = gr.Button()
    button.submit(generate)  # has no submit
    button.click(generate, output=None)  # takes no output
    button.click(generate).then(generate, input=None)  # takes no input
demo.queue(concurrency_count=2)  # takes no concurrency_count
demo.launch(sharing=True)  # takes no sharing
spaces.aoti_compile(generate, option=1)  # takes no option
"""


@pytest.mark.timeout(600)
def test_code_that_names_what_does_not_exist() -> None:
    found = {one.line: one.reason for one in code.check_uses(copied(BAD_LINES))}
    expected = {
        line: text.partition("  # ")[2]
        for line, text in enumerate(BAD_LINES.splitlines(), start=4)
        if "  # " in text
    }
    assert found.keys() == expected.keys()
    assert all(words in found[line] for line, words in expected.items()), found
    assert not list(code.check_uses(copied(BAD_LINES, "python bad")))


def copied(text: str, info: str = "python") -> list[code.Code]:
    return code.shown_to_be_copied([fenced(info, text)])


def test_code_that_lacks_an_import() -> None:
    (found,) = code.check_names(copied("x = [y for y in range(3)]\ndemo.launch()"))
    assert (found.line, found.reason) == (5, "nothing in the block defines `demo`")


def test_code_that_we_would_find_fault_with() -> None:
    text = "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Markdown(1)\n"
    assert not shown(cards.check_code(copied(text + "demo.launch()")))
    (found,) = cards.check_code(copied(text + "demo.launch(server_name='127.0.0.1')"))
    assert found.line == 8
    assert found.reason.startswith("GR_")


@pytest.mark.parametrize(
    ("info", "text", "reason"),
    [
        ("yaml", "---\nsdk: gradio\nsdk: docker\n---", "FM_DUPLICATE_KEY"),
        ("yaml", "---\ntitle: A\nsdk: streamlit\n---", "FM_SDK"),
        ("yaml", "---\ntitle: A\nsdk: gradio\n", "ends with a line"),
        ("yaml", "a: [1", "is no YAML"),
        ("text requirements.txt", "gradio==3.0", "REQ_"),
        ("dockerfile", "FROM python:3.12\nUSER 1000\nCMD uvicorn a:b --port 80", "DK_PORT"),
        ("text requirements.txt", "huggingface_hub<1.0", "REQ_SDK_VERSION_CONFLICT"),
    ],
)
def test_cards_and_requirements_that_would_fail(info: str, text: str, reason: str) -> None:
    document = fenced(info, text)
    checks = (cards.check_yaml, cards.check_requirements, cards.check_dockerfiles)
    assert reason in shown(one for check in checks for one in check(document))


@pytest.mark.parametrize(
    ("info", "text", "reason"),
    [
        ("", "anything", "a block of ``"),
        ("ruby", "puts 1", "a block of `ruby`"),
        ("text", "Type\nhf auth login", "belongs in a block of `sh`"),
        ("json", "{'a': 1}", "is no JSON"),
    ],
)
def test_blocks_that_would_escape_the_checks(info: str, text: str, reason: str) -> None:
    (found,) = fences.check_fences(fenced(info, text))
    assert reason in found.reason


def test_requirements_for_another_gradio() -> None:
    shown_for_4 = fenced("text requirements.txt sdk_version=4.44.1", "huggingface_hub<1.0")
    assert not shown(cards.check_requirements(shown_for_4))


@pytest.mark.parametrize(
    "link", ["nothing.md", "zerogpu.md#nothing", "#nothing", "../../outside.md"]
)
def test_links_that_lead_nowhere(link: str) -> None:
    (found,) = links.check_links(bad(f"# Bad\n\nSee [that]({link}).\n"))
    assert found.line == 3


def test_links_that_lead_somewhere() -> None:
    text = "# A `b` c!\n\n[a](#a-b-c) [b](../README.md#the-tools) [c](https://huggingface.co)\n"
    assert not shown(links.check_links(bad(text)))


def test_a_reference_must_be_linked_and_lead_no_further_down() -> None:
    skill = read_document("SKILL.md", "# S\n\n[other](references/other.md)\n")
    assert shown(links.check_linked(skill, bad("# Bad\n")))
    assert shown(links.check_depth(bad("# Bad\n\n[code](../tools/serve.py)\n")))


@pytest.mark.parametrize("text", ["# A\n\nThis file is about.\n", "Read this.\n", "# A\n\n# B\n"])
def test_a_reference_says_first_when_to_read_it(text: str) -> None:
    assert shown(links.check_opening(bad(text)))


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        ("", "`One` is not listed; `Two` is not listed"),
        ("- [One](#one)\n", "`Two` is not listed"),
        ("- [Two](#two)\n- [One](#one)\n", "the order is another"),
        ("- [One](#one)\n- [Two](#two)\n- [Three](#one)\n", "`Three` is no section"),
    ],
)
def test_contents_that_are_not_the_sections(contents: str, reason: str) -> None:
    text = f"# A\n\n{contents}\n## One\n\n## Two\n"
    assert not shown(links.check_contents(bad(text)))
    assert reason in shown(links.check_contents(bad(text + "line\n" * 100)))


def test_a_reference_may_not_be_too_long() -> None:
    assert "20,481 bytes" in shown(links.check_size(bad("x" * 20_481)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Call `space_configure`.", "no tool `space_configure`"),
        ("Call `bucket_mount(space=...)`.", "no tool `bucket_mount`"),
        ("See (lint: ZG_NO_SUCH_RULE).", "no lint rule `ZG_NO_SUCH_RULE`"),
        ("The known error `build-no-such-thing` says so.", "no known error `build-no-such-thing`"),
    ],
)
def test_names_of_nothing(text: str, reason: str) -> None:
    document = bad(f"# Bad\n\n{text}\n")
    checks = (naming.check_tools, naming.check_rules, naming.check_errors)
    assert reason in shown(one for check in checks for one in check(document))


def test_names_of_something() -> None:
    text = (
        "`space_lint`, `api.create_repo(space_sdk=...)`, `HfApi.request_space_hardware`,"
        " ZG_LAZY_LOAD, `APP_STARTING`, the known error `build-python-too-old`, `cpu-basic`"
    )
    document = bad(f"# Good\n\n{text}\n")
    checks = (naming.check_tools, naming.check_rules, naming.check_errors)
    assert not shown(one for check in checks for one in check(document))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("name: huggingface-spaces", "name: spaces", "`name` is not"),
        ("Deploy", "Put <that>", "`<` or `>`"),
        ("debug", "watch", "lack: debug"),
        ("---\n\n", "model: some\n---\n\n", "`model` is no key"),
        ("# Title", "# Title\n" * 300, "lines; fewer than"),
        ("# Title", "x" * 15_000, "bytes; 15,000"),
        ("description:", "description: " + "x" * 1100, "1 to 1024"),
    ],
)
def test_a_skill_that_breaks_the_rules(old: str, new: str, reason: str) -> None:
    assert not shown(check_skill(read_document("SKILL.md", GOOD_SKILL)))
    broken = read_document("SKILL.md", GOOD_SKILL.replace(old, new, 1))
    assert reason in shown(check_skill(broken))
