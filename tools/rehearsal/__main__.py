"""`python -m PACKAGE.rehearsal`: run a rehearsal Hub in the foreground."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .server import PortInUseError, seed, serve
from .state import StateInUseError


def main() -> int:
    """Run the Hub; 0 after a clean stop, 2 when it could not start."""
    options = _parser().parse_args()
    try:
        if options.seed_only:
            seed(options.state)
        else:
            serve(options.state, options.cache, options.port)
    except (StateInUseError, PortInUseError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run a rehearsal Hub on 127.0.0.1.")
    parser.add_argument("--state", type=Path, required=True, help="folder that holds everything")
    parser.add_argument("--cache", type=Path, required=True, help="folder for environments")
    parser.add_argument("--port", type=int, help="7870, or a free one, when not given")
    parser.add_argument("--seed-only", action="store_true", help="create the tokens and stop")
    return parser


if __name__ == "__main__":
    sys.exit(main())
