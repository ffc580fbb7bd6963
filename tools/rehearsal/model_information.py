"""What the Hub tells of a model or dataset beyond what it tells of every repository.

Keys: ModelInfo and DatasetInfo of huggingface_hub 2.4.0, and the tags of the public Hub's pages.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from .seeding.facts import Facts
from .store.git import GitRepository
from .store.revisions import File
from .weights import WeightSummaries, WeightSummary

LARGEST_CONFIG = 1024 * 1024

Json = dict[str, Any]

_ARCHITECTURES = {
    "ForCausalLM": ("text-generation", "AutoModelForCausalLM"),
    "ForMaskedLM": ("fill-mask", "AutoModelForMaskedLM"),
    "ForSequenceClassification": ("text-classification", "AutoModelForSequenceClassification"),
    "ForConditionalGeneration": ("text-generation", "AutoModelForSeq2SeqLM"),
    "Model": ("feature-extraction", "AutoModel"),
}
"""Task and class by how the name of an architecture ends; the first that fits."""


def dataset_fields(card: Json, facts: Facts) -> Json:
    """Return what is particular to a dataset."""
    named = [f"task_categories:{task}" for task in _listed(card.get("task_categories"))]
    named += [f"language:{language}" for language in _listed(card.get("language"))]
    return {
        "downloads": facts.downloads,
        "description": facts.description,
        "tags": [*named, *_license(card), *_listed(card.get("tags")), "region:us"],
    }


def model_fields(
    repository: GitRepository,
    commit: str,
    card: Json,
    facts: Facts,
    known: WeightSummaries,
) -> Json:
    """Return what is particular to a model."""
    files = [e for e in repository.entries(commit, recursive=True) if isinstance(e, File)]
    paths = [file.path for file in files]
    configuration = _configuration(repository, commit)
    library = card.get("library_name") or _library(paths)
    architecture = next(iter(_listed(configuration.get("architectures"))), "")
    task, automatic = _task(architecture)
    task = card.get("pipeline_tag") or (task if library == "transformers" else None)
    safetensors = _together(repository, files, known, ".safetensors")
    gguf = _together(repository, files, known, ".gguf")
    fields: Json = {
        "downloads": facts.downloads,
        "library_name": library,
        "pipeline_tag": task,
        "config": configuration or None,
        "tags": _tags(library, task, paths, configuration, card),
        "safetensors": _safetensors(safetensors),
        "gguf": _gguf(gguf),
        "transformersInfo": _transformers(automatic, task) if library == "transformers" else None,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _configuration(repository: GitRepository, commit: str) -> Json:
    """Return the part of the model's configuration files that the Hub repeats."""
    main = _json(repository, commit, "config.json")
    kept: Json = {
        key: main[key] for key in ("architectures", "model_type", "auto_map") if key in main
    }
    tokenizer = _json(repository, commit, "tokenizer_config.json")
    if tokenizer:
        wanted = ("bos_token", "eos_token", "pad_token", "unk_token", "chat_template")
        kept["tokenizer_config"] = {key: tokenizer[key] for key in wanted if key in tokenizer}
    adapter = _json(repository, commit, "adapter_config.json")
    if adapter:
        names = ("base_model_name_or_path", "task_type", "peft_type")
        kept["peft"] = {name: adapter[name] for name in names if name in adapter}
    pipeline = _json(repository, commit, "model_index.json")
    if "_class_name" in pipeline:
        kept["diffusers"] = {"_class_name": pipeline["_class_name"]}
    return kept


def _json(repository: GitRepository, commit: str, path: str) -> Json:
    content = repository.read_path(commit, path)
    if content is None or len(content) > LARGEST_CONFIG:
        return {}
    try:
        parsed = json.loads(content)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _library(paths: Iterable[str]) -> str | None:
    present = set(paths)
    if "model_index.json" in present:
        return "diffusers"
    if "adapter_config.json" in present:
        return "peft"
    if "config.json" in present:
        return "transformers"
    return "gguf" if any(path.endswith(".gguf") for path in present) else None


def _task(architecture: str) -> tuple[str | None, str]:
    for ending, found in _ARCHITECTURES.items():
        if architecture.endswith(ending):
            return found
    return None, "AutoModel"


def _tags(
    library: str | None, task: str | None, paths: list[str], configuration: Json, card: Json
) -> list[str]:
    formats = ("safetensors", "gguf", "onnx")
    kept = {key: configuration.get(key) for key in ("model_type", "auto_map", "peft", "diffusers")}
    pipeline = (kept["diffusers"] or {}).get("_class_name")
    found = [
        library,
        *(name for name in formats if any(path.endswith(f".{name}") for path in paths)),
        kept["model_type"],
        f"diffusers:{pipeline}" if pipeline else None,
        task,
        *_listed(card.get("tags")),
        "custom_code" if kept["auto_map"] else None,
        *_listed(card.get("language")),
        *_base_models(card, kept["peft"] or {}),
        *(f"dataset:{name}" for name in _listed(card.get("datasets"))),
        *_license(card),
        "region:us",
    ]
    return list(dict.fromkeys(str(tag) for tag in found if tag))


def _base_models(card: Json, peft: Mapping[str, Any]) -> list[str]:
    names = _listed(card.get("base_model")) or _listed(peft.get("base_model_name_or_path"))
    relation = card.get("base_model_relation") or ("adapter" if peft else "finetune")
    return [f"base_model:{name}" for name in names] + [
        f"base_model:{relation}:{name}" for name in names
    ]


def _license(card: Json) -> list[str]:
    return [f"license:{name}" for name in _listed(card.get("license"))]


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list) else []


def _together(
    repository: GitRepository, files: list[File], known: WeightSummaries, suffix: str
) -> WeightSummary | None:
    """Return the summary of all files with a suffix; None when there is none."""
    found = [
        known.of(file.path, file.blob_id, partial(repository.read, file))
        for file in files
        if file.path.endswith(suffix) and "/" not in file.path
    ]
    if not found:
        return None
    parameters: Counter[str] = Counter()
    for one in found:
        parameters.update(one.parameters)
    return WeightSummary(dict(parameters), found[0].architecture, found[0].context_length)


def _safetensors(found: WeightSummary | None) -> Json | None:
    if found is None or not found.parameters:
        return None
    return {"parameters": dict(found.parameters), "total": found.total}


def _gguf(found: WeightSummary | None) -> Json | None:
    if found is None or not found.parameters:
        return None
    return {
        "total": found.total,
        "architecture": found.architecture,
        "context_length": found.context_length,
    }


def _transformers(automatic: str, task: str | None) -> Json:
    processor = {"processor": "AutoTokenizer"} if task and task.startswith("text") else {}
    return {"auto_model": automatic, **({"pipeline_tag": task} if task else {}), **processor}
