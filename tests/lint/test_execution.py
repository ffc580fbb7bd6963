"""The model of what runs where: import, worker, events; and what it follows to find out."""

from __future__ import annotations

import ast

import pytest

from tools.lint import Project
from tools.lint.devices import possible_values
from tools.lint.events import Kind
from tools.lint.execution import Execution, Reached, execution_of
from tools.lint.scopes import Scope, Scopes
from tools.lint.signatures import Signature
from tools.lint.texts import MemoryTexts

CARD = "---\nsdk: gradio\napp_file: app.py\n---\n"


def model(**files: str) -> Execution:
    texts = {f"{name}.py": text for name, text in files.items()}
    return execution_of(Project(MemoryTexts({"README.md": CARD, **texts}), hardware="zero-a10g"))


def names(reached: Reached) -> set[str]:
    return {scope.name for scope in reached}


def decorated(text: str, **files: str) -> list[str]:
    return [gpu.name for gpu in model(app=text, **files).decorated]


WAYS = {
    "plain": "import spaces\n@spaces.GPU\ndef f(): ...\n",
    "called": "import spaces\n@spaces.GPU(duration=3)\ndef f(): ...\n",
    "from import": "from spaces import GPU as on_gpu\n@on_gpu\ndef f(): ...\n",
    "module alias": "import spaces as hf\n@hf.GPU()\ndef f(): ...\n",
    "variable": "import spaces\ngpu = spaces.GPU(60)\n@gpu\ndef f(): ...\n",
    "condition": "import spaces\ngpu = spaces.GPU if 1 else (lambda g: g)\n@gpu\ndef f(): ...\n",
    "getattr": "import spaces\ngpu = getattr(spaces, 'GPU', None)\n@gpu\ndef f(): ...\n",
    "applied": "import spaces\ndef f(): ...\ng = spaces.GPU(f)\n",
    "applied with arguments": "import spaces\ndef f(): ...\ng = spaces.GPU(duration=3)(f)\n",
    "partial": "import spaces, functools\ngpu = functools.partial(spaces.GPU, duration=3)\n"
    "@gpu\ndef f(): ...\n",
    "helper": "import spaces\ndef gpu(g):\n    return spaces.GPU(g)\n@gpu\ndef f(): ...\n",
    "helper with arguments": "import spaces\ndef gpu(seconds):\n"
    "    return spaces.GPU(duration=seconds)\n@gpu(3)\ndef f(): ...\n",
    "constant duration": "import spaces\nSECONDS = 30\n@spaces.GPU(SECONDS)\ndef f(): ...\n",
    "guarded import": "try:\n    import spaces\nexcept ImportError:\n    spaces = None\n"
    "@spaces.GPU\ndef f(): ...\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_decorate_is_seen_once(way: str) -> None:
    assert decorated(WAYS[way]) == ["f"]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_followed_from_another_module(way: str) -> None:
    assert decorated("import engine\nengine.f()\n", engine=WAYS[way]) == ["f"]


def test_a_decorator_of_another_module_is_followed() -> None:
    helper = "import spaces\nbrief = spaces.GPU(duration=5)\n"
    assert decorated("from helper import brief\n@brief\ndef f(): ...\n", helper=helper) == ["f"]


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as spaces\n@spaces.GPUS\ndef f(): ...\n",
        "def GPU(g):\n    return g\n@GPU\ndef f(): ...\n",
        "class stub:\n    def GPU(self, g):\n        return g\n@stub().GPU\ndef f(): ...\n",
        "import spaces\nx = spaces.GPU(duration=5)\ndef f(): ...\n",
    ],
)
def test_what_only_looks_like_the_decorator_is_none(text: str) -> None:
    assert decorated(text) == []


def test_duration_and_size_are_read_by_keyword_and_position() -> None:
    text = (
        "import spaces\n"
        "@spaces.GPU(45)\ndef a(): ...\n"
        "@spaces.GPU('xlarge', duration=10)\ndef b(): ...\n"
        "@spaces.GPU\ndef c(): ...\n"
    )
    found = model(app=text).decorated
    read = [(gpu.settings_file.constant(gpu.duration), gpu.size is not None) for gpu in found]
    assert read == [(45, False), (10, True), (None, False)]


APP = """
import threading

import gradio as gr
import spaces

from engine import Engine, load, warm

engine = Engine()
load()
threading.Thread(target=warm).start()


@spaces.GPU
def run(text):
    return engine.answer(text)


def press(text):
    return run(tidy(text))


def tidy(text):
    return text.strip()


with gr.Blocks() as demo:
    box = gr.Textbox()
    box.submit(press, box, box)
    box.change(lambda text: tidy(text), box, box)
demo.launch()
"""
ENGINE = """
class Base:
    def think(self, text):
        return list(map(letter, text))


class Engine(Base):
    def __init__(self):
        self.prepare()

    def prepare(self):
        pass

    def answer(self, text):
        return self.think(text)


def letter(text):
    return text


def load():
    pass


def warm():
    pass


def unused():
    load()


if __name__ == "__main__":
    unused()
"""


