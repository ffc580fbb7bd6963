"""A stand-in for Inference Providers: the OpenAI-compatible routes under `/v1`; no model runs.

Clients reach it with `base_url="http://127.0.0.1:PORT/v1"`; the address of the real router is fixed
in them (huggingface_hub 2.4.0). Answers name themselves a rehearsal and are the same every time.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import JSONResponse, Response, StreamingResponse

from .. import inference_text, presentation
from ..call import Call, Fields
from ..errors import HubError
from ..router import Route
from ..store.git import DEFAULT_REVISION, GitRepository
from ..store.records import RepositoryRecord

PROVIDER = "rehearsal"
CREATED = 1_767_225_600
"""The moment every answer carries, 2026-01-01: answers are the same every time."""

CHAT, EMBEDDINGS = "text-generation", "feature-extraction"

Json = dict[str, Any]


class InferenceError(HubError):
    """A refusal in the OpenAI form: `{"error": {"message", "type", "param", "code"}}`."""

    def __init__(self, status: int, message: str, param: str | None, code: str) -> None:
        kind = "invalid_request_error"
        told = {"message": message, "type": kind, "param": param, "code": code}
        super().__init__(status, message, body={"error": told})


async def models(call: Call) -> Response:
    """Answer `GET /v1/models`: the public chat models of this Hub."""
    found = [_model(record) for record, task in await _tasks(call) if task == CHAT]
    return JSONResponse({"object": "list", "data": found})


async def model(call: Call) -> Response:
    """Answer `GET /v1/models/{ns}/{name}`."""
    name = f"{call.captured['namespace']}/{call.captured['name']}"
    record = await _served(call, name, CHAT)
    return JSONResponse(_model(record))


def _model(record: RepositoryRecord) -> Json:
    provider = {
        "provider": PROVIDER,
        "status": "live",
        "context_length": 2048,
        "pricing": {"input": 0, "output": 0},
        "supports_tools": True,
        "supports_structured_output": True,
        "is_model_author": False,
    }
    return {
        "id": record.full_name,
        "object": "model",
        "created": CREATED,
        "owned_by": record.namespace,
        "providers": [provider],
    }


async def chat(call: Call) -> Response:
    """Answer `POST /v1/chat/completions`, streamed when `stream` is true."""
    _require_account(call)
    fields = await call.json()
    name = _named_model(fields)
    await _served(call, name, CHAT)
    messages = [message.raw() for message in fields.objects("messages")]
    if not messages:
        raise InferenceError(400, "messages must hold at least one message", "messages", "missing")
    asked = fields.raw()
    tools = [tool.raw() for tool in fields.objects("tools")]
    demanded = inference_text.call_of_tool(tools, asked.get("tool_choice"))
    form = asked.get("response_format")
    text = inference_text.reply(name, messages, form if isinstance(form, dict) else None)
    usage = _usage(messages, "" if demanded else text)
    if fields.boolean("stream"):
        options = asked.get("stream_options")
        wants_usage = isinstance(options, dict) and options.get("include_usage") is True
        events = _events(name, text, demanded, usage if wants_usage else None)
        return StreamingResponse(events, media_type="text/event-stream")
    message: Json = {"role": "assistant", "content": None if demanded else text}
    if demanded:
        message["tool_calls"] = [demanded]
    reason = "tool_calls" if demanded else "stop"
    choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
    return JSONResponse({**_head(name, "chat.completion"), "choices": [choice], "usage": usage})


async def _events(
    name: str, text: str, demanded: Json | None, usage: Json | None
) -> AsyncIterator[str]:
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    if demanded:
        deltas.append({"tool_calls": [{"index": 0, **demanded}]})
    else:
        deltas += [{"content": piece} for piece in inference_text.pieces(text)]
    for delta in deltas:
        yield _event(name, [{"index": 0, "delta": delta, "finish_reason": None}])
    reason = "tool_calls" if demanded else "stop"
    yield _event(name, [{"index": 0, "delta": {}, "finish_reason": reason}])
    if usage is not None:
        yield _event(name, [], usage)
    yield "data: [DONE]\n\n"


def _event(name: str, choices: list[Json], usage: Json | None = None) -> str:
    chunk = {**_head(name, "chat.completion.chunk"), "choices": choices}
    return f"data: {json.dumps(chunk | ({'usage': usage} if usage else {}))}\n\n"


async def embeddings(call: Call) -> Response:
    """Answer `POST /v1/embeddings`: a short vector for each text."""
    _require_account(call)
    fields = await call.json()
    name = _named_model(fields)
    await _served(call, name, EMBEDDINGS)
    given = fields.raw().get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or not texts:
        raise InferenceError(400, "input must be a text or a list of texts", "input", "invalid")
    data = [
        {"object": "embedding", "index": index, "embedding": inference_text.embedding(text)}
        for index, text in enumerate(texts)
    ]
    count = sum(map(inference_text.tokens, texts))
    usage = {"prompt_tokens": count, "total_tokens": count}
    return JSONResponse({"object": "list", "data": data, "model": name, "usage": usage})


def _head(name: str, kind: str) -> Json:
    return {"id": "chatcmpl-rehearsal", "object": kind, "created": CREATED, "model": name}


def _usage(messages: list[Json], text: str) -> Json:
    asked = sum(
        inference_text.tokens(inference_text.text_of(message.get("content")))
        for message in messages
    )
    answered = inference_text.tokens(text)
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
    }


def _require_account(call: Call) -> None:
    if call.account is None:
        raise InferenceError(401, "Invalid username or password.", None, "invalid_api_key")


def _named_model(fields: Fields) -> str:
    name = fields.text("model")
    # `:fastest`, `:cheapest` and `:PROVIDER` choose who serves it (hub-docs, 2026-08-10).
    return name.partition(":")[0]


async def _served(call: Call, name: str, task: str) -> RepositoryRecord:
    """Return the public model `name`. Raises 404 when there is none, 400 when it is no such model.

    The text of the 400 is the router's as reported (cline#5098, 2025-07; page-assist#727, 2025-10).
    """
    known = {record.full_name.lower(): (record, found) for record, found in await _tasks(call)}
    if name.lower() not in known:
        message = f"The requested model '{name}' does not exist"
        raise InferenceError(404, message, "model", "model_not_found")
    record, found = known[name.lower()]
    if found != task:
        message = f"The requested model '{name}' is not supported by any provider you have enabled."
        raise InferenceError(400, message, "model", "model_not_supported")
    return record


async def _tasks(call: Call) -> list[tuple[RepositoryRecord, str | None]]:
    records = call.hub.repositories.records.all("models")
    public = [record for record in records if record.visibility == "public"]
    return [(record, await _task(call, record)) for record in public]


async def _task(call: Call, record: RepositoryRecord) -> str | None:
    def read(repository: GitRepository) -> str | None:
        commit = repository.resolve(DEFAULT_REVISION)
        told = presentation.information(call.hub, record, repository, commit)
        task: str | None = told.get("pipeline_tag")
        return task

    return await call.in_repository(record, read)


ROUTES = [
    Route("GET", "/v1/models", models),
    Route("GET", "/v1/models/{namespace}/{name}", model),
    Route("POST", "/v1/chat/completions", chat),
    Route("POST", "/v1/embeddings", embeddings),
]
