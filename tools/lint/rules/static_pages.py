"""Pages of static Spaces: that browsers can run them, find their files and hold no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...knowledge.card_keys import card_key
from ..card import README
from ..card_checks import given, listed, shown
from ..finding import Fix, Hit, Severity
from ..pages import assets, beside, browser_files, served_page
from ..project import Project
from ..rule import on_static, rule

_DOCS = "hub-docs spaces-sdks-static.md (2026-07-21)"
_NOT_FOR_BROWSERS = (".ts", ".tsx", ".jsx", ".vue", ".svelte")
_SERVER_PACKAGES = frozenset({"gradio", "streamlit", "flask", "fastapi", "uvicorn", "django"})
_VARIABLE = re.compile(
    r"(?:huggingface\??\.variables\??\.|import\.meta\.env\.|process\.env\.)(?P<name>[A-Z][A-Z0-9_]*)"
    r"|huggingface\??\.variables\??\.?\[[\"'](?P<quoted>[A-Z][A-Z0-9_]*)[\"']\]"
)
_SECRET = re.compile(r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|(?:API|ACCESS|PRIVATE|SECRET)_?KEY)$")
# Keys that their services mean for the browser.
_MEANT_TO_BE_SEEN = re.compile(r"ANON|PUBLISHABLE|FIREBASE|MAPS|MAPBOX|RECAPTCHA|ALGOLIA_SEARCH")


@rule(
    "ST_ABSOLUTE_ASSETS",
    Severity.WARNING,
    "A page in a folder loads files from the root",
    source="vite 8 build, measured: addresses begin with / unless `base` is relative",
    as_of="2026-11-22",
    reference="docker-and-static",
    when=on_static,
    fix=Fix.SAFE,
)
def absolute_assets(project: Project) -> Iterator[Hit]:
    """An address that begins with `/` counts from the root of the site. The root is the repository,
    so a page in `dist/` that asks for `/assets/index.js` gets nothing when that lies in `dist/`.
    """
    page = served_page(project)
    if page is None or "/" not in page:
        return
    for asset in assets(project.text(page) or ""):
        address = asset.address
        if not address.startswith("/") or address.startswith("//"):
            continue
        if (
            address[1:].split("?")[0] not in project.paths
            and beside(page, address) in project.paths
        ):
            message = f"`{shown(address)}` is looked for at the root, but lies beside the page"
            advice = f'write `.{shown(address)}`, or build with `base: "./"`'
            yield Hit(page, asset.line, f"{message}; {advice}")


@rule(
    "ST_UNBUILT_PAGE",
    Severity.ERROR,
    "The page loads source that no browser runs",
    source=_DOCS + ", Adding a build step before serving",
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_static,
)
def unbuilt_page(project: Project) -> Iterator[Hit]:
    """Files are served as they are. TypeScript, JSX and single-file components have to be built
    first; without that the page stays white.
    """
    page = served_page(project)
    if page is None or given(project, "app_build_command"):
        return
    for asset in assets(project.text(page) or ""):
        is_source = asset.address.split("?")[0].endswith(_NOT_FOR_BROWSERS)
        if asset.tag == "script" and is_source and "babel" not in asset.type.lower():
            message = f"no browser runs `{shown(asset.address)}`; let `app_build_command` build it"
            advice = "and name the built page in `app_file`, such as `dist/index.html`"
            yield Hit(page, asset.line, f"{message} {advice}")


@rule(
    "ST_SECRET_IN_PAGE",
    Severity.WARNING,
    "The page uses a variable that should be secret",
    source=_DOCS + ", Space variables",
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_static,
)
def secret_in_page(project: Project) -> Iterator[Hit]:
    """A static Space has no server: what its page knows, every visitor can read.
    Variables are public, and the documentation contradicts itself on secrets (spaces-overview.md,
    2026-07-21, says that the page gets them, too). Let visitors sign in with `hf_oauth` and use
    their token.
    """
    for path, text in browser_files(project):
        if "variables" not in text and ".env." not in text:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            for found in _VARIABLE.finditer(line):
                name = found["name"] or found["quoted"]
                if _SECRET.search(name) and not _MEANT_TO_BE_SEEN.search(name):
                    message = f"`{name}` would be readable for every visitor"
                    advice = "use the visitor's own token (`hf_oauth: true`)"
                    yield Hit(path, number, f"{message}; {advice}, or a Space with a server")


@rule(
    "ST_SERVER_CODE",
    Severity.WARNING,
    "Server code in a static Space",
    source=_DOCS,
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_static,
)
def server_code(project: Project) -> Iterator[Hit]:
    """Nothing runs in a static Space but the visitor's browser. An app with a server needs the SDK
    gradio or docker.
    """
    key = given(project, "app_file")
    if key is not None and str(key.value).endswith(".py"):
        others = listed([sdk for sdk in card_key("sdk").allowed if sdk != "static"])
        message = f"`app_file: {shown(key.value)}` would be shown as text; use `sdk: {others}`"
        yield Hit(README, key.line, message)
        return
    app = project.python("app.py") if "app.py" in project.paths else None
    if app is None or served_page(project) or given(project, "app_build_command"):
        return
    for imported in app.imports:
        package = imported.module.partition(".")[0]
        if imported.level == 0 and package in _SERVER_PACKAGES:
            sdk = "gradio" if package == "gradio" else "docker"
            message = f"nothing runs this {package} app in a static Space; use `sdk: {sdk}`"
            yield Hit("app.py", imported.line, message)
            return
