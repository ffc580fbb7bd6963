"""Gradio releases that today's huggingface_hub breaks."""

from __future__ import annotations

from collections.abc import Iterator

from ...knowledge.packages import package_facts
from ..card import README
from ..finding import Hit, Severity
from ..hub_ranges import HUB, hub_ranges
from ..installing import gradio_version
from ..project import Project
from ..resolution import resolution
from ..rule import on_gradio, rule
from ..specifiers import can_be_met, is_met_by


@rule(
    "REQ_HUB_OLD_GRADIO",
    Severity.INFO,
    "An old Gradio gets a huggingface_hub that it cannot import",
    source="gradio 4.44.1 installed and started (2026-11-22): cannot import name 'HfFolder'",
    as_of="2026-11-22",
    reference="requirements",
    when=on_gradio,
)
def hub_for_old_gradio(project: Project) -> Iterator[Hit]:
    """Gradio 4 and the first of 5 import HfFolder, which huggingface_hub has no more since 1.0, and
    set no upper limit. A Space that was built long ago still runs; built anew it stops at
    `import gradio`, unless something else keeps huggingface_hub below 1.0. With the index asked,
    that is known, and this is an error.
    """
    version, facts = gradio_version(project), package_facts().hf_folder
    affected = f">={facts.first_gradio},<={facts.last_gradio}"
    if version is None or not is_met_by(affected, version):
        return
    removed = f">={facts.hub}"
    if any(not can_be_met(demand.needs, removed) for demand in hub_ranges(project)):
        return
    found = resolution(project)
    if found is not None and not is_met_by(removed, found.versions.get(HUB, facts.hub)):
        return
    is_known = found is not None and bool(found.versions)
    when = "built anew, the Space" if is_known else "unless something holds it back, a new build"
    message = (
        f"gradio {version} imports HfFolder, which huggingface_hub {removed} does not have: {when} "
        "stops at `import gradio`. Raise sdk_version, or add "
        f"`huggingface_hub<{facts.hub}` to requirements.txt (Gradio 4 then also needs "
        "`starlette<0.40` and `fastapi<0.113`)"
        + ("" if is_known else "; `resolve` tells what a build gets today")
    )
    severity = Severity.ERROR if is_known else None
    yield Hit(README, project.card.line("sdk_version"), message, severity)
