"""Signs in texts, logs and names: every sign with what must not be taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.app.fallbacks import in_log, in_size
from tools.app.interface import Function, Input, Result
from tools.app.login import asks_for_login
from tools.app.report import ProducedFile
from tools.app.selection import Request, chosen, reason_to_skip
from tools.app.wording import complaint, loop


@pytest.mark.parametrize(
    "text",
    [
        "Error: model not loaded",
        "\N{CROSS MARK} Error: no file",
        "**Error:** no file",
        "An error occurred while generating",
        "Sorry, an error occurred.",
        "Something went wrong",
        "Failed to load the model",
        "Generation failed.",
        "ValueError: no",
        "torch.cuda.OutOfMemoryError: CUDA out of memory",
        "Here: Traceback (most recent call last):\n  File",
        "nan",
        "-Infinity",
        "<think>Hm</think> Hello",
        "Hello<|im_end|>",
        "the cat sat " * 30,
        "Well. " + "no no " * 60,
    ],
)
def test_a_text_that_is_no_answer(text: str) -> None:
    assert complaint(text)
    assert not complaint(text, [f"Say {text}, please"])


@pytest.mark.parametrize(
    "text",
    [
        "Errors found: 0",
        "Error rate 5 %",
        "Error analysis of the model",
        "The error is small",
        "Failed experiments teach us",
        "Exceptionally good",
        "Infinity War",
        "nan bread",
        "TypeErrors are fun",
        "-" * 400,
        "0 1 " * 100,
        "ha " * 20,
        "I think, therefore I am",
        "<s>struck</s>",
        "\n".join(f"{number}. the same words again" for number in range(40)),
    ],
)
def test_a_text_that_only_looks_like_one(text: str) -> None:
    assert not complaint(text)


@given(st.text(max_size=2000))
def test_any_text_is_judged_and_quoting_it_is_no_failure(text: str) -> None:
    assert complaint(text, [text]) == "" or complaint(text)
    assert loop(text * 2) == "" or len(text) * 2 >= 160


@pytest.mark.timeout(10)
def test_long_texts_are_judged_quickly() -> None:
    for text in ("ab" * 500_000, "<" * 1_000_000, "a" * 1_000_000, "x1 y2 z3 " * 100_000):
        complaint(text)


@pytest.mark.parametrize(
    "line",
    [
        "CUDA not available, using CPU",
        "No GPU found, running on CPU",
        "Device set to use cpu",
        "Falling back to CPU",
        "UserWarning: GPU device not used",
        "no CUDA-capable device is detected",
        "Found no NVIDIA driver on your system",
        "device: cpu",
        "float16 is not supported here",
        "falling back to torch.float32",
    ],
)
def test_a_line_that_tells_of_a_fallback(line: str) -> None:
    (evidence,) = in_log([line, line], expects_gpu=True)
    assert evidence.ok is False
    assert line in evidence.what
    assert in_log([line], expects_gpu=False) == []


@pytest.mark.parametrize(
    "line",
    [
        "CUDA is available: True",
        "Using device cuda:0",
        "cpu offload enabled",
        "model loaded to cuda",
        "Loading checkpoint shards on the cpuset",
        "dtype float32",
    ],
)
def test_a_line_that_tells_of_none(line: str) -> None:
    assert in_log([line], expects_gpu=True) == []


def test_a_missing_mcp_server_is_told_everywhere() -> None:
    line = "Error launching MCP server: The `mcp` package is required"
    assert in_log([line], expects_gpu=False)[0].ok is False


def given_input(name: str, component: str = "Slider") -> Input:
    return Input(name, name, component, {}, {}, False, None, (), None)


def function(
    name: str,
    inputs: tuple[Input, ...] = (),
    results: tuple[str, ...] = ("Textbox",),
    events: frozenset[str] = frozenset({"click"}),
) -> Function:
    returned = tuple(Result("", each, {}) for each in results)
    return Function(name, "", inputs, returned, False, "function", events)


def picture(width: int, height: int) -> ProducedFile:
    return ProducedFile(path="x", kind="image/png", size_bytes=1, width=width, height=height)


def test_a_size_is_compared_where_it_was_asked_for() -> None:
    sides = (given_input("width"), given_input("height"))
    paint = function("/paint", sides, ("Image",))
    asked = {"width": 100, "height": 50}
    snapped = in_size(paint, asked, [picture(96, 48)])
    assert snapped is not None
    assert "asked for 100x50, got 96x48" in snapped.what
    assert in_size(paint, asked, [picture(9, 9), picture(100, 50)]) is None
    assert in_size(paint, asked, []) is None
    assert in_size(paint, {"width": 100}, [picture(9, 9)]) is None
    crop = function("/crop", (given_input("photo", "Image"), *sides), ("Image",))
    assert in_size(crop, asked, [picture(9, 9)]) is None


@pytest.mark.parametrize(
    "name",
    [
        "/delete_model",
        "/clear",
        "/push_to_hub",
        "/upload_to_hub",
        "/save_to_dataset",
        "/send_email",
        "/send",
        "/pay",
        "/train_model",
        "/publish_model",
        "/save",
        "/reset_1",
        "/remove_user",
        "/vote",
    ],
)
def test_names_that_are_not_called(name: str) -> None:
    assert "changes or deletes" in reason_to_skip(function(name))
    assert chosen([function(name)], Request(None, {})) == []
    assert chosen([function(name)], Request(name, {})) != []


@pytest.mark.parametrize(
    ("name", "inputs", "results"),
    [
        ("/generate", (), ("Image",)),
        ("/send", (), ("Chatbot",)),
        ("/save_image", (), ("File",)),
        ("/remove_background", (given_input("photo", "Image"),), ("Image",)),
        ("/upload_file", (), ("File",)),
        ("/constrain", (), ("Textbox",)),
        ("/style_transfer", (), ("Image",)),
        ("/reorder_by", (), ("Textbox",)),
    ],
)
def test_names_that_are_called(
    name: str, inputs: tuple[Input, ...], results: tuple[str, ...]
) -> None:
    assert reason_to_skip(function(name, inputs, results)) == ""


def test_what_a_button_sets_off_matters_more_than_what_a_change_does() -> None:
    listed = [
        function("/refresh", events=frozenset({"change"})),
        function("/describe"),
        function("/paint", results=("Image",)),
    ]
    names = [
        [each.name for each in chosen(listed, Request(None, {}, most_endpoints=most))]
        for most in (1, 2, 3)
    ]
    assert names == [["/paint"], ["/describe", "/paint"], ["/refresh", "/describe", "/paint"]]


def test_words_that_ask_for_a_login() -> None:
    asking = [
        "This action requires a logged in user. Please sign in and retry.",
        "Please log in first.",
        "You must be logged in to use this Space",
        "Login required",
        "AttributeError: 'NoneType' object has no attribute 'username'",
    ]
    other = ["The log in the forest", "He signed in blood", "Logged 3 items", "sign language"]
    assert [each for each in asking if not asks_for_login(each)] == []
    assert [each for each in other if asks_for_login(each)] == []
