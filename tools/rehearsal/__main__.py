"""`python -m PACKAGE.rehearsal`: run a rehearsal Hub in the foreground."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from . import options
from .options import OptionError
from .seeding import WorldError
from .server import PortInUseError, seed, serve
from .state import DamagedStateError, StateInUseError


def main() -> int:
    """Run the Hub; 0 after a clean stop, 2 when it could not start."""
    asked = _parser().parse_args()
    try:
        if asked.seed_only:
            seed(asked.state)
        else:
            serve(asked.state, asked.cache, asked.port, _options(asked))
    except (StateInUseError, DamagedStateError, PortInUseError, OptionError, WorldError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run a rehearsal Hub on 127.0.0.1.")
    parser.add_argument("--state", type=Path, required=True, help="folder that holds everything")
    parser.add_argument("--cache", type=Path, required=True, help="folder for environments")
    parser.add_argument("--port", type=int, help="7870, or a free one, when not given")
    parser.add_argument("--seed-only", action="store_true", help="create the tokens and stop")
    parser.add_argument("--no-world", action="store_true", help="do not seed the world it has")
    parser.add_argument("--world", type=Path, action="append", help="seed this folder, too")
    parser.add_argument("--read-through", metavar="SIZE", help="fetch files up to, say, 50MB")
    parser.add_argument("--upstream", metavar="URL", help="the Hub to fetch them from")
    return parser


def _options(asked: argparse.Namespace) -> options.Options:
    """Return the state folder's choices with those of the command line on top."""
    chosen = options.load(asked.state / "settings.json")
    if asked.no_world:
        chosen = replace(chosen, world=False)
    if asked.world:
        chosen = replace(chosen, worlds=(*chosen.worlds, *asked.world))
    if asked.read_through:
        chosen = replace(chosen, read_through=options.parse_size(asked.read_through))
    if asked.upstream:
        chosen = replace(chosen, upstream=options.checked_upstream(asked.upstream))
    return chosen


if __name__ == "__main__":
    sys.exit(main())
