"""The seeded world: Spaces to find and run, models and datasets that clients can read."""

from __future__ import annotations

import http.client
import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from tests.conftest import Hub, StartHub
from tools.rehearsal.seeding import OWN_WORLD

from .conftest import SendRaw

OWNER = "rehearsal-world"
LLAMA = f"{OWNER}/tiny-llama"
SEEDED = sorted(path.name for path in (OWN_WORLD / "spaces").iterdir() if path.is_dir())


def make_world(folder: Path, name: str = "mine", text: str = "Hello") -> Path:
    space = folder / "spaces" / name
    space.mkdir(parents=True, exist_ok=True)
    (space / "README.md").write_text(f"---\ntitle: {text}\nemoji: 🧪\nsdk: static\n---\n")
    (space / "index.html").write_text(f"<!doctype html><title>{text}</title>")
    return folder


def refused_start(hub: Hub) -> str:
    ran = subprocess.run(
        hub.command("--port", "0"),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 2
    return ran.stderr


def test_about_twenty_spaces_of_every_kind_sleep(hub: Hub) -> None:
    found = {space.id: space for space in hub.api(None).list_spaces(author=OWNER, full=True)}
    assert len(found) >= 20
    assert {space.sdk for space in found.values()} == {"gradio", "docker", "static"}
    api = hub.api(None)
    untouched = f"{OWNER}/slow-counter"
    assert api.get_space_runtime(untouched).stage == "SLEEPING"
    assert api.get_space_runtime(f"{OWNER}/zero-gpu-poet").requested_hardware == "zero-a10g"
    assert not (hub.state / "spaces" / untouched / "build").exists()


@pytest.mark.parametrize("name", SEEDED)
def test_programs_are_short_and_the_cards_are_accepted(name: str, send: SendRaw) -> None:
    folder = OWN_WORLD / "spaces" / name
    for program in folder.rglob("*.py"):
        text = program.read_text()
        assert len(text.splitlines()) <= 80
        compile(text, str(program), "exec")
    body = json.dumps({"content": (folder / "README.md").read_text(), "repoType": "space"})
    answer = send("POST", "/api/validate-yaml", body=body)
    assert (answer.status, answer.json()["errors"]) == (200, [])


def test_likes_dates_and_authors_come_from_the_world_file(hub: Hub) -> None:
    said = yaml.safe_load((OWN_WORLD / "world.yaml").read_text())["spaces"]["image-filters"]
    info = hub.api(None).space_info(f"{OWNER}/image-filters")
    assert (info.likes, info.author, info.trending_score) == (said["likes"], OWNER, 12)
    assert info.created_at is not None
    assert info.created_at.date() == said["created"]
    assert info.last_modified == info.created_at


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("blur a photo", "image-filters"),
        ("streaming chatbots", "echo-chat"),
        ("plotting tables", "table-explorer"),
        ("tools for agents over MCP", "mcp-text-tools"),
        ("compress files into an archive", "zip-maker"),
        ("convert temperature units", "unit-converter"),
        ("gradio_client", "asks-another-space"),
        ("safetensors weights of a model", "model-card-reader"),
    ],
)
def test_a_search_finds_what_is_meant(hub: Hub, query: str, expected: str) -> None:
    found = list(hub.api(None).search_spaces(query))
    assert found[0].id == f"{OWNER}/{expected}"
    scores = [one.semantic_relevancy_score or 0 for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_a_search_result_has_the_fields_of_the_platform(hub: Hub) -> None:
    first = next(iter(hub.api(None).search_spaces("edges of a picture")))
    assert (first.title, first.sdk, first.likes) == ("Image Filters", "gradio", 143)
    assert first.ai_category == "Image Editing"
    assert first.ai_short_description
    assert first.trending_score == 12


def test_searches_are_filtered(hub: Hub) -> None:
    api = hub.api(None)
    assert {one.sdk for one in api.search_spaces("game", sdk="static")} == {"static"}
    tagged = [one.id for one in api.search_spaces("text", filter="mcp-server")]
    assert tagged == [f"{OWNER}/mcp-text-tools"]
    assert not list(api.search_spaces("zzzz qqqq"))


def test_what_cannot_run_is_found_on_request_only(hub: Hub, api: HfApi, name: str) -> None:
    space = f"rehearsal-pro/{name}"
    api.create_repo(space, repo_type="space", space_sdk="gradio")
    word = name.replace("-", " ")
    assert space not in {one.id for one in api.search_spaces(word)}
    assert space in {one.id for one in api.search_spaces(word, include_non_running=True)}
    api.delete_repo(space, repo_type="space")


def test_a_listing_is_searched_sorted_and_paged(hub: Hub, send: SendRaw) -> None:
    api = hub.api(None)
    assert [one.id for one in api.list_spaces(search="image filters")] == [f"{OWNER}/image-filters"]
    likes = [one.likes or 0 for one in api.list_spaces(author=OWNER, sort="likes", limit=5)]
    assert likes == sorted(likes, reverse=True)
    assert likes[0] == 143
    trending = next(iter(api.list_spaces(author=OWNER, sort="trending_score")))
    assert trending.id == f"{OWNER}/mcp-text-tools"
    first = send("GET", f"/api/spaces?author={OWNER}&limit=4&sort=likes")
    assert len(first.json()) == 4
    following = urlsplit(first.headers["link"].split(">")[0].lstrip("<"))
    second = send("GET", f"{following.path}?{following.query}")
    assert not {one["id"] for one in first.json()} & {one["id"] for one in second.json()}
    assert len(list(api.list_spaces(author=OWNER))) == len(SEEDED) - 1
    using = [one.id for one in api.list_spaces(models=LLAMA)]
    assert using == [f"{OWNER}/model-card-reader"]


def test_a_second_start_seeds_nothing_again(tmp_path: Path, start_hub: StartHub) -> None:
    hub = start_hub(tmp_path / "state")
    before = {one.id: one.sha for one in hub.api(None).list_spaces(full=True)}
    hub.restart()
    assert {one.id: one.sha for one in hub.api(None).list_spaces(full=True)} == before
    (hub.state / "world.json").unlink()
    hub.restart()
    assert {one.id: one.sha for one in hub.api(None).list_spaces(full=True)} == before


def test_a_folder_of_ones_own_is_added_and_followed(tmp_path: Path, start_hub: StartHub) -> None:
    world = make_world(tmp_path / "world")
    (world / "world.yaml").write_text(
        "owner: someone\nspaces:\n  mine: {likes: 3, created: 2026-02-03}\n"
    )
    state = tmp_path / "state"
    state.mkdir()
    (state / "settings.json").write_text('{"world": false, "worlds": ["' + str(world) + '"]}')
    hub = start_hub(state)
    assert [one.id for one in hub.api(None).list_spaces()] == ["someone/mine"]
    assert hub.api(None).space_info("someone/mine").likes == 3
    make_world(world, text="Changed")
    (world / "spaces" / "mine" / "more.txt").write_text("more")
    hub.restart()
    commits = hub.api(None).list_repo_commits("someone/mine", repo_type="space")
    assert [one.title for one in commits] == ["Update from the world folder", "initial commit"]
    assert "more.txt" in hub.api(None).list_repo_files("someone/mine", repo_type="space")


def test_a_world_that_is_wrong_is_refused_by_name(tmp_path: Path, start_hub: StartHub) -> None:
    world = make_world(tmp_path / "world")
    state = tmp_path / "state"
    state.mkdir()
    settings = state / "settings.json"
    settings.write_text('{"worlds": ["' + str(world) + '"]}')
    hub = Hub(state, tmp_path / "cache")
    (world / "world.yaml").write_text("spaces:\n  mine: {likes: many}\n")
    assert "world.yaml" in refused_start(hub)
    (world / "world.yaml").write_text("spaces:\n  other: {}\n")
    assert "spaces/other is not a folder" in refused_start(hub)
    (world / "world.yaml").unlink()
    (world / "models" / "m").mkdir(parents=True)
    recipe = world / "models" / "m" / "model.safetensors.yaml"
    recipe.write_text("tensors: {w: [100000, 100000]}")
    assert "model.safetensors.yaml: more than" in refused_start(hub)
    recipe.unlink()
    make_world(world, "unit-converter")
    assert "another world has already" in refused_start(hub)
    settings.write_text('{"worldz": []}')
    assert "worldz is none of" in refused_start(hub)
    settings.write_text('{"readThrough": "much"}')
    assert "readThrough must be a size such as 50MB" in refused_start(hub)


def test_the_models_tell_what_planning_needs(hub: Hub) -> None:
    api = hub.api(None)
    info = api.model_info(LLAMA)
    assert (info.pipeline_tag, info.library_name) == ("text-generation", "transformers")
    assert info.safetensors is not None
    assert (info.safetensors.parameters, info.safetensors.total) == ({"BF16": 6736}, 6736)
    assert info.config is not None
    assert info.config["architectures"] == ["LlamaForCausalLM"]
    assert info.transformers_info is not None
    assert info.transformers_info.auto_model == "AutoModelForCausalLM"
    assert info.downloads == 15200
    assert {"safetensors", "llama", "license:apache-2.0"} <= set(info.tags or [])
    metadata = api.get_safetensors_metadata(LLAMA)
    assert metadata.parameter_count == {"BF16": 6736}
    file = metadata.files_metadata["model.safetensors"]
    assert file.tensors["model.layers.1.mlp.up_proj.weight"].shape == [32, 16]


def test_the_other_kinds_of_models(hub: Hub) -> None:
    api = hub.api(None)
    lora = api.model_info(f"{OWNER}/tiny-llama-lora")
    assert f"base_model:adapter:{LLAMA}" in (lora.tags or [])
    assert lora.config is not None
    assert lora.config["peft"]["base_model_name_or_path"] == LLAMA
    gguf = api.model_info(f"{OWNER}/tiny-llama-gguf").gguf
    assert gguf == {"total": 2064, "architecture": "llama", "context_length": 2048}
    custom = api.model_info(f"{OWNER}/tiny-custom-code")
    assert "custom_code" in (custom.tags or [])
    diffusion = api.model_info(f"{OWNER}/tiny-diffusion")
    assert "diffusers:StableDiffusionPipeline" in (diffusion.tags or [])
    found = api.list_models(author=OWNER, filter="onnx")
    assert [one.id for one in found] == [f"{OWNER}/tiny-sentiment-onnx"]


def test_files_are_downloaded_whole_and_in_parts(hub: Hub, send: SendRaw, tmp_path: Path) -> None:
    folder = snapshot_download(
        LLAMA, endpoint=hub.endpoint, token=False, cache_dir=tmp_path / "cache"
    )
    content = (Path(folder) / "model.safetensors").read_bytes()
    assert {path.name for path in Path(folder).iterdir()} >= {"config.json", "tokenizer.json"}
    path = f"/{LLAMA}/resolve/main/model.safetensors"
    part = send("GET", path, headers={"Range": "bytes=8-99"})
    assert (part.status, part.body) == (206, content[8:100])
    assert part.headers["content-range"] == f"bytes 8-99/{len(content)}"
    csv = hf_hub_download(
        f"{OWNER}/city-figures",
        "cities.csv",
        repo_type="dataset",
        endpoint=hub.endpoint,
        token=False,
        cache_dir=tmp_path / "cache",
    )
    assert Path(csv).read_text().startswith("city,continent,millions")
    dataset = hub.api(None).dataset_info(f"{OWNER}/small-talk")
    assert dataset.downloads == 420
    assert "task_categories:text-generation" in (dataset.tags or [])


def test_a_gated_model_is_seen_by_all_and_downloaded_by_the_admitted(
    hub: Hub, tmp_path: Path
) -> None:
    gated = f"{OWNER}/tiny-llama-gated"
    assert hub.api(None).model_info(gated).gated == "manual"

    def download(account: str | None) -> str:
        return hf_hub_download(
            gated,
            "config.json",
            endpoint=hub.endpoint,
            token=hub.token(account) if account else False,
            cache_dir=tmp_path / str(account),
        )

    for account, status in ((None, 401), ("rehearsal-free", 403)):
        with pytest.raises(GatedRepoError) as refused:
            download(account)
        assert refused.value.response.status_code == status
        assert "is restricted" in str(refused.value)
        with pytest.raises(GatedRepoError):
            hub.api(account).auth_check(gated)
    assert Path(download("rehearsal-pro")).exists()
    hub.api("rehearsal-pro").auth_check(gated)


def test_the_seeded_repositories_belong_to_nobody_here(hub: Hub) -> None:
    with pytest.raises(HfHubHTTPError, match="403"):
        hub.api("rehearsal-pro").delete_repo(LLAMA)


def reading_through(state: Path, upstream: Hub, size: str) -> None:
    state.mkdir()
    (state / "settings.json").write_text(
        '{"world": false, "readThrough": "' + size + '", "upstream": "' + upstream.endpoint + '"}'
    )


def test_a_missing_model_is_read_through_to_another_hub(
    hub: Hub, tmp_path: Path, start_hub: StartHub
) -> None:
    reading_through(tmp_path / "state", hub, "50MB")
    near = start_hub(tmp_path / "state")
    api = near.api(None)
    assert api.model_info(LLAMA).sha == hub.api(None).model_info(LLAMA).sha
    assert api.get_safetensors_metadata(LLAMA).parameter_count == {"BF16": 6736}
    assert "config.json" in api.list_repo_files(LLAMA)
    folder = snapshot_download(LLAMA, endpoint=near.endpoint, token=False, cache_dir=tmp_path / "c")
    assert (Path(folder) / "config.json").exists()
    data = api.list_repo_tree(f"{OWNER}/city-figures", repo_type="dataset")
    assert "cities.csv" in {one.path for one in data}
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("nobody/nothing")
    with pytest.raises(RepositoryNotFoundError):
        api.space_info(f"{OWNER}/unit-converter")
    with pytest.raises(GatedRepoError):
        hf_hub_download(
            f"{OWNER}/tiny-llama-gated",
            "config.json",
            endpoint=near.endpoint,
            token=near.token("rehearsal-pro"),
            cache_dir=tmp_path / "c",
        )


def test_what_is_too_large_is_refused_with_its_size_and_its_header_is_not(
    hub: Hub, tmp_path: Path, start_hub: StartHub, send: SendRaw
) -> None:
    reading_through(tmp_path / "state", hub, "9KB")
    near = start_hub(tmp_path / "state")
    with pytest.raises(HfHubHTTPError, match=r"not rehearsed: weights 15\.6 KB") as refused:
        hf_hub_download(
            LLAMA,
            "model.safetensors",
            endpoint=near.endpoint,
            token=False,
            cache_dir=tmp_path / "c",
        )
    assert refused.value.response.status_code == 403
    hf_hub_download(
        LLAMA, "config.json", endpoint=near.endpoint, token=False, cache_dir=tmp_path / "c"
    )
    whole = send("GET", f"/{LLAMA}/resolve/main/model.safetensors").body
    port = urlsplit(near.endpoint).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    path = f"/{LLAMA}/resolve/main/model.safetensors"
    connection.request("GET", path, headers={"Range": "bytes=0-99"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (206, whole[:100])
    connection.close()


def test_nothing_is_read_through_unless_asked(tmp_path: Path, start_hub: StartHub) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / "settings.json").write_text('{"world": false, "upstream": "http://127.0.0.1:9"}')
    hub = start_hub(state)
    with pytest.raises(RepositoryNotFoundError):
        hub.api(None).model_info(LLAMA)
    assert not list(hub.api(None).list_spaces())
