"""Secrets and variables of a Space, taken by name so that no secret passes through a model.

A secret is asked for as `NAME` (the environment variable of that name) or `NAME=OTHER` (the value
of the environment variable OTHER). A variable is public: `NAME=value`, or `NAME` to read it from
the environment. A `.env` file, when given, is looked in first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from .problems import Problem, bad_argument
from .token_kinds import find_tokens

_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|PRIVATE|CREDENTIAL|KEY$", re.I)
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


def read_env_file(path: Path) -> dict[str, str]:
    """Names and values of a `.env` file.

    Raises:
        Problem: `file_missing` when it is not there.
    """
    import dotenv

    if not path.is_file():
        raise Problem("file_missing", f"there is no file {path}", object=str(path))
    values = dotenv.dotenv_values(path, interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


def secret_values(
    asked: Sequence[str], file: Mapping[str, str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Value of each asked secret by its name in the Space.

    Raises:
        Problem: `bad_argument` for a value in place of a name, `not_in_environment` for a name
            that is set nowhere. Neither repeats what was given as a value.
    """
    values = {}
    for entry in asked:
        name, equals, source = entry.partition("=")
        source = source if equals else name
        if not _NAME.match(name) or not _NAME.match(source) or holds_token(entry):
            raise bad_argument(
                "secrets",
                "takes names, never values: `NAME`, or `NAME=OTHER` for the value of the"
                " environment variable OTHER",
            )
        values[name] = _looked_up(name, source, file, environment)
    return values


def variable_values(
    asked: Sequence[str], file: Mapping[str, str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Value of each asked variable by name.

    Raises:
        Problem: `bad_argument` for a malformed name, `token_in_variable` for a value that looks
            like a token: variables are public.
    """
    values = {}
    for entry in asked:
        name, equals, given = entry.partition("=")
        if not _NAME.match(name):
            raise bad_argument("variables", f"takes `NAME=value` or `NAME`; `{name}` is no name")
        if not equals and _SECRET_NAME.search(name):
            raise Problem(
                "secret_as_variable",
                f"`{name}` sounds like a secret, and variables are public",
                object=name,
                advice=f"give it as a secret: secrets=['{name}'], or write {name}=value out",
            )
        value = given if equals else _looked_up(name, name, file, environment)
        if holds_token(value):
            raise Problem(
                "token_in_variable",
                f"the value of variable `{name}` looks like a token, and variables are public",
                object=name,
                advice=f"give it as a secret: secrets=['{name}']",
            )
        values[name] = value
    return values


def _looked_up(
    name: str, source: str, file: Mapping[str, str], environment: Mapping[str, str]
) -> str:
    value = file.get(source) or environment.get(source)
    if not value:
        # Not repeated: somebody may have written the secret itself where its source belongs.
        variable = f"`{name}`" if source == name else f"the environment variable for `{name}`"
        where = "neither in the .env file nor " if file else "not "
        raise Problem(
            "not_in_environment",
            f"{variable} is {where}in the environment of this process",
            object=name,
            advice="the person sets it before starting, or names a .env file with env_file",
        )
    return value


def holds_token(text: str) -> bool:
    """Whether a text contains something that looks like an access token."""
    return next(find_tokens(text), None) is not None


def refuse_both_kinds(secrets: Set[str], variables: Set[str], space: str) -> None:
    """Refuse a name that would be a secret and a variable of a Space at once.

    The platform starts no such Space: CONFIG_ERROR, "Collision on variables and secrets names"
    (public reports, 2026-07-08 and 2026-08-18).

    Raises:
        Problem: `name_taken`.
    """
    both = sorted(secrets & variables)
    if both:
        raise Problem(
            "name_taken",
            f"{', '.join(both)} would be a secret and a variable of {space} at once, and it would"
            " not start",
            object=both[0],
            advice="choose another name, or remove the other kind first with `remove` of"
            " space_environment",
        )
