"""Small apps as people write them, to be ported: each with a call that must answer the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PortedApp:
    """An app: its files, arguments for its first handler, what is built at import afterwards, and
    which functions are decorated.
    """

    files: dict[str, str]
    arguments: tuple[Any, ...]
    built: tuple[str, ...]
    decorated: tuple[str, ...]


IN_HANDLER = '''"""Images from words."""
import gradio as gr
import torch
from diffusers import StableDiffusionPipeline

MODEL = "maker/pictures"


def generate(prompt, steps=20):
    """Make an image."""
    device = "cuda:0" if torch.cuda.is_available() else "cpu"
    # The big one.
    pipe = StableDiffusionPipeline.from_pretrained(
        MODEL,
        torch_dtype=torch.float16,  # half
        device_map="cuda",
    )
    pipe.enable_attention_slicing()
    print(device)
    image = pipe(prompt)
    del pipe
    torch.cuda.empty_cache()
    return image


with gr.Blocks() as demo:
    prompt = gr.Textbox()
    gr.Button("Go").click(generate, prompt, gr.Image())

demo.launch()
'''
OBJECT = '''import gradio as gr
from transformers import AutoModelForCausalLM, AutoTokenizer


class Writer:
    """Writes."""

    def __init__(self, name="maker/words"):
        self.name = name
        self.model = None
        self.tokenizer = None

    def load(self):
        if self.model is None:
            self.tokenizer = AutoTokenizer.from_pretrained(self.name + "/tokens")
            self.model = AutoModelForCausalLM.from_pretrained(self.name, device_map="auto")

    def write(self, prompt, length=20):
        """Go on with a text."""
        self.load()
        tokens = self.tokenizer(prompt)
        return self.model.generate(tokens, length)


writer = Writer()
demo = gr.Interface(writer.write, ["text", "number"], "text")

if __name__ == "__main__":
    demo.launch()
'''
INSIDE_EXPRESSION = """import gradio as gr
from transformers import pipeline


def classify(text):
    classifier = pipeline("sentiment-analysis", model="maker/moods", device=0)
    return classifier(text)


def shorten(text):
    return pipeline("summarization", model="maker/short")(text)


first = gr.Interface(classify, "text", "text")
second = gr.Interface(fn=shorten, inputs="text", outputs="text")
gr.TabbedInterface([first, second]).launch()
"""
GLOBAL = """import threading

import gradio as gr
from transformers import AutoModel, AutoTokenizer

model = None
tokenizer = None
lock = threading.Lock()


def load_model():
    global model, tokenizer
    if model is None:
        with lock:
            if model is None:
                tokenizer = AutoTokenizer.from_pretrained("maker/tokens")
                model = AutoModel.from_pretrained("maker/words").half().cuda().eval()


def answer(message, history):
    load_model()
    return model.generate(tokenizer(message))


gr.ChatInterface(answer).launch()
"""
LOADER_ELSEWHERE = {
    "app.py": """import gradio as gr
import engine


def run(text):
    return engine.infer(text.strip())


gr.Interface(run, "text", "text").launch()
""",
    "engine.py": """import torch
from transformers import AutoModel

NAMES = {"small": "maker/small"}
_cached = None


def get_model(size="small"):
    name = NAMES[size]
    return AutoModel.from_pretrained(name).to("cuda:0")


@torch.no_grad()
def infer(text):
    model = get_model()
    return model(text)
""",
}
RETURNS_EARLY = """import gradio as gr
from diffusers import DiffusionPipeline

pipe = None


def get_pipe():
    global pipe
    if pipe is not None:
        return pipe
    pipe = DiffusionPipeline.from_pretrained("maker/pictures")
    pipe.to("cuda")
    return pipe


def draw(prompt):
    return get_pipe()(prompt)


def draw_twice(prompt):
    return draw(prompt) + draw(prompt)


with gr.Blocks() as demo:
    gr.Button().click(draw, gr.Textbox(), gr.Image())
    gr.Button().click(lambda text: draw_twice(text), gr.Textbox(), gr.Image())
demo.launch()
"""
SAME_NAMES = """import gradio as gr
from transformers import AutoModel


def one(text):
    model = AutoModel.from_pretrained("maker/one")
    model = model.to("cuda")
    return model(text)


def two(text):
    model = AutoModel.from_pretrained("maker/two").to("cuda")
    return model(text)


with gr.Blocks() as demo:
    gr.Button().click(one, gr.Textbox(), gr.Textbox())
    gr.Button().click(fn=two, inputs=gr.Textbox(), outputs=gr.Textbox())
demo.launch()
"""
LOCAL_IMPORT = """import gradio as gr


