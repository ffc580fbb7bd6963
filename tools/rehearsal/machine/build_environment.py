"""The environment variables a build gets: enough to reach a package index, and no credentials."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_FORWARDED = {
    "ALL_PROXY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "LANG",
    "NO_PROXY",
    "PATH",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
}
_FORWARDED_PREFIXES = ("PIP_", "UV_")
_CREDENTIAL = re.compile(
    r"TOKEN|SECRET|PASSW|CREDENTIAL|USERNAME|KEYRING|(?:^|_)KEY(?:_|$)|_AUTH(?:_|$)|^SSH_",
    re.IGNORECASE,
)
_PIP_NAMES = {
    # uv does not read pip's variables; a machine set up for pip behind a mirror should just work.
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
}
_PROJECT_SETTINGS = {"UV_PROJECT_ENVIRONMENT", "UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_NO_CACHE"}
"""How a person drives uv for their own project, which would send a build to the wrong place."""


def is_credential(name: str) -> bool:
    """Whether a variable of this name is likely to hold a secret."""
    return bool(_CREDENTIAL.search(name))


def build_environment(home: Path, package_cache: Path) -> dict[str, str]:
    """Return the variables for uv and for the build scripts it runs.

    Args:
        home: the Space's own home folder.
        package_cache: where uv keeps downloads, unless `UV_CACHE_DIR` says otherwise.
    """
    kept = forwarded(os.environ)
    kept.setdefault("UV_CACHE_DIR", str(package_cache))
    kept.setdefault("PIP_CACHE_DIR", str(package_cache.parent / "pip"))
    pip_settings = Path.home() / ".config/pip/pip.conf"
    if pip_settings.is_file():
        kept.setdefault("PIP_CONFIG_FILE", str(pip_settings))
    user_settings = Path.home() / ".config/uv/uv.toml"
    if user_settings.is_file():  # the index may be configured there, and HOME is another one now
        kept.setdefault("UV_CONFIG_FILE", str(user_settings))
    for pip_name, uv_name in _PIP_NAMES.items():
        if pip_name in kept:
            kept.setdefault(uv_name, kept[pip_name])
    quiet = {"UV_NO_PROGRESS": "1", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {
        **kept,
        **quiet,
        "HOME": str(home),
        "UV_PYTHON_DOWNLOADS": "never",
        "PIP_PROGRESS_BAR": "off",
    }


def forwarded(variables: Mapping[str, str]) -> dict[str, str]:
    """Return those variables of the Hub's own environment that a build may see."""
    return {
        name: value
        for name, value in variables.items()
        if (name.upper() in _FORWARDED or name.startswith(_FORWARDED_PREFIXES))
        and name not in _PROJECT_SETTINGS
        and not is_credential(name)
    }
