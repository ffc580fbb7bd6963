"""Write the generated part of `references/lint-rules.md` from the declared rules.

    python -m maintenance.lint_rules_reference [--check]

With `--check` nothing is written; the exit code is 1 when the file is not what the rules say.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.lint import all_rules
from tools.lint.formats.documentation import rule_reference

FILE = Path(__file__).parent.parent / "references" / "lint-rules.md"
BEGIN = "<!-- begin of the generated part: python -m maintenance.lint_rules_reference -->\n"
END = "<!-- end of the generated part -->\n"


def renewed(text: str) -> str:
    """`text` with the part between the markers written anew.

    Raises:
        ValueError: a marker is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{FILE.name} lacks the markers of its generated part")
    return f"{before}{BEGIN}\n{rule_reference(all_rules().values())}\n{END}{after}"


def main() -> int:
    """Write the file, or only compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    text = FILE.read_text(encoding="utf-8")
    wanted = renewed(text)
    if not arguments.check:
        FILE.write_text(wanted, encoding="utf-8")
    return int(arguments.check and text != wanted)


if __name__ == "__main__":
    sys.exit(main())
