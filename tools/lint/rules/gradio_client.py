"""Calling other Spaces with gradio_client, which comes with Gradio in the version that fits."""

from __future__ import annotations

from collections.abc import Iterator

from ..attempts import is_prepared
from ..finding import Fix, Hit, Severity
from ..gradio_release import release_of
from ..project import Project
from ..rule import rule

_CALLS = ("gradio_client.Client", "gradio_client.Client.duplicate")


@rule(
    "GR_CLIENT_HF_TOKEN",
    Severity.ERROR,
    "The token argument of another gradio_client",
    source="signatures of gradio_client 1.3.0, 1.14.0 and 2.7.2, which gradio pins exactly",
    as_of="2026-11-23",
    reference="gradio",
    fix=Fix.SAFE,
)
def client_token(project: Project) -> Iterator[Hit]:
    """Gradio 6 brings gradio_client 2, whose `Client` takes `token=`; the versions for Gradio 4 and
    5 take `hf_token=`. The other name raises TypeError where the client is made.
    """
    release = release_of(project)
    if release is None:
        return
    right, wrong = ("token", "hf_token") if release.at_least_6 else ("hf_token", "token")
    for file in project.running:
        for call in file.calls_to(*_CALLS):
            for given in call.keywords:
                if given.arg == wrong and not is_prepared(file, call):
                    message = (
                        f"the gradio_client of {release.name} takes `{right}=`, "
                        f"`{wrong}=` raises TypeError{release.note}"
                    )
                    yield Hit(file.path, given.lineno, message, release.severity)
