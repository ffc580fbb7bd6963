"""Models on the Hub: what they are, their files, and the headers of their weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import quote

from ..model import Model
from ..problems import Problem
from .door import Door
from .facts import Found
from .session import configure_client

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ExpandModelProperty_T

_EXPANDED: list[ExpandModelProperty_T] = [
    "cardData",
    "config",
    "gated",
    "gguf",
    "inferenceProviderMapping",
    "library_name",
    "likes",
    "pipeline_tag",
    "private",
    "safetensors",
    "sha",
    "tags",
]
Gate = Literal["auto", "manual"]
MOST_JSON_BYTES = 2_000_000


class ModelFile(Model):
    """A file of a model's repository."""

    path: str
    size_bytes: int


class Provider(Model):
    """An inference provider that serves a model; `status` is `live`, `staging` or `error`."""

    name: str
    status: str
    task: str


class ModelFacts(Model):
    """What the Hub says of a model.

    `parameters` counts numbers by data type, from safetensors headers; empty where the Hub read
    none. `gated` says how access is granted, None for a model that is open. `providers` is None
    where the Hub does not say who serves it.
    """

    name: str
    sha: str | None
    private: bool
    gated: Gate | None
    library: str | None
    pipeline_tag: str | None
    tags: tuple[str, ...]
    card: dict[str, Any]
    config: dict[str, Any]
    parameters: dict[str, int]
    gguf: dict[str, Any]
    providers: tuple[Provider, ...] | None
    likes: int


class ModelCalls(Door):
    """The part of the door that deals with models; everything here only reads."""

    def model(self, name: str) -> ModelFacts:
        """What the Hub says of a model.

        Raises:
            Problem: `not_found`, and the Hub's usual ones.
        """
        info = self._read(
            lambda: self._api.model_info(name, expand=_EXPANDED),
            about=f"model {name}",
        )
        return _model_facts(info)

    def model_files(self, name: str, revision: str | None) -> tuple[ModelFile, ...]:
        """Every file of a model with its size in bytes; of `main` without a revision."""
        from huggingface_hub.hf_api import RepoFile

        def listed() -> tuple[ModelFile, ...]:
            tree = self._api.list_repo_tree(name, revision=revision, recursive=True)
            files = (entry for entry in tree if isinstance(entry, RepoFile))
            return tuple(ModelFile(path=file.path, size_bytes=file.size) for file in files)

        return self._read(listed, about=f"files of model {name}")

    def model_json(self, name: str, revision: str | None, path: str) -> dict[str, Any]:
        """A small JSON file of a model, such as `config.json`, past the client's cache.

        Raises:
            Problem: `file_not_found`, `unreadable_file` when it is no JSON object, and the Hub's
                usual ones; a gated model refuses who has not accepted its terms.
        """
        from huggingface_hub import get_session
        from huggingface_hub.utils._http import hf_raise_for_status

        configure_client()
        wanted = quote(revision or "main", safe="")
        url = f"{self.address.endpoint}/{name}/resolve/{wanted}/{quote(path)}"

        def fetched() -> bytes:
            with get_session().stream("GET", url, headers=self._headers()) as answer:
                hf_raise_for_status(answer)
                content = b""
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > MOST_JSON_BYTES:
                        break  # a stranger's file may be of any size
                return content

        content = self._read(fetched, about=f"{path} of model {name}")
        return _json_object(content, path, name)

    def weight_header(self, name: str, revision: str | None, path: str) -> dict[str, int]:
        """How many numbers of each data type a `.safetensors` file holds, from its header alone.

        Raises:
            Problem: `client_refused` for a damaged header, and the Hub's usual ones.
        """
        found = self._read(
            lambda: self._api.parse_safetensors_file_metadata(name, path, revision=revision),
            about=f"{path} of model {name}",
        )
        return {str(kind): int(count) for kind, count in found.parameter_count.items()}

    def spaces_using(self, model: str, *, most: int) -> tuple[Found, ...]:
        """Spaces that use a model, most liked first."""
        wanted = {"models": model, "sort": "likes", "limit": most}
        hits = self._listing("spaces", wanted, about=f"Spaces that use {model}")
        return tuple(_found(hit) for hit in hits[:most])

    def models_tagged(self, *tags: str, most: int) -> tuple[str, ...]:
        """Names of models that have all of these tags, most liked first."""
        wanted = {"filter": list(tags), "sort": "likes", "limit": most}
        hits = self._listing("models", wanted, about=f"models tagged {', '.join(tags)}")
        return tuple(str(hit["id"]) for hit in hits[:most])

    def _listing(self, kind: str, wanted: Mapping[str, Any], *, about: str) -> list[dict[str, Any]]:
        """One page of a listing.

        Not through `list_spaces` and `list_models`, which try a Hub that is not there for 23
        seconds (huggingface_hub 2.4.0, measured 2026-11-23).
        """
        from huggingface_hub import get_session
        from huggingface_hub.utils._http import hf_raise_for_status

        configure_client()
        url = f"{self.address.endpoint}/api/{kind}"

        def page() -> list[dict[str, Any]]:
            answer = get_session().get(url, params=dict(wanted), headers=self._headers())
            hf_raise_for_status(answer)
            found: list[dict[str, Any]] = answer.json()
            return found

        return self._read(page, about=about)


def _model_facts(info: Any) -> ModelFacts:
    card = info.card_data.to_dict() if info.card_data is not None else {}
    safetensors = info.safetensors
    counted = safetensors.parameters if safetensors else {}
    return ModelFacts(
        name=info.id,
        sha=info.sha,
        private=bool(info.private),
        gated=info.gated if info.gated in get_args(Gate) else None,
        library=info.library_name,
        pipeline_tag=info.pipeline_tag,
        tags=tuple(info.tags or ()),
        card={str(key): value for key, value in card.items() if value is not None},
        config=info.config or {},
        parameters={str(kind): int(count) for kind, count in counted.items()},
        gguf=info.gguf or {},
        providers=_providers(info.inference_provider_mapping),
        likes=int(info.likes or 0),
    )


def _providers(mapping: Any) -> tuple[Provider, ...] | None:
    if mapping is None:
        return None
    return tuple(
        Provider(name=str(found.provider), status=str(found.status), task=str(found.task))
        for found in mapping
    )


def _json_object(content: bytes, path: str, name: str) -> dict[str, Any]:
    try:
        parsed = json.loads(content[:MOST_JSON_BYTES])
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise Problem("unreadable_file", f"{path} of {name} is no JSON object", object=path)
    return parsed


def _found(hit: Mapping[str, Any]) -> Found:
    card = hit.get("cardData") or {}
    runtime = hit.get("runtime") or {}
    hardware = runtime.get("hardware") or {}
    return Found(
        space=str(hit["id"]),
        title=str(card.get("title") or str(hit["id"]).partition("/")[2]),
        sdk=hit.get("sdk"),
        likes=int(hit.get("likes") or 0),
        about=str(card.get("short_description") or ""),
        stage=runtime.get("stage"),
        hardware=hardware.get("current"),
    )