def embed(text):
    from sentence_transformers import SentenceTransformer

    name = "maker/vectors"
    encoder = SentenceTransformer(name, device="cuda")
    return encoder(text)


if __name__ == "__main__":
    gr.Interface(embed, "text", "text").launch()
"""
OBJECT_IN_HANDLER = """import gradio as gr
from transformers import AutoModel


class Worker:
    def __init__(self):
        self.model = AutoModel.from_pretrained("maker/words").to("cuda")

    def work(self, text):
        return self.model(text)


def handle(text):
    worker = Worker()
    return worker.work(text)


gr.Interface(handle, "text", "text").launch()
"""
UI_FUNCTION = """import gradio as gr
from transformers import pipeline


def build():
    with gr.Blocks() as demo:
        box = gr.Textbox()

        def reply(text):
            talker = pipeline("text-generation", model="maker/talk")
            return talker(text)

        box.submit(reply, box, box)
    return demo


if __name__ == "__main__":
    build().launch()
"""
LAZY_IN_METHOD = """import gradio as gr
from transformers import AutoModel


class Seer:
    model = None

    def see(self, text):
        if self.model is None:
            self.model = AutoModel.from_pretrained("maker/eyes").cuda()
        return self.model(text)


seer = Seer()


def look(text):
    return seer.see(text)


gr.Interface(look, "text", "text").launch()
"""
CAUGHT = '''import gradio as gr

_words = None
_sounds = None
_error = None


def get_words():
    """The model for words."""
    global _words, _error
    if _words is None:
        try:
            import torch
            from transformers import AutoModel

            model = AutoModel.from_pretrained("maker/words", torch_dtype=torch.float16)
            _words = (model, "words")
        except Exception as e:
            _error = str(e)
    return _words


def get_sounds():
    global _sounds, _error
    if _sounds is None:
        try:
            from transformers import AutoModel
            import torch

            model = AutoModel.from_pretrained("maker/sounds", torch_dtype=torch.float16)
            _sounds = [model]
        except Exception as e:
            print(e)
            _error = str(e)
    return _sounds


def answer(text):
    loaded = get_words()
    if loaded is None:
        return _error
    model, kind = loaded
    return model(text) + kind


def listen(text):
    return get_sounds()[0](text) if not _error else "no"


with gr.Blocks() as demo:
    gr.Button().click(answer, gr.Textbox(), gr.Textbox())
    gr.Button().click(listen, gr.Textbox(), gr.Textbox())
demo.launch()
'''
WEIGHTS = """import gradio as gr
import torch
from transformers import Net


def run(text):
    # First the net,
    net = Net("maker/net")
    # then what it knows.
    net.load_state_dict(torch.load("net.pt"))
    net.to("cuda").eval()
    return net(text)


gr.Interface(run, "text", "text").launch()
"""
APPS = {
    "caught": PortedApp(
        {"app.py": CAUGHT}, ("x",), ("maker/words", "maker/sounds"), ("answer", "listen")
    ),
    "weights": PortedApp({"app.py": WEIGHTS}, ("x",), ("maker/net",), ("run",)),
    "in_handler": PortedApp({"app.py": IN_HANDLER}, ("a cat",), ("maker/pictures",), ("generate",)),
    "object": PortedApp(
        {"app.py": OBJECT}, ("once",), ("maker/words/tokens", "maker/words"), ("write",)
    ),
    "inside_expression": PortedApp(
        {"app.py": INSIDE_EXPRESSION},
        ("fine",),
        ("maker/moods", "maker/short"),
        ("classify", "shorten"),
    ),
    "global": PortedApp(
        {"app.py": GLOBAL}, ("hello", []), ("maker/tokens", "maker/words"), ("answer",)
    ),
    "loader_elsewhere": PortedApp(LOADER_ELSEWHERE, (" x ",), ("maker/small",), ("infer",)),
    "returns_early": PortedApp(
        {"app.py": RETURNS_EARLY}, ("a cat",), ("maker/pictures",), ("draw",)
    ),
    "same_names": PortedApp(
        {"app.py": SAME_NAMES}, ("x",), ("maker/one", "maker/two"), ("one", "two")
    ),
    "local_import": PortedApp({"app.py": LOCAL_IMPORT}, ("x",), ("maker/vectors",), ("embed",)),
    "object_in_handler": PortedApp(
        {"app.py": OBJECT_IN_HANDLER}, ("x",), ("maker/words",), ("handle",)
    ),
    "ui_function": PortedApp({"app.py": UI_FUNCTION}, ("x",), ("maker/talk",), ("reply",)),
    "lazy_in_method": PortedApp({"app.py": LAZY_IN_METHOD}, ("x",), ("maker/eyes",), ("look",)),
}
