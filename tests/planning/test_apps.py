"""What the files of an app say: entry, models, CUDA code, frameworks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tools.lint.project import Project
from tools.lint.texts import MemoryTexts
from tools.planning.code_models import loads_not_followed, models_in
from tools.planning.cuda import cuda_needs
from tools.planning.entry import find_entry
from tools.planning.frameworks import frameworks_of, wants_gpu

CARD = "---\nsdk: gradio\napp_file: {app}\n---\n"
GRADIO = "import gradio as gr\ngr.Interface(str, 'text', 'text').launch()\n"


def project(app_file: str | None = None, **files: str) -> Project:
    texts = {name.replace("__", "/"): text for name, text in files.items()}
    renamed = {
        {"app": "app.py", "readme": "README.md", "requirements": "requirements.txt"}.get(
            name, name
        ): text
        for name, text in texts.items()
    }
    return Project(MemoryTexts(renamed), app_file=app_file)


def names(found: Project) -> list[str]:
    return [use.name for use in models_in(found)]


def test_models_by_literal_constant_environment_and_other_module() -> None:
    found = Project(
        MemoryTexts(
            {
                "app.py": (
                    "import os\n"
                    "from transformers import AutoModel, pipeline\n"
                    "from huggingface_hub import InferenceClient, snapshot_download\n"
                    "from settings import BASE\n"
                    "NAME = 'org/by-constant'\n"
                    "ENV = os.environ.get('MODEL', 'org/by-environment')\n"
                    "AutoModel.from_pretrained('org/by-literal')\n"
                    "AutoModel.from_pretrained(NAME)\n"
                    "AutoModel.from_pretrained(ENV)\n"
                    "AutoModel.from_pretrained(BASE)\n"
                    "pipeline('text-generation', model='org/by-pipeline')\n"
                    "snapshot_download(repo_id='org/by-download')\n"
                    "InferenceClient('org/remote')\n"
                    "def loaded(name='org/by-default'):\n"
                    "    local = 'org/by-local'\n"
                    "    AutoModel.from_pretrained(local)\n"
                    "    AutoModel.from_pretrained(name)\n"
                ),
                "settings.py": "BASE = 'org/by-module'\n",
            }
        )
    )
    uses = {use.name: use for use in models_in(found)}
    ways = (
        "literal",
        "constant",
        "environment",
        "module",
        "pipeline",
        "download",
        "default",
        "local",
    )
    assert set(uses) == {*(f"org/by-{way}" for way in ways), "org/remote"}
    assert uses["org/remote"].is_remote
    assert not uses["org/by-literal"].is_remote
    assert uses["org/by-literal"].seen_in == "app.py:7"


def test_the_oldest_models_have_no_namespace() -> None:
    app = (
        "from transformers import AutoModel, pipeline\n"
        "AutoModel.from_pretrained('gpt2')\n"
        "pipeline('fill-mask', model='bert-base-uncased')\n"
    )
    assert names(project(app=app)) == ["gpt2", "bert-base-uncased"]


def test_what_is_no_model_is_not_taken_for_one() -> None:
    found = Project(
        MemoryTexts(
            {
                "app.py": (
                    "import json, gradio as gr\n"
                    "from transformers import AutoModel\n"
                    "from huggingface_hub import hf_hub_download\n"
                    "json.load('org/name')\n"
                    "AutoModel.from_pretrained('./weights')\n"
                    "AutoModel.from_pretrained('models/mine')\n"
                    "AutoModel.from_pretrained('mine')\n"
                    "AutoModel.from_pretrained('model.pt')\n"
                    "gr.load('mine2')\n"
                    "hf_hub_download('org/data', 'x.csv', repo_type='dataset')\n"
                    "def load(name): AutoModel.from_pretrained(name)\n"
                    "A = 'org/one'\nA = 'org/two'\nAutoModel.from_pretrained(A)\n"
                    "MODEL = 'org/outer'\n"
                    "def shadowed(MODEL): AutoModel.from_pretrained(MODEL)\n"
                ),
                "models/mine/config.json": "{}",
                "mine/config.json": "{}",
            }
        )
    )
    assert names(found) == []


def test_a_tokenizer_takes_no_memory_and_its_model_does() -> None:
    found = project(
        app=(
            "from transformers import AutoModel, AutoTokenizer, WhisperProcessor\n"
            "from diffusers import DDIMScheduler\n"
            "AutoTokenizer.from_pretrained('org/both')\n"
            "AutoModel.from_pretrained('org/both')\n"
            "AutoTokenizer.from_pretrained('org/words')\n"
            "WhisperProcessor.from_pretrained('org/words')\n"
            "DDIMScheduler.from_pretrained('org/steps', subfolder='scheduler')\n"
        )
    )
    uses = {use.name: (use.is_hosted, use.seen_in) for use in models_in(found)}
    assert uses == {
        "org/both": (True, "app.py:4"),
        "org/words": (False, "app.py:5"),
        "org/steps": (False, "app.py:7"),
    }


def test_a_model_run_here_and_by_a_service_is_in_memory() -> None:
    found = project(
        app=(
            "from huggingface_hub import InferenceClient\nfrom transformers import AutoModel\n"
            "InferenceClient('org/name')\nAutoModel.from_pretrained('org/name')\n"
        )
    )
    assert [use.is_hosted for use in models_in(found)] == [True]


def test_loads_whose_name_is_not_written_are_told() -> None:
    found = project(
        app=(
            "from transformers import AutoModel, AutoTokenizer\n"
            "def load(name):\n"
            "    AutoTokenizer.from_pretrained(name)\n"
            "    return AutoModel.from_pretrained(name)\n"
            "AutoModel.from_pretrained('org/name')\nAutoModel.from_pretrained('./here')\n"
        )
    )
    assert loads_not_followed(found) == ("app.py:4",)


def test_entry_by_card_by_name_and_by_launch() -> None:
    stated = Project(MemoryTexts({"README.md": CARD.format(app="main.py"), "main.py": GRADIO}))
    assert find_entry(stated) == ("main.py", "app_file in the card")
    gone = Project(MemoryTexts({"README.md": CARD.format(app="gone.py"), "main.py": GRADIO}))
    assert find_entry(gone)[1].endswith("that file is not there")
    assert find_entry(project(app=GRADIO)) == ("app.py", "the usual name")
    searched = Project(MemoryTexts({"src/lib.py": "x = 1\n", "src/demo.py": GRADIO}))
    assert find_entry(searched) == ("src/demo.py", "it launches Gradio; name it as app_file")
    docker = "---\nsdk: docker\napp_file: app.py\n---\n"
    container = Project(
        MemoryTexts({"README.md": docker, "Dockerfile": "FROM x", "app.py": GRADIO})
    )
    assert find_entry(container)[0] == "Dockerfile", "Docker takes no app_file"
    without = Project(MemoryTexts({"README.md": docker, "app.py": GRADIO}))
    assert find_entry(without)[0] is None
    nothing = Project(MemoryTexts({"lib.py": "x = 1\n"}))
    assert find_entry(nothing)[0] is None


def test_cuda_code_and_what_is_known_of_wheels() -> None:
    found = Project(
        MemoryTexts(
            {
                "app.py": (
                    "import os\nimport mamba_ssm\n"
                    "os.system('pip install flash-attn --no-build-isolation')\n"
                ),
                "requirements.txt": (
                    "torch\nbitsandbytes\n"
                    "git+https://github.com/graphdeco-inria/diff-gaussian-rasterization\n"
                ),
                "ext/setup.py": "from torch.utils.cpp_extension import CUDAExtension\n",
                "ext/kernel.cu": "",
            }
        )
    )
    needs = {need.name: need for need in cuda_needs(found)}
    assert needs["flash-attn"].wheel == "dataset"
    assert needs["flash-attn"].seen_in == "app.py:3"
    assert "2.11.0" in needs["flash-attn"].advice
    assert needs["diff-gaussian-rasterization"].seen_in == "requirements.txt:3"
    assert needs["bitsandbytes"].wheel == "index"
    assert needs["mamba-ssm"].wheel == "none"
    assert needs["ext (ext/setup.py)"].wheel == "none"
    assert "torch" not in needs


def test_frameworks_and_gpu() -> None:
    found = project(
        app="import torch, gradio\nx = torch.zeros(1).to('cuda')\n",
        requirements="llama-cpp-python\n",
    )
    assert frameworks_of(found) == ("torch", "llama.cpp", "gradio")
    assert wants_gpu(found)
    plain = project(app="import gradio\n")
    assert frameworks_of(plain) == ("gradio",)
    assert not wants_gpu(plain)
    page = Project(MemoryTexts({"index.html": "", "main.js": "import '@huggingface/transformers'"}))
    assert frameworks_of(page) == ("transformers.js",)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=200))
def test_nothing_crashes_on_anything(code: str, requirements: str) -> None:
    found = project(app=code, requirements=requirements, readme=code)
    find_entry(found)
    models_in(found)
    cuda_needs(found)
    frameworks_of(found)
