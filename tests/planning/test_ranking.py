"""Which route comes first, for whom; accounts and flavors are values, as the Hub tells them."""

from __future__ import annotations

import dataclasses

import pytest

from tools.gates import Namespace
from tools.hub.facts import Hardware
from tools.knowledge import hardware_flavors
from tools.knowledge.model_tasks import model_tasks
from tools.planning.flavors import fit
from tools.planning.memory import estimate
from tools.planning.needs import Needs, needs_of
from tools.planning.ranking import ranked_routes, route_notes
from tools.planning.route import Market, Route, Wish
from tools.planning.routes import PLACEHOLDER_TEMPLATE, STATIC_TEMPLATE
from tools.planning.standing import Standing
from tools.planning.subjects import Download, ModelKind, ModelSubject
from tools.planning.tasks import read_task
from tools.planning.weights import from_headers

MARKET = Market(
    flavors=tuple(
        Hardware(
            name=flavor.name,
            pretty_name=flavor.pretty_name,
            price_per_hour=float(flavor.dollars_per_hour),
            accelerator=None,
        )
        for flavor in hardware_flavors()
        if flavor.dollars_per_hour is not None
    ),
    prices_from="as of a test",
)


def account(plan: str, *, pays: bool = True) -> Standing:
    namespace = Namespace(name="me", plan=plan, can_pay=pays, is_organisation=False)
    return Standing(namespace=namespace, said=f"me, {plan}")


FREE = account("free", pays=False)
PRO = account("pro")
NOBODY = Standing(namespace=None, said="nobody is logged in")


def model(billions: float, framework: str = "torch", **more: object) -> Needs:
    weights = from_headers({"BF16": round(billions * 1e9)}, {})
    memory = estimate(weights, {}, has_cache=False)
    task = model_tasks().task("text-generation")
    return Needs(framework=framework, task=task, memory=memory, **more)  # type: ignore[arg-type] # mixed


def places(needs: Needs, who: Standing, wish: Wish | None = None) -> list[str]:
    return [route.place for route in routes(needs, who, wish)]


def routes(needs: Needs, who: Standing, wish: Wish | None = None) -> tuple[Route, ...]:
    found = ranked_routes(needs, who, MARKET, wish or Wish())
    assert [route.rank for route in found] == list(range(1, len(found) + 1))
    return found


def test_a_torch_model_goes_to_zero_gpu_then_to_the_cheapest_gpu_that_fits() -> None:
    assert places(model(7.6), PRO) == ["gradio on zero-a10g", "gradio on l4x1"]
    first = routes(model(7.6), PRO)[0]
    assert (first.zero_gpu_size, first.fits, first.dollars_per_hour) == ("large", "yes", 0)
    assert first.visitor_seconds["free"] == 300
    assert first.template == "llm-chat"