def test_each_function_is_placed_where_it_runs() -> None:
    found = model(app=APP, engine=ENGINE)
    assert names(found.worker) == {"run", "answer", "think", "letter"}
    functions = {scope.name for scope in found.at_import if not scope.is_module}
    assert functions == {"__init__", "prepare", "load"}
    assert names(found.in_threads_at_import) == {"warm"}
    assert names(found.in_handlers) == {"press", "tidy", "lambda"}


def test_a_worker_scope_knows_its_gpu_function_and_the_way_to_it() -> None:
    found = model(app=APP, engine=ENGINE)
    answer = next(scope for scope in found.worker if scope.name == "answer")
    gpu = found.gpu_of(answer)
    assert gpu is not None
    assert gpu.name == "run"
    assert found.worker[answer].caller == gpu.scope


def test_the_main_block_of_an_imported_module_is_dead_and_of_the_app_alive() -> None:
    found = model(
        app="import engine\nif __name__ == '__main__':\n    engine.load()\n", engine=ENGINE
    )
    called = {ast.unparse(call.func) for _, call in found.calls(found.at_import)}
    assert called == {"engine.load"}


def test_calls_that_enter_a_worker_are_found_with_their_caller() -> None:
    found = model(app=APP, engine=ENGINE)
    assert [(scope.name, gpu.name) for scope, _, gpu in found.calls_of_gpu()] == [("press", "run")]


def test_handlers_are_told_apart() -> None:
    text = (
        "import gradio as gr\nfrom gradio import Server\napp = Server()\n"
        "@app.get('/x')\ndef a(): ...\n"
        "@app.api(name='b')\ndef b(): ...\n"
        "@gr.on([])\ndef c(): ...\n"
        "gr.Interface(fn=lambda x: x)\n"
        "{}.get('/y', 1)\n"
    )
    found = [(one.kind, one.scope.name) for one in model(app=text).handlers]
    assert found == [
        (Kind.ROUTE, "a"),
        (Kind.ENDPOINT, "b"),
        (Kind.EVENT, "c"),
        (Kind.EVENT, "lambda"),
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'cuda'", {"cuda"}),
        ("torch.device('cuda' if torch.cuda.is_available() else 'cpu')", {"cuda", "cpu"}),
        ("torch.device('cuda', 1)", {"cuda:1"}),
        ("os.getenv('DEVICE', 'cuda')", {"cuda"}),
        ("DEVICE", {"cuda", "cpu"}),
        ("engine.DEVICE", {"cuda:0"}),
        ("anything()", set()),
        ("LOOP", set()),
    ],
)
def test_devices_are_evaluated(expression: str, expected: set[object]) -> None:
    text = (
        "import os, torch, engine\nLOOP = LOOP\n"
        "if torch.cuda.is_available():\n    DEVICE = 'cuda'\nelse:\n    DEVICE = 'cpu'\n"
        f"x = {expression}\n"
    )
    found = model(app=text, engine="DEVICE = 'cuda:0'\n")
    app = found.project.app
    assert app is not None
    value = app.module_names["x"][0]
    assert possible_values(found.graph, Scope(app, app.tree), value) == expected


def test_a_decorator_and_a_default_belong_to_the_scope_outside() -> None:
    text = "@one()\ndef f(a=two()):\n    three()\n    return lambda: four()\n"
    app = model(app=text).project.app
    assert app is not None
    scopes = Scopes(app)
    owners = {
        call.func.id: type(scopes.around(call)).__name__
        for call in app.calls
        if isinstance(call.func, ast.Name)
    }
    assert owners == {
        "one": "Module",
        "two": "Module",
        "three": "FunctionDef",
        "four": "Lambda",
    }


@pytest.mark.parametrize(
    ("definition", "count", "keywords", "refused"),
    [
        ("def f(a, b): ...", 2, (), False),
        ("def f(a): ...", 2, (), True),
        ("def f(*args): ...", 9, (), False),
        ("def f(a, b=1): ...", 1, ("b",), False),
        ("def f(a): ...", 1, ("b",), True),
        ("def f(a, **rest): ...", 1, ("b",), False),
        ("def f(a, *, key): ...", 1, (), True),
        ("def f(a, /): ...", 0, ("a",), True),
    ],
)
def test_signatures_bind_as_python_does(
    definition: str, count: int, keywords: tuple[str, ...], refused: bool
) -> None:
    node = ast.parse(definition).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert (Signature.of(node).refuses(count, keywords) is not None) == refused
