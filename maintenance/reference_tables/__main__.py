"""Write the tables of `references/*.md` from the dated facts.

    python -m maintenance.reference_tables [--check]

With `--check` nothing is written; the exit code is 1 when a table is not what the facts say.
"""

from __future__ import annotations

import argparse
import sys

from .filling import REFERENCES, all_tables, filled


def main() -> int:
    """Write, or check; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    only_check = parser.parse_args().check
    tables, code = all_tables(), 0
    for path in sorted(REFERENCES.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        renewed = filled(text, tables)
        if renewed == text:
            continue
        if only_check:
            sys.stderr.write(f"{path.name}: a table is not what the facts say; `make references`\n")
            code = 1
        else:
            path.write_text(renewed, encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
