"""The published models of `published_models.yaml`, typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).parent / "published_models.yaml"


class PublishedModel(BaseModel):
    """What is published of one model; `index` are the folders of a pipeline."""

    model_config = ConfigDict(extra="forbid")

    name: str
    source: str
    bf16_bytes: int
    parameters: dict[str, int] = {}
    config: dict[str, Any] = {}
    cache_bytes: int | None = None
    index: list[str] = []
    stored_as: str = "BF16"
    files: dict[str, int] = {}


def published_models() -> list[PublishedModel]:
    return [PublishedModel(**record) for record in yaml.safe_load(FILE.read_text())["models"]]
