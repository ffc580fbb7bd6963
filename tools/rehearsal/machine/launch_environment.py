"""The environment variables a running Space gets: the platform's, its own, and no others.

Names: hub-docs spaces-overview (2026-08-22) and the images of the Gradio SDK (2024).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..zero_gpu.service import ZeroGpuPlace
from .card import Card
from .source import SpaceSettings

START_HOOK_FOLDER = Path(__file__).parent / "start_hook"
PORTS_VARIABLE = "REHEARSAL_PORTS"
PLATFORM_PORT = 7860

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_UNCHANGEABLE = {"HOME", "PATH", "PYTHONPATH", PORTS_VARIABLE}
"""A Space may set these on the platform; here they would lead it out of its folder."""


@dataclass(frozen=True)
class OAuthClient:
    """The OAuth application of a Space whose README says `hf_oauth: true`."""

    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Place:
    """Where a Space runs on this machine."""

    home: Path
    app_folder: Path
    python: Path
    ports_folder: Path
    host: str
    """The front's address without scheme, `127.0.0.1:PORT`."""
    endpoint: str
    """The address of the Hub it runs on."""
    oauth: OAuthClient
    zero_gpu: ZeroGpuPlace | None = None
    """Its device, on hardware `zero-a10g`."""


def launch_environment(settings: SpaceSettings, card: Card, place: Place) -> dict[str, str]:
    """Return all environment variables for the process of a Space."""
    own = {**settings.variables, **settings.secrets}
    return {
        **_from_this_machine(),
        **_of_python(),
        **_of_gradio(),
        **_of_space(settings, card, place),
        **(_of_oauth(card, place) if card.oauth else {}),
        **{name: value for name, value in own.items() if name not in _UNCHANGEABLE},
        "HOME": str(place.home),
        "PATH": f"{place.python.parent}:{_SYSTEM_PATH}",
        "PYTHONPATH": _python_path(own.get("PYTHONPATH")),
        PORTS_VARIABLE: str(place.ports_folder),
        **(place.zero_gpu.environment() if place.zero_gpu else {}),
    }


def certificates() -> dict[str, str]:
    """Return the variables of the Hub's own environment that name files of certificates."""
    return {name: os.environ[name] for name in _CERTIFICATES if name in os.environ}


def _from_this_machine() -> dict[str, str]:
    """Return what an app needs to reach the outside from here; no name in it holds a credential."""
    wanted = [*_CERTIFICATES, *_PROXIES, *map(str.lower, _PROXIES), "TMPDIR"]
    return {name: os.environ[name] for name in wanted if name in os.environ}


def _of_python() -> dict[str, str]:
    return {"LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def _of_gradio() -> dict[str, str]:
    return {
        "SYSTEM": "spaces",
        "GRADIO_ALLOW_FLAGGING": "never",
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_SERVER_NAME": "0.0.0.0",  # noqa: S104 - the start hook binds it to loopback
        "GRADIO_SERVER_PORT": str(PLATFORM_PORT),
        "GRADIO_THEME": "huggingface",
        "GRADIO_ANALYTICS_ENABLED": "False",  # a rehearsal tells nobody that it took place
    }


def _of_space(settings: SpaceSettings, card: Card, place: Place) -> dict[str, str]:
    author, _, name = settings.space.partition("/")
    return {
        "SPACE_ID": settings.space,
        "SPACE_HOST": place.host,
        "SPACE_AUTHOR_NAME": author,
        "SPACE_REPO_NAME": name,
        "SPACE_TITLE": card.title or name,
        "SPACE_CREATOR_USER_ID": settings.creator_id,
        "HF_ENDPOINT": place.endpoint,
        "ACCELERATOR": "none",
        "CPU_CORES": "2",
        "MEMORY": "16Gi",
    }


def _of_oauth(card: Card, place: Place) -> dict[str, str]:
    scopes = dict.fromkeys(["openid", "profile", *card.oauth_scopes])
    return {
        "OAUTH_CLIENT_ID": place.oauth.client_id,
        "OAUTH_CLIENT_SECRET": place.oauth.client_secret,
        "OAUTH_SCOPES": " ".join(scopes),
        "OPENID_PROVIDER_URL": place.endpoint,
    }


def _python_path(own: str | None) -> str:
    return os.pathsep.join([str(START_HOOK_FOLDER), *([own] if own else [])])
