"""The stand-in for Inference Providers, through the real InferenceClient and as any client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from tests.conftest import Hub
from tools.rehearsal import inference_text

from .conftest import SendRaw

MODEL = "rehearsal-world/tiny-llama"
MESSAGES = [{"role": "user", "content": "What is a Space?"}]


@pytest.fixture
def client(hub: Hub) -> InferenceClient:
    return InferenceClient(base_url=f"{hub.endpoint}/v1", api_key=hub.token("rehearsal-pro"))


def test_an_answer_says_that_it_is_a_rehearsal_and_is_always_the_same(
    client: InferenceClient,
) -> None:
    answers = [client.chat_completion(MESSAGES, model=MODEL) for _ in range(2)]
    text = answers[0].choices[0].message.content
    assert text is not None
    assert text.startswith(f"This is a rehearsal: {MODEL} did not run.")
    assert text.endswith("What is a Space?")
    assert answers[0] == answers[1]
    assert answers[0].usage.prompt_tokens == 4


def test_a_streamed_answer_is_the_same_text_in_pieces(client: InferenceClient) -> None:
    whole = client.chat.completions.create(model=MODEL, messages=MESSAGES)
    parts = client.chat.completions.create(
        model=MODEL, messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(parts)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert len(pieces) > 5
    assert "".join(pieces) == whole.choices[0].message.content
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == whole.usage.total_tokens


def test_a_policy_after_the_model_is_no_part_of_its_name(client: InferenceClient) -> None:
    answer = client.chat_completion(MESSAGES, model=f"{MODEL}:fastest")
    assert answer.choices[0].finish_reason == "stop"


def test_a_json_schema_is_kept(client: InferenceClient) -> None:
    schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": ["cat", "dog"]},
            "legs": {"type": "integer", "minimum": 1},
            "names": {"type": "array", "items": {"type": "string"}, "minItems": 2},
        },
    }
    form: Any = {"type": "json_schema", "json_schema": {"name": "pet", "schema": schema}}
    answer = client.chat_completion(MESSAGES, model=MODEL, response_format=form)
    assert json.loads(answer.choices[0].message.content or "") == {
        "kind": "cat",
        "legs": 1,
        "names": ["rehearsal", "rehearsal"],
    }


def test_a_demanded_tool_is_called(client: InferenceClient) -> None:
    function = {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    }
    tools: Any = [{"type": "function", "function": function}]
    answer = client.chat_completion(MESSAGES, model=MODEL, tools=tools, tool_choice="required")
    calls = answer.choices[0].message.tool_calls
    assert calls
    assert calls[0].function.name == "weather"
    assert json.loads(calls[0].function.arguments) == {"city": "rehearsal"}
    free = client.chat_completion(MESSAGES, model=MODEL, tools=tools, tool_choice="auto")
    assert not free.choices[0].message.tool_calls


def refused(client: InferenceClient, model: str) -> tuple[int, Any]:
    with pytest.raises(HfHubHTTPError) as error:
        client.chat_completion(MESSAGES, model=model)
    return error.value.response.status_code, error.value.response.json()["error"]


def test_a_wrong_model_is_refused_as_the_api_does(client: InferenceClient) -> None:
    status, error = refused(client, "nobody/nothing")
    assert (status, error["code"], error["param"]) == (404, "model_not_found", "model")
    status, error = refused(client, "rehearsal-world/tiny-diffusion")
    assert (status, error["code"]) == (400, "model_not_supported")
    assert "is not supported by any provider you have enabled" in error["message"]


def test_a_token_is_needed(hub: Hub, send: SendRaw) -> None:
    body = json.dumps({"model": MODEL, "messages": MESSAGES})
    answer = send("POST", "/v1/chat/completions", body=body)
    assert (answer.status, answer.json()["error"]["code"]) == (401, "invalid_api_key")
    stranger = InferenceClient(base_url=f"{hub.endpoint}/v1", api_key="hf_" + "x" * 34)
    with pytest.raises(HfHubHTTPError, match="401"):
        stranger.chat_completion(MESSAGES, model=MODEL)


def test_the_models_are_listed_as_the_router_lists_them(send: SendRaw) -> None:
    listed = send("GET", "/v1/models").json()
    ids = {one["id"] for one in listed["data"]}
    assert MODEL in ids
    assert "rehearsal-world/tiny-diffusion" not in ids
    one = send("GET", f"/v1/models/{MODEL}").json()
    assert one["providers"][0]["provider"] == "rehearsal"
    assert send("GET", "/v1/models/nobody/nothing").status == 404


def test_embeddings_are_vectors_of_length_one(send: SendRaw) -> None:
    def ask(given: Any, model: str = "rehearsal-world/tiny-embeddings") -> Any:
        body = json.dumps({"model": model, "input": given})
        return send("POST", "/v1/embeddings", body=body, account="rehearsal-free")

    data = ask(["one", "two", "one"]).json()["data"]
    vectors = [item["embedding"] for item in data]
    assert vectors[0] == vectors[2] != vectors[1]
    assert abs(sum(value * value for value in vectors[0]) - 1) < 1e-4
    assert ask("one").json()["data"][0]["embedding"] == vectors[0]
    assert ask([]).status == ask(7).status == 400
    assert ask("one", MODEL).json()["error"]["code"] == "model_not_supported"


@pytest.mark.parametrize("body", ["{}", '{"model": 3}', '{"model": "a/b", "messages": "x"}', "["])
def test_a_malformed_question_is_a_refusal(send: SendRaw, body: str) -> None:
    answer = send("POST", "/v1/chat/completions", body=body, account="rehearsal-pro")
    assert answer.status in {400, 404}


def test_a_schema_that_goes_round_ends() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    schema["properties"]["again"] = schema
    assert inference_text.sample(schema)
