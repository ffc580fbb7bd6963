"""What an app computes with, by what it imports and requires."""

from __future__ import annotations

from ..lint.project import Project

# Module or package -> framework.
_MODULES = {
    "accelerate": "torch",
    "ctranslate2": "ctranslate2",
    "diffusers": "torch",
    "exllamav2": "torch",
    "fastapi": "fastapi",
    "faster_whisper": "ctranslate2",
    "faster-whisper": "ctranslate2",
    "flax": "jax",
    "gradio": "gradio",
    "gradio_client": "gradio client",
    "jax": "jax",
    "keras": "tensorflow",
    "llama_cpp": "llama.cpp",
    "llama-cpp-python": "llama.cpp",
    "onnxruntime": "onnx",
    "onnxruntime-gpu": "onnx",
    "paddle": "paddle",
    "paddlepaddle": "paddle",
    "peft": "torch",
    "sentence_transformers": "torch",
    "sentence-transformers": "torch",
    "streamlit": "streamlit",
    "tensorflow": "tensorflow",
    "timm": "torch",
    "torch": "torch",
    "transformers": "torch",
    "ultralytics": "torch",
    "vllm": "vllm",
}
COMPUTING = ("torch", "vllm", "llama.cpp", "onnx", "tensorflow", "jax", "paddle", "ctranslate2")
_GPU_WORDS = ("cuda", "spaces.GPU", "onnxruntime-gpu", "CUDAExecutionProvider", "n_gpu_layers")


def frameworks_of(project: Project) -> tuple[str, ...]:
    """Frameworks of the app; what computes first, in the order of how much it decides."""
    imported = {
        found.module.partition(".")[0]
        for file in project.running
        for found in file.imports
        if found.level == 0
    }
    requirements = project.requirements
    required = {line.name for line in requirements.lines} if requirements else set()
    found = {_MODULES[name] for name in imported | required if name in _MODULES}
    if _uses_transformers_js(project):
        found.add("transformers.js")
    first = [name for name in COMPUTING if name in found]
    return (*first, *sorted(found - set(first)))


def wants_gpu(project: Project) -> bool:
    """Whether the code itself speaks of a GPU."""
    texts = [file.text for file in project.running]
    texts.append(project.requirements.text if project.requirements else "")
    return any(word in text for text in texts for word in _GPU_WORDS)


def _uses_transformers_js(project: Project) -> bool:
    package = project.package_json or {}
    listed = package.get("dependencies")
    if isinstance(listed, dict) and any("transformers" in str(name) for name in listed):
        return True
    scripts = project.files_ending(".html", ".js", ".mjs", ".ts", ".tsx")[:50]
    return any("@huggingface/transformers" in (project.text(path) or "") for path in scripts)
