"""The three prompts: build a Space, fix one, port one to ZeroGPU."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..model import space_name
from .model import Argument, Prompt, Step

FOLDER, NAME, FLAVOR, REVISION = "FOLDER", "NAMESPACE/NAME", "FLAVOR", "REVISION"
ZERO_GPU = "zero-a10g"
MOST_WORDS = 500


def _words(text: str) -> str:
    if len(text) > MOST_WORDS:
        raise ValueError(f"{len(text)} characters; at most {MOST_WORDS}")
    return " ".join(text.split())


def _namespace(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,95}", text):
        raise ValueError("not the name of a user or an organization")
    return text


def _flavor(text: str) -> str:
    # By its form alone: the Hub may know flavors that this release does not.
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError("not the name of a hardware flavor, such as zero-a10g")
    return text


def _known_flavors() -> list[str]:
    from ..knowledge import hardware_flavors

    return [flavor.name for flavor in hardware_flavors()]


def _build(given: Mapping[str, str]) -> Iterator[Step]:
    what, hardware = given["what"], given["hardware"] or FLAVOR
    space = f"{given['account']}/NAME" if given["account"] else NAME
    yield _account("what this account may create, and on which Hub.")
    yield Step(
        "space_search",
        {"query": what[:250]},
        "prior art. If one does the job, ASK whether to build at all.",
        "looking for prior art",
    )
    wish = {"hardware": given["hardware"]} if given["hardware"] else {}
    yield Step(
        "space_plan",
        {"source": what, **wish},
        "routes and their cost. ASK for route, name and who may see it (private by default).",
        "planning",
    )
    yield Step(
        "space_scaffold",
        {"template": "TEMPLATE", "folder": FOLDER},
        "as the plan names it; then write the app.",
        "writing the first files",
    )
    yield from _proved_here(hardware)
    yield Step(
        "space_create",
        {"space": space, "sdk": "gradio", "hardware": hardware},
        "with the plan's sdk. `consent_needed`: show the price, go on only after a yes."
        " `already_exists`: ASK.",
        "creating the Space",
    )
    yield from _published(space)


def _fix(given: Mapping[str, str]) -> Iterator[Step]:
    space = given["space"]
    yield Step(
        "space_diagnose",
        {"space": space},
        "`platform` or `account`: change no code, say so. `unknown`: read the evidence.",
        "finding the cause",
    )
    yield Step(
        "space_checkout",
        {"source": space, "folder": FOLDER},
        "unless the person has the files: ask for the folder first.",
        "saving the files",
    )
    yield Step(
        "space_fix",
        {"folder": FOLDER, "fixes": ["ERROR_ID"], "preview": True},
        "with the id that the diagnosis names; look at the diff, then without `preview`. No id:"
        " repair the cause by hand.",
        "applying known repairs",
    )
    yield from _proved_here(FLAVOR)
    yield from _published(space, before="ASK first, unless the person wanted exactly this; ")


def _port(given: Mapping[str, str]) -> Iterator[Step]:
    source = given["source"]
    is_here = source.startswith((".", "/", "~"))
    folder = source if is_here else FOLDER
    yield _account("whether this account may have a ZeroGPU Space.")
    yield Step(
        "space_plan",
        {"source": source, "hardware": ZERO_GPU},
        "if it does not fit, ASK before going on.",
        "planning",
    )
    if not is_here:
        yield Step(
            "space_checkout",
            {"source": source, "folder": folder},
            "not when it is a folder here: use that one.",
            "saving the files",
        )
    yield Step(
        "space_fix",
        {"folder": folder, "fixes": ["zerogpu-port"], "hardware": ZERO_GPU, "preview": True},
        "show the diff to the person, then without `preview`.",
        "the mechanical part of the port",
    )
    yield Step(
        "reference_read",
        {"search": "ZeroGPU duration"},
        "for what no tool decides: what to decorate, for how long, what to load at start.",
        "reading the references",
    )
    yield from _proved_here(ZERO_GPU, folder)
    yield Step(
        "space_create",
        {"space": NAME, "sdk": "gradio", "hardware": ZERO_GPU},
        "ASK for the name; never push over a Space that the person did not name.",
        "creating the Space",
    )
    yield from _published(NAME, folder, sizing=True)


def _account(then: str) -> Step:
    return Step("account_status", {}, then, "looking at the account")


def _proved_here(hardware: str, folder: str = FOLDER) -> Iterator[Step]:
    given = {"folder": folder, "hardware": hardware}
    yield Step("space_lint", given, "until no error is left.", "linting")
    yield Step(
        "space_rehearse",
        given,
        "again while `still_running`; repair the first failure.",
        "rehearsing",
    )


def _published(
    space: str, folder: str = FOLDER, *, before: str = "", sizing: bool = False
) -> Iterator[Step]:
    yield Step(
        "space_upload",
        {"folder": folder, "space": space},
        f"{before}keep the revision it answers.",
        "uploading",
    )
    yield Step(
        "space_wait",
        {"space": space, "revision": REVISION},
        "`failed` brings the first error.",
        "waiting for the build",
    )
    wish = {"sizing": True} if sizing else {}
    yield Step(
        "space_smoke_test",
        {"space": space, **wish},
        "the proof. Hand over: address, what was verified, what was not, cost.",
        "testing the result",
    )


PROMPTS = {
    prompt.name: prompt
    for prompt in (
        Prompt(
            "build_space",
            "Build a Space",
            "From an idea to a Space that is known to work, with the cost agreed to first.",
            (
                Argument("what", "what the app should do, or a model id", check=_words),
                Argument(
                    "account",
                    "user or organization to create it in",
                    required=False,
                    check=_namespace,
                ),
                Argument(
                    "hardware",
                    "hardware flavor, if it is decided",
                    required=False,
                    check=_flavor,
                    values=_known_flavors,
                ),
            ),
            lambda given: f"Build this on a Hugging Face Space: {given['what']}",
            _build,
        ),
        Prompt(
            "fix_space",
            "Fix a Space",
            "From a broken Space to the root cause, the repair, and the proof.",
            (Argument("space", "namespace/name, or the page's address", check=space_name),),
            lambda given: f"Find out why the Space {given['space']} does not work, and repair it.",
            _fix,
        ),
        Prompt(
            "port_to_zerogpu",
            "Port an app to ZeroGPU",
            "From a CUDA app (a Space, a GitHub repository, a folder) to one that runs on ZeroGPU.",
            (
                Argument(
                    "source", "namespace/name, github:owner/name or a folder here", check=_words
                ),
            ),
            lambda given: f"Port {given['source']} to ZeroGPU.",
            _port,
        ),
    )
}