def test_more_than_the_threshold_takes_the_whole_card_and_is_said() -> None:
    needs = model(23)
    first = routes(needs, PRO)[0]
    assert (first.hardware, first.zero_gpu_size) == ("zero-a10g", "xlarge")
    assert "2x the visitor's quota" in first.why
    assert "whole card" in "".join(route_notes(needs, routes(needs, PRO)))
    at_threshold = estimate(from_headers({"BF16": 45_097_156_608 // 2}, {}), {}, has_cache=False)
    assert at_threshold is not None
    flavor = MARKET.flavor("zero-a10g")
    assert flavor is not None
    assert fit(flavor, at_threshold.usual).size == "xlarge", "with activations it is above 48 GB"


def test_a_template_is_offered_only_where_it_starts() -> None:
    """Templates that need a GPU are for GPUs; where none fits, the frame says it is one."""
    from tools.knowledge import hardware_flavor
    from tools.templates import all_templates

    for tag in ("text-generation", "text-to-image", "automatic-speech-recognition"):
        needs = dataclasses.replace(model(0.1, is_small=True), task=model_tasks().task(tag))
        for sdk in ("gradio", "docker"):
            for flavor in MARKET.flavors:
                name = needs.template(sdk, flavor)
                assert name is not None
                known = hardware_flavor(all_templates()[name].hardware or "")
                offered = hardware_flavor(flavor.name)
                assert known is not None
                assert offered is not None
                assert not known.accelerator or offered.accelerator, (name, flavor.name)
        found = {route.hardware: route for route in routes(needs, PRO)}
        assert found["cpu-basic"].template == "gradio-minimal"
        assert "the model has to be put in" in found["cpu-basic"].why
        assert found["zero-a10g"].template == model_tasks().task(tag).template  # type: ignore[union-attr] # known


@pytest.mark.parametrize(
    ("task", "library", "kind", "template"),
    [
        ("text-generation", "transformers", "full weights", "llm-chat"),
        ("text-generation", None, "full weights", "llm-chat"),
        ("text-generation", "peft", "adapter", "gradio-minimal"),
        ("text-to-image", "diffusers", "diffusers pipeline", "image-generation"),
        ("text-to-image", "diffusers", "adapter", "gradio-minimal"),
        ("image-to-image", "diffusers", "diffusers pipeline", "gradio-minimal"),
        ("automatic-speech-recognition", "transformers", "full weights", "speech"),
        ("automatic-speech-recognition", "nemo", "other library", "gradio-minimal"),
        ("text-to-speech", "transformers", "full weights", "gradio-minimal"),
    ],
)
def test_a_template_is_offered_for_models_that_it_loads(
    task: str, library: str | None, kind: ModelKind, template: str
) -> None:
    subject = ModelSubject(
        name="a/b",
        revision=None,
        kind=kind,
        library=library,
        framework="torch",
        task=task,
        license=None,
        private=False,
        gated=None,
        custom_code=False,
        weights=from_headers({"BF16": 10**9}, {}),
    )
    flavor = MARKET.flavor("zero-a10g")
    assert needs_of(subject).template("gradio", flavor) == template


def test_what_the_session_s_limit_forbids_comes_after_what_is_open() -> None:
    limited = PRO.model_copy(update={"limit_per_hour": 0.0})
    first, second = routes(model(7.6), limited)
    assert (first.hardware, first.allowed) == ("zero-a10g", "yes")
    assert (second.hardware, second.allowed) == ("l4x1", "over_limit")
    assert "--max-cost 0.8" in second.allowed_because
    # Too large for ZeroGPU: a person can raise the limit, and nobody can shrink the model.
    assert [route.allowed for route in routes(model(200), limited)] == ["over_limit", "yes"]
    enough = PRO.model_copy(update={"limit_per_hour": 1.0})
    assert routes(model(7.6), enough)[1].allowed == "yes"


def test_too_large_goes_to_a_provider_that_serves_it() -> None:
    served = model(200, providers=("together",))
    first = routes(served, PRO)[0]
    assert first.template == "llm-chat-providers"
    assert "together" in first.why
    unserved = routes(model(200), PRO)
    assert unserved[0].place == "gradio on a100x8"
    assert unserved[-1].fits == "no"


def test_behind_a_provider_nothing_is_hosted_and_no_quota_spent() -> None:
    needs = needs_of(read_task("chat through inference providers"))
    assert places(needs, PRO) == ["gradio on cpu-basic"]
    first = routes(needs, FREE)[0]
    assert (first.place, first.template) == ("gradio on zero-a10g", "llm-chat-providers")
    assert first.visitor_seconds == {}
    assert "GPU seconds" not in first.cost
    served = model(0.5, providers=("groq",), is_app=True, sdk="gradio")
    assert all(route.template is None for route in routes(served, PRO))


def test_other_frameworks_get_hardware_of_their_own() -> None:
    assert places(model(20, "llama.cpp"), PRO)[0] == "gradio on l40sx1"
    assert "llama.cpp does not run on ZeroGPU" in routes(model(20, "llama.cpp"), PRO)[0].why
    assert places(model(1, "llama.cpp", is_small=True), PRO)[0] == "gradio on cpu-basic"


def test_small_models_go_to_the_cpu_where_that_is_allowed() -> None:
    assert places(model(0.1, is_small=True), PRO)[0] == "gradio on cpu-basic"
    assert places(model(0.1, is_small=True), FREE)[0] == "gradio on zero-a10g"


def test_a_free_account_with_an_app_that_needs_no_gpu() -> None:
    found = routes(
        Needs(framework=None, is_app=True, sdk="gradio", is_small=True, may_browse=True), FREE
    )
    assert [(route.place, route.allowed) for route in found] == [
        ("static", "yes"),
        ("gradio on zero-a10g", "try"),
        ("gradio on cpu-basic", "no"),
        ("static", "yes"),
    ]
    assert found[0].template == STATIC_TEMPLATE
    assert "$9 a month" in found[2].cost
    assert found[3].is_placeholder
    assert found[3].template == PLACEHOLDER_TEMPLATE


def test_browser_first_for_onnx_and_for_free_accounts() -> None:
    light = Download(name="q4", size_bytes=80_000_000)
    heavy = Download(name="q4", size_bytes=3_000_000_000)
    onnx = model(0.1, "onnx", browser=light, may_browse=True, is_small=True)
    assert places(onnx, PRO)[0] == "static"
    torch = model(0.5, browser=light, may_browse=True)
    assert places(torch, PRO)[0] == "gradio on zero-a10g"
    assert places(torch, FREE)[0] == "static"
    assert places(model(7, browser=heavy, may_browse=True), FREE)[0] == "gradio on zero-a10g"
    assert "80,000,000 bytes as q4" in routes(onnx, PRO)[0].fits_because


def test_a_wish_comes_first_and_is_judged_all_the_same() -> None:
    wished = routes(model(7.6), PRO, Wish(sdk="docker", hardware="t4-small"))[0]
    assert (wished.place, wished.fits) == ("docker on t4-small", "no")
    assert routes(model(7.6), FREE, Wish(hardware="l4x1"))[0].allowed == "no"
    server = routes(model(7.6), PRO, Wish(sdk="docker"))[0]
    assert (server.place, server.template) == ("docker on l4x1", "vllm-docker")


def test_what_is_closed_comes_after_what_is_open() -> None:
    for who in (FREE, PRO, NOBODY):
        for needs in (model(0.1, is_small=True), model(7), model(30), model(90, "jax")):
            open_first = [route.is_open for route in routes(needs, who) if not route.is_placeholder]
            assert open_first == sorted(open_first, reverse=True)


def test_without_an_account_nothing_is_promised() -> None:
    first = routes(model(7.6), NOBODY)[0]
    assert (first.allowed, first.allowed_because) == ("unknown", "nobody is logged in")


def test_a_container_app_stays_one_and_a_page_stays_one() -> None:
    docker = Needs(framework=None, is_app=True, sdk="docker", is_small=True)
    assert places(docker, PRO) == ["docker on cpu-basic"]
    page = Needs(framework=None, is_app=True, sdk="static", is_small=True, may_browse=True)
    assert places(page, PRO) == ["static"]
    assert routes(page, PRO)[0].template is None


@pytest.mark.parametrize(
    ("words", "task", "template", "place"),
    [
        ("chat with a language model", "text-generation", "llm-chat", "gradio on zero-a10g"),
        (
            "transcribe speech in the browser",
            "automatic-speech-recognition",
            "static-transformers-js",
            "static",
        ),
        (
            "classify images of birds",
            "image-classification",
            "image-classification",
            "gradio on cpu-basic",
        ),
        (
            "generate images from a prompt",
            "text-to-image",
            "image-generation",
            "gradio on zero-a10g",
        ),
        ("an MCP server that counts words", None, "mcp-server", "gradio on cpu-basic"),
        ("a project page for our paper", None, "static-project-page", "static"),
        ("host vLLM for my team", "text-generation", "vllm-docker", "docker on t4-small"),
        ("a Streamlit dashboard", None, "docker-template", "docker on cpu-basic"),
        (
            "chat through inference providers",
            "text-generation",
            "llm-chat-providers",
            "gradio on cpu-basic",
        ),
        ("something nobody has a word for", None, "gradio-minimal", "gradio on cpu-basic"),
    ],
)
def test_tasks_in_words(words: str, task: str | None, template: str, place: str) -> None:
    subject = read_task(words)
    assert subject.task == task
    first = routes(needs_of(subject), PRO)[0]
    assert (first.template, first.place) == (template, place)
    assert subject.unknown, "no model is named, so something is unknown"


def test_every_template_that_a_plan_names_exists() -> None:
    from tools.templates import all_templates

    named = model_tasks().templates | {STATIC_TEMPLATE, PLACEHOLDER_TEMPLATE}
    assert named <= set(all_templates())
