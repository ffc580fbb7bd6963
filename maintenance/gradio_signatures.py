"""What the public calls of Gradio accept, read from real installations.

    python maintenance/gradio_signatures.py > 6.json     # inside an environment that has gradio
    python maintenance/gradio_signatures.py --merge 4.json 5.json 6.json \
        > tools/knowledge/gradio_arguments.json

The last releases of each major line are enough: Gradio removes arguments when the major version
changes, so what the last of a line lacks, the whole line lacks. In the merged file a number is a
sum of one bit per version (1 for the first, 2 for the second, 4 for the third): `7` means all.
A signature with `**kwargs` proves nothing, so such calls are made with each argument that any
signature knows, and with one that none does.
"""

from __future__ import annotations

import argparse
import inspect
import json
import pkgutil
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

UNKNOWN = "surely_no_argument"
METHODS = {
    "Blocks": ("launch", "queue", "load", "unload"),
    "Server": ("launch", "api"),
}
Signatures = dict[str, list[str]]


def read() -> dict[str, Any]:
    """Everything about the installed version."""
    import gradio

    calls, unchecked = _calls(gradio)
    _probe(gradio, calls, unchecked)
    return {
        "version": gradio.__version__,
        "names": sorted(name for name in dir(gradio) if not name.startswith("_")),
        "modules": sorted(module.name for module in pkgutil.iter_modules(gradio.__path__)),
        "calls": calls,
        "open": sorted(unchecked),
        "events": {name: sorted(map(str, events)) for name, events in _events(gradio).items()},
        "parents": _parents(gradio),
    }


def _calls(gradio: Any) -> tuple[Signatures, set[str]]:
    """Argument names by call, and the calls that take any."""
    calls: Signatures = {}
    unchecked: set[str] = set()
    for name, called in _public(gradio):
        _record(name, called, calls, unchecked)
        for method in METHODS.get(name, ()):
            if hasattr(called, method):
                _record(f"{name}.{method}", getattr(called, method), calls, unchecked)
    for name, called in _public(gradio.themes):
        if inspect.isclass(called):
            _record(f"themes.{name}", called, calls, unchecked)
    with gradio.Blocks():
        button = gradio.Button()
        _record("event", button.click, calls, unchecked)
        _record("event.then", button.click(lambda: None).then, calls, unchecked)
    return calls, unchecked


def _public(module: Any) -> Iterable[tuple[str, Any]]:
    for name in dir(module):
        called = getattr(module, name)
        if not name.startswith("_") and callable(called) and not inspect.ismodule(called):
            yield name, called


def _record(name: str, called: Any, calls: Signatures, unchecked: set[str]) -> None:
    try:
        parameters = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        unchecked.add(name)
        return
    calls[name] = [
        one.name for one in parameters if one.kind not in _STARRED and one.name != "self"
    ]
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
        unchecked.add(name)


_STARRED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _probe(gradio: Any, calls: Signatures, unchecked: set[str]) -> None:
    """Close the open calls that turn out to refuse what they do not know."""
    made: dict[str, Callable[..., Any]] = {
        "Blocks": gradio.Blocks,
        "Interface": lambda **given: gradio.Interface(lambda text: text, "text", "text", **given),
        "LinePlot": gradio.LinePlot,
        "BarPlot": gradio.BarPlot,
        "ScatterPlot": gradio.ScatterPlot,
        "HTML": gradio.HTML,
    }
    known = sorted({argument for arguments in calls.values() for argument in arguments})
    for name in sorted(unchecked & made.keys()):
        if _takes(made[name], UNKNOWN):
            continue
        unchecked.discard(name)
        calls[name] += [one for one in known if one not in calls[name] and _takes(made[name], one)]


def _takes(call: Callable[..., Any], argument: str) -> bool:
    try:
        call(**{argument: None})
    except TypeError as error:
        return "argument" not in str(error)
    except Exception:  # noqa: BLE001 - it got past its signature, whatever it thinks of the value
        return True
    return True


def _events(gradio: Any) -> dict[str, list[Any]]:
    return {
        name: list(called.EVENTS)
        for name, called in _public(gradio)
        if inspect.isclass(called) and getattr(called, "EVENTS", None)
    }


def _parents(gradio: Any) -> dict[str, str]:
    """Public classes that take the methods of Blocks."""
    return {
        name: "Blocks"
        for name, called in _public(gradio)
        if inspect.isclass(called) and issubclass(called, gradio.Blocks) and name != "Blocks"
    }


def merge(versions: list[dict[str, Any]], day: date) -> dict[str, Any]:
    """One table of several versions."""
    return {
        "about": "Names and arguments of Gradio by version",
        "as_of": day.isoformat(),
        "source": "signatures and calls of the installed packages: "
        + ", ".join(f"gradio {one['version']}" for one in versions),
        "versions": [one["version"] for one in versions],
        "names": _by_mask(one["names"] for one in versions),
        "modules": _by_mask(one["modules"] for one in versions),
        "calls": _nested([one["calls"] for one in versions]),
        "open": _by_mask(one["open"] for one in versions),
        "events": _nested([one["events"] for one in versions]),
        "blocks": _by_mask(one["parents"] for one in versions),
    }


def _nested(versions: list[dict[str, list[str]]]) -> dict[str, dict[str, str]]:
    names = sorted({name for one in versions for name in one})
    return {name: _by_mask(one.get(name, ()) for one in versions) for name in names}


def _by_mask(versions: Iterable[Iterable[str]]) -> dict[str, str]:
    """Words by the versions that have them."""
    masks: dict[str, int] = defaultdict(int)
    for bit, words in enumerate(versions):
        for word in words:
            masks[word] |= 1 << bit
    found: dict[str, list[str]] = defaultdict(list)
    for word, mask in masks.items():
        found[str(mask)].append(word)
    return {mask: " ".join(sorted(words)) for mask, words in sorted(found.items())}


def main() -> None:
    """Print one version, or several merged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--merge", nargs="+", type=Path, metavar="JSON")
    arguments = parser.parse_args()
    if arguments.merge:
        read_back = [json.loads(path.read_text(encoding="utf-8")) for path in arguments.merge]
        json.dump(merge(read_back, date.today()), sys.stdout, indent=0)  # noqa: DTZ011 - a day is enough
    else:
        warnings.simplefilter("ignore")
        json.dump(read(), sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
